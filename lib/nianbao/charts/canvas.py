"""A drawing surface in points: SVG with letters as outlines, the same bytes whatever the machine or a notebook has set.

The outlines are those of a font file that a dependency ships, so a chart looks the same in a browser, in the PDF and
in print. The font is opened when the first letter is drawn, not before.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from nianbao.document import bundled

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

FONT = bundled.SANS
SIZE = 10.5
"""pt, 五号, as in the tables; on a telephone a chart of full width still shows it at 10 px."""
WIDTH = 340.0
"""pt, 120 mm: narrower than the type area, so that letters keep their size in print."""
INK = "#000000"
FILL = "#3b5b7d"
"""One colour, dark enough for a copier: meaning is in lengths and labels, never in colours."""
HAIRLINE = 0.5
"""pt, as the rules of the tables."""
_SHIFT = {"left": 0.0, "center": 0.5, "right": 1.0}


class Canvas:
    """``width`` × ``height`` pt; x runs to the right and y downwards from the upper left corner.

    What lies behind, such as the mark 草稿, shows through.
    """

    def __init__(self, width: float, height: float) -> None:
        self._width, self._height = width, height
        self._drawn: list[str] = []

    def text(self, x: float, middle: float, text: str, align: str = "left", size: float = SIZE) -> None:
        """A line of text, ``align`` left, center or right at ``x``."""
        scale = size / _font().units
        left = x - _SHIFT[align] * text_width(text, size)
        letters, across = [], 0
        for character in text:
            outline, advance = _glyph(character)
            if outline:
                letters.append(f'<path transform="translate({across})" d="{outline}"/>')
            across += advance
        place = f"translate({_number(left)} {_number(middle + 0.36 * size)}) scale({scale:.6g} {-scale:.6g})"
        self._drawn.append(f'<g transform="{place}" fill="{INK}">{"".join(letters)}</g>')

    def bar(self, x: float, y: float, width: float, height: float) -> None:
        """A filled rectangle from its upper left corner."""
        corner, extent = f'x="{_number(x)}" y="{_number(y)}"', f'width="{_number(width)}" height="{_number(height)}"'
        self._drawn.append(f'<rect {corner} {extent} fill="{FILL}"/>')

    def rule(self, x: float, y: float, to_x: float, to_y: float) -> None:
        """A thin straight line."""
        course = f"M{_number(x)} {_number(y)}L{_number(to_x)} {_number(to_y)}"
        self._drawn.append(f'<path d="{course}" stroke="{INK}" stroke-width="{HAIRLINE}" fill="none"/>')

    def svg(self) -> bytes:
        """The drawing; equal drawings give equal bytes."""
        width, height = _number(self._width), _number(self._height)
        size = f'width="{width}pt" height="{height}pt" viewBox="0 0 {width} {height}"'
        return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(self._drawn)}</svg>\n'.encode()


def text_width(text: str, size: float = SIZE) -> float:
    """Width in pt of a line."""
    return sum(_glyph(character)[1] for character in text) * size / _font().units


class _Font:
    """The font file, open; ``units`` of its em."""

    def __init__(self, font: TTFont) -> None:
        self.units: int = font["head"].unitsPerEm
        self.names: dict[int, str] = font.getBestCmap() or {}
        self.glyphs: Any = font.getGlyphSet()


@cache
def _font() -> _Font:
    from fontTools.ttLib import TTFont

    return _Font(TTFont(bundled.file(FONT), lazy=True))


@lru_cache(maxsize=4096)
def _glyph(character: str) -> tuple[str, int]:
    """Outline and advance of a character, in units of the font."""
    from fontTools.pens.svgPathPen import SVGPathPen

    font = _font()
    glyph = font.glyphs[font.names.get(ord(character), ".notdef")]
    pen = SVGPathPen(font.glyphs)
    glyph.draw(pen)
    return pen.getCommands(), glyph.width


def _number(value: float) -> str:
    """To a thousandth of a point, without noughts behind."""
    return f"{value:.3f}".rstrip("0").rstrip(".")
