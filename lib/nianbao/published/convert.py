"""A published report as ``Report``, so that the same rules apply to it, and as ``findings.json``."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from nianbao.params import City, ReportParams, Unit, Units
from nianbao.params.models import DocumentHead, Narrative
from nianbao.published.figure import UNREAD
from nianbao.published.identity import read_place
from nianbao.published.labels import compact
from nianbao.published.reading import PublishedReport
from nianbao.report import Report, Unrecognised
from nianbao.rules import CheckResult
from nianbao.statute.cell import Cell, State, number_cell
from nianbao.statute.rulebook import Severity
from nianbao.wording import plain_number, quoted

_SAMPLE = re.compile("示例[：:].{0,20}虚构")
"""How what the demo makes begins, in every format: invented figures never become real ones."""
FOREIGN = "published"
"""Id of a unit that is none of ``params/units.yaml``."""
_CITY = "publishedcity"
_UNKNOWN = "未知单位"


def to_report(published: PublishedReport, register: Units | None = None) -> Report:
    """The report as :func:`nianbao.rules.check_report` takes it.

    The narrative is taken literally: nothing in it is filled in or read as a picture.

    Parameters
    ----------
    register
        The known units; a report of one of them becomes that unit's, any other gets a unit of its own.
    """
    unit, city, neighbours = _unit(published, register)
    blank = frozenset(key for key, cell in published.cells.items() if cell.state is State.BLANK)
    params = ReportParams(
        unit=unit.name,
        year=published.year,
        date=published.date,
        sample=any(_SAMPLE.match(line) for line in published.opening),
        document=DocumentHead(title=published.title[:200] or None, number=published.number),
        narrative=Narrative(**{part: text for part, text in published.narrative.items() if text}),
    )
    return Report(
        unit=unit,
        city=city,
        year=published.year,
        edition=published.edition,
        params=params,
        cells={key: number_cell(0) if key in blank else cell for key, cell in published.cells.items()},
        neighbours=neighbours,
        literal=True,
        unread=_unread(published),
        blank=blank,
        unrecognised=(*published.unrecognised, *_disagreement(published), *_stranger(unit)),
    )


def _unread(published: PublishedReport) -> frozenset[str]:
    """Cells and parts of the narrative that were not read."""
    cells = {key for key, cell in published.cells.items() if cell in UNREAD}
    return frozenset(
        cells | {f"narrative.{part}" for part in Narrative.model_fields if part not in published.narrative}
    )


def _unit(published: PublishedReport, register: Units | None) -> tuple[Unit, City, tuple[Unit, ...]]:
    name = published.unit or _UNKNOWN
    place = read_place(name)
    if not place.above and published.authority:  # a title may leave out the city that the signature names
        place = replace(place, above=read_place(published.authority).above)
    if register is not None:
        area = register.city.name
        for unit in register.units:
            if place.name == unit.name and (not place.above or place.above.endswith(area)):
                return unit, register.city, tuple(other for other in register.units if other.id != unit.id)
        if name in (register.city.name, register.city.official_name):
            return register.city, register.city, register.units
    official = published.authority or {
        "镇": f"{place.above}{place.name}人民政府",
        "街道": f"{place.above}人民政府{place.name}办事处",
    }.get(place.kind, name)
    unit = Unit.model_validate({"id": FOREIGN, "name": place.name, "kind": place.kind, "official_name": official})
    if not place.above:
        return unit, City.model_validate(unit.model_dump()), ()
    above = {"id": _CITY, "name": place.above, "kind": "市", "official_name": f"{place.above}人民政府"}
    return unit, City.model_validate(above), ()


def _stranger(unit: Unit) -> tuple[Unrecognised, ...]:
    """Of a unit that is none of the known ones it is not known which names and sites must not stand in its text."""
    if unit.id != FOREIGN:
        return ()
    reason = f"{quoted(unit.name)}不在单位名录中，没有核对正文是否误写其他单位的名称和网站"
    return (Unrecognised("单位", reason, "通读正文，看有没有别的单位", None, Severity.INFO),)


def _disagreement(published: PublishedReport) -> tuple[Unrecognised, ...]:
    """Whether the signature names somebody else than the title does."""
    if not published.signature or not published.unit:
        return ()
    core = read_place(published.unit).name.removesuffix("街道").removesuffix("镇").removesuffix("乡")
    signature = compact(published.signature)
    if core in signature or core in signature.replace("人民政府", ""):  # …人民政府办公室 is named so in both
        return ()
    reason = f"标题中的单位为{quoted(published.unit)}，署名为{quoted(published.signature)}"
    return (Unrecognised("署名", reason, "对照原文核对署名", "signature", Severity.WARNING),)


def as_json(published: PublishedReport, result: CheckResult) -> dict[str, Any]:
    """The content of ``findings.json`` with ``figures`` and ``prose`` beside the findings (DESIGN, section 7)."""
    prose: dict[str, str | None] = {
        "title": published.title,
        "authority": published.authority,
        "number": published.number,
        **{part: published.narrative.get(part) for part in Narrative.model_fields},
        "signature": published.signature,
        "date": published.date.isoformat() if published.date else None,
    }
    unit = (published.unit or _UNKNOWN) if result.unit == FOREIGN else result.unit
    figures = {key: _figure(cell) for key, cell in published.cells.items()}
    return {**result.as_json(), "unit": unit, "figures": figures, "prose": prose}


def _figure(cell: Cell) -> dict[str, int | str | None]:
    """State, value and text; money is text so that no digit is lost."""
    value = cell.value if cell.value is None or isinstance(cell.value, int) else plain_number(cell.value)
    return {"state": cell.state.value, "value": value, "text": cell.text}
