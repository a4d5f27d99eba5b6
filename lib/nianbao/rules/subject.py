"""What the rules look at: a report, and what it prints, read once for all of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from nianbao.errors import AttachmentError
from nianbao.report import Report
from nianbao.rules.finding import Finding
from nianbao.rules.judge.holdings import ReportHoldings
from nianbao.rules.judge.passages import Passage, attached_texts, narrative, other_texts
from nianbao.rules.judge.reading import Reading, judge


@dataclass(frozen=True)
class Subject:
    """A report under check.

    Attributes
    ----------
    narrative : tuple of Passage
        Every printed line of the narrative, figures filled in.
    findings : tuple of Finding
        What the other rules found, for the one that asks about waivers.
    """

    report: Report
    narrative: tuple[Passage, ...]
    findings: tuple[Finding, ...] = ()

    @classmethod
    def of(cls, report: Report) -> Subject:
        """Read a report's narrative.

        Raises
        ------
        TemplateTextError
            When it cannot be filled in: such a report cannot be printed either.
        """
        return cls(report, narrative(report))

    def part(self, key: str) -> tuple[Passage, ...]:
        """The lines of one part of the narrative."""
        return tuple(passage for passage in self.narrative if passage.part == key)

    def text(self, key: str) -> str:
        """One part of the narrative, folded, a line a paragraph."""
        return "\n".join(passage.folded for passage in self.part(key))

    @cached_property
    def reading(self) -> Reading:
        """The figures of the narrative, each with what it was taken for."""
        report = self.report
        declared = [declared.text for declared in report.params.declared]
        return judge(self.narrative, ReportHoldings(report), report.year, declared)

    @cached_property
    def mentioned(self) -> frozenset[str]:
        """Ids of the other units of which a name, account, address or number stands anywhere; hardly ever any."""
        whole = "\n".join(passage.folded for passage in self.everything)
        return frozenset(
            unit.id
            for unit in self.report.neighbours
            if unit.name in whole
            or (unit.wechat_account and unit.wechat_account in whole)
            or (unit.address and unit.address in whole)
            or (unit.phone and unit.phone in whole)
        )

    @cached_property
    def everything(self) -> tuple[Passage, ...]:
        """Every printed line, head and contact included."""
        return (*other_texts(self.report), *self.narrative)

    @cached_property
    def attached(self) -> tuple[Passage, ...]:
        """The text of attachments; none where one of them cannot be used, which is a finding of its own (D-38)."""
        try:
            return attached_texts(self.report)
        except AttachmentError:
            return ()
