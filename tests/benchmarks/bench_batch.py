"""A batch of 19 reports against what a user would do instead, and what a thousand reports cost.

Run: ``.venv/bin/python tests/benchmarks/bench_batch.py``. Quicker: ``--loop 2 --in-process 2 --scale 19 57`` runs the two
loops over two units only, and scales them up, and says so. What is compared, over the same 19 invented inputs:

* ``nianbao batch``, which checks, builds HTML, fragment, PDF and manifest, and writes the overview page;
* a shell loop of ``papermill``, ``jupyter nbconvert --to html`` and ``--to webpdf``, which does neither checks nor official
  layout; without playwright's Chromium, ``chromium --headless --print-to-pdf`` of that page stands in for webpdf, as the
  nearest thing that runs (it is faster than webpdf, so the ratio is on the careful side);
* the same in one process: ``papermill.execute_notebook``, ``HTMLExporter``, and webpdf or its stand-in.

``--bodies 37 1000 3000`` measures one city of so many invented bodies in one folder through ``nianbao check`` and ``nianbao batch``
themselves, overview, summary and likeness among all of them included, and the batch again with nothing changed; nothing
else is measured then.

Wall clock and CPU are of the whole process tree; memory is the sum of the proportional set sizes (PSS) of all its
processes, sampled five times a second (resident sizes where the system has no PSS).
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import yaml

TOP = Path(__file__).parent.parent.parent
BIN = Path(sys.executable).parent
YEAR = 2025
NOTEBOOK = TOP / "notebooks" / "annual_report.ipynb"
NIANBAO = (sys.executable, "-m", "nianbao.cli")
STEMS = [a + b for a, b in zip("甲乙丙丁戊己庚辛壬癸" * 6, "子丑寅卯辰巳午未申酉戌亥" * 5, strict=True)]


@dataclass
class Cost:
    """Wall clock and CPU in seconds, peak memory in MB with the samples it is the highest of."""

    wall: float = 0.0
    cpu: float = 0.0
    memory: list[float] = field(default_factory=list)

    @property
    def peak(self) -> float:
        return max(self.memory, default=0.0)


def _memory(root: psutil.Process) -> float:
    total = 0.0
    for process in [*root.children(recursive=True), root]:
        try:
            info: Any = process.memory_full_info()
            total += getattr(info, "pss", 0) or info.rss
        except psutil.Error:  # ended meanwhile
            continue
    return total / 2**20


@contextmanager
def watched(pid: int | None = None) -> Iterator[Cost]:
    """What the body costs in this process and its children, or what a process and its children use."""
    cost, stop, root = Cost(), threading.Event(), psutil.Process(pid)

    def sample() -> None:
        while not stop.wait(0.2):
            try:
                cost.memory.append(_memory(root))
            except psutil.Error:
                return

    sampler = threading.Thread(target=sample, daemon=True)
    before, start = os.times(), time.perf_counter()
    sampler.start()
    yield cost
    cost.wall, after = time.perf_counter() - start, os.times()
    stop.set()
    sampler.join()
    cost.cpu = sum(after[:4]) - sum(before[:4])


def run(command: Sequence[str | Path], **environment: str) -> Cost:
    """Run a command and watch it."""
    words = [str(word) for word in command]
    with subprocess.Popen(
        words, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        with watched(process.pid) as cost:
            errors = process.communicate()[1]
        if process.returncode:
            raise SystemExit(f"{' '.join(words)}: {errors.decode()[-2000:]}")
    return cost


def batch(params: Path, out: Path, *options: str) -> Cost:
    return run([*NIANBAO, "batch", str(YEAR), "--params", params, "--out", out, *options])


def has_webpdf() -> bool:
    """Whether nbconvert's webpdf can run here: playwright with its own Chromium."""
    if importlib.util.find_spec("playwright") is None:
        return False
    code = "import playwright.sync_api as p\nwith p.sync_playwright() as s: s.chromium.launch().close()"
    return subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0


def chromium() -> str:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        raise SystemExit("neither playwright's Chromium nor a Chromium of the system: there is nothing to compare with")
    return found


def print_command(browser: str, page: Path) -> list[str]:
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--print-to-pdf={page.with_suffix('.pdf')}"]
    return [browser, *options, page.as_uri()]


def shell_loop(params: Path, units: Sequence[str], work: Path, webpdf: bool) -> Cost:
    """papermill, nbconvert --to html, nbconvert --to webpdf for each unit, as commands."""
    total = Cost()
    for unit in units:
        executed = work / f"{unit}.ipynb"
        given = ["-p", "township", unit, "-p", "year", str(YEAR)]
        commands: list[list[str | Path]] = [
            [BIN / "papermill", NOTEBOOK, executed, "-k", "python3", *given],
            [BIN / "jupyter", "nbconvert", "--to", "html", executed],
        ]
        if webpdf:
            commands.append([BIN / "jupyter", "nbconvert", "--to", "webpdf", executed])
        else:
            commands.append([*print_command(chromium(), executed.with_suffix(".html"))])
        for command in commands:
            cost = run(command, NIANBAO_PARAMS=str(params))
            total.wall, total.cpu = total.wall + cost.wall, total.cpu + cost.cpu
            total.memory += cost.memory
        assert executed.with_suffix(".pdf").stat().st_size > 10_000
    return total


def process_loop(params: Path, units: Sequence[str], work: Path, webpdf: bool) -> Cost:
    """The same with papermill's and nbconvert's own functions in one process."""
    import papermill
    from nbconvert.exporters import HTMLExporter, WebPDFExporter

    os.environ["NIANBAO_PARAMS"] = str(params)
    with watched() as cost:
        for unit in units:
            executed = work / f"{unit}.ipynb"
            papermill.execute_notebook(
                NOTEBOOK, executed, {"township": unit, "year": YEAR}, kernel_name="python3", progress_bar=False
            )
            page = executed.with_suffix(".html")
            page.write_text(HTMLExporter().from_filename(str(executed))[0], encoding="utf-8")
            if webpdf:
                page.with_suffix(".pdf").write_bytes(WebPDFExporter().from_filename(str(executed))[0])
            else:
                subprocess.run(print_command(chromium(), page), check=True, capture_output=True)
            assert page.with_suffix(".pdf").stat().st_size > 10_000
    del os.environ["NIANBAO_PARAMS"]
    return cost


def cities(demo: Path, count: int, folder: Path) -> list[Path]:
    """Copies of the demo's params, as so many cities would have; the narratives of no two are the same."""
    made = []
    for number in range(count):
        target = folder / f"city{number:02}" / "params"
        shutil.copytree(demo, target)
        for path in target.glob("20*/*.yaml"):
            text = path.read_text(encoding="utf-8")
            path.write_text(text.replace("中心工作", f"{STEMS[number]}中心工作", 1), encoding="utf-8")
        made.append(target)
    return made


def scale(demo: Path, reports: int, work: Path, workers: int | None) -> Cost:
    """So many reports of many cities through one pool, written as a batch writes them."""
    from nianbao.batch import pool
    from nianbao.batch.jobs import Job
    from nianbao.batch.run import default_workers
    from nianbao.params import load_units
    from nianbao.publish.ground import Ground
    from nianbao.publish.outputs import write_files

    ground, units = Ground.here(), load_units(demo).units
    folders = cities(demo, -(-reports // len(units)), work / "params")
    jobs = [
        Job(unit.id, f"{folder.parent.name}/{unit.id}", YEAR, str(folder), ground)
        for folder in folders
        for unit in units
    ][:reports]
    waiting = {job.name: work / "out" / job.name for job in jobs}
    with watched() as cost:
        for result in pool.processes(jobs, workers or default_workers(len(jobs)), iter(())):
            assert not result.error, result.error
            name = next(name for name in waiting if name.endswith(f"/{result.unit}"))
            write_files(waiting.pop(name), result.contents)
    assert not waiting
    return cost


def city_of(bodies: int, folder: Path) -> Path:
    """Params of one city: the towns of the package's own, then invented departments up to so many bodies."""
    from nianbao.demo import demo_files

    said = yaml.safe_load((TOP / "params" / "units.yaml").read_text(encoding="utf-8"))
    said["units"] = said["units"][:bodies]
    for number in range(bodies - len(said["units"])):
        name = f"示例{STEMS[number // len(STEMS) % len(STEMS)]}{STEMS[number % len(STEMS)]}局"
        code = "".join(chr(ord("a") + number // 26**place % 26) for place in range(4))
        unit = {"id": f"made{code}", "name": name, "kind": "部门", "official_name": f"晋江市{name}"}
        said["units"].append(unit)
    source, params = folder / "units", folder / "params"
    source.mkdir(parents=True)
    (source / "units.yaml").write_text(yaml.safe_dump(said, allow_unicode=True, sort_keys=False), encoding="utf-8")
    for path, text in demo_files(YEAR, source)[0].items():
        (params / path).parent.mkdir(parents=True, exist_ok=True)
        (params / path).write_text(text, encoding="utf-8")
    return params


def one_city(work: Path, options: argparse.Namespace) -> None:
    """Time and memory a report of one city, as the number of its bodies grows."""
    workers = ["--workers", str(options.workers)] if options.workers else []
    first: tuple[int, Cost] | None = None
    for bodies in options.bodies:
        folder = work / f"city{bodies}"
        params = city_of(bodies, folder)
        batch(params, folder / "warm-up", next(iter(sorted(path.stem for path in (params / str(YEAR)).glob("*.yaml")))))
        _line(f"check of {bodies} bodies", run([*NIANBAO, "check", str(YEAR), "--params", params]), bodies)
        cost = batch(params, folder / "out", *workers)
        note = ""
        if first is None:
            first = bodies, cost
        else:
            ratio = (cost.cpu / bodies) / (first[1].cpu / first[0])
            note = f"; {100 * (ratio - 1):+.0f} % CPU a report against {first[0]} bodies, target at most +15 %"
        _line(f"one city of {bodies} bodies", cost, bodies, note)
        again = batch(params, folder / "out", *workers)
        _line("again, nothing changed", again, bodies)
        shutil.rmtree(folder)


def _line(what: str, cost: Cost, reports: int, note: str = "") -> None:
    memory = f", {cost.peak:.0f} MB at most" if cost.memory else ""
    print(
        f"{what}: {cost.wall:.1f} s wall, {cost.cpu:.1f} s CPU, {cost.wall / reports:.2f} s wall and"
        f" {cost.cpu / reports:.2f} s CPU a report{memory}{note}",
        flush=True,
    )


def _scaled(cost: Cost, done: int, wanted: int) -> Cost:
    return Cost(cost.wall * wanted / done, cost.cpu * wanted / done, cost.memory)


def compare(demo: Path, work: Path, options: argparse.Namespace) -> None:
    """The batch of 19 warm and cold, again, and the two loops."""
    from nianbao.params import load_units

    units = [unit.id for unit in load_units(demo).units]
    workers = ["--workers", str(options.workers)] if options.workers else []
    batch(demo, work / "first", *workers)  # compiles bytecode
    runs = [batch(demo, work / f"warm{number}", *workers) for number in range(options.times)]
    warm = min(runs, key=lambda cost: cost.wall)
    _line(f"nianbao batch, 19 reports (best of {len(runs)})", warm, len(units), "; target 1024 MB")
    again = min((batch(demo, work / "warm0", *workers) for _ in range(options.times)), key=lambda cost: cost.wall)
    print(f"again, nothing changed: {again.wall:.2f} s wall, {again.cpu:.2f} s CPU; target 1.5 s")
    cold = batch(demo, work / "cold", "--cold", *workers)
    _line(
        "with a cold kernel for each report (--cold)",
        cold,
        len(units),
        f"; warm is {cold.wall / warm.wall:.1f} times faster",
    )

    webpdf = has_webpdf()
    print("webpdf: " + ("playwright's Chromium" if webpdf else "not available here; chromium --print-to-pdf stands in"))
    for what, count, loop in (
        ("shell loop", options.loop, shell_loop),
        ("loop in one process", options.in_process, process_loop),
    ):
        if not count:
            continue
        folder = work / what.replace(" ", "-")
        folder.mkdir()
        found = loop(demo, units[:count], folder, webpdf)
        cost = _scaled(found, min(count, len(units)), len(units))
        note = "" if count >= len(units) else f" (measured over {count}, scaled to {len(units)})"
        target = "; target 25" if loop is shell_loop else ""
        ratios = f"; the batch is {cost.wall / warm.wall:.1f} times faster, {cost.cpu / warm.cpu:.1f} in CPU{target}"
        _line(what, cost, len(units), note + ratios)


def grow(demo: Path, work: Path, options: argparse.Namespace) -> None:
    """Time and memory a report, as the number of reports grows."""
    first: Cost | None = None
    for reports in options.scale:
        cost = scale(demo, reports, work / f"scale{reports}", options.workers)
        half = len(cost.memory) // 2
        early, late = max(cost.memory[: half or 1]), max(cost.memory[half:], default=0.0)
        note = f" ({early:.0f} MB in the first half, {late:.0f} MB in the second)"
        if first is None:
            first, fewest = cost, reports
        else:
            ratio = (cost.wall / reports) / (first.wall / fewest)
            note += f"; {100 * (ratio - 1):+.0f} % wall a report against {fewest} reports, target at most +10 %"
        _line(f"{reports} reports, one pool", cost, reports, note)
        shutil.rmtree(work / f"scale{reports}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=3, help="batches to take the best of (3)")
    parser.add_argument("--workers", type=int, help="processes (default: as nianbao batch)")
    parser.add_argument("--loop", type=int, default=19, metavar="N", help="units of the shell loop, 0 for none (19)")
    parser.add_argument("--in-process", type=int, default=19, metavar="N", help="units of the loop in one process (19)")
    parser.add_argument(
        "--scale", type=int, nargs="*", default=[100, 1000], metavar="N", help="numbers of reports (100 1000)"
    )
    parser.add_argument("--bodies", type=int, nargs="*", default=[], metavar="N", help="bodies of one city, instead")
    options = parser.parse_args()

    from nianbao.demo import write_demo

    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        if options.bodies:
            one_city(work, options)
            return
        demo = work / "demo" / "params"
        write_demo(YEAR, demo, TOP / "params")
        compare(demo, work, options)
        grow(demo, work, options)


if __name__ == "__main__":
    main()
