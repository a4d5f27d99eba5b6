"""What the browser shows of a report: labels, values as text, last year's beside them, the equations laid out."""

from __future__ import annotations

from typing import Any

from nianbao.report import Report
from nianbao.rules import CheckResult, Finding, Outcome
from nianbao.rules.listed import listed
from nianbao.statute import Edition, Kind
from nianbao.statute.cell import Cell
from nianbao.statute.equations import instances
from nianbao.statute.rule import LAST_YEAR
from nianbao.statute.rulebook import Equation, rules_for
from nianbao.wording import plain_number, publishable

Json = dict[str, Any]

FIELDS: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = (
    (
        "联系方式",
        (
            ("contact.office", "联系科室", "line"),
            ("contact.address", "地址", "line"),
            ("contact.phone", "电话", "line"),
            ("contact.postcode", "邮编", "line"),
        ),
    ),
    (
        "公文",
        (
            ("date", "成文日期", "date"),
            ("document.number", "文号", "line"),
            ("document.addressee", "主送机关", "line"),
            ("document.signer", "签发人", "line"),
            ("document.red_head", "印红头", "flag"),
        ),
    ),
    (
        "信息处理费",
        (
            ("fees.notices", "收费通知（件）", "count"),
            ("fees.amount", "收取金额（元）", "money"),
        ),
    ),
)
"""What is one place each: key in the params file, label, kind."""
TOTAL = ("disclosure.total", "网站主动公开总数（条）", "count")


def state_of(report: Report, file: str, digest: str) -> Json:
    """Everything that the form is drawn from.

    Parameters
    ----------
    file : str
        The params file as messages call it.
    digest : str
        SHA-256 of its bytes; comes back with what is saved.
    """
    edition = report.edition
    return {
        "title": f"{report.unit.name} {report.year} 年",
        "unit": report.unit.id,
        "year": report.year,
        "lastYear": report.previous.year if report.previous else None,
        "sample": report.params.sample,
        "file": file,
        "digest": digest,
        "groups": [
            {"label": group, "fields": [_field(report, *field) for field in fields]} for group, fields in FIELDS
        ],
        "total": _field(report, *TOTAL),
        "classes": _classes(report),
        "channels": _channels(report),
        "tables": _tables(edition),
        "cells": {key: _cell(report, key) for key in edition.fields},
        "equations": _equations(report),
        "parts": [_part(report, part) for part in type(report.params.narrative).model_fields],
    }


def findings_of(result: CheckResult) -> Json:
    """What the judge says of a draft, worst first."""
    counts = result.counts
    shown = listed(finding for finding in result.findings if finding.waived is None)
    told = [finding for finding in shown.findings if finding.outcome is Outcome.FAILS]
    unknown = [finding for finding in shown.findings if finding.outcome is Outcome.UNKNOWN]
    return {
        "ready": result.ready,
        "verdict": publishable(counts["warning"]) if result.ready else f"草稿：{len(result.blocking)} 个问题必须解决",
        "findings": [_finding(finding) for finding in (*told, *(one for one in unknown if one.blocks))],
        "note": shown.note,
    }


def _finding(finding: Finding) -> Json:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "level": finding.severity.label,
        "cell": finding.cell,
        "message": finding.message,
    }


def shown(value: Any) -> str:
    """A value of a params file as a person types it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return (
        value
        if isinstance(value, str)
        else plain_number(value)
        if not hasattr(value, "isoformat")
        else value.isoformat()
    )


def _field(report: Report, key: str, label: str, kind: str) -> Json:
    return {
        "key": key,
        "label": label,
        "kind": kind,
        "value": shown(_dig(report.params, key)),
        "last": shown(_dig(report.previous.params, key)) if report.previous else "",
    }


def _dig(params: Any, key: str) -> Any:
    for step in key.split("."):
        params = getattr(params, step)
    return params


def _classes(report: Report) -> list[Json]:
    last = {item.name: item.count for item in report.previous.disclosure.classes} if report.previous else {}
    return [
        {"name": item.name, "count": shown(item.count), "last": shown(last.get(item.name))}
        for item in report.params.disclosure.classes
    ]


def _channels(report: Report) -> list[Json]:
    last = report.previous.disclosure.channels if report.previous else {}
    return [
        {"name": name, "count": shown(count), "last": shown(last.get(name))}
        for name, count in report.params.disclosure.channels.items()
    ]


def _cell(report: Report, key: str) -> Json:
    """A cell: as typed, and what it is when nothing is typed: counted from a register, or a sum of others."""
    loaded = report.loaded
    typed = loaded.cells.get(key) if loaded else None
    counted = report.registers.figures.get(key) if report.registers else None
    last = report.previous.cells.get(key) if report.previous else None
    field = report.edition.fields[key]
    return {
        "label": field.label,
        "kind": {Kind.COUNT: "count", Kind.CHANGE: "change", Kind.MONEY: "money"}[field.kind],
        "value": shown(typed),
        "last": last.text if last else "",
        "counted": counted.text if counted else "",
        "parts": list(report.edition.totals.get(key, ())),
    }


def _tables(edition: Edition) -> Json:
    t3, t4 = edition.t3, edition.t4
    return {
        "t2": {
            "heading": edition.heading("disclosure"),
            "blocks": [
                {
                    "clause": block.clause,
                    "columns": [column.label for column in block.columns],
                    "rows": [
                        {"label": item.label, "cells": [f"t2.{item.key}.{column.key}" for column in block.columns]}
                        for item in block.items
                    ],
                }
                for block in edition.t2.blocks
            ],
        },
        "t3": {
            "heading": edition.heading("applications"),
            "columns": [column.label for column in t3.columns],
            "rows": [
                {"stub": list(row.stub), "cells": [f"t3.{row.key}.{column.key}" for column in t3.columns]}
                for row in t3.rows
            ],
        },
        "t4": {
            "heading": edition.heading("disputes"),
            "columns": [column.label for column in t4.columns],
            "rows": [
                {"stub": [group.label], "cells": [f"t4.{group.key}.{column.key}" for column in t4.columns]}
                for group in t4.groups
            ],
        },
    }


def _equations(report: Report) -> list[Json]:
    """Every equation of the rule book between cells; a term of last year's report is its figure."""
    laid: list[Json] = []
    for rule in rules_for(report.edition.name):
        if not isinstance(rule.test, Equation):
            continue
        for instance in instances(rule.test, report.edition):
            left = [_term(report, term) for term in instance.left]
            right = [_term(report, term) for term in instance.right]
            if None not in left and None not in right:
                laid.append(
                    {
                        "rule": rule.code,
                        "blocks": rule.severity.value == "error",
                        "holds": rule.holds,
                        "at": instance.at,
                        "label": instance.label,
                        "left": left,
                        "right": right,
                        "atLeast": rule.test.at_least,
                    }
                )
    return laid


def _term(report: Report, term: str) -> Json | None:
    """A term with its sign: a cell's key, or last year's figure; None where last year's report has no such figure."""
    sign, key = (-1, term[1:]) if term.startswith("-") else (1, term)
    if not key.startswith(LAST_YEAR):
        return {"sign": sign, "key": key}
    cell: Cell | None = report.previous.cells.get(key.removeprefix(LAST_YEAR)) if report.previous else None
    return {"sign": sign, "value": cell.text} if cell is not None and cell.is_number else None


def _part(report: Report, part: str) -> Json:
    return {
        "key": f"narrative.{part}",
        "heading": "序言" if part == "preamble" else report.edition.heading(part),
        "value": (getattr(report.params.narrative, part) or "").rstrip("\n"),
        "last": (getattr(report.previous.params.narrative, part) or "").rstrip("\n") if report.previous else "",
        "optional": part in ("disclosure", "applications", "disputes"),
    }
