"""Finished prose → the prose of a params file: figures that certainly quote the report become ``{{ … }}``.

Who is to judge that is the judge of the rules; what it is not sure of stays as printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from nianbao.params.models import Contact
from nianbao.report import Report
from nianbao.rules.judge.frames import CHANNELS
from nianbao.rules.judge.holdings import ReportHoldings, Value
from nianbao.rules.judge.passages import narrative
from nianbao.rules.judge.reading import Reading, Stretch, judge
from nianbao.rules.judge.tokens import Kind, Token
from nianbao.rules.judge.verdicts import disclosed_classes
from nianbao.statute import Edition
from nianbao.wording import plain_number

_ASKED = ("disclosure.total", "fees.notices", "fees.amount")
_NO_FEE = re.compile(r"(?:没有|未)(?:发出|产生|收取)[^，。；]{0,12}(?:收费通知|信息处理费)")
_CONTACT = {
    "office": re.compile(
        r"(?:联系(?:科室|单位|部门)[：:]\s*|可(?:以)?(?:与|和|向))(\S{2,30}?)(?:联系|提出|反映|[，。]|$)", re.M
    ),
    "address": re.compile(r"^(?:联系|通[讯信]|办公)?地址[：:]\s*(\S[^，。\n]*)", re.M),
    "phone": re.compile(r"(?:联系|办公|咨询)?电话(?:号码)?[：:]\s*(\d[\d\-－—转]{6,})", re.M),
    "postcode": re.compile(r"(?:邮政编码|邮编)[：:]\s*(\d{6})", re.M),
}
_CONTACT_NAMES = {"office": "科室", "address": "地址", "phone": "电话", "postcode": "邮编"}
_ROWS = {"received": "新收", "carried_in": "上年结转", "total": "办结", "carried_out": "结转下年"}
_FEES = {"fees.notices": "信息处理费.件数", "fees.amount": "信息处理费.金额"}


@dataclass(frozen=True)
class Told:
    """What a report's prose tells beside its tables: counts in 条, the fee in 元; None where it does not say."""

    total: int | None = None
    classes: tuple[tuple[str, int], ...] = ()
    channels: Mapping[str, int] = field(default_factory=dict)
    notices: int | None = None
    amount: Decimal | int | None = None


@dataclass(frozen=True)
class _Asking:
    """Holdings that hold a figure for everything a text may quote, so that its words alone say what it quotes."""

    edition: Edition
    channels: Mapping[str, int]

    def figure(self, key: str) -> Value | None:
        return -1 if key in _ASKED else None


def told_by(report: Report) -> Told:
    """The figures that a finished text states; of a figure that it states twice with different values, none."""
    asking = _Asking(report.edition, {name: -1 for name, _ in CHANNELS})
    reading = judge(narrative(report), asking, report.year)
    found: dict[str, set[Decimal]] = {}
    for stretch in reading.stretches:
        for quotation in stretch.quotations:
            token = stretch.tokens[quotation.index]
            if _is_exact(token):
                found.setdefault(quotation.cell, set()).add(token.value)
    classes = _classes(reading)
    told = {key: values.pop() for key, values in found.items() if len(values) == 1}
    nothing = _NO_FEE.search(report.params.narrative.other or "") is not None
    amount = told.get("fees.amount", Decimal(0) if nothing else None)
    notices = told.get("fees.notices", Decimal(0) if nothing or amount == 0 else None)
    channels = {
        cell.removeprefix("disclosure.channels."): int(value)
        for cell, value in told.items()
        if cell.startswith("disclosure.channels.")
    }
    total = told.get("disclosure.total")
    return Told(
        int(total) if total is not None else sum(count for _, count in classes) or None,
        classes,
        channels,
        None if notices is None else int(notices),
        int(amount) if amount is not None and amount == amount.to_integral_value() else amount,
    )


def _is_exact(token: Token) -> bool:
    whole = token.value == token.value.to_integral_value() or token.unit == "元"
    return token.kind is Kind.QUANTITY and whole and not token.hedge and token.value >= 0


def _classes(reading: Reading) -> tuple[tuple[str, int], ...]:
    """The classes of what was disclosed, of the first list there is; a row may run on into what is told of channels."""
    for stretch in reading.stretches:
        sums = {one.parts[0]: one.parts for one in stretch.sums if one.parts}
        channels = {one.index for one in stretch.quotations if one.cell.startswith("disclosure.channels.")}
        for named in disclosed_classes(stretch):
            parts = sums.get(named[0][1], tuple(index for _, index in named))
            own = [(name, index) for name, index in named if index in parts and index not in channels]
            if own and all(_is_exact(stretch.tokens[index]) for _, index in own):
                return tuple((name, int(stretch.tokens[index].value)) for name, index in own)
    return ()


def contact_of(preamble: str) -> Contact:
    """Whom to ask, as a preamble says it."""
    found = {key: match[1] for key, pattern in _CONTACT.items() if (match := pattern.search(preamble))}
    return Contact(**found)


def quoting(report: Report) -> dict[str, str]:
    """The parts of a finished narrative with ``{{ … }}`` for what they certainly quote.

    Parameters
    ----------
    report : Report
        Literal, with contact, disclosure and fees as :func:`told_by` found them.
    """
    texts = {part: text for part, text in report.params.narrative.model_dump().items() if text}
    reading = judge(narrative(report), ReportHoldings(report), report.year)
    cuts: dict[str, list[tuple[int, int, str]]] = {part: [] for part in texts}
    for stretch in reading.stretches:
        part = stretch.passages[0].part
        if part in texts:
            cuts[part] += _quotations(stretch, report, texts[part])
    for part, text in texts.items():
        cuts[part] += _years(text, report.year)
    if preamble := texts.get("preamble"):
        cuts["preamble"] += _contacts(preamble, report.params.contact)
    if overview := texts.get("overview"):
        classes = [(item.name, item.count) for item in report.params.disclosure.classes if item.count is not None]
        cuts["overview"] += _classes_in(overview, classes)
    return {part: _replaced(text, cuts[part]) for part, text in texts.items()}


def _quotations(stretch: Stretch, report: Report, text: str) -> Iterator[tuple[int, int, str]]:
    for quotation in stretch.quotations:
        expression = _expression(quotation.cell, report)
        token = stretch.tokens[quotation.index]
        named = quotation.cell.startswith(("disclosure.", "fees.")) or quotation.cell in _row_names()
        sure = quotation.agrees and (quotation.firm or named)
        if (
            not sure
            or expression is None
            or not _is_exact(token)
            or token.step != 1
            or quotation.figures[0] != token.value
        ):
            continue
        passage, start, _ = stretch.locate(*token.numeral)
        left, right = passage.normal.source(start, start + token.numeral[1] - token.numeral[0])
        if passage.text[left:right] == plain_number(quotation.figures[0]):
            at = _offset(text, passage.text, stretch.passages.index(passage))
            if at is not None:
                yield at + left, at + right, expression


def _offset(text: str, line: str, number: int) -> int | None:
    """Where a line of a part begins in its text; None where the text has it differently."""
    lines = text.split("\n")
    if number >= len(lines) or lines[number] != line:
        return None
    return sum(len(one) + 1 for one in lines[:number])


def _expression(cell: str, report: Report) -> str | None:
    """How a narrative names a cell; None for what is a sum of several."""
    if cell == "disclosure.total":
        return "主动公开.总数"
    if cell in _FEES:
        return _FEES[cell]
    if cell.startswith("disclosure.channels."):
        name = cell.removeprefix("disclosure.channels.")
        return f"主动公开.渠道.{name}" if name.isidentifier() else f'主动公开.渠道["{name}"]'
    if cell in _row_names():
        return _row_names()[cell]
    return f'格("{cell}")' if cell in report.cells and report.cells[cell].is_number else None


def _row_names() -> dict[str, str]:
    """The cells that a narrative calls by name."""
    return {f"t3.{row}.total": f"依申请公开.{name}" for row, name in _ROWS.items()}


def _years(text: str, year: int) -> Iterator[tuple[int, int, str]]:
    """The reporting year where a paragraph begins with it and in the period."""
    period = rf"(?<![0-9]){year}(?=年1月1日)|(?<=至){year}(?=年12月31日)|(?<=到){year}(?=年12月31日)"
    for match in re.finditer(rf"(?:^{year}(?=年)|{period})", text, re.M):
        yield match.start(), match.end(), "年份"


def _contacts(preamble: str, contact: Contact) -> Iterator[tuple[int, int, str]]:
    for key, pattern in _CONTACT.items():
        match = pattern.search(preamble)
        if match and match[1] == getattr(contact, key):
            yield match.start(1), match.end(1), f"联系.{_CONTACT_NAMES[key]}"


def _classes_in(text: str, classes: Sequence[tuple[str, int]]) -> Iterator[tuple[int, int, str]]:
    """Runs of classes that stand in the text exactly as ``主动公开.分类`` prints them."""
    at = 0
    first = 0
    runs: list[tuple[int, int, int, int]] = []
    for number, (name, count) in enumerate(classes):
        shown = f"{name}{count}条"
        start = text.find(shown, at)
        if start < 0:
            return
        end = start + len(shown)
        if runs and text[runs[-1][1] : start] == "、":
            runs[-1] = (runs[-1][0], end, first, number + 1)
        else:
            first = number
            runs.append((start, end, number, number + 1))
        at = end
    for start, end, low, high in runs:
        yield start, end, f"主动公开.分类{_slice(low, high, len(classes))}"


def _slice(low: int, high: int, count: int) -> str:
    if (low, high) == (0, count):
        return ""
    if low == 0:
        return f"[:{high - count if high == count - 1 else high}]"
    if high == low + 1:
        return f"[{-1 if low == count - 1 else low}]"
    return f"[{low}:]" if high == count else f"[{low}:{high}]"


def _replaced(text: str, cuts: Sequence[tuple[int, int, str]]) -> str:
    """A text with expressions in place of spans; of spans that overlap, the first."""
    parts: list[str] = []
    end = 0
    for start, stop, expression in sorted(set(cuts)):
        if start < end:
            continue
        parts += [text[end:start], f"{{{{ {expression} }}}}"]
        end = stop
    return "".join([*parts, text[end:]])
