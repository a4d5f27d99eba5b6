"""A chart with its words: caption, alternative text, and the check that its letters can be drawn."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from nianbao.charts.canvas import FONT
from nianbao.document import bundled
from nianbao.errors import FontError
from nianbao.wording import enumeration


@dataclass(frozen=True)
class Chart:
    """A chart before it is drawn.

    Attributes
    ----------
    caption : str
        What stands below it, 图1　….
    alt : str
        Every number of it in words, for those who do not see it.
    texts : tuple of str
        What is written in it, for the check of glyphs.
    draw : callable
        Makes the SVG; opens the font.
    """

    caption: str
    alt: str
    texts: tuple[str, ...]
    draw: Callable[[], bytes]

    @property
    def html(self) -> str:
        """A ``figure`` as the roles of ``markup`` describe it."""
        payload = base64.b64encode(self.draw()).decode("ascii")
        source = f"data:image/svg+xml;base64,{payload}"
        caption = escape(self.caption, quote=False)
        return f'<figure><img src="{source}" alt="{escape(self.alt)}"><figcaption>{caption}</figcaption></figure>'


def require_glyphs(chart: Chart, where: str) -> None:
    """Refuse a chart whose font is not there or has not every character.

    Raises
    ------
    FontError
    """
    font = bundled.file(FONT)
    unusual = {character for text in chart.texts for character in text if not _common(character)}
    if not unusual:
        return
    covered = bundled.coverage(font)
    missing = sorted(character for character in unusual if ord(character) not in covered)
    if missing:
        named = enumeration(f"U+{ord(character):04X}" for character in missing)
        raise FontError(
            where, f"{chart.caption.partition('　')[0]}的字体没有 {named}", "改用通行的字，或写 charts: false 不放图"
        )


def _common(character: str) -> bool:
    """Whether a character is in GB 2312, which the font has whole."""
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
