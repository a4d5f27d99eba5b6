"""The charts: drawn by matplotlib as SVG, the same bytes everywhere, the same in the web pages and the PDF."""

from nianbao.figures.chart import Chart, require_glyphs
from nianbao.figures.draw import Series, bars, months, shortened
from nianbao.figures.part_one import Placed, charts_of, preflight

__all__ = ["Chart", "Placed", "Series", "bars", "charts_of", "months", "preflight", "require_glyphs", "shortened"]
