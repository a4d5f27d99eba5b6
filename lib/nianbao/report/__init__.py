"""One body's report of one year: its cells, its narrative, its pictures.

=========== =================================================================
`report`    :class:`Report` and how it is loaded from ``params/``
`prose`     the narrative: figures filled in, lines by kind
`values`    what a narrative may print
`whole`     全市: the bodies of a city together, for its own report
`pictures`  the pictures of a narrative
`skeleton`  the narrative that a new report begins with
`handed_in` the form that params came from: where in it each thing stands
=========== =================================================================
"""

from nianbao.report.report import Body, Report, Unrecognised, build_cells, has_report, load_report

__all__ = ["Body", "Report", "Unrecognised", "build_cells", "has_report", "load_report"]
