"""One report as a job: a small value that travels to a worker, and what comes back.

A job writes nothing: the files come back as bytes, and the process that started the batch writes
them. So a worker that dies leaves nothing behind, and a cluster needs no shared disk.
"""

from __future__ import annotations

import tempfile
import threading
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from nianbao.city.papers import paper_of
from nianbao.errors import NianbaoError, NotebookError
from nianbao.publish.ground import Ground
from nianbao.publish.make import environment_with, make, prepare
from nianbao.publish.manifest import SHARED, digest
from nianbao.report.inputs import sized

_FONTS, _SYSTEM = "NIANBAO_FONTS", "NIANBAO_SYSTEM_FONTS"


@dataclass(frozen=True)
class Job:
    """Build one report.

    Attributes
    ----------
    unit, name : str
        Id and name of the unit.
    params_dir : str
        Folder with the params; on a cluster, where they travel along, only its name counts.
    notebook : str
        Path of another notebook than the package's own, or empty.
    seconds : float or None
        What the notebook may take.
    ground : Ground
        Notebook, library, packages and fonts that the worker must have, too.
    built : str
        Folder of the year's reports, for a job that makes a paper of them, named by `name`; else empty.
    """

    unit: str
    name: str
    year: int
    params_dir: str
    ground: Ground
    notebook: str = ""
    cold: bool = False
    seconds: float | None = 300.0
    fonts: str = ""
    system_fonts: str = "1"
    built: str = ""

    @property
    def where(self) -> str:
        """As messages name the report: 永和镇 2023."""
        return f"{self.name} {self.year}"


@dataclass(frozen=True)
class JobResult:
    """What came of a job: the files by name, or the message why there are none.

    Attributes
    ----------
    executed : bytes
        The notebook up to the cell that failed, where one did.
    trace : str
        Traceback of a fault that nobody foresaw, for the log.
    seconds : float
        Wall clock in the worker.
    """

    unit: str
    contents: Mapping[str, bytes] = field(default_factory=dict)
    error: str = ""
    executed: bytes = b""
    trace: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Snapshot:
    """The params of a year and the year before as values, for workers that do not see the folder."""

    files: Mapping[str, bytes]

    @classmethod
    def of(cls, params_dir: Path, year: int) -> Snapshot:
        """What all units share, and everything under the two years."""
        paths = [path for name in SHARED if (path := params_dir / name).is_file()]
        for number in (year - 1, year):
            paths += sorted(path for path in (params_dir / str(number)).rglob("*") if path.is_file())
        return cls({path.relative_to(params_dir).as_posix(): sized(path).read_bytes() for path in paths})

    @contextmanager
    def unpacked(self, name: str) -> Iterator[Path]:
        """A temporary folder called `name` with the files; the last one is kept for the next job."""
        global _unpacked
        key = digest("\0".join(f"{path}\0{digest(data)}" for path, data in self.files.items()).encode())
        if _unpacked is None or _unpacked[0] != key or Path(_unpacked[1].name, name).name != name:
            if _unpacked is not None:
                _unpacked[1].cleanup()
            place = tempfile.TemporaryDirectory(prefix="nianbao-params-")
            for path, data in self.files.items():
                target = Path(place.name, name, path)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)
            _unpacked = key, place
        yield Path(_unpacked[1].name, name)


_unpacked: tuple[str, tempfile.TemporaryDirectory[str]] | None = None
_one_at_a_time = threading.Lock()
"""A worker of a cluster may have several threads; directory and environment belong to the process."""


def run_job(job: Job, snapshot: Snapshot | None = None) -> JobResult:
    """Build one report; whatever goes wrong is said in the result.

    Parameters
    ----------
    snapshot : Snapshot, optional
        The params, where the folder that the job names cannot be reached.
    """
    started = time.monotonic()
    try:
        with _one_at_a_time, environment_with({_FONTS: job.fonts, _SYSTEM: job.system_fonts}):
            if snapshot is None:
                contents = _build(job, Path(job.params_dir))
            else:
                with snapshot.unpacked(Path(job.params_dir).name) as params_dir:
                    contents = _build(job, params_dir)
    except NotebookError as error:
        return JobResult(job.unit, error=str(error), executed=error.executed, seconds=time.monotonic() - started)
    except NianbaoError as error:
        return JobResult(job.unit, error=str(error), seconds=time.monotonic() - started)
    except Exception as error:  # the fault of one report must not end the others; the log has the traceback
        text = f"{job.where}：程序出错，{type(error).__name__}：{error}。把日志交给开发者。"
        return JobResult(job.unit, error=text, trace=traceback.format_exc(), seconds=time.monotonic() - started)
    return JobResult(job.unit, contents, seconds=time.monotonic() - started)


def _build(job: Job, params_dir: Path) -> dict[str, bytes]:
    notebook = Path(job.notebook) if job.notebook else None
    if changes := Ground.here(notebook).changes_since(job.ground.fields()):
        raise NianbaoError(
            "工作进程", f"与发起汇总的电脑不一致（{'，'.join(changes)}）", "在各台电脑上安装相同的版本和字体"
        )
    if job.built:
        work = paper_of(job.name).work(job.year, params_dir, Path(job.built))
    else:
        from nianbao.publish.build import report_work  # with the rules and charts

        work = report_work(job.unit, job.year, params_dir, notebook)
    return dict(make(prepare(work), cold=job.cold, report_seconds=job.seconds).contents)
