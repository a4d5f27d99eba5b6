"""What the cells of the summary notebook show, section by section."""

from __future__ import annotations

from nianbao.city.city import CitySummary
from nianbao.city.content import StatutoryTable, TextTable, pieces_of
from nianbao.document.markup import Fragment, Section
from nianbao.tables import plain_table, statutory_html


def opening(summary: CitySummary) -> Section:
    """Marks of a draft or a sample, and the title with the city's identity; without a date, for it has none."""
    return _section(summary, "opening")


def submissions(summary: CitySummary) -> Section:
    """Who has submitted, who is ready, and how many findings each has."""
    return _section(summary, "submissions")


def disclosure(summary: CitySummary) -> Section:
    """Part two of the city."""
    return _section(summary, "disclosure")


def applications(summary: CitySummary) -> Section:
    """Part three of the city."""
    return _section(summary, "applications")


def disputes(summary: CitySummary) -> Section:
    """Part four of the city."""
    return _section(summary, "disputes")


def carry_over(summary: CitySummary) -> Section:
    """What each unit carried over from last year against what last year's report says, 件, column 总计."""
    return _section(summary, "carry_over")


def classes(summary: CitySummary) -> Section:
    """Proactive disclosure by unit and class, 条: a table and a chart."""
    return _section(summary, "classes")


def fees(summary: CitySummary) -> Section:
    """信息处理费 of the year: notices (件) and what was collected (元)."""
    return _section(summary, "fees")


def indicators(summary: CitySummary) -> Section:
    """How each unit does: three shares, each with its base, and disclosures (条) by channel."""
    return _section(summary, "indicators")


def equations(summary: CitySummary) -> Section:
    """The equations of the rule book on the city's figures: how often each holds, and every breach."""
    return _section(summary, "equations")


def findings(summary: CitySummary) -> Section:
    """Errors and warnings by unit, and what was waived with its reason."""
    return _section(summary, "findings")


def _section(summary: CitySummary, name: str) -> Section:
    shown = Fragment("")
    for piece in pieces_of(summary, name):
        shown += piece if isinstance(piece, Fragment) else Fragment(_drawn(summary, piece))
    stamp = {
        "part": name,
        "unit": summary.city.id,
        "year": summary.year,
        "fingerprint": summary.fingerprint,
        "draft": not summary.ready,
    }
    return Section(shown.html, stamp)


def _drawn(summary: CitySummary, piece: TextTable | StatutoryTable) -> str:
    match piece:
        case StatutoryTable(part):
            return statutory_html(part, summary.report)
        case TextTable():
            return plain_table(
                piece.identifier, piece.heads, piece.rows, piece.left, piece.links_below(0)
            ).as_raw_html()
