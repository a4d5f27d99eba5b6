"""The grids of a folder of registers; CSV as offices save it, XLSX by way of ``workbook``."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Collection
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from nianbao.errors import NianbaoError, RegisterError
from nianbao.params.csvtext import unescape_cell
from nianbao.params.yamlio import display_name
from nianbao.registers.columns import REGISTERS, WORKBOOK
from nianbao.registers.files import NAMES, register_files, table_files
from nianbao.registers.grid import Sheet
from nianbao.registers.problems import Problems
from nianbao.wording import suggestion

MAX_CSV_BYTES = 64 * 1024 * 1024
MAX_COLUMNS = 256
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def read_sheets(folder: Path, problems: Problems, attached: Collection[str] = ()) -> tuple[dict[str, Sheet], list[str]]:
    """The sheet of each register that the folder keeps, and remarks on what was left unread."""
    sheets: dict[str, Sheet] = {}
    notes: list[str] = []
    _refuse_strangers(folder, problems, attached)
    for path in register_files(folder):
        try:
            if path.name == WORKBOOK:
                from nianbao.registers.workbook import read_workbook  # with openpyxl, which CSV does without

                found, remarks = read_workbook(path)
                notes += remarks
            else:
                found = {path.stem: read_csv(path)}
        except NianbaoError as error:
            problems.extend(error)
            continue
        for key, sheet in found.items():
            if key in sheets:
                problems.add(sheet.where, f"{REGISTERS[key].sheet}已在 {sheets[key].where} 中", "只保留一处")
            else:
                sheets[key] = sheet
    return sheets, notes


def _refuse_strangers(folder: Path, problems: Problems, attached: Collection[str]) -> None:
    """A table under another name would silently not be counted."""
    for path in table_files(folder, attached):
        suffix = path.suffix.lower()
        if path.name in NAMES:
            continue
        if suffix == ".xlsm":
            problems.add(display_name(path), "含有宏的工作簿不读取", f"另存为不含宏的 {WORKBOOK}")
        elif suffix in (".csv", ".xlsx"):
            problems.add(display_name(path), "不是登记簿的文件名，不会计入", suggestion(path.name, NAMES))
        else:
            problems.add(display_name(path), f"不读取 {suffix} 格式", f"另存为 {WORKBOOK} 或 CSV")


def read_csv(path: Path) -> Sheet:
    """A CSV in UTF-8 with or without BOM, UTF-16 with BOM or GB18030; comma, tab or semicolon.

    Raises
    ------
    RegisterError
        When it is too large, empty, binary or in another encoding.
    """
    name = display_name(path)
    size = path.stat().st_size
    if size > MAX_CSV_BYTES:
        raise RegisterError(name, f"文件有 {size} 字节，应不超过 {MAX_CSV_BYTES} 字节", "按年份分开")
    text = _decode(path.read_bytes(), name)
    if not text.strip():
        raise RegisterError(name, "文件是空的，没有表头", "至少写一行表头，或删去这个文件")
    reader = csv.reader(StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    values: list[str] = []
    sizes: list[int] = []
    try:
        for row in reader:
            values += row
            sizes.append(len(row))
    except csv.Error:
        where = f"{name} 第 {reader.line_num} 行"
        raise RegisterError(where, "引号没有配对或一格过长", "用 WPS 或 Excel 打开，另存为 CSV") from None
    if "'" in text:  # written by nianbao ingest so that no spreadsheet takes it for a formula
        values = [unescape_cell(value) for value in values]
    if (width := max(sizes)) > MAX_COLUMNS:
        raise RegisterError(name, f"有 {width} 列，应不超过 {MAX_COLUMNS} 列", "删去多余的列")
    return Sheet(name, _grid(values, np.array(sizes), width))


def _grid(values: list[str], sizes: npt.NDArray[np.int64], width: int) -> npt.NDArray[Any]:
    """Rows of ``sizes`` values one after another → rows × width, the missing ones blank."""
    flat = np.empty(len(values), dtype=object)
    flat[:] = values
    if (sizes == width).all():
        return flat.reshape(len(sizes), width)
    grid = np.full((len(sizes), width), "", dtype=object)
    grid[np.arange(width) < sizes[:, None]] = flat
    return grid


def _decode(raw: bytes, name: str) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    elif raw.startswith(b"\xef\xbb\xbf"):
        encodings = ("utf-8-sig",)
    else:
        encodings = ("utf-8", "gb18030")
    if raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise RegisterError(name, "是工作簿，不是 CSV", f"改名为 {WORKBOOK}，或另存为 CSV")
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if bad := _CONTROL.search(text):
            line = text.count("\n", 0, bad.start()) + 1
            raise RegisterError(f"{name} 第 {line} 行", f"含有控制字符 U+{ord(bad[0]):04X}", "删除该字符")
        return text
    raise RegisterError(name, "不是 UTF-8 也不是 GB18030 文本", "用编辑器另存为 UTF-8")


def _separator(text: str) -> str:
    """Comma, tab or semicolon: whichever stands most often in the first lines, outside quotes."""
    head = "\n".join(text.splitlines()[:20])
    counts = Counter(dict.fromkeys(",\t;", 0))
    counts.update(mark for mark in re.sub(r'"[^"]*"', "", head) if mark in ",\t;")
    return counts.most_common(1)[0][0]
