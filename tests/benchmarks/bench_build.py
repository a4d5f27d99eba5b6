"""One cold ``nianbao build`` of 永和镇 2023: wall clock and CPU of the whole process tree.

Run: ``.venv/bin/python tests/benchmarks/bench_build.py [times]``. Beside it, in the same run, the time that a
bare ``papermill`` and ``jupyter nbconvert --to html`` of the same notebook take, which make neither checks nor a PDF.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TOP = Path(__file__).parent.parent.parent
BIN = Path(sys.executable).parent


def _timed(command: list[str | Path], cwd: Path) -> tuple[float, float]:
    before, start = os.times(), time.perf_counter()
    subprocess.run([str(word) for word in command], cwd=cwd, check=True, capture_output=True)
    wall, after = time.perf_counter() - start, os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return wall, cpu


def main() -> None:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        notebook = TOP / "notebooks" / "annual_report.ipynb"
        ours = [BIN / "nianbao", "build", "yonghe", "2023", "--params", TOP / "params", "--out", work]
        run = [BIN / "papermill", notebook, work / "run.ipynb", "--cwd", TOP / "notebooks", "-k", "python3"]
        convert = [BIN / "jupyter", "nbconvert", "--to", "html", work / "run.ipynb"]
        _timed(ours, TOP)  # the first run compiles bytecode
        mine = [_timed(ours, TOP) for _ in range(times)]
        theirs = [tuple(map(sum, zip(_timed(run, TOP), _timed(convert, TOP), strict=True))) for _ in range(times)]
    wall = statistics.median(wall for wall, _ in mine)
    cpu = statistics.median(cpu for _, cpu in mine)
    loop = statistics.median(wall for wall, _ in theirs)
    print(
        f"nianbao build, cold: {wall:.2f} s wall (best {min(wall for wall, _ in mine):.2f}), {cpu:.2f} s CPU; target 3 s"
    )
    print(f"papermill + nbconvert --to html, no checks, no PDF: {loop:.2f} s wall; ratio {loop / wall:.2f}")


if __name__ == "__main__":
    main()
