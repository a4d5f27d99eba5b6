"""Predicates about growth and rates in the prose: 比上年的400条增长17%, 同比减少3件, a rate over 100 %."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from nianbao.report import Report
from nianbao.rules.finding import Check, Finding, fails
from nianbao.rules.judge.holdings import ReportHoldings
from nianbao.rules.judge.reading import Stretch
from nianbao.rules.judge.shares import is_rate, is_share, percent, step
from nianbao.rules.judge.sums import agrees
from nianbao.rules.judge.tokens import Kind, Token
from nianbao.rules.judge.units import compatible
from nianbao.rules.subject import Subject
from nianbao.statute.rulebook import Rule
from nianbao.wording import plain_number, quoted

_LAST_YEAR = re.compile(
    r"(?:上一?年度?|去年|同期|前一年|20\d\d年度?)(?:同期)?(?:公开|发布|收到|受理|办理|制发)?(?:了)?(?:的|为|是|：|共|数量)*$"
)
_UP = re.compile(
    r"(?:(?<!新)增加|增长|上升|提高|提升|增幅|涨幅|多)(?:了|约|数量|率|幅度|幅|达|为|：|\s)*$|(?:(?<!新)增加|增长|上升|提高|提升)(?:了)?(?:至|到|为)\s*$"
)
_DOWN = re.compile(
    r"(?:减少|下降|降低|降幅|减幅|下滑|(?<![至不])少)(?:了|约|数量|率|幅度|幅|达|为|：|\s)*$|(?:减少|下降|降低)(?:了)?(?:至|到|为)\s*$"
)
_TO = re.compile(r"(?:增加|增长|上升|提高|提升|减少|下降|降低)(?:了)?(?:至|到|为)\s*$")
_AGAINST_LAST = re.compile(r"同比|[较比与](?:上一?年度?|去年|上年同期|去年同期|20\d\d年度?)")
_BARE_GROWTH = re.compile(r"(?:同比|环比|同期)?(?:增长|下降|上升|减少|增加|增幅|降幅)(?:率|幅度)?(?:了|为|达)?")
_NOT_A_RATE = re.compile(r"增|涨|升|超|降|减|下降|完成|率达?到?目标|达成")


def growth_agrees_with_the_figures(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """A growth in figures or per cent against both years' figures: told in the sentence, or held in last year's report."""
    for stretch in subject.reading.stretches:
        told: set[int] = set()  # one finding a sentence: a wrong count makes the wrong rate as well
        for index, place in stretch.places.items():
            token = stretch.tokens[index]
            if (
                place.sentence in told
                or place.odd != "比较"
                or token.hedge
                or token.kind not in (Kind.QUANTITY, Kind.SHARE)
            ):
                continue
            up, down = _UP.search(place.near), _DOWN.search(place.near)
            if not up and not down:
                continue
            years = tuple(_both_years(stretch, index, subject.report))
            if not years:
                continue
            rights = [
                _right(token, last, this, to=_TO.search(place.near) is not None, up=up is not None)
                for last, this in years
            ]
            last, this = years[-1]
            right = rights[-1]
            if None in rights:
                yield None
                continue
            told.add(place.sentence)
            figure = stretch.figures[index]
            values = {"place": quoted(figure.quote(16)), "last": plain_number(last), "this": plain_number(this)}
            yield fails(rule, figure.passage.label, figure.passage.cell, figure.text, right, **values)


def _both_years(stretch: Stretch, index: int, report: Report) -> Iterator[tuple[int | Decimal, int | Decimal]]:
    """Last year's figure and this year's that a growth may be told of; none where one of them is not known.

    This year's is the quantity before the growth in its sentence (after it in 增加到2件); last year's is one that is told as
    such, else what last year's report holds in the cell that this year's quotes.
    """
    tokens, places = stretch.tokens, stretch.places
    sentence = places[index].sentence
    to = _TO.search(places[index].near) is not None
    this = index if to else None
    last = _in_bracket_behind(stretch, index)
    change: int | None = None
    for before in range(index - 1, -1, -1):
        if before not in places:
            continue
        if places[before].sentence != sentence:
            break
        if tokens[before].kind is not Kind.QUANTITY or tokens[before].hedge or tokens[before].step > 1:
            continue
        if _told_as_last(stretch, before):
            last = before if last is None else last
        elif places[before].odd == "比较" and change is None and this is None:
            change = before
        elif this is None and not places[before].odd:
            this = before
        if this is not None and last is not None:
            break
    if this is None or (tokens[index].kind is Kind.QUANTITY and not compatible(tokens[index].unit, tokens[this].unit)):
        return
    while this is not None:
        # 其中网络11件，较上年的29件增长17.2%: of the part, or of the whole that the sentence is about
        held = _last_year(stretch, index, this, last, report)
        if held is None and change is not None:
            held = _worked_back(stretch, index, this, change)
        if held is not None:
            yield held, _number(tokens[this])
        this = stretch.wholes.get(this)


def _told_as_last(stretch: Stretch, index: int) -> bool:
    """Whether a figure is told as last year's: 较上年的29件; 较2020年同期（98条）."""
    near = stretch.places[index].near
    bracket = stretch.tokens[index - 1]
    if not near.strip() and bracket.kind is Kind.OPEN:
        near = stretch.text[max(0, bracket.start - 16) : bracket.start]
    return _LAST_YEAR.search(near) is not None


def _in_bracket_behind(stretch: Stretch, index: int) -> int | None:
    """Last year's figure in a bracket right behind a growth: 同比上升9.5%（2023年为199条）."""
    tokens = stretch.tokens[index + 1 : index + 5]
    if not tokens or tokens[0].kind is not Kind.OPEN or tokens[0].start - stretch.tokens[index].end > 1:
        return None
    for at, token in enumerate(tokens[1:], start=index + 2):
        if token.kind is Kind.QUANTITY:
            exact = not token.hedge and token.step <= 1
            return at if exact and _LAST_YEAR.search(stretch.places[at].near) else None
        if token.kind is not Kind.NUMBER:
            break
    return None


def _worked_back(stretch: Stretch, index: int, this: int, change: int) -> int | Decimal | None:
    """Last year's figure from this year's and the change that is told before the rate: 156条，比上年增加22条，增长16.4%."""
    tokens, places = stretch.tokens, stretch.places
    up = _UP.search(places[change].near) is not None
    plainly = _BARE_GROWTH.fullmatch(places[index].near.strip()) is not None
    if tokens[index].kind is not Kind.SHARE or not plainly or up != (_UP.search(places[index].near) is not None):
        return None
    if not compatible(tokens[change].unit, tokens[this].unit):
        return None
    last = tokens[this].value - tokens[change].value if up else tokens[this].value + tokens[change].value
    return int(last) if last > 0 and last == last.to_integral_value() else None


def _last_year(stretch: Stretch, index: int, this: int, last: int | None, report: Report) -> int | Decimal | None:
    """What a figure of this year grew from: what is told as last year's, else what last year's report holds."""
    if last is not None:
        return (
            _number(stretch.tokens[last]) if compatible(stretch.tokens[last].unit, stretch.tokens[this].unit) else None
        )
    if report.previous is None or not _AGAINST_LAST.search(stretch.places[index].before[-40:]):
        return None
    quotation = next((one for one in stretch.quotations if one.index == this), None)
    if quotation is None or not quotation.agrees or not _same_cells(quotation.cell, report):
        return None
    exact = quotation.figures[0] == stretch.tokens[this].value
    return ReportHoldings(report.previous).figure(quotation.cell) if exact else None


def _same_cells(cell: str, report: Report) -> bool:
    """Whether last year's report has a cell, alone; sums of cells are left out."""
    previous = report.previous
    return previous is not None and (
        cell == "disclosure.total"
        or cell in ("t3.received.total", "t3.total.total", "t3.carried_out.total", "t4.review.total")
    )


def _number(token: Token) -> int | Decimal:
    value = token.value
    return int(value) if value == value.to_integral_value() else value


def _right(token: Token, last: int | Decimal, this: int | Decimal, *, to: bool, up: bool) -> str | None:
    """What a growth should be; None where it is right."""
    change = Decimal(this) - Decimal(last)
    way = "增加" if change > 0 else "减少" if change < 0 else "持平"
    if not change or (change > 0) is not up:
        return f"是{way}" if change or token.value else None
    if to:
        return None
    if token.kind is Kind.QUANTITY:
        return None if agrees(token, abs(change)) else f"{way} {plain_number(abs(change))}"
    if token.unit != "%" or not last:
        return None
    like = step(token)
    rates = [percent(abs(change), Decimal(last), like, rounding) for rounding in (ROUND_HALF_UP, ROUND_DOWN)]
    return None if token.value in rates else f"{way} {plain_number(rates[0])}%"


def rates_are_at_most_whole(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """A rate or share over 100 %; growth may be."""
    for stretch in subject.reading.stretches:
        for index, place in stretch.places.items():
            token = stretch.tokens[index]
            if (
                token.kind is not Kind.SHARE
                or token.unit != "%"
                or not (is_rate(place) or is_share(place))
                or _NOT_A_RATE.search(place.near)
            ):
                continue
            if token.value <= 100:
                yield None
                continue
            figure = stretch.figures[index]
            yield fails(rule, figure.passage.label, figure.passage.cell, figure.text, 100, place=quoted(figure.quote()))


CHECKS: tuple[Check, ...] = (growth_agrees_with_the_figures, rates_are_at_most_whole)
