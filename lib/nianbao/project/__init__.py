"""A project folder: laid out from what the package brings, and a new report begun in it.

============ =======================================================================
`packaged`   the files that the package brings: units, notebooks
`start`      ``nianbao init``: the folder and what stands in it
`carry`      what a new year takes over from last year's report, and what it never does
`new`        ``nianbao new``: params and notebook of one unit and year
`adopt`      ``nianbao adopt``: published reports into params
`quoting`    finished prose into prose that is filled in from the report
============ =======================================================================
"""

from nianbao.project.new import Begun, begin, write_notebook
from nianbao.project.packaged import packaged_notebooks, packaged_params
from nianbao.project.start import Laid, lay_out

__all__ = [
    "Begun",
    "Laid",
    "begin",
    "lay_out",
    "packaged_notebooks",
    "packaged_params",
    "write_notebook",
]
