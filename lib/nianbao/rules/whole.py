"""Predicates about a city's own report: its bodies are all there, each ready, each cell of each a number."""

from __future__ import annotations

from collections.abc import Iterator

from nianbao.rules.finding import Check, Finding, fails
from nianbao.rules.subject import Subject
from nianbao.statute.rulebook import Rule
from nianbao.wording import enumeration

_MOST = 8


def every_body_is_counted(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """None is missing, failed or still to be built."""
    bodies = subject.report.bodies
    if not bodies:
        return
    missing = [f"{body.unit.name}（{body.standing}）" for body in bodies if not body.counted]
    if not missing:
        yield None
        return
    yield fails(rule, "全市", "city.bodies", len(missing), len(bodies), names=enumeration(missing))


def every_body_is_ready(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """None that is counted is a draft."""
    bodies = subject.report.bodies
    if not bodies:
        return
    drafts = [body.unit.name for body in bodies if body.counted and not body.ready]
    yield fails(rule, "全市", "city.ready", len(drafts), None, names=enumeration(drafts)) if drafts else None


def every_body_fills_every_cell(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """No cell of a counted body is blank or a mark; who leaves how many is named."""
    report = subject.report
    if not report.bodies:
        return
    gaps = {
        body.unit.name: keys
        for body in report.bodies
        if body.counted and (keys := [key for key in report.edition.fields if not body.cells[key].is_number])
    }
    if not gaps:
        yield None
        return
    told = [f"{name} {len(keys)} 格" for name, keys in gaps.items()]
    names = enumeration(told[:_MOST]) + ("等" if len(told) > _MOST else "")
    cells = {key for keys in gaps.values() for key in keys}
    yield fails(rule, "全市", "city.cells", len(cells), None, names=names)


CHECKS: tuple[Check, ...] = (every_body_is_counted, every_body_is_ready, every_body_fills_every_cell)
