"""Openings of published reports as reports of their own: the figures that their tables would hold, and the text by part."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from nianbao.params import Unit
from nianbao.params.models import ReportParams
from nianbao.params.units import City
from nianbao.report import Report
from nianbao.report.report import build_cells
from nianbao.rules import check_report
from nianbao.statute import Edition, edition_for

FILE = Path(__file__).parents[1] / "cases" / "narratives.json"
ROWS = (
    *("received", "carried_over", "granted", "partial", "state_secret", "law_forbidden", "safety_stability", "third_party"),
    *("internal_affairs", "process_info", "enforcement_file", "admin_query", "not_held", "needs_creation", "still_unclear"),
    *("petition", "duplicate", "publication", "excessive", "reissue", "no_amendment", "no_fee", "other_reason"),
    *("total", "carried_forward"),
)  # fmt: skip
"""Rows of part three as the file calls them, in the order of the form of 2021."""
HALF = str.maketrans("（），：；？！", "(),:;?!")
HEAD = re.compile(r"^一、(?:总体情况|總體情況)$", re.M)


@cache
def data() -> dict[str, Any]:
    return json.loads(FILE.read_text(encoding="utf-8"))


def seeded(narrative: Mapping[str, Any], seed: Mapping[str, Any]) -> dict[str, Any]:
    """A narrative with one fault put in."""
    found = copy.deepcopy(dict(narrative))
    over = dict(seed.get("set") or {})
    then = over.pop("then", None)
    if seed["old"]:
        assert seed["old"] in found["excerpt"]
        found["excerpt"] = found["excerpt"].replace(seed["old"], seed["new"], -1 if then else 1)
    if then:
        found["excerpt"] = found["excerpt"].replace(*then, 1)
    return found | over


def values(narrative: Mapping[str, Any], edition: Edition) -> dict[str, int | Decimal]:
    """The figures of its tables, as it says them itself; 0 elsewhere."""
    cells: dict[str, int | Decimal] = dict.fromkeys(edition.fields, 0)
    rows = [row.key for row in edition.t3.rows]
    if edition.name == "2021":
        names = dict(zip(ROWS, rows, strict=True))
    else:
        names = (
            dict(zip(ROWS[:20], rows[:20], strict=True))
            | dict.fromkeys(ROWS[20:23], "other")
            | {"total": "total", "carried_forward": "carried_out"}
        )
    if narrative.get("app"):
        received, carried, outcomes, forward = narrative["app"]
        told = {"received": received, "carried_over": carried, "carried_forward": forward, **outcomes}
        pairs = {key: value if isinstance(value, list) else [value, 0] for key, value in told.items()}
        pairs["total"] = [sum(pairs[key][i] for key in outcomes) for i in (0, 1)]
        for key, (natural, firms) in pairs.items():
            for column, count in (("natural", natural), ("commercial", firms), ("total", natural + firms)):
                cells[f"t3.{names[key]}.{column}"] += count
    for group, key in (("review", "rv"), ("direct", "dr")):
        for column, count in zip(
            ("upheld", "corrected", "other", "pending", "total"), narrative.get(key) or [0] * 5, strict=True
        ):
            cells[f"t4.{group}.{column}"] = count
    if edition.name == "2021":
        for column, count in zip(("made", "repealed", "in_force"), narrative.get("n2") or [0] * 3, strict=True):
            cells[f"t2.normative.{column}"] = count
        cells["t2.licensing.decisions"] = narrative.get("permits", 0)
        cells["t2.penalty.decisions"] = narrative.get("penalties", 0)
    return cells


def report_of(narrative: Mapping[str, Any], *, half: bool = False) -> Report:
    """A narrative as a report that somebody published: its text as it stands, its tables filled in as it says."""
    edition = edition_for(narrative["year"])
    text = narrative["excerpt"].translate(HALF) if half else narrative["excerpt"]
    preamble, overview = HEAD.split(text, maxsplit=1)
    name = re.sub("(?:人民)?政府$|办事处$", "", narrative["unit"])
    kind = "街道" if name.endswith("街道") else "镇" if re.search("[镇鎮乡鄉]$", name) else "市"
    unit = Unit.model_validate({"id": "somewhere", "name": name, "kind": kind, "official_name": narrative["unit"]})
    city = City.model_validate({"id": "above", "name": "某市", "kind": "市", "official_name": "某市人民政府"})
    params = ReportParams.model_validate(
        {
            "unit": "somewhere",
            "year": narrative["year"],
            "narrative": {"preamble": preamble.strip(), "overview": overview.strip()},
        }
    )
    return Report(
        unit, city, narrative["year"], edition, params, build_cells(edition, values(narrative, edition)), literal=True
    )


def heard(text: str, figures: Mapping[str, Any], rules: str = "P") -> list[str]:
    """What the rules whose codes begin so say of an invented body's overview, notices aside."""
    opening = "本报告所列数据的统计期限为2024年1月1日至2024年12月31日。\n一、总体情况\n"
    told = {"id": "示例", "year": 2024, "unit": "示例市示例局", "excerpt": opening + text, "faults": [], **figures}
    findings = check_report(report_of(told)).findings
    return [one.message for one in findings if one.rule.startswith(rules) and one.severity.value != "info"]


@dataclass(frozen=True)
class Outcome:
    """What came of a narrative: findings that are none of its faults, faults found, faults missed."""

    false: tuple[str, ...]
    found: int
    missed: tuple[str, ...]


def hits(finding: Any, fault: Mapping[str, Any]) -> bool:
    return finding.rule in fault["rules"] and fault["words"] in finding.message


def outcome_of(narrative: Mapping[str, Any], findings: Iterable[Any], rules: tuple[str, ...]) -> Outcome:
    """The findings of some rules, by the beginning of their codes, held against the faults that a reader found."""
    told = [one for one in findings if one.rule.startswith(rules) and one.severity.value != "info"]
    faults = [fault for fault in narrative["faults"] if fault["rules"][0].startswith(rules)]
    false = tuple(one.message for one in told if not any(hits(one, fault) for fault in faults))
    missed = tuple(
        f"{fault['rules']} {fault['words']}" for fault in faults if not any(hits(one, fault) for one in told)
    )
    return Outcome(false, len(faults) - len(missed), missed)


def narratives() -> Iterator[dict[str, Any]]:
    yield from data()["narratives"]
