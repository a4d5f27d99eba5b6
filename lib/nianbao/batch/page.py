"""``index.html`` and ``status.json``: who is ready, who is not, and why. Neither knows the clock or the machine."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from nianbao.batch.progress_sheet import PROGRESS
from nianbao.batch.status import UnitStatus, by_rule
from nianbao.batch.summary import PaperStatus
from nianbao.city import STATUS, Standing
from nianbao.city.deadlines import city_deadline, unit_deadline
from nianbao.city.papers import paper_of
from nianbao.params import City
from nianbao.publish import compare
from nianbao.publish.compare import Both, Comparer
from nianbao.publish.difference import ABSENT, Difference, two_values
from nianbao.publish.manifest import as_json_bytes
from nianbao.statute import edition_for
from nianbao.statute.rulebook import RULES, Severity
from nianbao.wording import chinese_date

if TYPE_CHECKING:
    from jinja2 import Environment

INDEX = "index.html"
_HERE = Path(__file__).parent


def status_json(
    year: int,
    city: City,
    statuses: tuple[UnitStatus, ...],
    strays: tuple[str, ...],
    papers: Mapping[str, PaperStatus],
    pages: Mapping[str, str] = MappingProxyType({}),
) -> bytes:
    """The content of ``status.json``; `pages` seals the other pages of the year."""
    return as_json_bytes(
        {
            "year": year,
            "edition": edition_for(year).name,
            "deadline": unit_deadline(year).isoformat(),
            "counts": {state.value: sum(status.state is state for status in statuses) for state in Standing},
            "rules": by_rule(statuses),
            **{key: _paper_json(key, one, year, city) for key, one in papers.items()},
            "units": [status.as_json() for status in statuses],
            "unknown_files": list(strays),
            "pages": dict(pages),
        }
    )


def index_html(
    year: int, city: City, statuses: tuple[UnitStatus, ...], strays: tuple[str, ...], papers: Mapping[str, PaperStatus]
) -> bytes:
    """The content of ``index.html``: one page that needs nothing but itself and the files it links to."""
    from nianbao.document.web.shell import content_policy  # with Jinja, which a run that changes nothing does without

    holds = {rule.code: rule.holds for rule in RULES}
    rules = [
        {"code": code, "label": Severity(entry["severity"]).label, "holds": holds.get(code, ""), **entry}
        for code, entry in by_rule(statuses).items()
    ]
    style, kinds = _style(), Counter(status.unit.kind for status in statuses)
    page = (
        _environment()
        .get_template("page.html.j2")
        .render(
            year=year,
            chinese_date=chinese_date,
            city=city.name,
            due=chinese_date(unit_deadline(year)),
            city_due=chinese_date(city_deadline(year, city)),
            states=[(state, [status for status in statuses if status.state is state]) for state in Standing],
            statuses=sorted(statuses, key=_urgency),
            kinds=kinds,
            places={kind: place for place, kind in enumerate(kinds, start=1)},
            total=len(statuses),
            open_counts=[(label, count) for label, count in _open_counts(statuses) if count],
            sample=any(status.sample for status in statuses),
            rules=rules,
            strays=strays,
            papers=[(paper_of(key).name, one) for key, one in papers.items()],
            severities=[(severity.value, severity.label) for severity in Severity],
            style=style,
            policy=content_policy(style),
        )
    )
    return page.encode("utf-8")


def _paper_json(key: str, one: PaperStatus, year: int, city: City) -> dict[str, Any]:
    due = {} if key == "note" else {"deadline": city_deadline(year, city).isoformat()}
    return {**one.as_json(), **due}


_ORDER = (Standing.FAILED, Standing.DRAFT, Standing.PENDING, Standing.MISSING, Standing.READY)


def _urgency(status: UnitStatus) -> tuple[int, int]:
    """Problems first; among reports that are ready those with warnings."""
    return _ORDER.index(status.state), -status.warnings


def _open_counts(statuses: tuple[UnitStatus, ...]) -> list[tuple[str, int]]:
    """Open findings of all units by severity."""
    return [(severity.label, sum(status.counts.get(severity.value, 0) for status in statuses)) for severity in Severity]


def _compared(where: str, there: Both, rebuilt: Both) -> Iterator[Difference]:
    before = {unit["id"]: unit for unit in there.get("units", ())}
    for unit in rebuilt["units"]:
        found = before.pop(unit["id"], ABSENT)
        if not isinstance(found, dict):
            yield two_values(f"{where} {unit['name']}", found, Standing(unit["state"]).label)
        elif found != unit:
            inner = {**found, "state": _label(found.get("state"))}, {**unit, "state": _label(unit["state"])}
            yield from compare.values(f"{where} {unit['name']}", *inner)
    for unit in before:
        yield two_values(f"{where} {unit}", "有", ABSENT)
    yield from compare.values(where, there, rebuilt, leave_out=("units", "rules", "pages"))
    yield from compare.values(f"{where} 规则", there.get("rules", {}), rebuilt["rules"])


def _label(state: Any) -> Any:
    return Standing(state).label if state in [known.value for known in Standing] else state


PAGES: Mapping[str, Comparer] = {
    STATUS: compare.by_content(_compared),
    INDEX: compare.by_bytes,
    PROGRESS: compare.by_parts,
}
"""The pages of a year, with what compares two versions of them."""


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader

    return Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True, auto_reload=False
    )


@cache
def _style() -> str:
    text: Any = (_HERE / "page.css").read_text(encoding="utf-8")
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return "\n".join(line.strip() for line in text.splitlines() if line.strip()) + "\n"
