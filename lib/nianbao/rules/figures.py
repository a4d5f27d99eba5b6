"""Predicates about single figures of the prose: do they say what the report holds, and is each accounted for."""

from __future__ import annotations

from collections.abc import Iterator

from nianbao.report.prose import narrative_parts
from nianbao.rules.finding import Check, Finding, fails
from nianbao.rules.judge.passages import part_label
from nianbao.rules.judge.places import NO_PERCENT
from nianbao.rules.judge.quotations import Quotation, mixed_channels
from nianbao.rules.judge.reading import Figure, Role, Stretch
from nianbao.rules.judge.tokens import Kind
from nianbao.rules.judge.verdicts import canonical, listed, twice
from nianbao.rules.subject import Subject
from nianbao.statute.rulebook import Rule
from nianbao.wording import enumeration, quoted

_MOST = 8
"""So many figures a finding names; the rest are counted."""


def quoted_totals_agree(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """Figures whose words leave no doubt what they quote."""
    for stretch, quotation in _quotations(subject):
        if _of_bodies(stretch.figures[quotation.index].key):
            continue
        if quotation.firm and not _mixes(subject, stretch, quotation):
            yield None if quotation.agrees else _differs(rule, stretch, quotation)


def quoted_details_agree(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """Figures that probably quote something."""
    for stretch, quotation in _quotations(subject):
        figure = stretch.figures[quotation.index]
        if _of_bodies(figure.key):
            continue
        if quotation.firm or _mixes(subject, stretch, quotation) or subject.reading.is_declared(figure):
            continue
        if quotation.agrees:
            yield None
        elif figure.key is None:
            yield _differs(rule, stretch, quotation)
    yield from _class_counts(rule, subject)


def _of_bodies(key: str | None) -> bool:
    """Whether the report filled a figure in that is not its own whole: of one kind of body, of last year, a change."""
    return key is not None and key.startswith("city.")


def _quotations(subject: Subject) -> Iterator[tuple[Stretch, Quotation]]:
    for stretch in subject.reading.stretches:
        for quotation in stretch.quotations:
            yield stretch, quotation


def _class_counts(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """Classes of the prose against the classes of the params, by name."""
    known = {canonical(item.name): (index, item.count) for index, item in enumerate(subject.report.disclosure.classes)}
    for stretch in subject.reading.stretches if known else ():
        for _, named in listed(stretch):
            if twice(named):  # which of the two is meant cannot be told
                continue
            for name, part in named:
                if canonical(name) not in known:
                    continue
                index, count = known[canonical(name)]
                agrees = stretch.tokens[part].value == count
                quotation = Quotation(part, quoted(name), f"disclosure.classes.{index}", (count,), False, agrees)
                yield None if agrees else _differs(rule, stretch, quotation)


def _mixes(subject: Subject, stretch: Stretch, quotation: Quotation) -> tuple[str, ...]:
    """The channels whose counts were added to the total of the site to make a figure that is quoted wrongly."""
    if quotation.cell != "disclosure.total" or quotation.agrees:
        return ()
    channels = subject.report.disclosure.channels
    return mixed_channels(stretch.figures[quotation.index].number, quotation.figures[0], channels)


def _differs(rule: Rule, stretch: Stretch, quotation: Quotation) -> Finding:
    figure = stretch.figures[quotation.index]
    place = quoted(figure.quote())
    right = quotation.figures[0]
    return fails(
        rule, figure.passage.label, figure.passage.cell, figure.number, right, place=place, name=quotation.name
    )


def channels_are_kept_apart(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """A total that is the site's count with other channels added; in the prose and in the params."""
    disclosure = subject.report.disclosure
    if disclosure.total is not None and disclosure.classes:
        total, listed_ = disclosure.total, sum(item.count for item in disclosure.classes)
        if names := mixed_channels(total, listed_, disclosure.channels):
            place = f"disclosure.total 为 {total}"
            channels = enumeration(names)
            yield fails(rule, "主动公开总数", "disclosure.total", total, listed_, place=place, channels=channels)
        else:
            yield None
    for stretch, quotation in _quotations(subject):
        if quotation.cell != "disclosure.total":
            continue
        names = _mixes(subject, stretch, quotation)
        if not names:
            yield None
            continue
        figure = stretch.figures[quotation.index]
        values = {"place": quoted(figure.quote()), "channels": enumeration(names)}
        yield fails(rule, figure.passage.label, figure.passage.cell, figure.number, quotation.figures[0], **values)


def declared_text_stands_in_the_prose(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """Every declared text is still there."""
    for declared in subject.report.params.declared:
        there = any(declared.text in passage.text for passage in subject.narrative)
        yield None if there else fails(rule, "declared", "declared", quoted(declared.text), None)


def every_figure_is_accounted_for(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """What is left: no cell, no list, no declaration; one finding a part."""
    for part in narrative_parts():
        cell = f"narrative.{part}"
        left = [figure for figure in subject.reading.figures if figure.passage.cell == cell and _wants_account(figure)]
        if not left:
            yield None
            continue
        figures = enumeration(quoted(figure.quote(6)) for figure in left[:_MOST])
        figures += "等" if len(left) > _MOST else ""
        yield fails(rule, part_label(subject.report, part), cell, len(left), None, figures=figures)


def _wants_account(figure: Figure) -> bool:
    """Not: small and in words (三项制度), a full 100 %, a number of kinds."""
    token = figure.token
    full = token.kind is Kind.SHARE and token.value == 100
    return not (
        figure.is_accounted_for
        or figure.what == NO_PERCENT
        or figure.role is Role.UNREADABLE
        or (token.in_words and token.value < 10)
        or full
        or token.unit == "类"
    )


def every_figure_can_be_read(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """No 1O57, 10³, 1 057 or ③: what looks like a number is one."""
    unreadable = [figure for figure in subject.reading.figures if figure.role is Role.UNREADABLE]
    if not unreadable:
        yield None
    for figure in unreadable:
        if not subject.reading.is_declared(figure):
            values = {"place": quoted(figure.quote()), "why": figure.what}
            yield fails(rule, figure.passage.label, figure.passage.cell, figure.text, None, **values)


CHECKS: tuple[Check, ...] = (
    quoted_totals_agree,
    quoted_details_agree,
    channels_are_kept_apart,
    declared_text_stands_in_the_prose,
    every_figure_is_accounted_for,
    every_figure_can_be_read,
)
