"""The words that say which cells of the form a figure quotes: data, tried in order; the first that fits counts.

A frame is held against the words that go with a figure, ``#`` standing for the figure itself. Each has a sentence in which it
fits; the sentences are tests.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from nianbao.rules.judge.markers import CARRIED_ON
from nianbao.rules.judge.matters import Matter
from nianbao.statute import EDITIONS, Edition

CASES = frozenset({"件", "宗", "起", "例", "条", "份", "个", "次", "件次", "项", "封", "人次", ""})
ITEMS = frozenset({"条", "篇", "则", "件", "个", "项", "份", "条次", ""})
DOCUMENTS = frozenset({"件", "份", "个", "部", "篇", ""})
DECISIONS = frozenset({"件", "宗", "起", "例", ""})


@dataclass(frozen=True)
class Frame:
    """Words that say which cells a figure quotes.

    Attributes
    ----------
    name : str
        How a finding calls what is quoted.
    keys : tuple of str
        The cells whose sum it is; ``disclosure.total``, ``fees.amount`` and ``fees.notices`` besides cells of the form.
    words, unless : pattern
        Found in the words of the figure; not found in them.
    firm : bool
        The words leave no doubt: verb and object stand together. A difference is an error, not a question.
    others : tuple of tuple of str
        Sums of cells that the words may mean as well; a leading ``-`` takes a cell away.
    matters : frozenset of Matter
        What the sentence must speak of; empty for anything.
    wide : bool
        The words may reach back over a comma.
    """

    name: str
    keys: tuple[str, ...]
    words: re.Pattern[str]
    example: str
    unless: re.Pattern[str] | None = None
    units: frozenset[str] = CASES
    firm: bool = True
    others: tuple[tuple[str, ...], ...] = ()
    matters: frozenset[Matter] = frozenset()
    wide: bool = False

    def is_of(self, unit: str, matter: Matter) -> bool:
        """Whether a figure of this unit and subject may quote it."""
        return unit in self.units and (not self.matters or matter in self.matters)

    def fits(self, clause: str, wide: str) -> bool:
        """Whether a figure that is of it quotes it by its words."""
        found = self.words.search(wide if self.wide else clause)
        return found is not None and not (self.unless and self.unless.search(clause))


def _p(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace("{gap}", "[^#，。；：、]").replace("{tail}", _TAIL).replace("{is}", _IS))


_IS = r"(?:的|[”’」』]|申请|数量?|总数|总量|件数|案件|事项|共计?|总计|合计|累计|为|达|有|是|了|各|：|\s)*"
_TAIL = r"(?:公开)?(?:政府)?(?:信息)?(?:公开)?(?:办理|受理)?(?:事项|案件|办件|事务|公开件|件|案|情况|书|表)?(?:的)?(?:总)?(?:数量|件数|总数|总量|数)?(?:共计?|总计|合计|总共|累计|为|达到?|有|是|：|\s)*"
_APPLICATION = frozenset({Matter.APPLICATION})
_RECEIVED, _IN, _TOTAL, _OUT = "t3.received.total", "t3.carried_in.total", "t3.total.total", "t3.carried_out.total"
_REVIEW, _COURT = ("t4.review.total",), ("t4.direct.total", "t4.after_review.total")
_LAST = r"(?:上一?年度?|去年度?|往年|前期|20\d\d年度?)"
_NEXT = r"(?:下一?年度?|次年度?|明年|20\d\d年度?|下年)"


def _disputes() -> tuple[Frame, ...]:
    disputes = frozenset({Matter.REVIEW, Matter.COURT})
    told = r"(?:收到|受理|发生|案件|申请|事项|纠纷|的|数量|数|共计?|合计|总计|为|有|了|：|\s)*"
    frames = [
        Frame(
            "行政复议和行政诉讼总计",
            (*_REVIEW, *_COURT),
            _p(
                rf"复议(?:申请|案件)?(?:、|和|及|与|或|以及)(?:被)?(?:提起)?(?:政府信息公开)?(?:行政)?诉讼{told}#(?!{{gap}}{{0,3}}维持)"
            ),
            "发生行政复议、行政诉讼3件。",
            _p("各#"),
        ),
        Frame(
            "未经复议直接起诉的总计",
            ("t4.direct.total",),
            _p(r"未经复议直接(?:起诉|提起行?政?诉讼)(?:的)?{gap}{0,6}#"),
            "未经复议直接起诉1件。",
            firm=False,
        ),
        Frame(
            "复议后起诉的总计",
            ("t4.after_review.total",),
            _p(r"(?<!未经)复议后(?:起诉|诉讼|提起行?政?诉讼)(?:的)?{gap}{0,6}#"),
            "复议后起诉1件。",
            firm=False,
        ),
        Frame(
            "行政复议总计",
            _REVIEW,
            _p(
                rf"(?<!\w经)(?:行政复议|被复议|申请复议|(?:^|[，。；：、\s])复议){told}#(?!{{gap}}{{0,4}}(?:维持|纠正|撤销))|(?:发生|收到|产生|引发|有|被申请|提起|办理|涉及|应对)(?:了)?#{{gap}}{{0,14}}复议"
            ),
            "发生行政复议2件。",
            _p(r"诉讼{gap}{0,12}#|#{gap}{0,14}诉讼|不服"),
        ),
        Frame(
            "行政诉讼总计",
            _COURT,
            _p(
                rf"(?:行政诉讼|行政应诉|被诉|被起诉|(?:^|[，。；：、\s])诉讼){told}#(?!{{gap}}{{0,4}}(?:维持|纠正|败诉))|(?:发生|收到|产生|引发|有|被提起|提起|办理|涉及|应对)(?:了)?#{{gap}}{{0,14}}(?:行政诉讼|诉讼|应诉)"
            ),
            "发生行政诉讼1件。",
            _p(r"未经复议|复议后|#{gap}{0,14}复议后"),
        ),
    ]
    for name, column, words in (
        ("结果维持", "upheld", r"(?:结果)?(?:予以)?维持"),
        ("结果纠正", "corrected", r"(?:结果)?(?:予以)?(?:纠正|纠错|撤销)"),
        ("其他结果", "other", r"其他结果"),
        ("尚未审结", "pending", r"(?:尚未|未)(?:审结|办结)|(?:正在|仍在|尚在)(?:办理|审理)|审理中|办理中"),
    ):
        for matter, keys in (
            (Matter.REVIEW, (f"t4.review.{column}",)),
            (Matter.COURT, (f"t4.direct.{column}", f"t4.after_review.{column}")),
        ):
            frames.insert(0 if column == "pending" else 3, Frame(
                f"行政{matter.value}“{name}”", keys, _p(rf"{words}(?:的|决定|案件|为|共|有|：|\s)*#|#{{gap}}{{0,3}}(?:被|为|获|均|予以|依法|结果)*{words}"),
                f"行政{matter.value}3件，其中{name}1件。", firm=False, matters=frozenset({matter}), units=CASES,
            ))  # fmt: skip
    return tuple(frame if frame.matters else Frame(**{**frame.__dict__, "matters": disputes}) for frame in frames)


def _carried() -> tuple[Frame, ...]:
    unless = _p(r"复议|诉讼|年末结余|资金|结余")
    not_out = _p(unless.pattern + r"|(?:上一?年度?|去年度?)(?:尚未|未)(?:办结|答复)|#{gap}{0,4}(?:上一?年度?|去年度?)")
    return (
        Frame("结转下年度", (_OUT,), _p(
            rf"{CARRIED_ON}{_NEXT}{{gap}}{{0,16}}#|{_NEXT}(?:仍|再|将)?继续(?:办理|处理|答复)(?:的)?(?:申请)?{{gap}}{{0,6}}#|(?:尚未|未)(?:办结|答复|办理完毕|办理|到期){{gap}}{{0,6}}#"
            rf"|#{{gap}}{{0,10}}(?:正在|仍在|尚在)(?:办理|处理|答复)|#{{gap}}{{0,16}}{CARRIED_ON}{_NEXT}|#{{gap}}{{0,6}}(?:尚未|未)(?:办结|答复|到期)|#{{gap}}{{0,6}}(?:结转|顺延)$"
        ), "政府信息公开申请结转下年度继续办理1件。", not_out, matters=_APPLICATION),
        Frame("上年结转", (_IN,), _p(
            rf"{_LAST}(?:末)?(?:尚未|未)(?:办结|答复|办理完毕)(?:的|至今年)?(?:申请)?{{gap}}{{0,4}}#|{_LAST}(?:度)?(?:未办结|末)?(?:结转|转结|转入|遗留|转来|顺延|接转|延续)(?:的|至本年度?|到本年度?|到今年|至今年)?{{gap}}{{0,16}}#|(?:结转|转结)(?:自)?(?:上一?年度?|去年){{gap}}{{0,10}}#|#{{gap}}{{0,8}}(?:为|是|系|属)?(?:上一?年度?|去年)(?:度)?(?:结转|转结|转入|遗留)"
        ), "上年结转的申请1件。", unless, matters=_APPLICATION),
    )  # fmt: skip


_CAUSES = {
    "denied.secret": r"国家秘密", "denied.prohibited": r"法律行政法规禁止|法律、行政法规禁止|法律法规禁止", "denied.stability": r"三安全一稳定",
    "denied.third_party": r"第三方(?:合法)?权益", "denied.internal": r"内部事务", "denied.process": r"过程性信息", "denied.enforcement": r"(?:行政)?执法案卷",
    "denied.query": r"行政查询", "unavailable.not_held": r"不掌握", "unavailable.not_compiled": r"没有现成|需要?另行制作|需加工汇总",
    "unavailable.unclear": r"补正后{gap}{0,8}不明确|申请内容{gap}{0,3}不明确", "declined.petition": r"信访{gap}{0,6}类申请|信访、?举报、?投诉", "declined.repeat": r"重复申请",
    "declined.publication": r"公开出版物", "declined.abuse": r"大量反复|反复申请", "declined.reissue": r"重新出具|确认或重新|再次出具",
    "other.uncorrected": r"逾期(?:未|不)补正|未(?:按期|按时)补正", "other.unpaid": r"逾期未?(?:不)?(?:缴|交)费|未按收费通知|逾期未按收费|逾期不缴费",
}  # fmt: skip
_NOT_HELD = r"(?:信息)?不存在|(?:非|不属于?|不是)本(?:行政)?机关(?:职责|职权|掌握|负责|公开|制作)"
"""What is said for 本机关不掌握相关政府信息, more than one of them where the reasons are told apart."""
_GROUPS = (
    ("予以公开", ("granted",), r"(?<!不)(?:予以|同意|准予)公开"),
    ("部分公开", ("partial",), r"部分公开"),
    ("不予公开", ("denied.",), r"不予公开|不同意公开"),
    ("无法提供", ("unavailable.",), r"无法提供"),
    ("不予处理", ("declined.",), r"不予处理"),
    ("其他处理", ("other",), r"其[他它]处理"),
)
_PLAINLY_PUBLIC = r"(?<!不予)(?<!部分)(?:予以|同意|准予|全部)?公开"
"""Beside 部分公开 in one breath: 公开及部分公开14件."""


def _outcomes(edition: Edition) -> tuple[Frame, ...]:
    """（一）予以公开 to （六）其他处理, the rows under them, and two groups told together."""
    rows = edition.t3.outcomes
    group_of = {row: next(name for name, prefixes, _ in _GROUPS if row.startswith(prefixes)) for row in rows}
    keys = {name: tuple(f"t3.{row}.total" for row in rows if row.startswith(prefixes)) for name, prefixes, _ in _GROUPS}
    unless = _p(r"复议|诉讼|理由")
    frames = [
        Frame(f"“{one}”和“{other}”", (*keys[one], *keys[other]), _p(rf"(?:{a})(?:信息)?(?:、|和|及|与|或|以及)+(?:者)?(?:{b}){{is}}#|#{{gap}}{{0,3}}(?:{a})(?:、|和|及|与|或|以及)+(?:{b})"),
              f"对信息公开申请，{one}及{other}2件。", unless, matters=_APPLICATION, firm=True)
        for (one, _, a), (other, _, b) in pairwise((("予以公开", ("granted",), _PLAINLY_PUBLIC), *_GROUPS[1:]))
    ]  # fmt: skip
    labels = {row.key: re.sub(r"^\d\.", "", row.stub[-1]) for row in edition.t3.rows}
    for row, words in _CAUSES.items():
        if row not in rows and row.split(".")[0] not in rows:
            continue
        mine = row if row in rows else row.split(".")[0]
        group = next(words for name, _, words in _GROUPS if name == group_of[mine])
        others = (keys[group_of[mine]],) if len(keys[group_of[mine]]) > 1 else ()
        label = labels[mine] if row in rows else "其他处理"
        frames.append(Frame(
            f"“{label}”", (f"t3.{mine}.total",), _p(rf"(?:{words})(?!{{gap}}{{0,12}}(?:{group})){{gap}}{{0,14}}#|#{{gap}}{{0,14}}(?:{words})"),
            f"信息公开申请中，{_SAID.get(row, label)}1件。", _p(r"复议|诉讼|网站|发布"), matters=_APPLICATION if row != "denied.internal" else frozenset(), others=(), firm=True,
        ))  # fmt: skip
        if others:
            frames.append(Frame(
                f"“{label}”", (f"t3.{mine}.total",), _p(rf"(?:{words}){{gap}}{{0,12}}(?:{group}){{is}}#"),
                f"信息公开申请中，因{_SAID.get(row, label)}{group_of[mine]}1件。", _p(r"复议|诉讼"), matters=_APPLICATION, others=others, firm=True,
            ))  # fmt: skip
    frames.append(Frame(
        f"“{labels['unavailable.not_held']}”", ("t3.unavailable.not_held.total",), _p(rf"(?:{_NOT_HELD})(?:的)?{{gap}}{{0,8}}#|#{{gap}}{{0,14}}(?:{_NOT_HELD})"),
        "信息公开申请中，信息不存在1件。", _p(r"复议|诉讼|网站|发布"), matters=_APPLICATION, firm=False,
    ))  # fmt: skip
    frames.append(Frame(
        "“予以公开”", keys["予以公开"], _p(r"(?:^|[，、；：（\s]|其中)公开#|^#公开$"), "办结信息公开申请6件，其中公开1件。", unless,
        matters=_APPLICATION, units=DECISIONS, firm=False,
    ))  # fmt: skip
    for name, _, words in _GROUPS:
        row3 = (("t3.other.other.total",),) if name == "其他处理" and "other.other" in rows else ()
        frames.append(Frame(
            f"“{name}”", keys[name], _p(rf"(?:{words}){{is}}#|#(?:申请)?(?:均|已|依法|决定|答复|为|属于|按)*(?:{words})"),
            f"对信息公开申请，{name}1件。", unless, matters=_APPLICATION, others=row3,
        ))  # fmt: skip
    return tuple(frames)


_SAID = {
    "denied.internal": "属于三类内部事务信息", "unavailable.not_held": "本机关不掌握相关政府信息", "other.uncorrected": "逾期未补正", "other.unpaid": "逾期未缴费",
    "denied.prohibited": "其他法律行政法规禁止公开", "declined.petition": "信访举报投诉类申请",
}  # fmt: skip
_LEGAL = ("commercial", "research", "welfare", "legal", "other")
APPLICANTS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (r"自然人|公民个人|公民|居民|个人", ("natural",), "收到申请5件，其中自然人申请4件。"),
    (r"法人(?:或|和|及|、|以及)?(?:者)?(?:其他|非法人)?组织|法人", _LEGAL, "收到申请5件，其中法人或其他组织申请1件。"),
    (r"商业企业|企业|公司", ("commercial",), "收到申请5件，其中商业企业申请1件。"),
    (r"科研机构", ("research",), "收到申请5件，其中科研机构申请1件。"),
    (r"社会公益组织|公益组织", ("welfare",), "收到申请5件，其中社会公益组织申请1件。"),
    (r"法律服务机构|律师事务所|律所", ("legal",), "收到申请5件，其中法律服务机构申请1件。"),
)
"""Kinds of applicant, as the prose calls them, their columns of part three, an example."""

_NOT_CASES = _p(
    r"渠道|窗口|受理点|查阅点|栏目|制度|复议|诉讼|应诉|许可|补助|救助|低保|投诉|举报|更正|撤[回销]|同比|上年|上一年|去年|尚未|未按|不予|无法|部分公开|予以公开|工作日|指南|目录|培训|会议|流程|合并"
)
_GOT = r"(?:收到|受理|接收|接到|接收到|新收|收件|收取|收悉|登记|有|收)"


def _applications() -> tuple[Frame, ...]:
    return (
        Frame("新收申请", (_RECEIVED,), _p(
            rf"{_GOT}(?:了)?(?:各类|各种|有效)?[^#，。；：]{{0,40}}(?:申请|依申请(?:政府)?(?:信息)?公开){{tail}}#|{_GOT}(?:了|各类|共)?(?:公民|法人|社会公众|群众|、|和|或|及|其他组织|提出的|的)*#{{gap}}{{0,10}}(?:申请|依申请公开)"
        ), "全年共收到政府信息公开申请5件。", _NOT_CASES, matters=_APPLICATION),
        Frame("办理的申请", (_TOTAL,), _p(
            r"(?:办结|答复|回复)(?:了)?(?:各类)?[^#，。；：]{0,30}(?:申请|依申请(?:政府)?(?:信息)?公开){tail}#"
        ), "全年共办结政府信息公开申请5件。", _NOT_CASES, matters=_APPLICATION, others=((_TOTAL, "-" + _IN),)),
        Frame("办理的申请", (_TOTAL,), _p(
            r"(?:办理|处理)(?:了)?(?:各类)?[^#，。；：]{0,30}(?:申请|依申请(?:政府)?(?:信息)?公开){tail}#"
        ), "全年共办理政府信息公开申请5件。", _NOT_CASES, matters=_APPLICATION, others=((_TOTAL, "-" + _IN), (_RECEIVED, _IN), (_RECEIVED,))),
        Frame("办理的申请", (_TOTAL,), _p(r"(?:办理|处理)(?:信息公开|政府信息公开|依申请公开|公开)?{is}#"),
              "依申请信息公开办理有5件。", _NOT_CASES, matters=_APPLICATION, firm=False, others=((_TOTAL, "-" + _IN), (_RECEIVED, _IN), (_RECEIVED,))),
        Frame("办理结果总计", (_TOTAL,), _p(
            r"(?:办结|办理完毕|办理完成|答复完毕|答复|回复|处理完毕|办理结果)(?:信息公开|政府信息公开|依申请公开|公开)?{is}#|#(?:申请)?(?:均|已|全部|都|按时|按期|按规|按规定|在?(?:法定|规定)的?(?:期限|时限|时间)内|依法|完成|经|，)*(?:予以)?(?:办结|答复|回复|办理完毕)|#(?:申请)?(?:均|全部|都)[^#，。；]{0,8}公开"
        ), "收到信息公开申请6件，办结5件。", _p(_NOT_CASES.pattern + "|实际"), matters=_APPLICATION, firm=False, others=((_TOTAL, "-" + _IN),)),
        Frame("新收申请", (_RECEIVED,), _p(r"(?:信息公开申[请报]|依申请公开|公开申请|依申请)(?:的)?(?:总)?(?:申请)?{tail}#|(?:^|[，。；：\s共])申请{tail}#(?!{gap}{0,4}(?:办结|答复))"),
              "政府信息公开申请数量5件。", _p(_NOT_CASES.pattern + "|办理(?!政府|信息|公开|申请|依)|平台|公开栏|网站"), matters=_APPLICATION, others=((_TOTAL,),)),
    )  # fmt: skip


def _documents(edition: Edition) -> tuple[Frame, ...]:
    """Part two, in the words of the edition's own columns."""
    new = edition.name != "2019"
    out = r"草案|征求|意见|解读|清理|审查|审核|类|备案"
    frames = [
        Frame("行政规范性文件制发件数" if new else "规范性文件新制作数量", ("t2.normative.made",), _p(
            r"(?:制发|制定|出台|印发|新制定|制作|发布)(?:了|的|新增)?(?:行政)?规范性文件(?:共计?|为|有|数量?|：|\s)*#|(?:制发|制定|出台|印发|新制定|制作)(?:了)?#{gap}{0,4}(?:行政)?规范性文件"
        ), "制发行政规范性文件2件。", _p(out + "|废止|上年|去年|公开"), DOCUMENTS, firm=False)
    ]  # fmt: skip
    if new:
        frames += [
            Frame("行政规范性文件废止件数", ("t2.normative.repealed",), _p(r"废止(?:或失效|和失效|、失效)?(?:了|的)?(?:行政)?(?:(?:规范性)?文件)?(?:共计?|为|有|：|\s)*#"),
                  "制发行政规范性文件2件，废止1件。", _p(out), DOCUMENTS, firm=False),
            Frame("现行有效的行政规范性文件件数", ("t2.normative.in_force",), _p(r"(?:现行有效|继续有效|有效存续)(?:的)?(?:行政)?(?:(?:规范性)?文件)?(?:件数|数量)?(?:共计?|为|有|：|\s)*#"),
                  "制发行政规范性文件2件，现行有效7件。", _p(out), DOCUMENTS, firm=False),
        ]  # fmt: skip
    for key, label in (("licensing", "行政许可"), ("penalty", "行政处罚"), ("coercion", "行政强制")):
        frames.append(Frame(f"{label}处理决定数量", (f"t2.{key}.decisions",), _p(
            rf"(?:作出|处理|办理|办结|实施|决定)(?:了|的)?(?:#件?、?)?{label}(?:处理)?(?:决定|事项|案件)?(?:数量)?(?:共计?|为|有|：|\s)*#|{label}(?:处理)?决定(?:数量)?(?:共计?|为|有|：|\s)*#|(?:作出|办理|办结|实施)(?:了)?#{{gap}}{{0,4}}{label}"
        ), f"作出{label}决定12件。", _p(r"公开|公示|类|上年|去年|申请"), DECISIONS, firm=False))  # fmt: skip
    if new:
        frames.append(
            Frame(
                "行政事业性收费",
                ("t2.fees.amount",),
                _p(r"行政事业性收费(?:总)?(?:金额|总额)?{gap}{0,6}#"),
                "行政事业性收费金额2万元。",
                units=frozenset({"元"}),
                firm=False,
            )
        )
    return tuple(frames)


_FEES = (
    Frame("信息处理费（元）", ("fees.amount",), _p(r"(?:信息处理费|处理费|收取(?:的)?(?:总)?金额|总金额)[^#。；]{0,20}#"), "收取信息处理费35元。", units=frozenset({"元"}), wide=True),
    Frame("信息处理费收费通知件数", ("fees.notices",), _p(r"收费通知(?:书)?(?:的)?[^#，。；]{0,12}#|#{gap}{0,4}收费通知"), "发出收费通知1件。", units=frozenset({"件", "份", "次", "宗"}), firm=False),
)  # fmt: skip

_COUNT_WORDS = r"(?:总数量?|总量|总计|数量|条数|件数|数)?(?:共计?|总计|合计|总共|累计|为|达到?|有|了|约|近|：|\s|是)*"
# 公开 that has no object after it must have none before it either: 招投标公开2条 is not all that was disclosed.
_NO_OBJECT = r"(?:^|[，；。：）”\s]|主动|累计|[共计已]|全年|年度?|[年以]来|镇|街道|乡|[局办委]|[县市区]|[网站台栏号]|渠道|平台|社会|及时|集中|依法|对外|统一|一共)"
DISCLOSED = Frame(
    "主动公开总数",
    ("disclosure.total",),
    _p(
        rf"{_NO_OBJECT}(?:公开|发布)(?:了|的)?{_COUNT_WORDS}#(?!\s*(?:类|大类))"
        rf"|(?:公开|发布)(?:了|的)?(?:各类|各项|有关|相关)?(?:政府|政务)?信息(?:公开)?(?:的)?{_COUNT_WORDS}#(?!\s*(?:类|大类))"
        r"|主动公开(?:了|的)?(?:共计?|累计|各类)?#\s*(?:政府|政务)?信息|公开(?:了|的)?(?:共计?|累计)?#\s*(?:政府|政务)信息"
    ),
    "全年主动公开政府信息48条。",
    _p(
        r"历年|新增|平均|每|转载|依申请|申请公开|未公开|不公开|不予公开|予以公开|部分公开|复议|诉讼|许可|处罚|规范性文件"
        r"|^(?!.*(?:网站|门户|全年|年度|累计|共|总))[^#]*发布(?:了|的)?(?:各类|各项|有关|相关)?信息[^#]{0,6}#"
    ),
    ITEMS,
)
"""What was disclosed in the year; on the site, where channels are told apart."""
_LOOSE_DISCLOSED = Frame(
    "主动公开总数", ("disclosure.total",), _p(r"发布(?:了|的)?(?:各类|各项|有关|相关)?信息(?:的)?" + _COUNT_WORDS + "#"),
    "发布信息48条。", DISCLOSED.unless and _p(r"历年|新增|平均|每|转载|依申请|申请公开|不予公开|予以公开"), ITEMS, firm=False,
)  # fmt: skip
"""发布信息3条 may be of one occasion; 发布政府信息3条 and 在网站发布信息3条 are not."""

CHANNELS: tuple[tuple[str, str], ...] = (
    ("微信", r"微信|公众号|推文|公众平台|微平台"),
    ("微博", r"微博"),
    ("抖音", r"抖音|短视频"),
    ("视频号", r"视频号"),
    ("公开栏", r"公开栏|公示栏|宣传栏|公告栏"),
    ("广播", r"广播|喇叭"),
    ("显示屏", r"LED|显示屏|电子屏"),
    ("短信", r"短信"),
    ("报刊", r"报刊|报纸|晋江经济报|日报|晚报"),
    ("电视", r"电视"),
    ("客户端", r"APP|客户端|今日头条|小程序"),
)
"""Channels that are counted apart from the site, by the words that name them."""
SITE = re.compile(r"网站|门户|中国晋江|网页|公开平台|公开专栏")
"""The site: what is disclosed there is the total."""


def frames_of(edition: Edition) -> tuple[Frame, ...]:
    """The frames of an edition, in the order in which they are tried."""
    return _frames(edition.name)


def frames_for(edition: Edition, unit: str, matter: Matter) -> tuple[Frame, ...]:
    """Those that a figure of this unit and subject may quote, in the same order."""
    return _frames_for(edition.name, unit, matter)


@lru_cache(maxsize=1024)
def _frames_for(name: str, unit: str, matter: Matter) -> tuple[Frame, ...]:
    return tuple(frame for frame in _frames(name) if frame.is_of(unit, matter))


@lru_cache(maxsize=4)
def _frames(name: str) -> tuple[Frame, ...]:
    edition = next(edition for edition in EDITIONS if edition.name == name)
    return (
        *_disputes(), *_documents(edition), *_carried(), *_outcomes(edition), *_applications(), *_FEES, DISCLOSED, _LOOSE_DISCLOSED,
    )  # fmt: skip
