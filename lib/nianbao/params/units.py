"""``params/units.yaml``: the reporting units, and where the params folder is."""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nianbao.errors import MissingParamsError, ParamsError, UnknownUnitError, UsageError
from nianbao.params.models import City, Unit, UnitsFile
from nianbao.params.validate import validate
from nianbao.params.yamlio import read_yaml
from nianbao.statute.bodies import CITY
from nianbao.wording import nearest, quoted

PARAMS_VARIABLE = "NIANBAO_PARAMS"
"""Environment variable by which a run tells its notebook where the params are."""

TAKEN = frozenset({"city", "index", "logs", "progress", "published", "sign", "publishedcity", "status", "summary"})
"""What ``output/<year>/`` and the reading of others' reports call by these names."""
DEVICES = frozenset({"aux", "con", "nul", "prn"})
"""What Windows takes for a device, whatever ending follows."""

WHOLE = "全市"
"""What the city's own report is called for."""


@dataclass(frozen=True)
class Units:
    """The units of ``units.yaml`` in their order, and the city above them."""

    city: City
    units: tuple[Unit, ...]
    sign_off_required: bool = False

    def find(self, name: str) -> Unit:
        """The unit with this id, name or official name; the city also as 全市.

        Raises
        ------
        UnknownUnitError
            With the nearest name.
        """
        wanted = name.strip()
        for unit in (*self.units, self.city):
            if wanted in (unit.id, unit.name, unit.official_name):
                return unit
        if wanted == WHOLE:
            return self.city
        names = [text for unit in self.units for text in (unit.name, unit.id)]
        close = nearest(wanted, names)
        remedy = f"是否为 {close}？" if close else "用 nianbao list 查看全部单位"
        raise UnknownUnitError(f"单位{quoted(name)}", f"不在{self.city.name}的单位名单里", remedy)


def find_params_dir(start: Path | None = None) -> Path:
    """The folder that ``NIANBAO_PARAMS`` names, else the nearest ``params/`` at or above ``start``.

    Raises
    ------
    MissingParamsError
        When there is none.
    """
    if named := os.environ.get(PARAMS_VARIABLE):
        return Path(named)
    origin = (start or Path.cwd()).resolve()
    for folder in (origin, *origin.parents):
        if (folder / "params" / "units.yaml").is_file():
            return folder / "params"
    raise MissingParamsError(
        "params/units.yaml", "在当前文件夹及其上级中没有找到", "换到项目文件夹，或用 --params 指明"
    )


def load_units(params_dir: Path) -> Units:
    """Read and check ``units.yaml``."""
    path = params_dir / "units.yaml"
    if not path.is_file():
        raise MissingParamsError(
            "units.yaml", f"参数文件夹{quoted(params_dir.name)}中没有这个文件", "用 --params 指明参数文件夹"
        )
    return _load_units(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _load_units(path: Path, _stamp: int) -> Units:
    file = read_yaml(path)
    units = validate(UnitsFile, file)
    seen: set[str] = set()
    for key, unit in ((("city",), units.city), *((("units", index), one) for index, one in enumerate(units.units))):
        if unit.id in TAKEN or unit.id in DEVICES:
            why = "Windows 的设备名" if unit.id in DEVICES else "输出文件夹自己要用的名字"
            raise ParamsError(file.where((*key, "id")), f"id 不能为 {unit.id}，这是{why}", "换一个代号，如名称的全拼")
        if unit is not units.city and unit.kind == CITY.name:
            raise ParamsError(file.where((*key, "kind")), f"{unit.name}的 kind 不能为市", "市写在 city 之下")
        for name in (unit.id, unit.name):
            if name in seen:
                raise ParamsError(file.where(key), f"{name} 重复", "每个单位只列一次")
            seen.add(name)
    return Units(units.city, tuple(units.units), units.sign_off == "required")


def parse_year(text: str | int) -> int:
    """A reporting year: four digits, 2000 to 2099.

    Raises
    ------
    UsageError
        When it is anything else; says how it is written where it can be told.
    """
    if isinstance(text, bool) or not _YEAR.fullmatch(str(text).strip()):
        written = None if isinstance(text, bool) else year_in_digits(str(text))
        raise UsageError(
            f"年份{quoted(text)}", "应为四位数字，2000 至 2099", f"写 {written}" if written else "例如 2023"
        )
    return int(text)


_YEAR = re.compile("20[0-9]{2}")
_NUMERALS = str.maketrans("〇零○一二三四五六七八九", "000123456789")


def year_in_digits(text: str) -> str | None:
    """The year that a text means, as 2025年, 二〇二五, or full-width digits; None where it means none."""
    written = unicodedata.normalize("NFKC", text).strip().removesuffix("度").removesuffix("年").translate(_NUMERALS)
    return written if _YEAR.fullmatch(written) else None


def years_of(params_dir: Path) -> dict[int, tuple[str, ...]]:
    """The years that have data, each with the ids of its units."""
    years: dict[int, tuple[str, ...]] = {}
    for folder in sorted(params_dir.iterdir()):
        if folder.is_dir() and re.fullmatch(r"20[0-9]{2}", folder.name, re.ASCII):
            ids = tuple(sorted(file.stem for file in folder.glob("*.yaml")))
            if ids:
                years[int(folder.name)] = ids
    return years
