"""What a report prints, line by line, each line with its place and a folded form for searching."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from nianbao.params.models import DocumentHead
from nianbao.report import Report
from nianbao.report.attachments import attachments_of
from nianbao.report.prose import Filled, HeadingLine, ParagraphLine, narrative_parts, render
from nianbao.rules.judge.normalise import Normal, normalise

_SENTENCE_END = re.compile(r"[。；！？]")

PREAMBLE = "序言"


@dataclass(frozen=True)
class Passage:
    """One printed line of a report.

    Attributes
    ----------
    cell : str
        Where it stands, as findings and waivers name it, e.g. ``narrative.overview`` or ``contact.phone``.
    label : str
        The same in Chinese, e.g. 一、总体情况.
    filled : tuple of Filled
        Figures that the report put there; their places count in ``text``.
    """

    cell: str
    label: str
    text: str
    filled: tuple[Filled, ...] = ()
    is_heading: bool = False

    @cached_property
    def normal(self) -> Normal:
        """The text in its normal form, with the place in ``text`` of each of its characters."""
        return normalise(self.text)

    @property
    def folded(self) -> str:
        """The text in its normal form: what is searched. Its places are those of ``sentence`` and ``around``."""
        return self.normal.text

    @property
    def part(self) -> str:
        """``overview`` for a line of the narrative, the whole key otherwise."""
        return self.cell.removeprefix("narrative.")

    def sentence(self, start: int) -> tuple[int, int]:
        """The bounds of the sentence around a place of the normal form; 。；！？ end a sentence."""
        begin = 0
        for mark in _SENTENCE_END.finditer(self.folded):
            if mark.end() > start:
                return begin, mark.start()
            begin = mark.end()
        return begin, len(self.folded)

    def around(self, start: int, end: int, reach: int = 8) -> str:
        """A place of the normal form as it is printed, with a little of what stands beside it, as a finding quotes it."""
        start, end = self.normal.source(start, end)
        low, high = max(0, start - reach), min(len(self.text), end + reach)
        return f"{'…' if low else ''}{self.text[low:high]}{'…' if high < len(self.text) else ''}"


def narrative(report: Report) -> tuple[Passage, ...]:
    """Headings and paragraphs of the whole narrative, in order, and the notes that waivers print under tables.

    Raises
    ------
    TemplateTextError
        When a narrative cannot be filled in.
    """
    return tuple(_narrative(report))


def _narrative(report: Report) -> Iterator[Passage]:
    for part in narrative_parts():
        cell, label = f"narrative.{part}", part_label(report, part)
        for line in render(report, part):
            if isinstance(line, ParagraphLine):
                yield Passage(cell, label, line.text, line.filled)
            elif isinstance(line, HeadingLine):
                yield Passage(cell, label, line.text, is_heading=True)
            else:
                yield Passage(cell, label, line.caption, is_heading=True)
    for number, waiver in enumerate(report.params.waivers):
        if waiver.note is not None:
            yield Passage(f"waivers.{number}.note", "表下的注", waiver.note)


def part_label(report: Report, part: str) -> str:
    """How a finding names a part of the narrative."""
    return PREAMBLE if part == "preamble" else report.edition.heading(part)


def _copies(document: DocumentHead) -> list[str]:
    return document.colophon.copies if document.colophon else []


def other_texts(report: Report) -> tuple[Passage, ...]:
    """Everything else that is printed: title, document head, contact, classes and channels."""
    params = report.params
    document, contact = params.document, params.contact
    texts: list[tuple[str, str, str | None]] = [
        ("document.title", "标题", report.title),
        ("document.number", "文号", document.number),
        ("document.addressee", "主送机关", document.addressee),
        ("document.signer", "签发人", document.signer),
        *((f"document.attachments.{i}", "附件", text) for i, text in enumerate(document.attachment_names)),
        ("document.disclosure", "附注", document.disclosure),
        *((f"document.colophon.copies.{i}", "抄送机关", text) for i, text in enumerate(_copies(document))),
        ("document.colophon.issuer", "印发机关", document.colophon.issuer if document.colophon else None),
        ("contact.office", "联系科室", contact.office),
        ("contact.address", "地址", contact.address),
        ("contact.phone", "电话", contact.phone),
        ("contact.postcode", "邮编", contact.postcode),
        *((f"disclosure.classes.{i}", "公开类别", item.name) for i, item in enumerate(report.disclosure.classes)),
        *((f"disclosure.channels.{name}", "公开渠道", name) for name in report.disclosure.channels),
    ]
    return tuple(Passage(cell, label, text) for cell, label, text in texts if text)


def attached_texts(report: Report) -> tuple[Passage, ...]:
    """What is written in attachments, those that lie separate included.

    Raises
    ------
    AttachmentError
        When one cannot be used.
    """
    return tuple(
        Passage(f"document.attachments.{number}.file", f"{attached.label}{found.place}", found.text)
        for number, attached in enumerate(attachments_of(report))
        for found in attached.texts
    )
