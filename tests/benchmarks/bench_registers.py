"""100,000 register rows → every figure: seconds and peak memory, each case in a process of its own.

    python tests/benchmarks/bench_registers.py [ROWS]

Target: figures of a CSV register within 1 s and 500 MB. Reading the same rows
from an XLSX is printed beside it: there parsing the XML takes nearly all of the time.
"""

from __future__ import annotations

import csv
import importlib
import json
import random
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import openpyxl

OUTCOMES = ["予以公开", "部分公开", "1.属于国家秘密", "信息不存在", "重复申请", "3.其他", ""]
PEOPLE = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]
CLASSES = ["机构职能类信息", "规划计划类信息", "科教文体卫生类信息", "财政资金类信息", "其他类信息"]
STYLES = ["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y%m%d"]


def applications(rows: int, dice: random.Random) -> list[list[str]]:
    lines = [["序号", "收件编号", "收到日期", "申请人", "申请人类型", "申请内容", "办理结果", "答复日期", "延长工作日"]]
    for number in range(rows):
        received = date(2022, 12, 1) + timedelta(days=dice.randrange(390))
        answered = max(received + timedelta(days=dice.randrange(40)), date(2023, 1, 1))
        outcome = dice.choice(OUTCOMES)
        style = STYLES[number % 4]
        lines.append(
            [str(number), f"2023-{number:06}", received.strftime(style), "某某", PEOPLE[number % 6], f"关于第{number}号事项",
             outcome, answered.strftime(style) if outcome else "", ""]
        )  # fmt: skip
    return lines


def disclosures(rows: int, dice: random.Random) -> list[list[str]]:
    lines = [["索引号", "发布日期", "标题", "类别", "渠道"]]
    for number in range(rows):
        day = date(2023, 1, 1) + timedelta(days=dice.randrange(365))
        lines.append(
            [
                f"JJ{number:06}",
                day.strftime(STYLES[number % 4]),
                f"标题{number}",
                CLASSES[number % 5],
                "网站" if number % 3 else "微信",
            ]
        )
    return lines


def measure(folder: str) -> None:
    """Load the registers of a folder and print seconds (wall and CPU) and peak memory (MB) as JSON."""
    import_start = time.perf_counter()
    importlib.import_module("nianbao.registers.counting")  # with pandas, which every notebook loads anyway
    from nianbao.registers import load_registers
    from nianbao.statute import edition_for

    imported = time.perf_counter() - import_start
    start, busy = time.perf_counter(), time.process_time()
    found = load_registers(Path(folder), 2023, edition_for(2023))
    figures, cpu = time.perf_counter() - start, time.process_time() - busy
    if found is None:
        raise SystemExit("no registers")
    start = time.perf_counter()
    late = int((found.deadlines["逾期工作日"] > 0).sum()) if found.applications else 0
    result = {
        "import": round(imported, 2),
        "figures": round(figures, 2),
        "cpu": round(cpu, 2),
        "deadlines": round(time.perf_counter() - start, 2),
        "peak_mb": _peak(),
        "cells": len(found.figures),
        "late": late,
    }
    print(json.dumps(result))


def _peak() -> float | None:
    try:
        import resource
    except ImportError:  # not on Windows
        return None
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def main(rows: int) -> None:
    dice = random.Random(2023)
    cases = {
        "applications.csv": {"applications": applications(rows, dice)},
        "disclosures.csv": {"disclosures": disclosures(rows, dice)},
        "both, 2 × half": {"applications": applications(rows // 2, dice), "disclosures": disclosures(rows // 2, dice)},
    }
    with tempfile.TemporaryDirectory() as temporary:
        for index, (name, registers) in enumerate(cases.items()):
            folder = Path(temporary) / str(index)
            folder.mkdir()
            for key, lines in registers.items():
                with (folder / f"{key}.csv").open("w", encoding="utf-8", newline="") as stream:
                    csv.writer(stream).writerows(lines)
            run(name, rows, folder)
        folder = Path(temporary) / "xlsx"
        folder.mkdir()
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("申请登记")
        for line in cases["applications.csv"]["applications"]:
            sheet.append(line)
        book.save(folder / "registers.xlsx")
        run("registers.xlsx", rows, folder)


def run(name: str, rows: int, folder: Path) -> None:
    output = subprocess.run(
        [sys.executable, __file__, "--measure", str(folder)], capture_output=True, text=True, check=True
    )
    print(f"{name:18} {rows:>7} rows  {output.stdout.strip()}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(sys.argv[2])
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
