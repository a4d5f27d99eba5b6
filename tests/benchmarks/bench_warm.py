"""CPU seconds that one warm report costs with all its files, worker and kernel apart, and where they go.

Run: ``.venv/bin/python tests/benchmarks/bench_warm.py [rounds] [units]``. Reports of invented units, some with
registers; the first of them warm up. CPU is counted by the operating system for both processes, so other load on
the machine disturbs it less than it would a wall clock. Target: 0.18 s a report without what came later (``LATER``).
"""

from __future__ import annotations

import gc
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

import nianbao.document.docx.writer
import nianbao.document.longform
import nianbao.document.pdf.compiler
import nianbao.document.web.fragment
import nianbao.document.web.page
import nianbao.document.workbook
import nianbao.notebook.gate
import nianbao.report.pictures
import nianbao.rules
from nianbao.demo import write_demo
from nianbao.notebook import engine
from nianbao.notebook.engine import kernel as kernels
from nianbao.params import load_units
from nianbao.publish import build as publish
from nianbao.publish import formats, manifest
from nianbao.publish.build import build
from nianbao.publish.make import load_writers

TOP = Path(__file__).parent.parent.parent
YEAR = 2025
WARM_UP = 3
STAGES: dict[str, tuple[Any, str]] = {
    "digests of the inputs": (manifest, "input_digests"),
    "pictures": (nianbao.report.pictures, "preflight"),
    "rules": (nianbao.rules, "checked"),
    "notebook (messages only)": (engine, "run_notebook"),
    "gate": (nianbao.notebook.gate, "gate"),
    "report.html": (nianbao.document.web.page, "write_page"),
    "report.web.html": (nianbao.document.web.fragment, "write_fragment"),
    "report.pdf": (nianbao.document.pdf.compiler, "typeset"),
    "report.docx": (nianbao.document.docx.writer, "write_docx"),
    "report.xlsx": (nianbao.document.workbook, "write_workbook"),
    "report.csv": (nianbao.document.longform, "write_csv"),
    "JSON of the cells": (formats, "tables_json"),
}
LATER = ("report.docx", "report.xlsx", "report.csv")
"""The files that the target was set without."""


def _timed(name: str, spent: dict[str, float], function: Callable[..., Any]) -> Callable[..., Any]:
    def run(*args: Any, **options: Any) -> Any:
        start = time.process_time()
        try:
            return function(*args, **options)
        finally:
            spent[name] += time.process_time() - start

    return run


def _kernel_cpu() -> float:
    process = kernels._running().process
    assert process is not None
    times = psutil.Process(process.pid).cpu_times()
    return times.user + times.system


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 19
    spent: dict[str, float] = defaultdict(float)
    for name, (module, attribute) in STAGES.items():
        if hasattr(module, attribute):
            setattr(module, attribute, _timed(name, spent, getattr(module, attribute)))
        else:
            print(f"{module.__name__}.{attribute} is gone: “{name}” counts as everything else")
    publish.load_report = _timed("params and registers", spent, publish.load_report)
    load_writers()
    gc.freeze()  # as a worker of a batch does
    with tempfile.TemporaryDirectory() as folder:
        params = Path(folder)
        write_demo(YEAR, params, TOP / "params")
        units = [unit.id for unit in load_units(params).units][:count]
        for unit in units[:WARM_UP]:
            build(unit, YEAR, params)
        spent.clear()
        kernel, worker, wall = _kernel_cpu(), time.process_time(), time.perf_counter()
        for _round in range(rounds):
            for unit in units:
                build(unit, YEAR, params)
        reports = rounds * len(units)
        kernel = (_kernel_cpu() - kernel) / reports
        worker = (time.process_time() - worker) / reports
        wall = (time.perf_counter() - wall) / reports
    print(f"{reports} warm reports: {worker + kernel:.3f} s CPU each, {wall:.3f} s wall")
    later = sum(spent[name] for name in LATER) / reports
    print(f"  without {', '.join(LATER)}: {worker + kernel - later:.3f} s (target 0.18)")
    print(f"  kernel {kernel * 1000:.0f} ms, worker {worker * 1000:.0f} ms, of which")
    for name, seconds in sorted(spent.items(), key=lambda pair: -pair[1]):
        print(f"  {seconds / reports * 1000:7.1f} ms  {name}")
    print(f"  {worker * 1000 - sum(spent.values()) / reports * 1000:7.1f} ms  everything else")
    kernels.shutdown()


if __name__ == "__main__":
    main()
