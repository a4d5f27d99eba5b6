"""Born-digital PDFs → every figure in its own cell or named as unread; damaged and hostile ones refused by name."""

from __future__ import annotations

import io
import json
import random
import zlib
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from published_samples import figures, read

from nianbao.errors import ReadError
from nianbao.office.pdf import child, read_contents
from nianbao.published import PublishedReport
from nianbao.published.source import parse_source

CASES = Path(__file__).parent.parent / "cases" / "pdf"
TRUTH: dict[str, dict[str, Any]] = {
    name: case
    for name, case in json.loads((CASES / "truth.json").read_text(encoding="utf-8")).items()
    if not name.startswith("_")
}
HALF_RULED = "writer-novert-untagged-dongshi.pdf"
TAGGED = "writer-full-tagged-anhai.pdf"
UNTAGGED = "writer-norep-untagged-longhu.pdf"


def truth(name: str) -> dict[str, int | Decimal]:
    return {key: Decimal(text) if isinstance(text, str) else text for key, text in TRUTH[name]["figures"].items()}


def wrong_cells(published: PublishedReport, values: Mapping[str, int | Decimal]) -> dict[str, object]:
    return {key: cell.value for key, cell in published.cells.items() if cell.is_number and cell.value != values[key]}


def prose(published: PublishedReport) -> dict[str, str | None]:
    return {
        "title": published.title,
        "authority": published.authority,
        "number": published.number,
        "signature": published.signature,
        "date": published.date.isoformat() if published.date else None,
        **published.narrative,
    }


def without_tags(raw: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(raw)) as pdf:
        del pdf.Root.StructTreeRoot
        return saved(pdf)


def saved(pdf: pikepdf.Pdf, **how: Any) -> bytes:
    buffer = io.BytesIO()
    pdf.save(buffer, **how)
    return buffer.getvalue()


def changed(name: str, change: Callable[[pikepdf.Pdf], None], **how: Any) -> bytes:
    with pikepdf.open(CASES / name) as pdf:
        change(pdf)
        return saved(pdf, **how)


@pytest.mark.parametrize("name", sorted(set(TRUTH) - {HALF_RULED}))
def test_every_cell_and_sentence_is_read(name: str) -> None:
    published = read((CASES / name).read_bytes(), name)
    assert figures(published) == truth(name)
    assert published.format == "pdf"
    assert prose(published) == TRUTH[name]["prose"]


def test_a_table_whose_columns_no_line_parts_is_not_read_and_said_so() -> None:
    published = read((CASES / HALF_RULED).read_bytes(), HALF_RULED)
    assert not any(cell.is_number for cell in published.cells.values())
    assert published.title == TRUTH[HALF_RULED]["prose"]["title"]
    assert {thing.place for thing in published.unrecognised} >= {"第二部分", "第三部分", "第四部分"}


@pytest.mark.parametrize("name", [name for name, case in TRUTH.items() if case["tagged"]])
def test_the_lines_alone_give_the_same_figures_or_none(name: str) -> None:
    published = read(without_tags((CASES / name).read_bytes()), name)
    assert not wrong_cells(published, truth(name))
    assert sum(cell.is_number for cell in published.cells.values()) >= 150


def test_where_two_readings_differ_the_cell_is_unreadable() -> None:
    def exchange(pdf: pikepdf.Pdf) -> None:
        """Two cells of one row change places in the tree, but not on the page."""
        for row in _elements(pdf.Root.StructTreeRoot, "/TR"):
            texts = [cell for cell in row.K if isinstance(cell, Dictionary)]
            if len(texts) == 8:
                row.K = Array([*texts[:-2], texts[-1], texts[-2]])

    name = TAGGED
    published = read(changed(name, exchange), name)
    assert not wrong_cells(published, truth(name))
    assert any("两种读法" in thing.reason for thing in published.unrecognised)


def _elements(element: pikepdf.Object, role: str) -> list[pikepdf.Dictionary]:
    found = [element] if isinstance(element, Dictionary) and element.get("/S") == role else []
    kids = element.get("/K") if isinstance(element, Dictionary) else None
    for kid in kids if isinstance(kids, Array) else [kids]:
        if isinstance(kid, Dictionary):
            found += _elements(kid, role)
    return found


# -- trees that cannot be trusted: the lines are read instead ---------------------------------------------------------


def _circle(pdf: pikepdf.Pdf) -> None:
    table = _elements(pdf.Root.StructTreeRoot, "/Table")[0]
    table.K = Array([*table.K, pdf.Root.StructTreeRoot.K[0]])


def _claimed_twice(pdf: pikepdf.Pdf) -> None:
    rows = _elements(pdf.Root.StructTreeRoot, "/TR")
    rows[2].K = rows[3].K


def _of_another_stream(pdf: pikepdf.Pdf) -> None:
    paragraph = _elements(pdf.Root.StructTreeRoot, "/TD")[0]
    stream = pdf.make_stream(b"")
    paragraph.K = Array([Dictionary(Type=Name.MCR, Pg=pdf.pages[0].obj, MCID=0, Stm=stream)])


def _lost(pdf: pikepdf.Pdf) -> None:
    rows = _elements(pdf.Root.StructTreeRoot, "/TR")
    rows[2].K = Array([])


def _very_deep(pdf: pikepdf.Pdf) -> None:
    inner = pdf.Root.StructTreeRoot.K[0]
    for _ in range(90):
        inner = pdf.make_indirect(Dictionary(S=Name.Sect, K=inner))
    pdf.Root.StructTreeRoot.K = inner


@pytest.mark.parametrize("harm", [_circle, _claimed_twice, _of_another_stream, _lost, _very_deep])
def test_a_tree_that_cannot_be_trusted_is_not_read(harm: Callable[[pikepdf.Pdf], None]) -> None:
    raw = changed(TAGGED, harm)
    assert child.extract(raw).tags is None or harm is _lost
    published = read(raw, TAGGED)
    assert figures(published) == truth(TAGGED)


# -- what is cut by a page, struck out or raised ----------------------------------------------------------------------


def test_a_figure_that_is_struck_out_is_not_read_as_one() -> None:
    def strike(pdf: pikepdf.Pdf) -> None:
        contents = read_contents((CASES / UNTAGGED).read_bytes(), UNTAGGED)
        for number, page in enumerate(contents.pages):
            for one in page.characters:
                if one.text in "0123456789" and one.size < 9:  # not in the title
                    line = f"{one.left} {one.middle} m {one.right} {one.middle} l S\n".encode()
                    pdf.pages[number].contents_add(pdf.make_stream(b"q 0.5 w " + line + b"Q "))

    with pikepdf.open(CASES / UNTAGGED) as pdf:
        strike(pdf)
        published = read(saved(pdf), UNTAGGED)
    assert not any(cell.is_number for cell in published.cells.values())


# -- what is shown over a page, or hidden of it -----------------------------------------------------------------------

NINES = b"BT /F 7 Tf 0 0 Td (9) Tj ET"


def with_annotations(name: str, subtype: str, shows: bytes = b"", **more: object) -> bytes:
    """An annotation over the room left of the first figures of the tables, so that a 9 there makes each another number."""
    contents = read_contents((CASES / name).read_bytes(), name)

    def annotate(pdf: pikepdf.Pdf) -> None:
        font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        for number, page in enumerate(contents.pages):
            pdf.pages[number].obj.Annots = Array([])
            for one in [one for one in page.characters if one.text in "123456789" and one.size < 9][:40]:
                width = one.right - one.left
                over = Dictionary(Type=Name.Annot, Subtype=Name(subtype), F=4, Contents="9", **more)
                over.Rect = Array(
                    [float(one.left - width), float(one.baseline), float(one.right), float(one.baseline + one.size)]
                )
                if shows:
                    form = pdf.make_stream(shows)
                    form.Type, form.Subtype = Name.XObject, Name.Form
                    form.BBox = Array([0.0, 0.0, float(2 * width), float(one.size)])
                    form.Resources = Dictionary(Font=Dictionary(F=font))
                    over.AP = Dictionary(N=form)
                pdf.pages[number].obj.Annots.append(pdf.make_indirect(over))
        if subtype == "/Widget":
            pdf.Root.AcroForm = Dictionary(Fields=Array([one for page in pdf.pages for one in page.obj.Annots]))

    return changed(name, annotate)


@pytest.mark.parametrize("name", ["typst-tagged-anhai.pdf", UNTAGGED])
@pytest.mark.parametrize("subtype", ["/FreeText", "/Stamp"])
def test_what_annotations_show_is_part_of_the_page(name: str, subtype: str) -> None:
    """No figure is read as it stands below; where the two readings differ, it is not read."""
    values = truth(name)
    found = read(with_annotations(name, subtype, NINES), name).cells
    read_as_below = {key for key, cell in found.items() if cell.is_number and cell.value == values[key]}
    touched = {key for key, value in values.items() if value} - read_as_below
    assert len(touched) >= 5
    assert all(not cell.is_number or str(cell.value).startswith("9") for key, cell in found.items() if key in touched)


@pytest.mark.parametrize("name", ["typst-tagged-anhai.pdf", UNTAGGED])
def test_figures_that_an_annotation_strikes_out_are_none(name: str) -> None:
    line = b"0.5 w 0 2.2 m 20 2.2 l S"
    found = read(with_annotations(name, "/StrikeOut", line), name).cells
    assert sum(not cell.is_number for cell in found.values()) >= 5
    assert not wrong_cells(read(with_annotations(name, "/StrikeOut", line), name), truth(name))


@pytest.mark.parametrize(
    ("subtype", "more"),
    [
        ("/Link", {}),
        ("/Text", {}),
        ("/Popup", {}),
        ("/Highlight", {}),
        ("/FreeText", {"F": 2}),
        ("/Widget", {"FT": Name.Sig, "V": Dictionary()}),
    ],
)
def test_annotations_that_lay_no_text_over_the_page_change_nothing(subtype: str, more: dict[str, Any]) -> None:
    flags = {key: value for key, value in more.items() if key != "F"}
    raw = with_annotations(TAGGED, subtype, b"" if subtype != "/Widget" else NINES, **flags)
    if "F" in more:
        with pikepdf.open(io.BytesIO(raw)) as pdf:
            for page in pdf.pages:
                for one in page.obj.Annots:
                    one.F = more["F"]
            raw = saved(pdf)
    assert figures(read(raw, TAGGED)) == truth(TAGGED)


def test_a_text_that_an_annotation_does_not_show_how_is_refused() -> None:
    with pytest.raises(ReadError, match="批注或表单域"):
        read(with_annotations(TAGGED, "/FreeText"), TAGGED)


@pytest.mark.parametrize("how", [{"OFF": True}, {"BaseState": Name.OFF}, {}])
def test_layers_that_are_switched_off_are_refused(how: dict[str, Any]) -> None:
    def layer(pdf: pikepdf.Pdf) -> None:
        group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="x"))
        state = {key: Array([group]) if value is True else value for key, value in how.items()}
        pdf.Root.OCProperties = Dictionary(OCGs=Array([group]), D=Dictionary(**state))

    raw = changed(TAGGED, layer)
    if how:
        with pytest.raises(ReadError, match="不显示的图层"):
            read(raw, TAGGED)
    else:
        assert figures(read(raw, TAGGED)) == truth(TAGGED)


# -- damage -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [TAGGED, UNTAGGED, "typst-tagged-anhai.pdf", "chromium-web-tagged-longhu.pdf"])
def test_changed_bytes_never_change_a_figure(name: str) -> None:
    chance = random.Random(name)
    raw, values = (CASES / name).read_bytes(), truth(name)
    for _ in range(12):
        damaged = bytearray(raw)
        for _ in range(chance.randint(1, 3)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            published = read(bytes(damaged), name)
        except ReadError as error:
            assert "\n" not in str(error)
        else:
            assert not wrong_cells(published, values)


@pytest.mark.parametrize("share", [0.05, 0.5, 0.95, 0.999])
def test_a_file_that_ends_too_soon_is_refused(share: float) -> None:
    raw = (CASES / TAGGED).read_bytes()
    with pytest.raises(ReadError, match="不完整或已损坏"):
        read(raw[: int(len(raw) * share)], "报告.pdf")


def test_a_stream_that_does_not_agree_with_its_checksum_is_refused_with_its_number() -> None:
    def harm(pdf: pikepdf.Pdf) -> None:
        contents = pdf.pages[1].Contents
        raw = bytearray(contents.read_raw_bytes())
        raw[-1] ^= 1
        contents.write(bytes(raw), filter=Name.FlateDecode)

    with pytest.raises(ReadError, match=r"对象 \d+ 的校验和不符"):
        read(changed(TAGGED, harm, recompress_flate=False), "报告.pdf")


# -- what is no text, or too much -------------------------------------------------------------------------------------


def blank(pages: int = 1, **keys: Any) -> pikepdf.Pdf:
    pdf = pikepdf.new()
    for _ in range(pages):
        pdf.add_blank_page(page_size=(595, 842))
        for key, value in keys.items():
            pdf.pages[-1].obj[f"/{key}"] = value
    return pdf


def scanned(over: bytes = b"") -> pikepdf.Pdf:
    """Two pages, each a picture, with ``over`` drawn on it."""
    pdf = blank(2)
    picture = pdf.make_stream(
        zlib.compress(b"\xff" * 3 * 100), Type=Name.XObject, Subtype=Name.Image, Width=10, Height=10, BitsPerComponent=8
    )
    picture.ColorSpace, picture.Filter = Name.DeviceRGB, Name.FlateDecode
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    for page in pdf.pages:
        page.obj.Resources = Dictionary(XObject=Dictionary(P=picture), Font=Dictionary(F=font))
        page.obj.Contents = pdf.make_stream(b"q 595 0 0 842 0 0 cm /P Do Q " + over)
    return pdf


def bomb(size: int, wrap: int = 1) -> pikepdf.Pdf:
    pdf = blank()
    data = b"0 0 m " * (size // 6)
    for _ in range(wrap):
        data = zlib.compress(data, 9)
    pdf.pages[0].obj.Contents = pdf.make_stream(data)
    pdf.pages[0].obj.Contents.Filter = Array([Name.FlateDecode] * wrap) if wrap > 1 else Name.FlateDecode
    return pdf


def plain(content: bytes) -> pikepdf.Pdf:
    pdf = blank()
    pdf.pages[0].obj.Contents = pdf.make_stream(content)
    return pdf


REFUSED: dict[str, tuple[Callable[[], pikepdf.Pdf], str]] = {
    "no text": (blank, "PDF 中没有字"),
    "a scan": (scanned, "扫描件"),
    "a scan with recognised text": (lambda: scanned(b"BT 3 Tr /F 12 Tf 50 700 Td (2023 12 34) Tj ET"), "识别软件"),
    "too many pages": (lambda: blank(61), "61 页"),
    "turned pages without text": (lambda: blank(1, Rotate=90), "PDF 中没有字"),
    "text in two directions": (lambda: two_directions(), "第 1 页的字有横有竖"),
    "a bomb": (lambda: bomb(30 * 2**20), "展开后超过 24 MB"),
    "a bomb in a bomb": (lambda: bomb(60 * 2**20, 2), "展开后超过 24 MB"),
    "too many lines": (lambda: plain(b"0 0 m 9 9 l S " * 30_000), "20000 条线"),
}


@pytest.mark.parametrize("make", REFUSED)
def test_what_is_no_report_is_refused_by_name(make: str) -> None:
    build, wrong = REFUSED[make]
    with build() as pdf:
        raw = saved(pdf, compress_streams=False, recompress_flate=False)
    with pytest.raises(ReadError, match=wrong):
        read(raw, "报告.pdf")


def test_many_small_bombs_are_one() -> None:
    pdf = blank()
    for _ in range(4):
        stream = pdf.make_stream(zlib.compress(b"0" * 20 * 2**20, 9))
        stream.Filter = Name.FlateDecode
        pdf.Root[f"/X{len(pdf.objects)}"] = stream
    with pytest.raises(ReadError, match="展开后超过 64 MB"):
        read(saved(pdf, recompress_flate=False), "报告.pdf")


def test_a_password_is_asked_for_by_name_and_rights_alone_are_no_obstacle() -> None:
    locked = pikepdf.Encryption(owner="o", user="u")
    with pytest.raises(ReadError, match="已加密"):
        read(changed(TAGGED, lambda pdf: None, encryption=locked), "报告.pdf")
    rights = pikepdf.Encryption(owner="o", user="", allow=pikepdf.Permissions(extract=False))
    published = read(changed(TAGGED, lambda pdf: None, encryption=rights), TAGGED)
    assert figures(published) == truth(TAGGED)


def test_pages_that_are_pictures_are_named() -> None:
    def add(pdf: pikepdf.Pdf) -> None:
        with scanned() as other:
            pdf.pages.extend(other.pages)

    published = read(changed(UNTAGGED, add), UNTAGGED)
    assert figures(published) == truth(UNTAGGED)
    assert [thing.place for thing in published.unrecognised if "图片" in thing.reason] == ["第 5 页", "第 6 页"]


def turned(pdf: pikepdf.Pdf, angle: int, *, shown: bool, drawn: bool, pages: slice = slice(None)) -> None:
    """Pages drawn turned to the left, or shown turned to the right, or both, as scanners and printers save landscape."""
    for page in list(pdf.pages)[pages]:
        x0, y0, x1, y1 = (float(edge) for edge in page.mediabox)
        width, height = x1 - x0, y1 - y0
        if drawn:
            matrix = {90: (0, 1, -1, 0, height, 0), 180: (-1, 0, 0, -1, width, height), 270: (0, -1, 1, 0, 0, width)}
            page.contents_add(f"q {' '.join(map(str, matrix[angle]))} cm\n".encode(), prepend=True)
            page.contents_add(b"\nQ")
            page.mediabox = Array([0, 0, width, height] if angle == 180 else [0, 0, height, width])
            for box in ("/CropBox", "/TrimBox", "/BleedBox", "/ArtBox"):
                if box in page:
                    del page[box]
        page.Rotate = angle if shown else 0


@pytest.mark.parametrize("how", [(True, False), (True, True), (False, True)], ids=["shown", "drawn and shown", "drawn"])
@pytest.mark.parametrize("angle", [90, 180, 270])
@pytest.mark.parametrize("name", ["chromium-web-tagged-longhu.pdf", UNTAGGED])
def test_turned_pages_are_read_as_if_they_were_upright(name: str, angle: int, how: tuple[bool, bool]) -> None:
    upright = read((CASES / name).read_bytes(), name)
    for pages in (slice(None), slice(1, 2))[: 1 + (name == UNTAGGED)]:
        published = read(
            changed(name, lambda pdf, p=pages: turned(pdf, angle, shown=how[0], drawn=how[1], pages=p)), name
        )
        assert figures(published) == truth(name)
        assert prose(published) == prose(upright)


def two_directions() -> pikepdf.Pdf:
    pdf = pikepdf.open(CASES / UNTAGGED)
    for page in pdf.pages:
        content = (
            b"".join(part.read_bytes() for part in page.Contents)
            if isinstance(page.Contents, Array)
            else page.Contents.read_bytes()
        )
        page.contents_add(b"\nq 0 1 -1 0 600 0 cm\n" + content + b"\nQ")
    return pdf


def test_a_file_that_kills_its_reader_kills_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    from nianbao.office.pdf import process

    monkeypatch.setattr(process, "_CHILD", "nianbao.office.pdf.no_such_module")
    with pytest.raises(ReadError, match="读不下去"):
        parse_source((CASES / TAGGED).read_bytes(), "报告.pdf")
    monkeypatch.setitem(process.MOST_SECONDS, "read", 0.001)
    with pytest.raises(ReadError, match="没有读完"):
        parse_source((CASES / TAGGED).read_bytes(), "报告.pdf")
