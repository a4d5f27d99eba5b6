"""One body's report of one year: its cells, its narrative, its pictures.

=========== =================================================================
`report`    :class:`Report` and how it is loaded from ``params/``
`prose`     the narrative: figures filled in, lines by kind
`pictures`  the pictures of a narrative
=========== =================================================================
"""

from nianbao.report.report import Report, Unrecognised, build_cells, has_report, load_report

__all__ = ["Report", "Unrecognised", "build_cells", "has_report", "load_report"]
