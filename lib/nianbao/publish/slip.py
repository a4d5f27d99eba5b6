"""What a reader is told of the findings of a report: 核对结果 of every report, 退回单 of a draft; as documents.

A slip says what to mend, where (file and line, or sheet and cell, with the sentence that the finding quotes), by when,
and whom to ask.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nianbao.document import Block, Cell, Document, Heading, Meta, Paragraph, Run, Table
from nianbao.params import City, Unit
from nianbao.rules.finding import Finding, Findings
from nianbao.statute.bodies import body_deadline
from nianbao.wording import chinese_date

SAMPLE_TEXT = "示例：本报告的数据为虚构，仅供试用。"


def findings_document(unit: Unit, year: int, sample: bool, findings: Findings) -> Document:
    """核对结果: everything found, by what it means; what is waived with its reason."""
    found = findings.findings
    blocks: list[Block] = [_said(_standing(found))]
    groups = (
        ("必须改正的问题", [one for one in found if one.blocks]),
        ("警告和提示", [one for one in found if not one.blocks and one.waived is None]),
        ("已豁免的问题", [one for one in found if one.waived is not None]),
    )
    for heading, chosen in groups:
        if chosen:
            blocks += [Heading(2, (Run(heading),)), _table(chosen)]
    return _document(unit, year, sample, f"{unit.name}{year}年年度报告核对结果", blocks)


def _standing(found: Iterable[Finding]) -> str:
    blocking = sum(one.blocks for one in found)
    if blocking:
        return f"有{blocking}个问题必须改正，改正以前报告是草稿，不得发布。"
    return "没有必须改正的问题，报告可以发布。"


def return_slip(unit: Unit, city: City, year: int, sample: bool, findings: Findings) -> Document:
    """退回单 of a draft."""
    found = findings.findings
    blocking = [one for one in found if one.blocks]
    others = [one for one in found if not one.blocks and one.waived is None]
    due = chinese_date(body_deadline(year))
    ask = city.contact_office or "汇总年度报告的办公室"
    phone = f"，电话{city.phone}" if city.phone else ""
    contact = f"联系：{ask}{phone}。" if city.contact_office or city.phone else ""
    blocks: list[Block] = [
        _said(
            f"你单位{year}年政府信息公开工作年度报告有{len(blocking)}个问题必须改正，现予退回。"
            f"改正后重新报送；报告应在{due}前公布。"
        ),
        Heading(2, (Run("须改正的问题"),)),
        _table(blocking),
    ]
    if others:
        blocks += [Heading(2, (Run("一并核对的提醒"),)), _table(others)]
    blocks += [
        Heading(2, (Run("怎样改正"),)),
        _said("报送表格的，在所列工作表和单元格改正；用参数文件的，在所列文件和行改正；登记簿有误的，改登记簿。"),
        _said(f"确实无误而需保留的，向{ask}说明理由，由其登记豁免。{contact}"),
    ]
    return _document(unit, year, sample, f"{unit.name}{year}年年度报告退回单", blocks, f"{unit.official_name}：")


def _document(unit: Unit, year: int, sample: bool, title: str, blocks: list[Block], addressee: str = "") -> Document:
    marked = SAMPLE_TEXT if sample else None
    meta = Meta(title=(Run(title),), unit=unit.id, year=str(year), addressee=addressee, sample=marked)
    return Document(meta, tuple(blocks))


def _said(text: str) -> Paragraph:
    return Paragraph((Run(text),))


def _table(findings: Sequence[Finding]) -> Table:
    head = tuple(Cell((Run(text),), header=True, scope="col") for text in ("序号", "级别", "问题", "在哪里改"))
    rows = [
        tuple(
            Cell((Run(text),) if text else ())
            for text in (str(number), one.severity.label, _problem(one), one.place or "见问题")
        )
        for number, one in enumerate(findings, start=1)
    ]
    return Table((head,), tuple(rows), (11.0, 13.0, 76.0, 56.0))


def _problem(one: Finding) -> str:
    return one.message if one.waived is None else f"{one.message}豁免理由：{one.waived}"
