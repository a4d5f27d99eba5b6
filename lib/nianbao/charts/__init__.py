"""The charts: drawn as SVG, the same bytes everywhere, the same in the web pages and the PDF."""

from nianbao.charts.chart import Chart, require_glyphs
from nianbao.charts.draw import Series, bars, months, shortened
from nianbao.charts.part_one import Placed, charts_of, preflight

__all__ = ["Chart", "Placed", "Series", "bars", "charts_of", "months", "preflight", "require_glyphs", "shortened"]
