"""A drawing surface in points over matplotlib: the same SVG bytes whatever the machine or a notebook has set.

Letters are drawn as outlines of a font file that a dependency ships, so a chart looks the same in a browser, in the
PDF and in print. matplotlib is loaded when something is drawn, not before.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from nianbao.document import bundled

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

_SETTINGS = {
    "svg.fonttype": "path",
    "svg.hashsalt": "nianbao",
    "svg.image_inline": True,
    "text.usetex": False,
    "path.simplify": False,
}
_SILENT = {"Date": None, "Creator": None, "Format": None, "Type": None}
"""What matplotlib would say of itself and the clock."""


@contextmanager
def settings() -> Iterator[None]:
    """matplotlib's own defaults and ours, whatever a notebook or a machine's ``matplotlibrc`` says."""
    with _quiet():
        import matplotlib as mpl
        import matplotlib.font_manager  # now: what its import adds to the settings (chinese_charts) is to outlive these

        values: Any = {key: value for key, value in mpl.rcParamsDefault.items() if not key.startswith("backend")}
        values.update(_SETTINGS)
        with mpl.rc_context(values):
            yield


@contextmanager
def _quiet() -> Iterator[None]:
    """What matplotlib says of its cache folders and font lists would be printed in the report, paths and all."""
    log = logging.getLogger("matplotlib")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(level)


@lru_cache(maxsize=1024)
def text_width(text: str, size: float = SIZE) -> float:
    """Width in pt of a line."""
    from matplotlib.textpath import text_to_path

    return float(text_to_path.get_text_width_height_descent(text, _face(size), False)[0])


@lru_cache(maxsize=64)
def _face(size: float) -> Any:
    from matplotlib.font_manager import FontProperties

    return FontProperties(fname=str(bundled.file(FONT)), size=size)


class Canvas:
    """``width`` × ``height`` pt; x runs to the right and y downwards from the upper left corner.

    Make and draw inside :func:`settings`.
    """

    def __init__(self, width: float, height: float) -> None:
        from matplotlib.figure import Figure
        from matplotlib.transforms import Affine2D

        self._figure: Any = Figure(figsize=(width / 72, height / 72), dpi=72)
        self._figure.patch.set_visible(False)  # what lies behind, such as the mark 草稿, shows through
        self._points: Any = Affine2D().scale(1 / 72, -1 / 72).translate(0, height / 72) + self._figure.dpi_scale_trans

    def text(self, x: float, middle: float, text: str, align: str = "left", size: float = SIZE) -> None:
        """A line of text, ``align`` left, center or right at ``x``; never read as formulas."""
        self._figure.text(
            x,
            middle + 0.36 * size,
            text,
            transform=self._points,
            horizontalalignment=align,
            verticalalignment="baseline",
            fontproperties=_face(size),
            color=INK,
            parse_math=False,
        )

    def bar(self, x: float, y: float, width: float, height: float) -> None:
        """A filled rectangle from its upper left corner."""
        from matplotlib.patches import Rectangle

        self._figure.add_artist(
            Rectangle((x, y), width, height, transform=self._points, facecolor=FILL, edgecolor="none", linewidth=0)
        )

    def rule(self, x: float, y: float, to_x: float, to_y: float) -> None:
        """A thin straight line."""
        from matplotlib.lines import Line2D

        self._figure.add_artist(
            Line2D([x, to_x], [y, to_y], transform=self._points, color=INK, linewidth=HAIRLINE, solid_capstyle="butt")
        )

    def svg(self) -> bytes:
        """The drawing; equal drawings give equal bytes."""
        from matplotlib.backends.backend_svg import FigureCanvasSVG

        stream = io.StringIO()
        canvas: Any = FigureCanvasSVG(self._figure)
        canvas.print_svg(stream, metadata=_SILENT)
        return _compact(stream.getvalue()).encode("utf-8")


def _compact(svg: str) -> str:
    """Without document type, comments (they repeat each text) and the line ends inside paths, a fifth shorter."""
    root = re.sub(r"<!--.*?-->", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    return re.sub(r"\s*\n\s*(?=[A-Zz\"])", "", re.sub(r">\s+<", "><", root)).strip() + "\n"
