"""The sentences of the summary: what is added up, what is missing from it, and who has to do what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from nianbao.city.city import INCOMPLETE, CitySummary, Gap, Sum, names
from nianbao.city.deadlines import city_deadline, unit_deadline
from nianbao.city.disclosures import OWN, DisclosureTable, channels
from nianbao.city.shares import FEWEST, OTHER_CHANNELS, TOO_FEW, UNKNOWN
from nianbao.city.standing import Standing
from nianbao.wording import chinese_date, enumeration, plain_number

NO_FINDINGS = "各单位都没有错误和警告，也没有豁免。"
_MOST_GAPS = 6
_LONGEST = 300
_LEFT_OUT = (Standing.MISSING, Standing.FAILED, Standing.PENDING)


def draft_text(summary: CitySummary) -> str:
    """Why the summary is a draft, in one line."""
    reasons = _by_state(summary, (Standing.DRAFT, *_LEFT_OUT))
    if summary.gaps and not summary.of(Standing.DRAFT):
        reasons.append(f"表中有{len({gap.key for gap in summary.gaps})}格不完整")
    ready = len(summary.of(Standing.READY))
    return f"草稿：{len(summary.units)}个单位中可以发布{ready}个，{'，'.join(reasons)}，汇总数尚未确定。"


def submissions(summary: CitySummary) -> list[str]:
    """Who has submitted, and the two deadlines."""
    year, whole = summary.year, len(summary.units)
    missing = summary.of(Standing.MISSING)
    submitted = f"应报送{whole}个单位，已报送{whole - len(missing)}个"
    lines = [f"{submitted}，未报送{len(missing)}个：{names(missing)}。" if missing else f"{submitted}。"]
    if drafts := summary.of(Standing.DRAFT):
        lines.append(f"有错误未解决、仍是草稿的{len(drafts)}个：{names(drafts)}。草稿的数已计入下列各表。")
    lines.append(
        f"各单位的报告应在{chinese_date(unit_deadline(year))}前公布；"
        f"本市的年度报告由各单位的报告汇总而成，应在{chinese_date(city_deadline(year, summary.city))}前公布。"
    )
    return lines


def left_out_reasons(summary: CitySummary) -> list[str]:
    """Units that are neither in the tables nor simply missing, with the reason; the overview page has all of it."""
    return [
        f"{one.unit.name}：{one.state.label}，没有计入。{_first_of(one.message)}"
        for one in summary.left_out
        if one.state is not Standing.MISSING or one.message
    ]


def _first_of(message: str) -> str:
    """The first of several complaints, cut where it is long: a note must fit on a page."""
    first, _, rest = message.partition("\n")
    text = first if len(first) <= _LONGEST else f"{first[: _LONGEST - 1]}…"
    return f"{text}另有{len(rest.splitlines())}处，见总览页。" if rest else text


def table_notes(summary: CitySummary, table: str) -> list[str]:
    """What one of the three tables adds up, what it leaves out, and which of its cells are incomplete.

    Where nothing is left out, the first says so for all.
    """
    whole = f"{len(summary.counted)}个单位的报告之和"
    if left_out := _by_state(summary, _LEFT_OUT):
        lines = [f"本表为{whole}，不含：{'，'.join(left_out)}。"]
    else:
        lines = [f"第二至第四部分各表为{whole}。"] if table == "t2" else []
    gaps = [gap for gap in summary.gaps if gap.key.startswith(f"{table}.")]
    if gaps:
        lines.append(f"带{INCOMPLETE}的格不完整：下列各格不是数，没有计入，也没有当作0。")
        lines += _by_unit(summary, gaps)
    lines += [
        f"{summary.edition.fields[one.key].label}：按各项相加为{plain_number(one.from_parts)}，"
        f"各单位所填总计之和为{plain_number(one.from_totals)}，表中为前者。"
        for one in summary.mismatches
        if one.key.startswith(f"{table}.")
    ]
    return lines


def _by_state(summary: CitySummary, states: Iterable[Standing]) -> list[str]:
    """How many units stand so, and which."""
    return [f"{state.label}{len(units)}个（{names(units)}）" for state in states if (units := summary.of(state))]


def _by_unit(summary: CitySummary, gaps: Iterable[Gap]) -> list[str]:
    found: dict[str, list[str]] = {}
    for gap in gaps:
        text = f"“{gap.cell.text}”" if gap.cell.text else "空白"
        found.setdefault(gap.unit.name, []).append(f"{summary.edition.fields[gap.key].label}{text}")
    return [
        f"{name}：{enumeration(cells[:_MOST_GAPS])}{f'等{len(cells)}格' if len(cells) > _MOST_GAPS else ''}。"
        for name, cells in found.items()
    ]


def together(summary: CitySummary) -> str:
    """Heads a row of sums."""
    return f"{len(summary.counted)}个单位合计" if summary.left_out else "全市合计"


def carry_over(summary: CitySummary) -> list[str]:
    """What does not fit last year's reports, and where there is nothing to compare with."""
    t3 = summary.edition.t3
    last, key = summary.year - 1, f"t3.{t3.carried_out}.{t3.total_column}"
    lines = ["表中各数均取总计列。相差是承接数减上年报告的结转数，应为0。"]
    lost = [
        f"{one.unit.name}{one.last_year[key].text}件"
        for one in summary.left_out
        if one.last_year is not None and key in one.last_year and one.last_year[key].is_number
        if one.last_year[key].number
    ]
    if lost:
        lines.append(f"未计入合计的单位，{last}年报告中结转下年的有：{enumeration(lost)}。")
    if without := summary.without_last_year:
        lines.append(f"没有{last}年报告、无法比较的单位：{names(without)}。")
    return lines


def classes(summary: CitySummary, table: DisclosureTable) -> list[str]:
    """How to read the table by class, and what was published elsewhere."""
    lines = []
    if any(count is None for _, counts in table.rows for count in counts):
        lines.append("“—”：该单位的报告没有列这一类。")
    if table.merged:
        lines.append(f"{OWN}：{enumeration(table.merged)}。")
    without = [one for one in summary.counted if one.disclosed is None]
    if without:
        lines.append(f"没有主动公开总数的单位：{names(without)}，{INCOMPLETE}表示合计不含这些单位。")
    unequal = [
        f"{one.unit.name}（分类合计{listed}，总数{one.disclosed}）"
        for one in summary.counted
        if one.classes and one.disclosed is not None
        if (listed := sum(count for _, count in one.classes)) != one.disclosed
    ]
    if unequal:
        lines.append(f"分类合计与总数不一致的单位：{enumeration(unequal)}。")
    others = [f"{name}{items}条（{units}个单位）" for name, (items, units) in sorted(channels(summary).items())]
    if others:
        lines.append(f"通过其他渠道发布的信息另计，不在表中：{enumeration(others)}。")
    return lines


def fees(summary: CitySummary) -> list[str]:
    """信息处理费: the sums, and who does not say."""
    notices = _fees([one.notices for one in summary.counted])
    amount = _fees([one.amount for one in summary.counted])
    lines = [f"各单位发出收费通知{notices.text}件，收取信息处理费{amount.text}元。"]
    silent = [one for one in summary.counted if one.notices is None or one.amount is None]
    if silent:
        lines.append(f"没有写明件数或金额、没有计入的单位：{names(silent)}，带{INCOMPLETE}的数不含这些单位。")
    return lines


def _fees(values: Sequence[int | Decimal | None]) -> Sum:
    found = [value for value in values if value is not None]
    return Sum(sum(found, start=0) if found else None, 0 < len(found) == len(values))


def indicators(table: DisclosureTable) -> list[str]:
    """What each share is, when it is not worked out, and how to read the channels."""
    lines = [
        "按期答复：年内到期的申请中，在法定期限内答复的；由申请登记簿计算，没有登记簿的无法计算。"
        "予以公开和部分公开：占办理结果的比例。复议结果纠正：占审结的复议的比例。",
        f"括号内是件数。不足{FEWEST}件的写“{TOO_FEW}”，不算比例；报告里没有这个数的写“{UNKNOWN}”。"
        "单位按名录的次序排列，不排名。网站是主动公开的总数，其他渠道另计。",
    ]
    if any(count is None for _, counts in table.rows for count in counts):
        lines.append("“—”：该单位的报告没有写这个渠道。")
    if table.merged:
        lines.append(f"{OTHER_CHANNELS}：{enumeration(table.merged)}。")
    return lines


def equations(summary: CitySummary) -> list[str]:
    """What was checked, and the upshot."""
    broken = sum(finding.outcome.value == "fails" for one in summary.outcomes for finding in one.findings)
    unknown = sum(len(one.findings) for one in summary.outcomes) - broken
    held = sum(one.held for one in summary.outcomes)
    return [
        "各单位所填的每一格（总计也是）相加后，用核对单份报告的等式核对："
        f"成立{held}处，不成立{broken}处，无法核对{unknown}处。"
    ]


def breaches(summary: CitySummary) -> list[tuple[str, str]]:
    """The units from which a breach on the city's figures comes, and the finding."""
    return [
        (names(summary.source_of(finding)) or together(summary), finding.message)
        for one in summary.outcomes
        for finding in one.findings
    ]
