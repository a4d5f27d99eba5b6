"""The nbconvert exporter."""

from __future__ import annotations

import io

import pypdf
import typeset_samples as samples

from nianbao.typeset.exporter import PDFExporter


def test_a_report_becomes_the_same_archivable_pdf_each_time() -> None:
    notebook = samples.report(red_head=True)
    pdf, resources = PDFExporter().from_notebook_node(notebook, {"metadata": {"name": "report"}})
    again, _ = PDFExporter().from_notebook_node(notebook, {"metadata": {"name": "other"}})
    assert pdf == again
    assert resources["output_extension"] == ".pdf"
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert reader.metadata is not None
    assert reader.metadata.title == "晋江市某某镇2023年政府信息公开工作年度报告"
    assert reader.metadata.author == "晋江市某某镇人民政府"
    assert reader.metadata["/Keywords"] == "moumou, 2023"
    assert reader.root_object["/Lang"] == "zh-CN"
    metadata = reader.root_object["/Metadata"].get_data().decode()
    for wanted in ("<pdfaid:part>2<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<"):
        assert wanted in metadata
