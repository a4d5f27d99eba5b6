"""Predicates about single figures of the prose: do they say what the report holds, and is each accounted for."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from nianbao.report.prose import narrative_parts
from nianbao.rules.finding import Check, Finding, fails
from nianbao.rules.judge.binding import Bound
from nianbao.rules.judge.lists import canonical
from nianbao.rules.judge.numbers import Mention
from nianbao.rules.judge.passages import part_label
from nianbao.rules.subject import Subject
from nianbao.statute.rulebook import Rule
from nianbao.wording import enumeration, quoted

_MOST = 8
"""So many figures a finding names; the rest are counted."""


def quoted_totals_agree(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """Figures whose words leave no doubt what they quote."""
    for bound in subject.audit.bound:
        if _is_firm(subject, bound) and not _mixes(subject, bound):
            yield None if bound.agrees else _differs(rule, bound)


def quoted_details_agree(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """Figures that probably quote something."""
    for bound in subject.audit.bound:
        if _is_firm(subject, bound) or _mixes(subject, bound) or id(bound.mention) in subject.audit.declared:
            continue
        if bound.agrees:
            yield None
        elif bound.mention.key is None and not (not bound.firm and subject.audit.is_subcount(bound)):
            yield _differs(rule, bound)
    yield from _class_counts(rule, subject)


def _class_counts(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """Classes of the prose against the classes of the params, by name."""
    classes = subject.report.disclosure.classes
    known = {canonical(item.name): (index, item.count) for index, item in enumerate(classes)}
    for one in subject.audit.lists:
        if one.twice:  # which of the two is meant cannot be told
            continue
        for item in one.items:
            if item.canonical not in known:
                continue
            index, count = known[item.canonical]
            bound = Bound(item.mention, quoted(item.name), f"disclosure.classes.{index}", (count,), False)
            yield None if bound.agrees else _differs(rule, bound)


def _is_firm(subject: Subject, bound: Bound) -> bool:
    return bound.firm and not (not bound.agrees and subject.audit.is_subcount(bound))


def _mixes(subject: Subject, bound: Bound) -> bool:
    if bound.cell != "disclosure.total" or bound.agrees:
        return False
    return bool(subject.audit.mixes_channels(bound.mention.value, bound.figures[0]))


def _differs(rule: Rule, bound: Bound) -> Finding:
    mention, passage = bound.mention, bound.mention.passage
    place = quoted(mention.quote())
    return fails(rule, passage.label, passage.cell, mention.figure, bound.figures[0], place=place, name=bound.name)


def channels_are_kept_apart(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """A total that is the site's count with other channels added; in the prose and in the params."""
    audit, disclosure = subject.audit, subject.report.disclosure
    if disclosure.total is not None and disclosure.classes:
        listed = sum(item.count for item in disclosure.classes)
        if names := audit.mixes_channels(Decimal(disclosure.total), listed):
            place = f"disclosure.total 为 {disclosure.total}"
            channels = enumeration(names)
            yield fails(
                rule, "主动公开总数", "disclosure.total", disclosure.total, listed, place=place, channels=channels
            )
        else:
            yield None
    for bound in audit.bound:
        if bound.cell != "disclosure.total":
            continue
        if not _mixes(subject, bound):
            yield None
            continue
        mention, right = bound.mention, bound.figures[0]
        channels = enumeration(audit.mixes_channels(mention.value, right))
        passage, place = mention.passage, quoted(mention.quote())
        yield fails(rule, passage.label, passage.cell, mention.figure, right, place=place, channels=channels)


def declared_text_stands_in_the_prose(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """Every declared text is still there."""
    for declared in subject.report.params.declared:
        there = any(declared.text in passage.text for passage in subject.narrative)
        yield None if there else fails(rule, "declared", "declared", quoted(declared.text), None)


def every_figure_is_accounted_for(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """What is left: no cell, no list, no declaration; one finding a part."""
    audit = subject.audit
    known = {id(bound.mention) for bound in audit.bound} | audit.listed | audit.declared | audit.summed
    for part in narrative_parts():
        cell = f"narrative.{part}"
        left = [m for m in audit.mentions if m.passage.cell == cell and id(m) not in known and _wants_account(m)]
        if not left:
            yield None
            continue
        figures = enumeration(quoted(mention.quote(6)) for mention in left[:_MOST])
        figures += "等" if len(left) > _MOST else ""
        yield fails(rule, part_label(subject.report, part), cell, len(left), None, figures=figures)


def _wants_account(mention: Mention) -> bool:
    """Not: filled in, in words (三项制度), a full 100 %, a number of kinds."""
    full = mention.unit == "%" and mention.value == 100
    return not (mention.key or mention.in_words or full or mention.unit == "类")


CHECKS: tuple[Check, ...] = (
    quoted_totals_agree,
    quoted_details_agree,
    channels_are_kept_apart,
    declared_text_stands_in_the_prose,
    every_figure_is_accounted_for,
)
