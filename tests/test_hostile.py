"""Hostile text in every field of the params and every column of a register: printed as text, or refused in one line.

The fields are found in the models and the columns in the registers' own description, so that a new one is tested
without a word here; only where a text is *not* to be printed is said below.
"""

from __future__ import annotations

import copy
import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import NoneType
from typing import Any, get_args

import lxml.html
import nbformat
import pytest
from pydantic import BaseModel

import nianbao
from nianbao.demo import write_demo
from nianbao.document.markup import Section
from nianbao.errors import NianbaoError
from nianbao.params import find_params_dir, load_units
from nianbao.params.models import ReportParams, UnitsFile, Waiver
from nianbao.params.yamlio import parse_yaml
from nianbao.publish import formats
from nianbao.publish.build import report_subject
from nianbao.publish.contract import default_notebook
from nianbao.publish.ground import Ground
from nianbao.publish.make import Prepared, Work, finish
from nianbao.publish.manifest import as_json_bytes
from nianbao.registers.columns import REGISTERS
from nianbao.report import Report, load_report
from nianbao.report.tables import tables_json
from nianbao.rules import checked
from tests.conftest import PARAMS
from tests.document.pdf.pdfpage import MM, read_pages

Path_ = tuple[str | int, ...]
KEY = "\0key"
"""Stands in a path for a key that the params choose themselves."""

MARKUP = (
    '#read("/etc/passwd") #panic() $x^2$ @ref <label> *a* _b_ `c` = 甲 - 乙 /* 丙 */ // 丁 \\u{41} ~ --- ...',
    "<script>alert(1)</script><img src=x onerror=alert(1)>&amp;&lt;]]> --> '; DROP TABLE",
    '</h1></td></table><iframe src="http://example.test"></iframe> "}, "kind": "table',
)
TEMPLATE = "{{ 7 * 7 }}{% for i in range(9) %}{{ ''.__class__ }}{% endfor %}"
LONG = ("A" * 180, "http://example.test/" + "a/b?c=d&" * 20, "。" * 90 + "9" * 90)
RARE = ("😀", "\U00020000", "\U0003134a")
UNPRINTABLE = (
    *("\x00", "\x01", "\x07", "\x1b", "\x7f", "\x85"),  # control characters
    *("\u202a", "\u202e", "\u2066", "\u2069", "\u200f", "\u061c"),  # directions
    *("\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u180e"),  # nothing to see
    *("\ud800", "\udfff", "\ue000", "\uf8ff", "\U000f0000", "\U000e0041", "\ufffe", "\u2028"),
)

UNPRINTED = {
    *(("waivers", 0, name) for name in Waiver.model_fields),
    *(("declared", 0, name) for name in ("text", "reason")),
    ("unit",),
    *(("published", name) for name in ("url", "date", "index_number")),  # for the page's head and the city's note
    ("disclosure", "channels", KEY),  # printed only where the narrative asks for it
}
"""Texts that a report does not print: they stand in findings or only allow something."""
FILE = ("document", "attachments", 0, "file")
"""Names a file, which is looked for, so that not any text will do."""


# ---- the fields ----


def fields(model: type[BaseModel], at: Path_ = ()) -> Iterator[Path_]:
    """The path of everything that a model lets a file say; the first item stands for a list."""
    for name, field in model.model_fields.items():
        yield from _below(field.annotation, (*at, name))


def _below(annotation: Any, at: Path_) -> Iterator[Path_]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield from fields(annotation, at)
        return
    inner = [part for part in get_args(annotation) if part is not NoneType]
    origin = getattr(annotation, "__origin__", None)
    if origin is list:
        yield from _below(inner[0], (*at, 0))
    elif origin is dict:
        yield (*at, KEY)
        yield (*at, "微信" if at[-1] == "channels" else "rules")
    elif inner and any(isinstance(part, type) and issubclass(part, BaseModel) for part in inner):
        yield from _below(inner[0], at)
    else:
        yield at


FIELDS = list(fields(ReportParams))
UNIT_FIELDS = list(fields(UnitsFile))
NARRATIVE = [path for path in FIELDS if path[0] == "narrative"]


def name_of(path: Path_) -> str:
    return ".".join(str(step) for step in path).replace(KEY, "*")


@cache
def base() -> Mapping[str, Any]:
    """永和镇 2023 with something in every field."""
    data = parse_yaml((PARAMS / "2023" / "yonghe.yaml").read_bytes(), "yonghe.yaml").data
    data["document"] = {
        "red_head": True, "number": "晋永政〔2024〕1号", "addressee": "晋江市人民政府", "signer": "某某", "title": "题",
        "attachments": [{"name": "甲"}, {"name": "乙"}], "disclosure": "此件公开发布",
        "colophon": {"copies": ["甲"], "issuer": "乙", "date": date(2024, 1, 20)},
    }  # fmt: skip
    data["published"] = {"url": "http://example.test/1", "date": date(2024, 1, 21), "index_number": "甲"}
    data["sample"] = True
    data["fees"] = {"notices": 0, "amount": 0}
    data["declared"] = [{"text": "100%", "reason": "原文如此"}]
    for part in ("disclosure", "applications", "disputes"):
        data["narrative"][part] = "说明。"
    return data


def with_value(data: Mapping[str, Any], path: Path_, value: Any) -> dict[str, Any]:
    """A copy in which something else stands at a path."""
    changed = copy.deepcopy(dict(data))
    place: Any = changed
    for step in path[:-1]:
        place = place[step]
    if path[-1] == KEY:
        place[value] = place.pop(next(iter(place)))
    else:
        place[path[-1]] = value
    return changed


def as_yaml(value: Any) -> str:
    """YAML on one line; every text in quotes, with escapes for whatever is not plainly printable."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{as_yaml(key)}: {as_yaml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(as_yaml(item) for item in value) + "]"
    if isinstance(value, str):
        return '"' + "".join(_escaped(character) for character in value) + '"'
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return value.isoformat() if isinstance(value, date) else str(value)


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
        return f"\\U{ord(character):08X}"
    return character


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A params folder to write into."""
    made = tmp_path_factory.mktemp("hostile") / "params"
    (made / "2023").mkdir(parents=True)
    (made / "units.yaml").write_bytes((PARAMS / "units.yaml").read_bytes())
    return made


def loaded(folder: Path, data: Mapping[str, Any]) -> Report:
    (folder / "2023" / "yonghe.yaml").write_text(as_yaml(data), encoding="utf-8")
    return load_report("yonghe", 2023, folder)


def one_line(error: NianbaoError) -> str:
    """A message that can be shown: lines of printable text, in Chinese, no traceback."""
    text = str(error)
    assert text.encode("utf-8")
    assert not set(text) & set(UNPRINTABLE), ascii(text)
    assert not any(unicodedata.category(character) in ("Cc", "Cs", "Co", "Zl") for character in text.replace("\n", ""))
    assert "Traceback" not in text
    assert re.search("[\u4e00-\u9fff]", text)
    return text


# ---- what the notebook shows, without a kernel ----


def files_of(report: Report) -> Mapping[str, bytes]:
    """All files of a report whose notebook runs in this process."""
    notebook = default_notebook()
    node = nbformat.read(notebook, as_version=4)
    names = {"nb": nianbao, "report": report}
    for cell in node.cells:
        if "parameters" in cell.metadata.get("tags", ()):
            cell.source = f'township = "{report.unit.name}"\nyear = {report.year}'
        elif cell.cell_type == "code" and cell.source.startswith("nb."):
            shown = eval(cell.source, names)
            if shown is None:
                continue
            is_section = isinstance(shown, Section)
            data = shown._repr_mimebundle_() if is_section else {"text/html": shown._repr_html_(), "text/plain": ""}
            cell.outputs = [nbformat.v4.new_output("execute_result", data, execution_count=1)]
    work = Work("", notebook, {}, {}, formats.REPORT, formats.MANIFEST, inputs=dict, read=report_subject)
    return finish(Prepared(work, {}, Ground.here(), report_subject(report, checked(report))), node).contents


def pdf_text(pdf: bytes) -> str:
    """The text line by line, and once more in the order in which it is written (number and signer share lines)."""
    pages = read_pages(pdf)
    by_line = "".join(line.text for page in pages for line in page.body())
    return re.sub(r"\s", "", by_line + "".join(glyph.text for page in pages for glyph in page.glyphs))


def html_text(html: bytes) -> str:
    """What a browser shows; the document must hold nothing that acts."""
    root = lxml.html.document_fromstring(html.decode("utf-8"))
    for node in root.iter():
        assert node.tag not in ("script", "iframe", "object", "embed", "form", "base"), node.tag
        for name, value in node.attrib.items():
            assert not name.lower().startswith("on"), (node.tag, name)
            assert not value.strip().lower().startswith(("javascript:", "http://example")), value
    assert all(image.get("src", "").startswith("data:") for image in root.iter("img"))
    return re.sub(r"\s", "", root.text_content())


def named(character: str) -> str:
    """What the refusal says of a character; half a surrogate pair is none, and the escape for it is refused as such."""
    return "认不出的反斜杠写法" if "\ud800" <= character <= "\udfff" else f"U+{ord(character):04X}"


@pytest.mark.parametrize("path", FIELDS, ids=name_of)
def test_what_cannot_be_printed_is_refused_in_any_field(folder: Path, path: Path_) -> None:
    place = FIELDS.index(path)
    for character in UNPRINTABLE if path == ("document", "title") else UNPRINTABLE[place % 5 :: 5]:
        with pytest.raises(NianbaoError) as refused:
            loaded(folder, with_value(base(), path, f"甲{character}乙"))
        assert named(character) in one_line(refused.value)


@pytest.mark.parametrize("path", UNIT_FIELDS, ids=name_of)
def test_what_cannot_be_printed_is_refused_in_any_field_of_the_units(tmp_path: Path, path: Path_) -> None:
    data = parse_yaml((PARAMS / "units.yaml").read_bytes(), "units.yaml").data
    for character in UNPRINTABLE[:: len(UNPRINTABLE) // 6]:
        changed = as_yaml(with_value(data, path, f"甲{character}乙"))
        (tmp_path / "units.yaml").write_text(changed, encoding="utf-8")
        with pytest.raises(NianbaoError) as refused:
            load_units(tmp_path)
        assert named(character) in one_line(refused.value)


@pytest.fixture(scope="module")
def taken(folder: Path) -> list[Path_]:
    """The fields that take any text."""
    found: list[Path_] = []
    for path in FIELDS:
        try:
            loaded(folder, with_value(base(), path, "甲乙"))
        except NianbaoError as error:
            one_line(error)
        else:
            found.append(path)
    return [path for path in found if path != FILE]


def everywhere(taken: list[Path_], text: str) -> dict[str, Any]:
    """Params with a text, numbered, in every field that takes one."""
    data: dict[str, Any] = copy.deepcopy(dict(base()))
    for path in taken:
        data = with_value(data, path, numbered(text, FIELDS.index(path)))
    return data


def numbered(text: str, number: int) -> str:
    return f"甲{number}乙{text}"


@pytest.mark.parametrize("text", MARKUP)
def test_markup_of_any_language_in_any_field_is_printed_as_text(folder: Path, taken: list[Path_], text: str) -> None:
    data = everywhere(taken, text)
    texts = {path for path in FIELDS if path[0] in ("contact", "document", "narrative")} - {
        ("document", "red_head"),
        ("document", "colophon", "date"),
        FILE,
    }
    assert texts <= set(taken)
    # The preamble asks for the contact, so that it is printed, too.
    data["narrative"]["preamble"] += "{{ 联系.科室 }}{{ 联系.地址 }}{{ 联系.电话 }}{{ 联系.邮编 }}{{ 主动公开.分类 }}"
    files = files_of(loaded(folder, data))
    for name, shown in (
        ("report.pdf", pdf_text(files["report.pdf"])),
        ("report.html", html_text(files["report.html"])),
        ("report.web.html", html_text(b"<html><body>" + files["report.web.html"] + b"</body></html>")),
    ):
        for path in set(taken) - UNPRINTED:
            if name == "report.web.html" and (path[-1] in ("number", "signer") or "colophon" in path):
                continue  # letterhead and colophon belong to the paper document
            wanted = re.sub(r"\s", "", numbered(text, FIELDS.index(path)))
            assert wanted in shown, f"{name_of(path)} in {name}"


@pytest.mark.parametrize("path", NARRATIVE, ids=name_of)
def test_a_template_in_the_narrative_can_only_fill_in_figures(folder: Path, path: Path_) -> None:
    report = loaded(folder, with_value(base(), path, f"甲{TEMPLATE}乙"))
    with pytest.raises(NianbaoError) as refused:
        files_of(report)
    assert f"narrative.{path[-1]}" in one_line(refused.value)


def test_a_template_elsewhere_is_text(folder: Path, taken: list[Path_]) -> None:
    data = everywhere([path for path in taken if path not in NARRATIVE and path[-1] != KEY], "{{ 7 * 7 }}")
    files = files_of(loaded(folder, data))
    assert "{{7*7}}" in pdf_text(files["report.pdf"]) and "{{7*7}}" in html_text(files["report.html"])
    assert "乙49" not in html_text(files["report.html"])


@pytest.mark.parametrize("text", LONG, ids=lambda text: ascii(text[:6]))
def test_long_words_in_every_field_stay_within_the_type_area(folder: Path, taken: list[Path_], text: str) -> None:
    assert ("document", "title") in taken and ("narrative", "other") in taken
    pages = read_pages(files_of(loaded(folder, everywhere(taken, text)))["report.pdf"])
    for number, page in enumerate(pages, start=1):
        for line in page.body():
            for glyph in line.glyphs:
                where = f"page {number}, {line.text[:20]}"
                assert glyph.x >= 28 * MM - glyph.size, where
                assert glyph.right <= 184 * MM + glyph.size, where
                assert glyph.top >= 36.5 * MM and glyph.bottom <= (37 + 225) * MM + 1, where


@pytest.mark.parametrize("character", RARE, ids=ascii)
@pytest.mark.parametrize("path", [("document", "title"), ("document", "signer"), ("narrative", "other")], ids=name_of)
def test_characters_without_a_glyph_are_refused_and_named(folder: Path, path: Path_, character: str) -> None:
    report = loaded(folder, with_value(base(), path, f"磁灶{character}镇"))
    with pytest.raises(NianbaoError) as refused:
        files_of(report)
    text = str(refused.value)
    assert f"U+{ord(character):04X}" in text and "Traceback" not in text


# ---- registers ----


COLUMNS = [(register, column.key) for register, spec in REGISTERS.items() for column in spec.columns]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Params with registers, and the id of the unit that keeps them."""
    made = tmp_path_factory.mktemp("registers")
    write_demo(2025, made, PARAMS)
    return made, "chidian"


@pytest.mark.parametrize(("register", "column"), COLUMNS, ids=lambda part: part)
def test_hostile_text_in_any_cell_of_a_register_is_text_or_refused(
    kept: tuple[Path, str], register: str, column: str
) -> None:
    params, unit = kept
    path = params / "2025" / unit / f"{register}.csv"
    original = path.read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(original)))
    spec = REGISTERS[register].column(column)
    if spec.name not in rows[0]:
        rows[0].append(spec.name)
        rows[1:] = [[*row, ""] for row in rows[1:]]
    place = rows[0].index(spec.name)
    try:
        turn = COLUMNS.index((register, column))
        unprintable = [f"甲{character}乙" for character in UNPRINTABLE[turn % 6 :: 6]]
        for text in (*MARKUP[:2], TEMPLATE, "=cmd|' /C calc'!A0", LONG[0], RARE[0], *unprintable):
            changed = [list(row) for row in rows]
            changed[1][place] = text
            out = io.StringIO()
            csv.writer(out).writerows(changed)
            path.write_bytes(out.getvalue().encode("utf-8", "surrogatepass"))
            try:
                report = load_report(unit, 2025, params)
            except NianbaoError as error:
                one_line(error)
                continue
            for finding in checked(report).findings:
                assert not set(finding.message) & set(UNPRINTABLE), ascii(finding.message)
            as_json_bytes(tables_json(report))
            if text == MARKUP[1]:
                html_text(files_of(report)["report.html"])
    finally:
        path.write_text(original, encoding="utf-8")


def test_the_base_of_these_tests_is_sound(folder: Path) -> None:
    report = loaded(folder, base())
    assert isinstance(report.params.fees.amount, int | Decimal)
    assert len(FIELDS) > 35 and len(UNIT_FIELDS) > 15 and len(COLUMNS) > 20
    assert find_params_dir
