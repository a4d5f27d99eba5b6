"""A PDF → lines and grids: by its tags where it has them, by the lines drawn around its cells as well.

The two ways do not lean on one another: the second reading shows whether the first can be believed.
"""

from __future__ import annotations

from dataclasses import dataclass

from nianbao.office.pdf import read_contents
from nianbao.published.grid import Grid, Item
from nianbao.published.pdf.ruled import read_ruled
from nianbao.published.pdf.tagged import read_tagged


@dataclass(frozen=True)
class PdfText:
    """What a PDF shows.

    Attributes
    ----------
    again : tuple of Grid
        The tables as the other way gives them, where there is one.
    pictures : tuple of int
        Pages, from 1, that are only a picture: nothing on them was read.
    """

    items: tuple[Item, ...]
    again: tuple[Grid, ...]
    pictures: tuple[int, ...]


def read_pdf(raw: bytes, where: str) -> PdfText:
    """The lines and tables of a PDF, in their order.

    Raises
    ------
    ReadError
        When the file is damaged, encrypted, a scan, or larger than any report.
    """
    contents = read_contents(raw, where)
    tagged, ruled = read_tagged(contents), read_ruled(contents)
    pictures = tuple(number for number, page in enumerate(contents.pages, 1) if page.picture and not page.characters)
    if tagged is None:
        return PdfText(ruled, (), pictures)
    return PdfText(tagged, tuple(item for item in ruled if isinstance(item, Grid)), pictures)
