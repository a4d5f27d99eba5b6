"""Open an XLSX from outside, after making sure that it is what it says and no larger than it may be.

Refused before openpyxl sees it: a zip bomb, macros, a password, a document type
declaration, merged areas or a used range that would fill the memory.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

import numpy as np
import numpy.typing as npt

from nianbao.errors import NianbaoError, RegisterError
from nianbao.params.yamlio import display_name
from nianbao.registers.columns import REGISTERS
from nianbao.registers.problems import rows_text
from nianbao.registers.reading import Formula, Sheet
from nianbao.wording import enumeration, quoted

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

MAX_BYTES = 32 * 1024 * 1024
MAX_UNPACKED = 192 * 1024 * 1024
MAX_PARTS = 2000
MAX_CELLS = 1_000_000
MAX_MERGED = 500_000

_MERGE = re.compile(
    rb"<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*[\"']([A-Z]{1,3})([0-9]{1,7})(?::([A-Z]{1,3})([0-9]{1,7}))?"
)


def open_workbook(path: Path, error: type[NianbaoError] = RegisterError) -> Workbook:
    """The workbook with values and formulas as they stand (``data_only=False``).

    Raises
    ------
    RegisterError
        When it is not a plain XLSX of reasonable size.
    """
    name = display_name(path)
    size = path.stat().st_size
    if path.suffix.lower() == ".xlsm":
        raise error(name, "含有宏的工作簿不读取", "另存为 .xlsx")
    if size > MAX_BYTES:
        raise error(name, f"文件有 {size} 字节，应不超过 {MAX_BYTES} 字节", "删去多余的内容")
    with path.open("rb") as stream:
        _inspect(stream, name, error)
        stream.seek(0)
        import openpyxl

        try:
            return openpyxl.load_workbook(stream, read_only=False, data_only=False, keep_links=False)
        except Exception as fault:  # openpyxl raises whatever its parsers meet; none of it is for a clerk
            raise error(
                name, f"不是完整的 XLSX（{type(fault).__name__}）", "用 WPS 或 Excel 打开后另存为 .xlsx"
            ) from fault


def _inspect(stream: IO[bytes], name: str, error: type[NianbaoError]) -> None:
    head = stream.read(8)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise error(name, "有密码保护或是旧格式（.xls）", "取消密码，另存为 .xlsx")
    if not head.startswith(b"PK"):
        raise error(name, "不是 XLSX 文件", "用 WPS 或 Excel 另存为 .xlsx")
    try:
        with ZipFile(stream) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            if unpacked > MAX_UNPACKED or len(parts) > MAX_PARTS:
                raise error(
                    name,
                    f"解压后有 {unpacked} 字节、{len(parts)} 个部件，应不超过 {MAX_UNPACKED} 字节、{MAX_PARTS} 个",
                    "这不像一份登记簿，核对文件来源",
                )
            if any(part.filename.lower().endswith("vbaproject.bin") for part in parts):
                raise error(name, "含有宏的工作簿不读取", "另存为不含宏的 .xlsx")
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels")):
                    _inspect_part(archive.read(part), name, error)
    except (BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError, ValueError) as fault:
        raise error(name, f"不是完整的 XLSX（{type(fault).__name__}）", "用 WPS 或 Excel 打开后另存为 .xlsx") from None


def _inspect_part(xml: bytes, name: str, error: type[NianbaoError]) -> None:
    if b"<!DOCTYPE" in xml[:4096] or b"<!ENTITY" in xml[:65536]:
        raise error(name, "含有文档类型声明，不是办公软件保存的 XLSX", "用 WPS 或 Excel 打开后另存为 .xlsx")
    merged = sum(_area(*match.groups()) for match in _MERGE.finditer(xml))
    if merged > MAX_MERGED:
        raise error(name, f"合并的单元格达 {merged} 格，应不超过 {MAX_MERGED} 格", "取消整行整列的合并")


def _area(left: bytes, top: bytes, right: bytes | None, bottom: bytes | None) -> int:
    if right is None or bottom is None:
        return 1
    return (abs(_number(right) - _number(left)) + 1) * (abs(int(bottom) - int(top)) + 1)


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def read_workbook(path: Path) -> tuple[dict[str, Sheet], list[str]]:
    """The sheets that are registers, by key, and remarks on the others.

    Raises
    ------
    RegisterError
        When the file is refused, holds no register, or one twice.
    """
    name = display_name(path)
    workbook = open_workbook(path)
    keys = {sheet.lower(): key for key, spec in REGISTERS.items() for sheet in spec.sheets}
    sheets: dict[str, Sheet] = {}
    others: list[str] = []
    notes: list[str] = []
    for worksheet in workbook.worksheets:
        key = keys.get(worksheet.title.strip().lower())
        if key is None:
            if worksheet.max_row > 1 or worksheet.max_column > 1:
                others.append(worksheet.title)
        elif key in sheets:
            raise RegisterError(name, f"{REGISTERS[key].sheet}有两张工作表", "只保留一张")
        else:
            where = f"{name}〔{worksheet.title}〕"
            notes += _hidden(worksheet, where)
            sheets[key] = Sheet(where, _grid(worksheet, where), 1462 if workbook.epoch.year == 1904 else 0)
    if not sheets:
        titles = enumeration(quoted(worksheet.title) for worksheet in workbook.worksheets) or "没有"
        known = enumeration(spec.sheet for spec in REGISTERS.values())
        raise RegisterError(name, f"没有登记簿的工作表，实有{titles}", f"工作表名应为：{known}")
    notes += [f"{name}：工作表{enumeration(quoted(title) for title in others)}不是登记簿，未读。"] if others else []
    return sheets, notes


def _hidden(worksheet: Worksheet, where: str) -> list[str]:
    """A filter may hide rows from the eye; they are entries all the same."""
    rows = [number for number, row in worksheet.row_dimensions.items() if row.hidden and number <= worksheet.max_row]
    return [f"{where}：第 {rows_text(rows)} 行是隐藏的，照样读取。"] if rows else []


def _grid(worksheet: Worksheet, where: str) -> npt.NDArray[Any]:
    rows, columns = worksheet.max_row, worksheet.max_column
    if rows * columns > MAX_CELLS:
        raise RegisterError(
            where, f"用到 {rows} 行 {columns} 列，超过 {MAX_CELLS} 格", "删去下方和右侧多余的行和列，或另存为 CSV"
        )
    grid = np.full((rows, columns), None, dtype=object)
    for index, cells in enumerate(worksheet.iter_rows(max_row=rows, max_col=columns)):
        for position, cell in enumerate(cells):
            value = cell.value
            if value is None:
                continue
            if cell.data_type == "f":
                value = Formula(value if isinstance(value, str) else "=")
            grid[index, position] = value
    for area in worksheet.merged_cells.ranges:
        top, left = area.min_row - 1, area.min_col - 1
        if top < rows and left < columns:
            grid[top : area.max_row, left : area.max_col] = grid[top, left]
    return grid
