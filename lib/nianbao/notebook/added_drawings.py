"""The drawings and pictures that an analyst added: whole, and every number of a drawing accounted for."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from lxml import etree
from PIL import Image

from nianbao.document import Picture
from nianbao.errors import NotebookError
from nianbao.notebook.added_tables import counting, doubts, number_of
from nianbao.notebook.known import Known, decimals
from nianbao.office.xml import XmlElement
from nianbao.rules.judge.normalise import normalise
from nianbao.rules.judge.tokens import Kind

_SVG = "{http://www.w3.org/2000/svg}"


def in_drawing(where: str, picture: Picture, known: Known, declared: Sequence[str]) -> Iterator[str]:
    """A number written in a drawing is the report's, or one of the even steps of an axis.

    Raises
    ------
    NotebookError
        It is no SVG.
    """
    texts = [normalise(" ".join(text.split())).text for text in _texts(picture.data, where)]
    numbers = {text: value for text in texts if (value := number_of(text)) is not None}
    groundless = []
    for text in texts:
        if any(one in text for one in declared):
            continue
        for token in counting(text):
            if token.kind is Kind.SHARE:
                grounded = known.has_share(token.value, decimals(token.value))
            else:
                grounded = token.kind is not Kind.UNREADABLE and known.anywhere(token.value)
            if not (grounded or (text in numbers and _is_step(numbers[text], numbers.values()))):
                groundless.append(text)
    yield from doubts(f"{where}的图中", groundless, "没有依据")


def check_picture(where: str, picture: Picture) -> None:
    """Refuse a picture that is none, or whose data end before it does.

    Raises
    ------
    NotebookError
    """
    try:
        with Image.open(io.BytesIO(picture.data)) as image:
            image.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise NotebookError(where, "图片不完整，不能印出", "重新运行该单元格") from None


def _texts(svg: bytes, where: str) -> Iterator[str]:
    """What a browser writes of a drawing: each text, and each piece of HTML inside."""
    parser = etree.XMLParser(resolve_entities="internal", no_network=True, huge_tree=False)  # type: ignore[arg-type]  # the stubs are of lxml 4
    try:
        root = etree.fromstring(svg, parser)
    except etree.XMLSyntaxError:
        raise NotebookError(where, "图形（SVG）不完整，不能读出", "重新运行该单元格") from None
    if root.tag != f"{_SVG}svg":
        raise NotebookError(where, f"图形不是 SVG，没有命名空间 {_SVG.strip('{}')}", "重新运行该单元格")
    nodes: list[XmlElement] = [*root.iter(f"{_SVG}text"), *root.iter(f"{_SVG}foreignObject")]
    for node in nodes:
        parts = list(map(str, node.itertext()))
        yield ("" if node.tag == f"{_SVG}text" else " ").join(parts)


def _is_step(value: Decimal, numbers: Iterable[Decimal]) -> bool:
    """Whether a number is one of three or more that go up in even steps."""
    told = set(numbers)
    steps = {value - other for other in told if other != value}
    return any(
        {value - 2 * step, value - step} <= told
        or {value - step, value + step} <= told
        or {value + step, value + 2 * step} <= told
        for step in steps
        if step
    )
