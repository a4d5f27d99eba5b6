"""The warm kernel: for code of ours alone, same result as a cold one, replaced when it breaks."""

from __future__ import annotations

import gc
import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from nbformat import v4

import nianbao.notebook.engine.kernel as kernels
from nianbao.demo import write_demo
from nianbao.errors import NotebookError
from nianbao.notebook import engine
from nianbao.notebook.engine import ours
from nianbao.params import PARAMS_VARIABLE
from nianbao.publish.build import default_notebook
from tests.conftest import PARAMS


@pytest.fixture(scope="module", autouse=True)
def _warm_kernel_for_this_module() -> Iterator[None]:
    engine.prestart()
    yield
    engine.shutdown()


@pytest.fixture
def all_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever cells a test writes count as code of ours, and run warm."""
    monkeypatch.setattr(ours, "code_digest", lambda _notebook: next(iter(ours.OURS)))


def write(folder: Path, *sources: str) -> Path:
    cells = [v4.new_code_cell("year = 2023", id="p", metadata={"tags": ["parameters"]})]
    cells += [v4.new_code_cell(source, id=f"c{number}") for number, source in enumerate(sources)]
    path = folder / "notebook.ipynb"
    nbformat.write(v4.new_notebook(cells=cells), path)
    return path


def run(folder: Path, *sources: str, **options: Any) -> Any:
    options = {"report_seconds": 30, **options}
    return engine.run_notebook(write(folder, *sources), folder / "out.ipynb", {"year": 2024}, **options)


def shown(notebook: Any) -> list[Any]:
    """Everything but times and the random ids of cells that papermill adds."""
    return [(cell.cell_type, cell.source, cell.get("execution_count"), cell.get("outputs")) for cell in notebook.cells]


def value(notebook: Any) -> str:
    """The text of the last cell's result."""
    results = [output for output in notebook.cells[-1].outputs if output.output_type == "execute_result"]
    return results[0]["data"]["text/plain"]


def kernel_pid() -> int:
    assert kernels._warm is not None
    return int(kernels._warm.process.pid)


def gone(pid: int, seconds: float) -> bool:
    """Whether a process ends within `seconds`; one that nobody has waited for yet counts as ended."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


ORDINARY = (
    "import sys, decimal, os, matplotlib.pyplot as plt, pandas as pd",
    "print('年报', year); sys.stderr.write('x')",
    "pd.DataFrame({'件': [1, 2]})",
    "decimal.getcontext().prec = 5",
    "decimal.Decimal(1) / 3",
    "plt.figure(figsize=(1, 1)); plt.plot([1, 2]); plt.title('t')",
    "_, In[2][:5], sorted(Out), os.getcwd()",
    "sorted(name for name in globals() if name[0] != '_')",
    "plt.rcParams['figure.dpi'], plt.get_backend(), sys.path[:2], [len(plt.get_fignums())]",
)


@pytest.mark.usefixtures("all_ours")
def test_warm_and_cold_execute_to_the_same_notebook(tmp_path: Path) -> None:
    cold = run(tmp_path, *ORDINARY, cold=True)
    first = run(tmp_path, *ORDINARY)
    second = run(tmp_path, *ORDINARY)
    for cells in zip(shown(cold), shown(first), shown(second), strict=True):
        assert cells[1] == cells[0]
        assert cells[2] == cells[0]
    assert second.metadata.language_info == cold.metadata.language_info
    assert any("image/png" in output.get("data", {}) for cell in cold.cells for output in cell.get("outputs", ()))


PRINTS = ("print('a', 1)", "sys.stderr.write('x')", "display(1)", "print('b')", "sys.stderr.write('y')", "print('c')")


@pytest.mark.usefixtures("all_ours")
def test_what_is_printed_comes_out_the_same_however_long_it_takes(tmp_path: Path) -> None:
    """A kernel sends its streams every fifth of a second, so a slow machine would cut and order them its own way."""
    slow = run(tmp_path, "import sys, time", "; time.sleep(0.3); ".join(PRINTS))
    quick = run(tmp_path, "import sys, time", "; ".join(PRINTS))
    assert slow.cells[-1].outputs == quick.cells[-1].outputs
    kinds = [(output.output_type, output.get("name"), output.get("text")) for output in quick.cells[-1].outputs]
    assert kinds == [
        ("stream", "stdout", "a 1\n"),
        ("stream", "stderr", "x"),
        ("display_data", None, None),
        ("stream", "stdout", "b\nc\n"),
        ("stream", "stderr", "y"),
    ]


@pytest.mark.usefixtures("all_ours")
def test_the_kernel_is_kept_between_reports(tmp_path: Path) -> None:
    pids = {value(run(tmp_path, "import os", "os.getpid()")) for _ in range(3)}
    assert len(pids) == 1
    assert value(run(tmp_path, "import os", "os.getpid()", cold=True)) not in pids


# What a report could do to the next one in its kernel: to modules, to this library, to the process.
LEAVINGS = (
    "import pandas, os, sys; pandas.found = pandas.get_option('display.max_rows')",
    "import nianbao.wording; nianbao.wording.chinese_date = lambda day: 'x'",
    "import threading, time; threading.Thread(target=time.sleep, args=(60,), daemon=True).start()",
    "pandas.set_option('display.max_rows', 1); os.environ['NIANBAO_LEFT'] = '1'; sys.setrecursionlimit(5000)",
)
LOOK = (
    "import os, sys, threading, pandas, nianbao.wording as w, datetime",
    "os.getpid(), hasattr(pandas, 'found'), pandas.get_option('display.max_rows'), os.environ.get('NIANBAO_LEFT'), "
    "sys.getrecursionlimit() == 5000, w.chinese_date(datetime.date(2024, 1, 31)), "
    "any(thread.name.startswith('Thread') and 'sleep' in thread.name for thread in threading.enumerate())",
)


def test_an_edited_notebook_leaves_nothing_to_any_other(tmp_path: Path) -> None:
    """It runs in a kernel of its own, as plain papermill would run it."""
    before = value(run(tmp_path, *LOOK))
    run(tmp_path, *LEAVINGS)
    after = value(run(tmp_path, *LOOK))
    (pid, *found), (other, *later) = (text.strip("()").split(", ") for text in (before, after))
    assert found == later == ["False", "60", "None", "False", "'2024年1月31日'", "False"] and pid != other


def test_what_it_leaves_is_something(tmp_path: Path) -> None:
    """The test above can fail: in one kernel, every one of these reaches what comes after."""
    found = value(run(tmp_path, *LEAVINGS, *LOOK)).strip("()").split(", ")[1:]
    assert found == ["True", "1", "'1'", "True", "'x'", "True"]


PACKAGED = ("annual_report.ipynb", "city_report.ipynb", "city_summary.ipynb")


def packaged(name: str) -> Any:
    return nbformat.read(default_notebook(name), as_version=4)


def test_the_code_of_every_packaged_notebook_is_known() -> None:
    names = sorted(path.name for path in default_notebook().parent.glob("*.ipynb"))
    digests = {name: ours.code_digest(packaged(name)) for name in names}
    assert set(digests.values()) == ours.OURS, f"write these into {ours.__name__}: {digests}"


def is_parameters(cell: Any) -> bool:
    return "parameters" in cell.metadata.get("tags", [])


@pytest.mark.parametrize("name", PACKAGED)
def test_parameters_and_remarks_do_not_make_it_another(name: str) -> None:
    notebook = packaged(name)
    assert ours.is_ours(notebook)
    for cell in notebook.cells:
        if is_parameters(cell):
            cell.source = 'township = "安海镇"\nyear = 2024  # 改过'
    notebook.cells.insert(0, v4.new_code_cell("# Parameters\nyear = 1\n", metadata={"tags": ["injected-parameters"]}))
    notebook.cells.insert(0, v4.new_markdown_cell("说明"))
    assert ours.is_ours(notebook)


@pytest.mark.parametrize("name", PACKAGED)
@pytest.mark.parametrize("change", ["edit", "drop", "double", "swap", "tag", "add"])
def test_every_change_of_its_code_makes_it_another(name: str, change: str) -> None:
    """Done to each cell of code in turn."""
    code = [n for n, cell in enumerate(packaged(name).cells) if cell.cell_type == "code" and not is_parameters(cell)]
    for number, other in pairwise([*code, code[0]]):
        notebook = packaged(name)
        cells = notebook.cells
        match change:
            case "edit":
                cells[number].source += " "
            case "drop":
                del cells[number]
            case "double":
                cells.insert(number, cells[number])
            case "swap":
                cells[number], cells[other] = cells[other], cells[number]
            case "tag":
                cells[number].metadata["tags"] = ["parameters"]
            case "add":
                cells.insert(number, v4.new_code_cell("pass"))
        assert not ours.is_ours(notebook), number


@pytest.mark.parametrize("tag", sorted(ours.PARAMETERS))
@pytest.mark.parametrize(
    "source",
    [
        "import os",
        "year = print()",
        "year = [1]",
        "year.x = 1",
        "year: int = 1",
        "__builtins__ = 1",
        "__name__ = 'x'",
        "year = f'{1}'",
        "%pylab",
        "year = 1; del year",
        "year = 1 if 1 else 2",
        "year = (",
        "year = 1\nimport os",
    ],
)
def test_a_parameters_cell_that_does_more_than_name_plain_values_is_another(source: str, tag: str) -> None:
    notebook = packaged("annual_report.ipynb")
    notebook.cells.insert(0, v4.new_code_cell(source, metadata={"tags": [tag]}))
    assert not ours.is_ours(notebook)


def test_a_notebook_of_ours_runs_in_the_kernel_that_is_kept(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its own code on real data; an edited one in between neither uses nor disturbs that kernel."""
    monkeypatch.setenv(PARAMS_VARIABLE, str(PARAMS))

    def report() -> Any:
        return engine.run_notebook(default_notebook(), None, {"township": "永和镇", "year": 2023})

    first = report()
    pid = kernel_pid()
    assert run(tmp_path, *LEAVINGS)
    second = report()
    assert kernel_pid() == pid and shown(second) == shown(first)
    cold = engine.run_notebook(default_notebook(), None, {"township": "永和镇", "year": 2023}, cold=True)
    assert shown(cold) == shown(first) and kernel_pid() == pid


@pytest.mark.usefixtures("all_ours")
def test_the_namespace_and_the_numbers_of_the_cells_begin_anew(tmp_path: Path) -> None:
    run(tmp_path, "left = 1", "left")
    result = run(tmp_path, "'left' in globals()", "sorted(Out), In[-1]", "('left' in globals(), len(In))")
    assert value(result) == "(False, 6)"
    assert [cell.execution_count for cell in result.cells] == [1, 2, 3, 4, 5]


@pytest.mark.usefixtures("all_ours")
def test_the_cells_of_a_report_load_nothing_that_the_kernel_has_not(tmp_path: Path) -> None:
    """What is loaded late is loaded again for every report."""
    target = tmp_path / "params"
    write_demo(2025, target, PARAMS)
    code = f"""
import sys; before = set(sys.modules)
import nianbao as nb; from pathlib import Path
for unit in ("anhai", "qingyang"):
    report = nb.load_report(unit, 2025, Path({str(target)!r}))
    for part in (nb.panel, nb.opening, nb.overview, nb.disclosure, nb.applications, nb.disputes, nb.closing):
        part(report)._repr_html_()
"""
    late = value(run(tmp_path, code, "sorted(name for name in set(sys.modules) - before if 'nianbao' in name)"))
    assert late == "[]"


@pytest.mark.usefixtures("all_ours")
def test_directory_and_environment_are_those_of_this_process_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = ("import os", "f\"{os.getcwd()} {os.environ.get('NIANBAO_TEST')}\"")
    monkeypatch.setenv("NIANBAO_TEST", "值")
    assert value(run(tmp_path, *code, cwd=tmp_path)) == repr(f"{tmp_path} 值")
    monkeypatch.delenv("NIANBAO_TEST")
    assert value(run(tmp_path, *code)) == repr(f"{Path.cwd()} None")


def assert_next_report_is_whole(folder: Path) -> None:
    assert value(run(folder, "6 * 7")) == "42"


@pytest.mark.usefixtures("all_ours")
def test_a_failing_cell_is_named_and_the_notebook_kept(tmp_path: Path) -> None:
    with pytest.raises(NotebookError) as caught:
        run(tmp_path, "'done'", "1 / 0", "'never'")
    text = str(caught.value)
    assert "notebook.ipynb 第 4 个单元格（In [4]）：运行出错，ZeroDivisionError：division by zero。" in text
    assert "out.ipynb" in text
    assert str(pickle.loads(pickle.dumps(caught.value))) == text
    kept = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    code = [cell for cell in kept.cells if cell.cell_type == "code"]
    assert code[2].outputs[0]["data"]["text/plain"] == "'done'"
    assert code[3].outputs[0]["ename"] == "ZeroDivisionError"
    assert code[4].outputs == []
    assert_next_report_is_whole(tmp_path)


@pytest.mark.usefixtures("all_ours")
@pytest.mark.parametrize(
    ("cell", "limits", "reason"),
    [
        ("import os; os._exit(1)", {}, "运行该单元格时内核退出"),
        ("import time; time.sleep(60)", {"cell_seconds": 0.5}, "单元格运行超过 0.5 秒"),
        ("while True: pass", {"report_seconds": 1}, "整份报告运行超过 1 秒"),
    ],
)
def test_a_lost_kernel_fails_its_report_and_is_replaced(
    tmp_path: Path, cell: str, limits: dict[str, Any], reason: str
) -> None:
    run(tmp_path, "0")
    pid = kernel_pid()
    with pytest.raises(NotebookError, match=f"第 4 个单元格(（In .4.）)?：{reason}"):
        run(tmp_path, "'done'", cell, **limits)
    assert gone(pid, 2)
    kept = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    assert [cell.outputs[0].get("data", {}).get("text/plain") for cell in kept.cells if cell.get("outputs")] == [
        "'done'",
        None,
    ]
    assert_next_report_is_whole(tmp_path)
    assert kernel_pid() != pid


@pytest.mark.usefixtures("all_ours")
def test_a_kernel_killed_between_reports_is_replaced(tmp_path: Path) -> None:
    run(tmp_path, "0")
    os.kill(kernel_pid(), 9)
    assert_next_report_is_whole(tmp_path)


@pytest.mark.usefixtures("all_ours")
# jupyter_core opens an event loop for each thread and never closes it.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore:unclosed:ResourceWarning")
def test_another_thread_may_run_the_next_report(tmp_path: Path) -> None:
    run(tmp_path, "0")
    pid = kernel_pid()
    results: list[str] = []
    thread = threading.Thread(target=lambda: results.append(value(run(tmp_path, "6 * 7"))))
    thread.start()
    thread.join(30)
    assert results == ["42"]
    assert_next_report_is_whole(tmp_path)
    assert kernel_pid() == pid
    gc.collect()


@pytest.mark.usefixtures("all_ours")
def test_papermill_finds_the_engine_by_name(tmp_path: Path) -> None:
    engine.register()
    notebook = write(tmp_path, "year")
    options: dict[str, Any] = {"kernel_name": "python3", "language": "python", "progress_bar": False}
    result = papermill.execute_notebook(
        notebook, tmp_path / "a.ipynb", {"year": 5}, engine_name="nianbao-warm", **options
    )
    assert value(result) == "5"


def test_kernelspecs_and_startup_files_of_the_user_are_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = tmp_path / "kernels" / "python3"
    spec.mkdir(parents=True)
    (spec / "kernel.json").write_text(
        '{"argv": ["false"], "display_name": "x", "language": "python"}', encoding="utf-8"
    )
    startup = tmp_path / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    for path in (startup / "a.py", tmp_path / "start.py"):
        path.write_text("leak = 1", encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("PYTHONSTARTUP", str(tmp_path / "start.py"))
    code = ("import sys", "sys.executable, 'leak' in globals()")
    assert value(run(tmp_path, *code, cold=True)) == repr((sys.executable, False))


CHILD = """
import sys, time
from nianbao.notebook import engine
from nianbao.notebook.engine import ours
from nianbao.params import PARAMS_VARIABLE
from nianbao.publish.build import default_notebook
import nianbao.notebook.engine.kernel as kernels
if __name__ == "__main__":
    engine.prestart(())
    kernels._warm.connect()
    print(kernels._warm.process.pid, flush=True)
    if sys.argv[1] == "wait":
        time.sleep(60)
"""


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks at /proc")
@pytest.mark.parametrize("end", ["exit", "wait"])
def test_no_kernel_outlives_its_parent(tmp_path: Path, end: str) -> None:
    script = tmp_path / "child.py"
    script.write_text(CHILD, encoding="utf-8")
    own = tmp_path / "temporary"
    own.mkdir()
    with subprocess.Popen(
        [sys.executable, script, end],
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "TMPDIR": str(own)},
    ) as child:
        assert child.stdout is not None
        pid = int(child.stdout.readline())
        if end == "wait":
            child.kill()  # as kill -9
        child.wait(20)
    assert gone(pid, 4)
    assert not list(own.glob("nianbao-kernel-*"))


def test_importing_the_package_and_the_kernel_side_loads_no_papermill() -> None:
    code = (
        "import sys, nianbao.notebook.engine, nianbao.notebook.engine.inside\n"
        "print([name for name in ('papermill', 'nbclient', 'nbformat', 'jupyter_client') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stdout.strip() == "[]"


def test_papermill_loads_without_the_slow_grammar() -> None:
    code = (
        "import sys, nianbao.notebook.engine as e\n"
        "e.run_notebook\n"
        "print('lark' in sys.modules)\n"
        "import nbformat; nbformat.validate(nbformat.v4.new_notebook())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stdout.strip() == "False"
