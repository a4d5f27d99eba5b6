"""One body's report of one year: its cells, its narrative, its pictures.

=========== =================================================================
`report`    :class:`Report` and how it is loaded from ``params/``
`prose`     the narrative: figures filled in, lines by kind
`values`    what a narrative may print
`whole`     全市: the bodies of a city together, for its own report
`pictures`  the pictures of a narrative
=========== =================================================================
"""

from nianbao.report.report import Body, Report, Unrecognised, build_cells, has_report, load_report

__all__ = ["Body", "Report", "Unrecognised", "build_cells", "has_report", "load_report"]
