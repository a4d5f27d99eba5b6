"""How labels of the form are recognised: by what they say, whatever their width, spacing and punctuation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from nianbao.statute import EDITIONS, Edition
from nianbao.statute.form import Column

_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20, 0x202F: 0x20}
_NUMBERING = re.compile(
    r"^(?:\([一二三四五六七八九十]{1,2}\)|[一二三四五六七八九十]{1,2}[、.,]|\(?[0-9]{1,2}(?:[.、,]|\)))"
)
_NOT_WORDS = re.compile(r"[^0-9a-z\u3400-\u9fff]+")

# Ways in which published reports write a label, by the key of the row or column. The full labels stand in statute.
_SHORT_ROWS: Mapping[str, tuple[str, ...]] = {
    "received": ("本年新收申请数量", "本年新收"),
    "carried_in": ("上年结转申请数量", "上年结转", "上年度结转政府信息公开申请数量"),
    "partial": ("部分公开", "部分公开（区分处理的）"),
    "denied.prohibited": ("其他法律、法规禁止公开", "其他法律行政法规禁止"),
    "denied.stability": ("三安全一稳定", "危及三安全一稳定的"),
    "unavailable.not_held": ("本机关不掌握", "不掌握相关政府信息"),
    "unavailable.not_compiled": ("没有现成信息", "需要另行制作"),
    "unavailable.unclear": ("补正后仍不明确", "补正后申请内容不明确"),
    "declined.petition": ("信访投诉举报类申请", "信访举报投诉类"),
    "declined.publication": ("要求提供公开出版物的",),
    "declined.reissue": ("确认或重新出具已获取信息", "要求确认或重新出具已获取信息", "重新出具已获取信息"),
    "other.uncorrected": (
        "逾期不补正",
        "无正当理由逾期不补正",
        "申请人无正当理由逾期不补正",
        "申请人无正当理由逾期不补正、行政机关不再处理",
    ),
    "other.unpaid": (
        "逾期未缴费",
        "逾期不缴费",
        "逾期未缴纳费用",
        "逾期未按收费通知要求缴纳费用",
        "申请人逾期未按收费通知要求缴纳费用",
        "申请人逾期未按收费通知要求缴纳费用、行政机关不再处理",
    ),
    "total": ("合计",),
    "carried_out": ("结转下年度", "结转下年继续办理", "结转下年度办理"),
}
_SHORT_STUBS: Mapping[str, tuple[str, ...]] = {"本年度办理结果": ("办理结果",)}
_SHORT_COLUMNS: Mapping[str, tuple[str, ...]] = {"total": ("合计",)}
_SHORT_ITEMS: Mapping[str, tuple[str, ...]] = {"normative": ("规范性文件", "行政规范性文件")}
_SHORT_HEADS: Mapping[str, tuple[str, ...]] = {
    # Without its unit the head of a column of money is not recognised: 元 and 万元 both occur.
    "amount": ("本年收费金额（万元）", "采购总金额（万元）", "采购总金额（单位：万元）"),
    "decisions": ("本年处理决定数量", "处理决定数量"),
}
_SHORT_GROUPS: Mapping[str, tuple[str, ...]] = {"after_review": ("经复议后起诉",)}


def fold(text: str) -> str:
    """Full-width ASCII and spaces to half-width, invisible characters dropped; every digit keeps its value."""
    return _INVISIBLE.sub("", text).translate(_FULL_WIDTH)


def compact(text: str) -> str:
    """Folded and without any white space."""
    return "".join(fold(text).split())


def word(label: str) -> str:
    """What a label says: no numbering, no punctuation, no spaces."""
    text = compact(label)
    bare = _NUMBERING.sub("", text, count=1)
    return _NOT_WORDS.sub("", (bare or text).lower())


@dataclass(frozen=True)
class RowLabels:
    """The labels of one edition by what they say; each mapping gives keys of ``statute``.

    ``stubs`` gives, for a row of part three, the words of the labels it stands under.
    """

    rows: Mapping[str, str]
    stubs: Mapping[str, frozenset[str]]
    applicants: Mapping[str, str]
    legal_person: frozenset[str]
    items: Mapping[str, str]
    item_head: str
    heads: frozenset[str]
    clauses: frozenset[str]
    results: Mapping[str, str]
    groups: Mapping[str, str]
    dispute_heads: frozenset[str]

    @property
    def headings(self) -> frozenset[str]:
        """Words of the stub of part three that stand above rows, not beside figures."""
        return frozenset().union(*self.stubs.values())

    @property
    def every_word(self) -> frozenset[str]:
        """The words of every label."""
        beside = {*self.rows, *self.items, *self.headings, *self.clauses, self.item_head}
        above = {*self.applicants, *self.legal_person, *self.results, *self.groups, *self.dispute_heads, *self.heads}
        return frozenset(beside | above)


@lru_cache(maxsize=4)
def labels_of(edition: Edition) -> RowLabels:
    """The labels of an edition, full and shortened."""
    t2, t3, t4 = edition.t2, edition.t3, edition.t4
    stub_words = {
        text: frozenset({word(text), *map(word, _SHORT_STUBS.get(word(text), ()))})
        for row in t3.rows
        for text in row.stub[:-1]
    }
    return RowLabels(
        rows=_keys({row.key: row.stub[-1] for row in t3.rows}, _SHORT_ROWS),
        stubs={row.key: frozenset().union(*(stub_words[text] for text in row.stub[:-1])) for row in t3.rows},
        applicants=column_keys(t3.columns),
        legal_person=frozenset({word(t3.legal_person_head), word(t3.head), word(t3.corner)}),
        items=_keys({item.key: item.label for block in t2.blocks for item in block.items}, _SHORT_ITEMS),
        item_head=word(t2.item_head),
        heads=frozenset(text for block in t2.blocks for text in column_keys(block.columns)),
        clauses=frozenset(word(block.clause) for block in t2.blocks),
        results=column_keys(t4.columns),
        groups=_keys({group.key: group.heads[-1] for group in t4.groups}, _SHORT_GROUPS),
        dispute_heads=frozenset(word(head) for group in t4.groups for head in group.heads[:-1]),
    )


@lru_cache(maxsize=1)
def form_words() -> frozenset[str]:
    """What any label of any edition says."""
    return frozenset().union(*(labels_of(edition).every_word for edition in EDITIONS))


@lru_cache(maxsize=1)
def row_words() -> frozenset[str]:
    """What the labels beside figures say, those of the rows and of what they stand under, in all editions."""
    labels = [labels_of(edition) for edition in EDITIONS]
    return frozenset().union(*({*one.rows, *one.items, *one.headings} for one in labels))


@lru_cache(maxsize=32)
def column_keys(columns: tuple[Column, ...]) -> Mapping[str, str]:
    """Keys of a table's columns by what their heads say."""
    return _keys({column.key: column.label for column in columns}, {**_SHORT_COLUMNS, **_SHORT_HEADS})


def _keys(full: Mapping[str, str], short: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Word → key. A shortening never takes a word that is itself a full label."""
    found = {word(label): key for key, label in full.items()}
    for key in full:
        for text in short.get(key, ()):
            found.setdefault(word(text), key)
    return found
