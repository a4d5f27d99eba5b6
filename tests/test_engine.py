"""The warm kernel: same result as a cold one, nothing left from the last report, replaced when it breaks."""

from __future__ import annotations

import gc
import logging
import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
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
from tests.conftest import PARAMS

IMPORTS = ("pandas", "matplotlib.pyplot", "nianbao.errors", "nianbao.document.markup")


@pytest.fixture(scope="module", autouse=True)
def _warm_kernel_for_this_module() -> Iterator[None]:
    engine.prestart(IMPORTS)
    yield
    engine.shutdown()


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
    "sorted(globals())",
    "plt.rcParams['figure.dpi'], plt.get_backend(), sys.path[:2], [len(plt.get_fignums())]",
)


def test_warm_and_cold_execute_to_the_same_notebook(tmp_path: Path) -> None:
    cold = run(tmp_path, *ORDINARY, cold=True)
    first = run(tmp_path, *ORDINARY)
    second = run(tmp_path, *ORDINARY)
    assert shown(first) == shown(cold)
    assert shown(second) == shown(cold)
    assert second.metadata.language_info == cold.metadata.language_info
    assert any("image/png" in output.get("data", {}) for cell in cold.cells for output in cell.get("outputs", ()))


def test_the_kernel_is_kept_between_reports(tmp_path: Path) -> None:
    pids = {value(run(tmp_path, "import os", "os.getpid()")) for _ in range(3)}
    assert len(pids) == 1
    assert value(run(tmp_path, "import os", "os.getpid()", cold=True)) not in pids


PROBE = """
import builtins, csv, datetime, decimal, io, locale, logging, os, random, signal, sys, time, warnings
import matplotlib as mpl, matplotlib.pyplot as plt, numpy as np, pandas as pd
from nianbao import errors
from nianbao.document import markup
(
    sorted(os.environ.items()), os.getcwd(), sys.path, sys.argv[1], sys.getrecursionlimit(), time.tzname,
    pd.get_option("display.max_rows"), pd.get_option("display.float_format"), repr(pd.DataFrame([1.23456789])),
    {key: mpl.rcParams[key] for key in mpl.rcParams if key != "backend"}, plt.get_fignums(), plt.get_backend(),
    [str(item) for item in warnings.filters], locale.setlocale(locale.LC_ALL), logging.root.level,
    logging.root.disabled, len(logging.root.handlers), logging.root.manager.disable,
    decimal.getcontext().prec, decimal.DefaultContext.prec,
    np.get_printoptions()["precision"], np.geterr(), signal.getsignal(signal.SIGTERM), datetime.date.__module__,
    csv.reader.__name__, pd.DataFrame.to_html.__name__, sorted(vars(builtins).keys() - {"_"}), markup.TITLE,
    markup.element("p", "a"), markup.fragment(["a"])._repr_html_(), markup.element.__defaults__,
    errors.NianbaoError.exit_code, hasattr(errors, "added"), str(errors.UsageError("a", "b")),
    [str(one) for one in get_ipython().display_formatter.formatters["text/html"].type_printers],
    {name: len(calls) for name, calls in get_ipython().events.callbacks.items()},
)
"""

MESS = """
import builtins, csv, datetime, decimal, io, locale, logging, os, random, signal, sys, time, warnings
import matplotlib as mpl, matplotlib.pyplot as plt, numpy as np, pandas as pd
from nianbao import errors
from nianbao.document import markup
pd.set_option("display.max_rows", 3); pd.set_option("display.float_format", "{:.1f}".format)
mpl.use("svg"); plt.figure(); mpl.rcParams["figure.figsize"][0] = 1.0; plt.rcParams["font.size"] = 30; plt.ion()
os.environ["NIANBAO_LEAK"] = "1"; os.environ["TZ"] = "Asia/Tokyo"; del os.environ["PATH"]; os.chdir("/")
if hasattr(time, "tzset"): time.tzset()
sys.path.insert(0, "/nowhere"); sys.path = ["/elsewhere", *sys.path]; sys.setrecursionlimit(5000)
sys.argv = ["x", "y", "z"]
warnings.simplefilter("ignore"); warnings.showwarning = print
logging.basicConfig(level=1); logging.disable(50)
locale.setlocale(locale.LC_ALL, "C.UTF-8" if locale.setlocale(locale.LC_ALL) == "C" else "C")
decimal.getcontext().prec = 3; decimal.DefaultContext.prec = 4
np.set_printoptions(precision=2); np.seterr(all="ignore"); random.seed(1); np.random.seed(1)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
datetime.date = type("date", (), {"__module__": "fake"}); csv.reader = str; pd.DataFrame.to_html = lambda self: "fake"
builtins.leak = 1; builtins.sorted = list
markup.TITLE = "changed"; markup.element = lambda *a: "changed"; markup.Fragment._repr_html_ = lambda self: "changed"
errors.NianbaoError.exit_code = 9; errors.added = 1; errors.UsageError.__str__ = lambda self: "changed"
get_ipython().display_formatter.formatters["text/html"].for_type(int, str)
get_ipython().events.register("post_execute", lambda: None)
sys.modules["nianbao.document.markup"].HTML = 1
sys.stdout = io.StringIO()
"""


def test_a_report_that_changes_everything_does_not_change_the_next(tmp_path: Path) -> None:
    cold = value(run(tmp_path, PROBE, cold=True))
    before = value(run(tmp_path, PROBE))
    pid = kernel_pid()
    run(tmp_path, MESS)
    after = value(run(tmp_path, PROBE))
    assert after.splitlines() == before.splitlines()
    assert kernel_pid() == pid, "the kernel was to be reset, not replaced"
    assert after.splitlines() == cold.splitlines()


def test_the_mess_is_one(tmp_path: Path) -> None:
    """The leak test can fail: without a reset in between, the same two cells differ."""
    mess = MESS.replace("sys.stdout = io.StringIO()", "")
    assert value(run(tmp_path, mess, PROBE.replace("sorted(vars", "list(vars"))) != value(run(tmp_path, PROBE))


def test_a_library_that_a_report_is_the_first_to_load_costs_the_kernel_once(tmp_path: Path) -> None:
    engine.prestart(("pandas",))
    code = ("import matplotlib, os; found = matplotlib.rcParams['font.size']", "matplotlib.rcParams['font.size'] = 99")
    results = [value(run(tmp_path, *code, "found, os.getpid()")).strip("()").split(", ") for _ in range(3)]
    engine.prestart(IMPORTS)
    assert [size for size, _ in results] == ["10.0"] * 3
    pids = [pid for _, pid in results]
    assert pids[0] != pids[1] == pids[2]


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
    engine.prestart(engine.DEFAULT_IMPORTS)
    late = value(run(tmp_path, code, "sorted(name for name in set(sys.modules) - before if 'nianbao' in name)"))
    engine.prestart(IMPORTS)
    assert late == "[]"


def test_random_numbers_are_not_those_of_the_seed_that_the_last_report_set(tmp_path: Path) -> None:
    code = "import random, numpy as np", "(random.random(), np.random.rand())"
    assert value(run(tmp_path, "import random, numpy as np; random.seed(1); np.random.seed(1)", code[1])) != value(
        run(tmp_path, *code)
    )


def test_modules_beside_one_notebook_are_not_seen_by_the_next(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "beside.py").write_text(f"NAME = {name!r}", encoding="utf-8")
        result = run(tmp_path / name, "import beside", "beside.NAME", cwd=tmp_path / name)
        assert value(result) == repr(name)


def test_directory_and_environment_are_those_of_this_process_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = ("import os", "(os.getcwd(), os.environ.get('NIANBAO_TEST'))")
    monkeypatch.setenv("NIANBAO_TEST", "值")
    assert value(run(tmp_path, *code, cwd=tmp_path)) == repr((str(tmp_path), "值"))
    monkeypatch.delenv("NIANBAO_TEST")
    assert value(run(tmp_path, *code)) == repr((str(Path.cwd()), None))


def assert_next_report_is_whole(folder: Path) -> None:
    assert value(run(folder, "6 * 7")) == "42"


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


def test_a_thread_left_running_costs_the_kernel(tmp_path: Path) -> None:
    run(tmp_path, "import threading, time; threading.Thread(target=time.sleep, args=(60,), daemon=True).start()")
    pid = kernel_pid()
    assert_next_report_is_whole(tmp_path)
    assert kernel_pid() != pid


def test_a_kernel_killed_between_reports_is_replaced(tmp_path: Path) -> None:
    run(tmp_path, "0")
    os.kill(kernel_pid(), 9)
    assert_next_report_is_whole(tmp_path)


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


def test_a_module_that_cannot_be_imported_is_named(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "nianbao.notebook.engine"):
        engine.prestart((*IMPORTS, "nianbao.no_such_module"))
        assert_next_report_is_whole(tmp_path)
        engine.prestart(IMPORTS)
    messages = [record.getMessage() for record in caplog.records if "no_such_module" in record.getMessage()]
    assert [message.partition(":")[0] for message in messages] == [
        "nianbao.no_such_module：内核预先导入失败，ModuleNotFoundError"
    ]


CHILD = """
import sys, time
from nianbao.notebook import engine
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
        "import sys, nianbao.notebook.engine, nianbao.notebook.engine.reset\n"
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
