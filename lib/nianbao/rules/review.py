"""Predicates about what reviewers ask: length, measures, last year's problems, rates of 其他处理, fees, the catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nianbao.registers.periods import OVERDUE
from nianbao.rules.finding import Check, Finding, facts_of, fails
from nianbao.rules.judge.numerals import small_number
from nianbao.rules.judge.passages import part_label
from nianbao.rules.subject import Subject
from nianbao.statute.rulebook import Rule
from nianbao.wording import plain_number, quoted

LONGEST_OVERVIEW = 1000
"""Characters of part one, blanks not counted, that the notice allows in principle."""
FEWEST_OUTCOMES = 3
"""Of fewer outcomes a share says nothing."""
SINCE = 2025
"""From this reporting year on the catalogue of what is disclosed and 法释〔2025〕8号 are asked about."""

_ON_TIME = re.compile(
    r"(?:均|全部|都|悉数)[^，。；]{0,10}?(?:按期|按时|如期|(?:规定|法定|办理)(?:的)?(?:期限|时限|时间|工作日)(?:之)?内)"
    r"[^，。；]{0,8}?(?:答复|办结|回复|办理)"
    r"|按[期时](?:答复|办结|回复)率[^，。；\d]{0,6}100(?:\.0+)?%"
    r"|(?:没有|未|无)(?:发生|出现)?[^，。；]{0,6}?(?:逾期|超期)(?:未)?(?:答复|办理|回复)"
)
_MEASURES = re.compile(r"改进(?:情况|措施|方向|的措施)|整改措施|下一步|今后|针对(?:上述|以上|存在)|工作打算|解决措施")
_ITEM = re.compile(r"([一二三四五六七八九])是")
_LAST_YEAR = re.compile(r"上年|去年|上一年|往年|以往|过去一年|上年度")
_CATALOGUE = re.compile(r"(?:公开|公开的|公开事项|公开内容)(?:标准)?目录|目录清单")


def overview_is_short_enough(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """Part one in at most a thousand characters."""
    length = sum(not character.isspace() for character in subject.text("overview"))
    if not length:
        return
    label = part_label(subject.report, "overview")
    long = length > LONGEST_OVERVIEW
    yield fails(rule, label, "narrative.overview", length, LONGEST_OVERVIEW) if long else None


def on_time_means_none_overdue(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """均按期答复 while the register has an answer that was overdue."""
    registers = subject.report.registers
    claims = [(p, m) for p in subject.part("overview") for m in _ON_TIME.finditer(p.folded)] if registers else []
    if registers is None or not claims:
        return
    found = registers.deadlines
    overdue = [] if found.empty else [str(number) for number in found.index[found["状态"].isin(OVERDUE)]]
    for passage, match in claims:
        place = quoted(passage.around(match.start(), match.end(), 0))
        sound = not overdue
        yield None if sound else fails(rule, passage.label, passage.cell, match[0], len(overdue), place=place)


def problems_have_measures(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """As many measures listed (一是、二是) as problems, where both are listed."""
    text = subject.text("problems")
    turn = _MEASURES.search(text)
    if turn is None:
        return
    problems, measures = _listed(text[: turn.start()]), _listed(text[turn.start() :])
    if problems and measures:
        label = part_label(subject.report, "problems")
        few = measures < problems
        yield fails(rule, label, "narrative.problems", problems, measures) if few else None


def _listed(text: str) -> int:
    """How far 一是、二是、三是 count."""
    return max((small_number(match[1]) or 0 for match in _ITEM.finditer(text)), default=0)


def last_years_problems_are_taken_up(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """Part five says what became of the problems that last year's report named."""
    previous, text = subject.report.previous, subject.text("problems")
    if previous is None or not (previous.params.narrative.problems or "").strip() or not text.strip():
        return
    last = subject.report.year - 1
    taken = _LAST_YEAR.search(text) or f"{last}年" in text
    label = part_label(subject.report, "problems")
    yield None if taken else fails(rule, label, "narrative.problems", last, None)


def other_handling_is_the_lesser(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """（六）其他处理 is no more than half of what was handled."""
    report, t3 = subject.report, subject.report.edition.t3
    keys = [f"t3.{row}.{t3.total_column}" for row in t3.outcomes if row.partition(".")[0] == "other"]
    whole = f"t3.{t3.total_row}.{t3.total_column}"
    cells = [report.cells[key] for key in (*keys, whole)]
    if not all(cell.is_number for cell in cells) or cells[-1].number < FEWEST_OUTCOMES:
        return
    other, total = sum(cell.number for cell in cells[:-1]), cells[-1].number
    facts = facts_of(report, [*keys, whole])
    more = 2 * other > total
    yield fails(rule, "（六）其他处理", keys[0], other, total, facts=facts) if more else None


def no_suit_without_review(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """A suit against a refusal is not admitted without prior review since 1 June 2025."""
    report, key = subject.report, "t4.direct.total"
    if report.year < SINCE or key not in report.cells or not report.cells[key].is_number:
        return
    count = report.cells[key].number
    label = report.edition.fields[key].label
    yield fails(rule, label, key, count, 0, facts=facts_of(report, [key])) if count else None


def charged_fee_stands_in_part_two(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """A fee that part six reports is part of 行政事业性收费, in 万元."""
    report, key = subject.report, "t2.fees.amount"
    amount = report.params.fees.amount
    if not amount or key not in report.cells or not report.cells[key].is_number:
        return
    zero = not report.cells[key].number
    label, facts = report.edition.fields[key].label, facts_of(report, [key])
    yield fails(rule, label, key, 0, None, facts=facts, amount=plain_number(amount)) if zero else None


def catalogue_is_mentioned(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """Part one says that the catalogue of what is disclosed is there."""
    if subject.report.year < SINCE or not subject.text("overview").strip():
        return
    label, there = part_label(subject.report, "overview"), _CATALOGUE.search(subject.text("overview"))
    yield None if there else fails(rule, label, "narrative.overview", None, None)


CHECKS: tuple[Check, ...] = (
    overview_is_short_enough,
    on_time_means_none_overdue,
    problems_have_measures,
    last_years_problems_are_taken_up,
    other_handling_is_the_lesser,
    no_suit_without_review,
    charged_fee_stands_in_part_two,
    catalogue_is_mentioned,
)
