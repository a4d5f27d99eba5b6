"""The log of a run: a line per event in ``output/<year>/logs/batch-<n>.log``. The only file that knows the clock."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import TracebackType

from nianbao.publish.outputs import explained

KEPT = 50
"""Older logs go."""


class RunLog:
    """Opened at once and written through, so that a run that is killed has said what it did."""

    def __init__(self, year_folder: Path) -> None:
        folder = year_folder / "logs"
        with explained(folder):
            folder.mkdir(exist_ok=True)
            numbers = sorted(
                int(path.stem.removeprefix("batch-"))
                for path in folder.glob("batch-*.log")
                if path.stem.removeprefix("batch-").isdigit()
            )
            for number in numbers[: max(0, len(numbers) - KEPT + 1)]:
                _path(folder, number).unlink(missing_ok=True)
            self.path = _path(folder, numbers[-1] + 1 if numbers else 1)
            self._file = self.path.open("w", encoding="utf-8", buffering=1)

    def write(self, text: str) -> None:
        """One event; further lines are indented."""
        stamp = dt.datetime.now(dt.UTC).astimezone().isoformat(sep=" ", timespec="milliseconds")
        body = text.rstrip("\n").replace("\n", "\n    ")
        with explained(self.path.parent):
            self._file.write(f"{stamp} {body}\n")

    def __enter__(self) -> RunLog:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with explained(self.path.parent):
            self._file.close()


def _path(folder: Path, number: int) -> Path:
    return folder / f"batch-{number:04d}.log"
