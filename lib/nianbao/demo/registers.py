"""The invented entries as register files (CSV), in the columns that ``nianbao.registers`` reads."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from nianbao.demo import entries
from nianbao.demo.entries import outcome_row
from nianbao.registers import columns
from nianbao.statute import Edition


def files(unit: str, year: int, edition: Edition) -> dict[str, str]:
    """The four registers of a unit and a year, by file name."""
    t3, t4 = edition.t3, edition.t4
    applicants = {column.key: column.label for column in t3.applicants}
    outcomes = {row.key: _outcome(row.stub) for row in t3.rows}
    groups = {group.key: group.heads[-1] for group in t4.groups}
    results = {column.key: column.label for column in t4.results}

    applications = [
        (
            entry.number,
            entry.received,
            applicants[entry.applicant],
            # What is still open at the end of the year has neither an outcome nor a date.
            outcomes[outcome_row(entry.outcome, edition)] if entry.answered.year <= year else "",
            entry.answered if entry.answered.year <= year else "",
        )
        for entry in (*entries.applications(unit, year - 1), *entries.applications(unit, year))
        if entry.answered.year >= year
    ]
    cases = [
        (
            case.number,
            groups[case.group],
            case.accepted,
            results[case.result] if case.closed.year <= year else "",
            case.closed if case.closed.year <= year else "",
        )
        for case in (*entries.cases(unit, year - 1), *entries.cases(unit, year))
        if case.closed.year >= year
    ]
    documents = [
        (document.number, document.title, "规范性文件", document.made, document.made, document.repealed or "")
        for document in entries.documents(unit, year)
    ]
    items = [(item.number, item.published, item.title, item.category, "网站") for item in entries.items(unit, year)]
    return {
        f"{columns.APPLICATIONS}.csv": _csv(
            ("收件编号", "收到日期", "申请人类型", "办理结果", "答复日期"), applications
        ),
        f"{columns.DISCLOSURES}.csv": _csv(("索引号", "发布日期", "标题", "类别", "渠道"), items),
        f"{columns.DOCUMENTS}.csv": _csv(("文号", "名称", "类别", "制发日期", "公开日期", "废止日期"), documents),
        f"{columns.REVIEWS}.csv": _csv(("案号", "类型", "受理日期", "结果", "结案日期"), cases),
    }


def _outcome(stub: tuple[str, ...]) -> str:
    """An outcome as a register writes it: heading and label, without 三、本年度办理结果."""
    return "".join(stub[1:])


def _csv(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue()
