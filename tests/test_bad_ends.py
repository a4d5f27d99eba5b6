"""Whatever the system does to a command: one Chinese line and an exit code, never a traceback."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nianbao.batch import Standing, run_batch
from nianbao.batch.overview import Overview
from nianbao.city import load_summary
from nianbao.cli.failure import failure_text
from nianbao.errors import OutputError
from nianbao.publish.build import Publication
from nianbao.publish.manifest import digest
from nianbao.publish.outputs import require_writable, year_lock
from tests.conftest import PARAMS

CLI = f"{sys.executable} -m nianbao.cli"
POSIX = pytest.mark.skipif(os.name != "posix", reason="the shell of POSIX systems")


def shell(script: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", script], cwd=cwd, capture_output=True, text=True, encoding="utf-8", timeout=120
    )


def one_line(text: str) -> str:
    lines = text.strip().splitlines()
    assert len(lines) == 1 and re.search("[\u4e00-\u9fff]", lines[0]) and "Traceback" not in text, text
    return lines[0]


COMMANDS = (
    f"check 2023 --params {PARAMS}",
    f"build 永和镇 2023 --params {PARAMS} --out out",
    "rules",
    f"list --params {PARAMS}",
)


@POSIX
@pytest.mark.parametrize("command", ["check 2023", "build 永和镇 2023", "batch 2023", "list", "verify output/2023"])
def test_a_working_directory_that_is_gone(command: str, tmp_path: Path) -> None:
    done = shell(f"mkdir gone && cd gone && rmdir ../gone && {CLI} {command}", tmp_path)
    assert done.returncode == 2
    one_line(done.stderr)


@POSIX
@pytest.mark.parametrize("command", COMMANDS)
def test_output_that_cannot_be_written(command: str, tmp_path: Path) -> None:
    done = shell(f"{CLI} {command} > /dev/full", tmp_path)
    assert done.returncode == 2
    assert one_line(done.stderr) == "系统：磁盘已满。释放磁盘空间后再运行。"
    assert shell(f"{CLI} {command} > /dev/full 2> /dev/full", tmp_path).returncode == 2


@POSIX
def test_a_reader_that_has_enough_is_no_error_to_talk_about(tmp_path: Path) -> None:
    done = shell(f"{CLI} rules | head -1", tmp_path)
    assert done.stdout and done.stderr == ""


@POSIX
@pytest.mark.parametrize(("command", "limit"), [(COMMANDS[0], 24), (COMMANDS[0], 64), (COMMANDS[1], 64)])
def test_few_open_files(command: str, limit: int, tmp_path: Path) -> None:
    done = shell(f"ulimit -n {limit} && {CLI} {command}", tmp_path)
    assert "Traceback" not in done.stderr + done.stdout
    assert done.returncode in (0, 1, 2)
    if done.returncode:
        one_line(done.stderr)


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (MemoryError(), "内存不足"),
        (OSError(24, "Too many open files"), "ulimit"),
        (OSError(28, "No space left on device", "/home/somebody/out/2023/x.pdf"), "2023/x.pdf：磁盘已满"),
        (OSError("odd"), "OSError"),
        (RecursionError(), "嵌套太深"),
        (KeyError("natural"), "KeyError：'natural'"),
        (ValueError("two\nlines"), "ValueError：two lines"),
    ],
)
def test_every_error_has_its_sentence(error: Exception, says: str) -> None:
    assert says in one_line(failure_text(error)) and "/home" not in failure_text(error)


@pytest.mark.parametrize("error", ["MemoryError()", "KeyError('natural')", "OSError(24, 'Too many open files')"])
def test_an_error_in_the_midst_of_a_command(error: str, tmp_path: Path) -> None:
    script = (
        "import nianbao.report.report as report\n"
        f"def broken(*_args, **_options): raise {error}\n"
        "report._load_one = broken\n"
        "from nianbao.cli import main\nmain()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "check", "2023", "--params", str(PARAMS)],
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 2
    one_line(done.stderr)


@pytest.fixture(scope="module")
def a_year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A year with one report."""
    out = tmp_path_factory.mktemp("year")
    run_batch(2023, ("yonghe",), PARAMS, out, workers=0)
    return out / "2023"


@pytest.mark.parametrize("text", ["{}", "[]", '{"findings": [{}]}', "{"])
@pytest.mark.parametrize("name", ["findings.json", "tables.json", "manifest.json"])
def test_a_finished_file_that_says_nothing(a_year: Path, text: str, name: str, tmp_path: Path) -> None:
    year = Path(shutil.copytree(a_year, tmp_path / "2023"))
    folder = year / "yonghe"
    (folder / name).write_text(text, encoding="utf-8")
    if name != "manifest.json":  # somebody made the seal fit
        manifest = json.loads((folder / "manifest.json").read_bytes())
        manifest["outputs"][name] = digest(text.encode())
        (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    overview = Overview.of(2023, PARAMS, year)
    statuses, papers = overview.write()
    whole = papers["summary"]
    (status,) = [status for status in statuses if status.unit.id == "yonghe"]
    assert status.state is Standing.PENDING and status.message and whole.state is Standing.PENDING
    assert load_summary(2023, PARAMS, year).counted == ()


def test_what_another_run_is_writing_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "2023" / "yonghe"
    (folder / ".building").mkdir(parents=True)
    (folder / ".building" / "report.pdf").write_bytes(b"half")
    import nianbao.publish.outputs as outputs

    with year_lock(folder.parent):
        script = (
            "import sys; from pathlib import Path; import nianbao.publish.outputs as outputs\n"
            "real = outputs.year_lock; outputs.year_lock = lambda folder, seconds=0.5: real(folder, seconds)\n"
            "outputs.require_writable(Path(sys.argv[1]))"
        )
        done = subprocess.run([sys.executable, "-c", script, str(folder)], capture_output=True, text=True)
        assert done.returncode == 1 and "OutputError" in done.stderr
        assert (folder / ".building" / "report.pdf").read_bytes() == b"half"
    require_writable(folder)
    assert not (folder / ".building").exists() and outputs
    with pytest.raises(OutputError):
        (tmp_path / "file").write_text("", encoding="utf-8")
        require_writable(tmp_path / "file" / "yonghe")


def test_a_folder_named_after_another_unit_or_year_is_named(built: Publication, tmp_path: Path) -> None:
    from nianbao.verify import verify

    for place, says in (
        ("2023/anhai", "文件夹 anhai：其中是永和镇 2023 年的报告。"),
        ("2023/安海镇", "文件夹 安海镇：其中是永和镇 2023 年的报告。"),
        ("2024/yonghe", "文件夹 2024/yonghe：其中是永和镇 2023 年的报告。"),
        ("2023/yonghe", None),
        ("kept/copy", None),
    ):
        folder = Path(shutil.copytree(built.folder, tmp_path / place))
        assert [str(one) for one in verify(folder, PARAMS).differences] == ([says] if says else [])
