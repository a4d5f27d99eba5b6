"""``nianbao demo``: params for every unit with invented, consistent figures, for trying and for measuring.

Every report says 示例 on every page. Nothing is invented about whom to ask: what
``units.yaml`` does not know stays unknown.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from nianbao.demo import registers, reports
from nianbao.demo.bodies import city_values, departments, published, units_yaml
from nianbao.errors import OutputError, UsageError, reason_of
from nianbao.params import CITY_FILE, Units, load_units, years_of
from nianbao.params.holidays import HOLIDAYS
from nianbao.params.writer import dump_params
from nianbao.statute import EDITIONS, edition_for

HEADER = "{name} {year} 年政府信息公开工作年度报告的示例：所有数据和叙述均为虚构，仅供试用，不得发布。"
WITH_REGISTERS = frozenset({"qingyang", "luoshan", "cizao", "chidian", "yinglin"})
"""Units whose figures are counted from registers instead of typed."""


@dataclass(frozen=True)
class Fault:
    """A fault that is put into a unit's report of the year, and what it is, for whoever tries it."""

    unit: str
    says: str
    put: Callable[[dict[str, Any]], None]


def _unequal(said: dict[str, Any]) -> None:
    said["t3"]["received"][0] += 1


def _blank(said: dict[str, Any]) -> None:
    said["t4"]["review"] = [None] * 5


def _wrong_year(said: dict[str, Any]) -> None:
    narrative, wrong = said["narrative"], str(said["year"] - 1)
    narrative["preamble"] = narrative["preamble"].replace("{{ 年份 }}年1月1日", f"{wrong}年1月1日")


FAULTS = (
    Fault("dongshi", "第三部分新收的自然人多填 1 件，等式不成立", _unequal),
    Fault("chendai", "第四部分行政复议空白", _blank),
    Fault("meiling", "序言的统计期限写成上一年", _wrong_year),
)
NOT_SUBMITTED = "zimao"


@dataclass(frozen=True)
class Demo:
    """What was written: the units that have a report of the year, and a line for each fault."""

    year: int
    units: tuple[str, ...]
    faults: tuple[str, ...]


def write_demo(year: int, target: Path, params_dir: Path, *, faults: bool = False, bodies: bool = False) -> Demo:
    """Write params for every unit, the year and the year before, into a folder that holds none.

    Parameters
    ----------
    params_dir : Path
        Where ``units.yaml`` is taken from.
    bodies : bool
        With eighteen invented departments beside the units that are there.

    Raises
    ------
    UsageError
        The folder holds params, or the year has no form.
    OutputError
        It cannot be written.
    """
    where = f"--to {target.as_posix()}"
    if target.exists() and not target.is_dir():
        raise UsageError(where, "是文件，不是文件夹", "换一个文件夹")
    if target.is_dir() and ((target / "units.yaml").exists() or years_of(target)):
        raise UsageError(where, "这个文件夹已有参数，示例不会覆盖它", "换一个空文件夹")
    files, demo = demo_files(year, params_dir, faults=faults, bodies=bodies)
    try:
        target.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".demo-", dir=target) as name:
            work = Path(name)
            for path, text in files.items():
                (work / path).parent.mkdir(parents=True, exist_ok=True)
                (work / path).write_text(text, encoding="utf-8", newline="\n")
            # units.yaml comes last: a folder without it was not finished.
            for top in dict.fromkeys(PurePosixPath(path).parts[0] for path in files):
                (work / top).rename(target / top)
    except OSError as error:
        reason = reason_of(error)
        raise OutputError(where, f"无法写入（{reason}）", "换一个可写的文件夹") from error
    return demo


def demo_files(
    year: int, params_dir: Path, *, faults: bool = False, bodies: bool = False
) -> tuple[Mapping[str, str], Demo]:
    """Every file by its path under the params folder, ``units.yaml`` last; the same text each time."""
    units = load_units(params_dir)
    if bodies:
        units = Units(units.city, (*units.units, *departments(units.city)))
    if not EDITIONS[0].first_year <= year < 2100:
        raise UsageError(f"年份 {year}", f"示例的年份应在 {EDITIONS[0].first_year} 至 2099 之间", "例如 2023")
    chosen = {fault.unit: fault for fault in FAULTS} if faults else {}
    files: dict[str, str] = {}
    submitted: list[str] = []
    for number in (year - 1, year):
        if number < EDITIONS[0].first_year:
            continue
        for place, unit in enumerate(units.units):
            if faults and number == year and unit.id == NOT_SUBMITTED:
                continue
            kept = unit.id in WITH_REGISTERS
            said = reports.values(unit, place, number, registers=kept, city=units.city)
            if bodies:
                said["published"] = published(unit, number, said["date"])
            if number == year:
                submitted.append(unit.id)
                if unit.id in chosen:
                    chosen[unit.id].put(said)
            name = f"{number}/{unit.id}"
            header = HEADER.format(name=unit.name, year=number)
            files[f"{name}.yaml"] = dump_params(None, said, header=header, name=f"params/{name}.yaml")
            if kept:
                tables = registers.files(unit.id, number, edition_for(number))
                files |= {f"{name}/{file}": text for file, text in tables.items()}
        if bodies and number == year:
            name = f"{number}/{CITY_FILE}"
            header = HEADER.format(name=units.city.name, year=number)
            said = city_values(units.city, number)
            files[f"{name}.yaml"] = dump_params(None, said, header=header, name=f"params/{name}.yaml")
    if (holidays := params_dir / HOLIDAYS).is_file():
        files[HOLIDAYS] = holidays.read_text(encoding="utf-8")
    own = (params_dir / "units.yaml").read_text(encoding="utf-8")
    files["units.yaml"] = units_yaml(units) if bodies else own
    known = {unit.id: unit.name for unit in units.units}
    lines = [f"{known[fault.unit]}：{fault.says}" for fault in FAULTS if fault.unit in known and faults]
    if faults and NOT_SUBMITTED in known:
        lines.append(f"{known[NOT_SUBMITTED]}：没有报送")
    return files, Demo(year, tuple(submitted), tuple(lines))
