"""Many reports in one run: what must be rebuilt and why, workers, and the page that says who is ready.

============ ==================================================================
`keys`       what decides the bytes of a report, and why one must be rebuilt
`jobs`       one report as a small value that travels to a worker and back
`pool`       mappings over jobs: in this process, over processes
`cluster`    the mapping over jobs on a Dask cluster
`worker`     what a worker process does when it starts, and when its parent is gone
`scratch`    the temporary folder of a run
`status`     where every unit stands: ready, draft, failed, pending, missing
`overview`   the pages of a year, kept up to date
`summary`    the city's summary of what was built
`page`       ``index.html`` and ``status.json``
`progress_sheet` ``progress.xlsx``
`log`        a line per event
`progress`   what is shown while a run goes on
`run`        :func:`run_batch`, which puts them together
`single`     one report on its own, and the pages of its year
============ ==================================================================
"""

from __future__ import annotations

from nianbao.batch.run import BatchResult, run_batch
from nianbao.batch.status import UnitStatus
from nianbao.city import Standing

__all__ = ["BatchResult", "Standing", "UnitStatus", "run_batch"]
