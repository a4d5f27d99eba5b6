"""Checking one report once everything is imported: 永和镇 2023, and a demo unit with last year's report and 18 neighbours.

Run: ``.venv/bin/python tests/benchmarks/bench_check.py [times]``. Each run is a process of its own: what a clerk waits for
is the first check, with nothing compiled or remembered. Beside it the time that loading the same report takes (params,
registers, last year), and the same check once more in the same process, as a batch sees it. Wall clock decides; the CPU
time beside it says what a busy machine added.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).parent.parent.parent
TARGET = 50.0
"""Milliseconds for the first check of one report."""

_ONE = """
import json, sys, time
from nianbao.rules import check_report
from nianbao.report import load_report
unit, year, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3]
def now():
    return time.perf_counter(), time.process_time()
times = []
for _ in range(3):
    start = now()
    report = load_report(unit, year, folder)
    loaded = now()
    result = check_report(report)
    done = now()
    times.append([1000 * (b - a) for ends in ((start, loaded), (loaded, done)) for a, b in zip(*ends)])
print(json.dumps({"first": times[0], "again": times[-1], "held": result.counts["held"], "previous": report.previous is not None}))
"""


def _run(unit: str, year: int, folder: Path) -> dict[str, list[float]]:
    command = [sys.executable, "-c", _ONE, unit, str(year), str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8")
    found: dict[str, list[float]] = json.loads(done.stdout)
    return found


def main() -> None:
    from nianbao.demo import write_demo

    times = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    with tempfile.TemporaryDirectory() as folder:
        demo = Path(folder) / "params"
        write_demo(2024, demo, TOP / "params")
        for name, unit, year, params in (
            ("永和镇 2023", "yonghe", 2023, TOP / "params"),
            ("示例 安海镇 2024，上年报告，18 个邻居", "anhai", 2024, demo),
            ("示例 青阳街道 2024，登记簿，上年报告，18 个邻居", "qingyang", 2024, demo),
        ):
            runs = [_run(unit, year, params) for _ in range(times)]
            load, load_cpu, check, cpu = (statistics.median(run["first"][part] for run in runs) for part in range(4))
            again = statistics.median(run["again"][2] for run in runs)
            verdict = "met" if check < TARGET else "MISSED"
            print(
                f"{name}: check {check:.1f} ms, {cpu:.1f} ms CPU (target {TARGET:.0f}, {verdict}), again in the same process {again:.1f} ms; "
                f"loading {load:.1f} ms, {load_cpu:.1f} ms CPU; ratio check to loading {check / load:.2f}; {runs[0]['held']} checks held"
            )


if __name__ == "__main__":
    main()
