"""Where every unit of a year stands, read from ``params/`` and from what was built."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from nianbao.city import STATUS, Standing
from nianbao.city.papers import PAPERS
from nianbao.city.unit import told_by_files
from nianbao.errors import NianbaoError
from nianbao.params import Unit, params_path
from nianbao.params.models import Published
from nianbao.publish import formats
from nianbao.publish.formats import FAILED, FAILED_LABEL
from nianbao.report.signing import ROLES, SignOff, sign_off
from nianbao.rules.finding import Finding
from nianbao.wording import chinese_date

NEXT_STEPS = {
    Standing.FAILED: "按下面的原因改正，再运行 nianbao batch",
    Standing.DRAFT: "把退回单发给单位改正，再运行 nianbao batch",
    Standing.PENDING: "再运行 nianbao batch",
    Standing.MISSING: "催报",
    Standing.READY: "公布，并在 published 中登记网址、日期和索引号",
}
"""What the office does next, by where a unit stands."""
_COURSE = ("豁免", "成文", *(f"{role}签字" for role in ROLES), "公布")
"""What happens to a report on one day, in order."""


@dataclass(frozen=True)
class UnitStatus:
    """Where one unit stands.

    Attributes
    ----------
    message : str
        Why it failed, or why what was built is not what a build would make now.
    findings : tuple of Finding
        Only of a report that is ready or a draft.
    links : tuple of (str, str)
        Names and labels of files in the unit's folder that a reader may open.
    sample : bool
        Whether the figures are invented; only of a report that is ready or a draft.
    signed : str
        Who signed, and what has lapsed; empty where nobody did.
    changed : (date, str) or None
        The newest day that params and sign-off tell of, and what happened on it: never the time of a file.
    published : Published or None
        Where and when it was published; only of a report that is ready or a draft, where that is known.
    """

    unit: Unit
    state: Standing
    message: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    sample: bool = False
    published: Published | None = None
    signed: str = ""
    changed: tuple[date, str] | None = None

    @property
    def changed_text(self) -> str:
        """2026年1月16日公布; empty where no day is known."""
        return f"{chinese_date(self.changed[0])}{self.changed[1]}" if self.changed else ""

    @property
    def contact(self) -> str:
        """Whom to ask, and under which number; empty where neither is known."""
        unit = self.unit
        return "，".join(filter(None, (unit.contact_office or (unit.phone and unit.name), unit.phone)))

    @property
    def next_step(self) -> str:
        """What the office does next; empty where all is done."""
        return "" if self.state is Standing.READY and self.published_on else NEXT_STEPS[self.state]

    @property
    def published_on(self) -> date | None:
        return self.published.date if self.published else None

    @property
    def label(self) -> str:
        """The standing in words."""
        return self.state.text(self.warnings)

    @property
    def warnings(self) -> int:
        return self.counts.get("warning", 0)

    @property
    def open_findings(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.waived is None)

    @property
    def blocking(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.blocks)

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.unit.id,
            "name": self.unit.name,
            "state": self.state.value,
            "message": self.message,
            "sample": self.sample,
            "published": self.published and self.published.model_dump(mode="json"),
            "signed": self.signed,
            "changed": self.changed and [self.changed[0].isoformat(), self.changed[1]],
            "counts": dict(self.counts),
            "blocking": [finding.message for finding in self.blocking],
            "files": [f"{self.unit.id}/{name}" for name, _ in self.links],
        }


def unit_status(
    unit: Unit, year: int, params_dir: Path, folder: Path, reasons: Callable[[], Sequence[str]], failure: str
) -> UnitStatus:
    """Where a unit stands whose files lie in `folder`.

    Parameters
    ----------
    reasons : callable
        Why its report is not what a build would make now; asked only of a unit that has data and did not fail.
    failure : str
        Why its last build failed, if it did.
    """
    failed = ((FAILED, FAILED_LABEL),) if (folder / FAILED).is_file() else ()
    if not params_path(params_dir, unit, year).is_file():
        return UnitStatus(unit, Standing.MISSING)
    if failure:
        return UnitStatus(unit, Standing.FAILED, failure, links=failed)
    if changes := reasons():
        return UnitStatus(unit, Standing.PENDING, "；".join(changes))
    try:
        built = told_by_files(unit, year, folder)
    except NianbaoError as error:  # sealed, and yet no findings of ours
        return UnitStatus(unit, Standing.PENDING, str(error))
    slip = formats.SLIP if built.state is Standing.DRAFT else ()
    signed = sign_off(params_dir, unit, year)
    shown = formats.links((*formats.REPORT, *slip))
    return UnitStatus(
        unit,
        built.state,
        "",
        built.counts,
        built.findings,
        shown,
        built.sample,
        built.published,
        signed.text,
        last_change(built.days, signed),
    )


def last_change(days: Mapping[str, date], signed: SignOff) -> tuple[date, str] | None:
    """The newest of the days that are known of a report, and what happened on it; of one day the last to happen."""
    known = [(day, what) for what, day in days.items()]
    known += [(one.date, f"{one.role}签字") for one in (*signed.lapsed, *signed.valid)]
    return max(known, key=lambda one: (one[0], _COURSE.index(one[1])), default=None)


def last_failures(folder: Path) -> dict[str, str]:
    """Unit ids (and the names of papers) and messages of what failed in the run before, from ``status.json``."""
    try:
        status = json.loads((folder / STATUS).read_bytes())
        papers = [(one.name, status[one.key]) for one in PAPERS if one.key in status]
        entries = [*((unit["id"], unit) for unit in status["units"]), *papers]
        return {key: entry["message"] for key, entry in entries if entry["state"] == Standing.FAILED.value}
    except (OSError, ValueError, LookupError, TypeError):
        return {}  # no run before, or a file that this run replaces


def by_rule(statuses: tuple[UnitStatus, ...]) -> dict[str, dict[str, Any]]:
    """Open findings by rule code: severity, how many, and in which units; most serious and most frequent first."""
    counts: Counter[str] = Counter()
    severities: dict[str, str] = {}
    units: dict[str, list[str]] = {}
    for status in statuses:
        for finding in status.open_findings:
            code = finding.rule
            counts[code] += 1
            severities.setdefault(code, finding.severity.value)
            if status.unit.name not in units.setdefault(code, []):
                units[code].append(status.unit.name)
    order = ("error", "warning", "info")
    codes = sorted(counts, key=lambda code: (order.index(severities[code]), -counts[code], code))
    return {code: {"severity": severities[code], "count": counts[code], "units": units[code]} for code in codes}
