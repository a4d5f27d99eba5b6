"""Labels as written in a register → keys of the form."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache

from nianbao.registers import columns
from nianbao.statute import EDITIONS, Edition
from nianbao.wording import enumeration, nearest

PENDING = "pending"
"""What an application or a case still open maps to."""
NOT_COUNTED = "uncounted"
"""A document that part two does not count."""

# （一） · (三) · 1. · 2、 · 三、 at the start of a label or of a part of it; not 三类… or 四类….
_NUMBERING = re.compile(r"\([一二三四五六七八九十0-9]+\)|(?<![0-9])[0-9]{1,2}[.、](?![0-9])|^[一二三四五六七八九十]+、")
_JOINTS = re.compile(r"[\s\-—\u2013_/\\>→·:,;。.、|\"'“”‘’「」『』()〔〕\[\]]+")


def normal(label: str) -> str:
    """A label without spaces, numbering and punctuation, half-width: what two spellings have in common."""
    text = unicodedata.normalize("NFKC", label).strip()
    return _JOINTS.sub("", _NUMBERING.sub("", text))


@dataclass(frozen=True)
class Labels:
    """The labels that a column may hold.

    Attributes
    ----------
    known : dict
        Normal label → key.
    shown : tuple of str
        The form's own labels, for messages and drop-down lists.
    groups : dict
        Normal heading, which alone does not say which → the labels under it.
    """

    known: dict[str, str]
    shown: tuple[str, ...]
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def remedy(self, value: str) -> str:
        """What may be meant by a label that is not known; never the opposite of what it says."""
        text = normal(value)
        if text in self.groups:
            return f"写明是哪一项：{enumeration(self.groups[text])}"
        known = [label for label in (*self.groups, *self.known) if len(label) < _LONGEST]
        close = nearest(text, [label for label in known if _negations(label) == _negations(text)])
        if close in self.groups:
            return f"写明是哪一项：{enumeration(self.groups[close])}"
        return f"是否为 {close}？" if close else f"可用：{enumeration(self.shown)}"


_LONGEST = 40
"""Characters of a label that a message may propose."""


def _negations(text: str) -> frozenset[str]:
    """不予公开 is near to 予以公开, and 已答复 to 待答复, in letters only."""
    return frozenset(text) & frozenset("不未无非待已")


@lru_cache(maxsize=len(EDITIONS))
def applicants(edition: Edition) -> Labels:
    """The six applicant columns."""
    head = edition.t3.legal_person_head
    known: dict[str, str] = {}
    for column in edition.t3.applicants:
        for label in (column.label, *columns.APPLICANT_SYNONYMS[column.key]):
            known[normal(label)] = column.key
            if column in edition.t3.legal_persons:
                known[normal(head + label)] = column.key
    five = tuple(column.label for column in edition.t3.legal_persons)
    under = {normal(word): five for word in (head, *columns.APPLICANT_GROUP_WORDS) if normal(word) not in known}
    return Labels(known, tuple(column.label for column in edition.t3.applicants), under)


@lru_cache(maxsize=len(EDITIONS))
def outcomes(edition: Edition) -> Labels:
    """The outcome rows, or :data:`PENDING`.

    A heading such as （三）不予公开 alone is no outcome: it does not say which.
    """
    t3 = edition.t3
    known: dict[str, str] = {}
    shown: list[str] = []
    under: dict[str, tuple[str, ...]] = {}
    for key in t3.outcomes:
        _, *heads, leaf = t3.row(key).stub
        shown.append("".join([*heads, leaf]))
        for head in heads:
            under[normal(head)] = (*under.get(normal(head), ()), leaf)
        for label in (leaf, shown[-1], leaf.partition("（区分处理")[0]):
            known[normal(label)] = key
    for key, labels in columns.OUTCOME_SYNONYMS.items():
        row = key if key in t3.outcomes else key.partition(".")[0]  # the form of 2019 has a single row for （六）
        own = tuple(other.stub[-1] for table in EDITIONS for other in table.t3.rows if other.key == key)
        _, *heads, _ = t3.row(row).stub
        for label in (*own, *labels):
            known.setdefault(normal(label), row)
            known.setdefault(normal("".join([*heads, label])), row)
    for label in columns.PENDING_APPLICATION:
        known[normal(label)] = PENDING
    denied = next(stub[1] for key in t3.outcomes if key == "denied.secret" for stub in (t3.row(key).stub,))
    for word in columns.DENIED_GROUP_WORDS:
        under[normal(word)] = tuple(f"{denied}{leaf}" for leaf in under[normal(denied)])
    return Labels(known, tuple(shown), {head: leaves for head, leaves in under.items() if head not in known})


@lru_cache(maxsize=len(EDITIONS))
def review_groups(edition: Edition) -> Labels:
    """The groups of part four."""
    known: dict[str, str] = {}
    under: dict[str, tuple[str, ...]] = {}
    for group in edition.t4.groups:
        for label in ("".join(group.heads), group.heads[-1], *columns.GROUP_SYNONYMS[group.key]):
            known[normal(label)] = group.key
        for head in group.heads[:-1]:
            under[normal(head)] = (*under.get(normal(head), ()), group.heads[-1])
    shown = tuple(group.heads[-1] for group in edition.t4.groups)
    return Labels(known, shown, {head: leaves for head, leaves in under.items() if head not in known})


@lru_cache(maxsize=len(EDITIONS))
def review_results(edition: Edition) -> Labels:
    """The result columns of part four; 尚未审结 is :data:`PENDING`."""
    known = {normal(label): PENDING for label in columns.PENDING_REVIEW}
    for column in edition.t4.results:
        for label in (column.label, *columns.RESULT_SYNONYMS.get(column.key, ())):
            known[normal(label)] = column.key
    return Labels(known, tuple(column.label for column in edition.t4.results))


@lru_cache(maxsize=len(EDITIONS))
def document_kinds(edition: Edition) -> Labels:
    """The items of part two, or :data:`NOT_COUNTED`."""
    known = {normal(label): NOT_COUNTED for label in columns.OTHER_DOCUMENTS}
    items = [item for block in edition.t2.blocks for item in block.items]
    for item in items:
        for label in (item.label, *columns.DOCUMENT_SYNONYMS[item.key]):
            known[normal(label)] = item.key
    return Labels(known, (*(item.label for item in items), columns.OTHER_DOCUMENTS[1]))


def class_key(name: str) -> str:
    """What the spellings 机构职能, 机构职能类 and 机构职能类信息 have in common."""
    text = normal(name)
    for suffix in ("信息", "类"):
        if len(text) > len(suffix) + 1:
            text = text.removesuffix(suffix)
    return text
