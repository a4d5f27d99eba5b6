"""What one hostile or huge input costs: seconds of CPU, seconds to wait, and memory, of the whole process.

    python tests/benchmarks/bench_hostile.py

The bounds of the design are 3 s of CPU and 500 MB for any single file of up to 5 MB; larger ones are refused. Nothing here
asserts a time: the last column says where a bound was passed.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

TOP = Path(__file__).parent.parent.parent
SECONDS, MEGABYTES = 3.0, 500.0
PARAMS_TEXT = (TOP / "params" / "2023" / "yonghe.yaml").read_text(encoding="utf-8")

Case = tuple[str, Callable[[Path], list[str]]]


def params(folder: Path, text: str) -> list[str]:
    """A params folder whose one file says `text`; and the command that checks it."""
    shutil.copytree(TOP / "params", folder / "params")
    (folder / "params" / "2023" / "yonghe.yaml").write_text(text, encoding="utf-8")
    return ["check", "2023", "yonghe", "--params", str(folder / "params")]


def narrative(text: str) -> Callable[[Path], list[str]]:
    body = "\n".join(f"    {line}" for line in text.split("\n"))
    return lambda folder: params(folder, PARAMS_TEXT.replace("  overview: |\n", f"  overview: |\n{body}\n", 1))


def figures(length: int) -> str:
    """Chinese text full of figures that might be parts of each other."""
    pick = random.Random(7)
    text = ""
    while len(text) < length:
        text += (
            f"其中{pick.choice('甲乙丙丁')}类信息{pick.randrange(1, 99)}条、"
            if len(text) % 7
            else "共公开信息500条，包括"
        )
    return text[:length]


def file(name: str, content: bytes) -> Callable[[Path], list[str]]:
    def make(folder: Path) -> list[str]:
        (folder / name).write_bytes(content)
        return ["read", str(folder / name)]

    return make


def beside(size: int) -> Callable[[Path], list[str]]:
    def make(folder: Path) -> list[str]:
        command = params(folder, PARAMS_TEXT)
        (folder / "params" / "2023" / "yonghe").mkdir(exist_ok=True)
        with (folder / "params" / "2023" / "yonghe" / "huge.bin").open("wb") as stream:
            stream.truncate(size)
        return command

    return make


def archive(name: str, inner: str, size: int) -> Callable[[Path], list[str]]:
    def make(folder: Path) -> list[str]:
        with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as whole, whole.open(inner, "w") as part:
            for _ in range(size // 1_000_000):
                part.write(b"0" * 1_000_000)
        return ["read", str(folder / name)]

    return make


def cases() -> Iterator[Case]:
    yield "plain", lambda folder: params(folder, PARAMS_TEXT)
    yield "a template that grows text", narrative("{{ 年份.zfill(2000000000) }}")
    yield "a template nested deep", narrative("{{ " + "(" * 5000 + "年份" + ")" * 5000 + " }}")
    yield "58,000 characters of figures", narrative(figures(58_000))
    yield "58,000 brackets", narrative("（" * 58_000)
    yield "3 GB beside the params", beside(3_000_000_000)
    yield "YAML aliases that multiply", lambda folder: params(
        folder, "a: &a [x,x,x,x,x,x,x,x,x]\n" + "\n".join(f"{c}: &{c} [{','.join(f'*{p}' for _ in range(9))}]" for p, c in zip("abcdefgh", "bcdefghi", strict=True))
    )  # fmt: skip
    yield "YAML nested deep", lambda folder: params(folder, "[" * 100_000)
    yield "280 KB of figures to read", file("page.html", f"<p>{figures(95_000)}</p>".encode())
    yield "5 MB of one line", file("page.txt", "公开信息48条，".encode() * 240_000)
    yield "5 MB of tags", file("page.html", b"<div>" * 1_000_000)
    yield "5 MB of table cells", file("page.html", b"<table><tr>" + b"<td>1" * 1_000_000)
    yield "a span of a million", file("page.html", b"<table><tr><td colspan=1000000 rowspan=1000000>1</table>")
    yield "6 MB", file("page.html", b"x" * 6_000_000)
    yield "random bytes called PDF", file("page.pdf", b"%PDF-1.7\n" + random.Random(1).randbytes(400_000))
    yield "a DOCX that unpacks to 2 GB", archive("page.docx", "word/document.xml", 2_000_000_000)
    yield "an XLSX that unpacks to 2 GB", archive("page.xlsx", "xl/workbook.xml", 2_000_000_000)
    yield "a ZIP that unpacks to 2 GB", archive("page.zip", "page.html", 2_000_000_000)


def measure(command: list[str]) -> tuple[int, float, float, float]:
    """Exit code, CPU seconds, seconds, MB at most."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "nianbao.cli", *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, usage.ru_utime + usage.ru_stime, time.perf_counter() - start, usage.ru_maxrss / 1024


def main() -> None:
    sys.stdout.write(f"{'input':<34}{'exit':>5}{'CPU s':>8}{'s':>8}{'MB':>7}\n")
    for name, make in cases():
        with tempfile.TemporaryDirectory() as folder:
            code, cpu, wall, memory = measure(make(Path(folder)))
        over = " over the bound" if cpu > SECONDS or memory > MEGABYTES or code not in (0, 1, 2) else ""
        sys.stdout.write(f"{name:<34}{code:>5}{cpu:>8.2f}{wall:>8.2f}{memory:>7.0f}{over}\n")


if __name__ == "__main__":
    main()
