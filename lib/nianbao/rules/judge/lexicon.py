"""Which words around a figure say which cell it quotes: data, tried in order.

A pattern is searched in the clause with ``#`` where the figure stands: the text
since the figure before it, then ``#``, then the text up to the next figure or stop.
``{row}`` stands for the row of part three that the clause before was about.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from nianbao.statute import EDITIONS, Edition

_GAP = r"[^#，。；：、]"
_CASES = frozenset(["件", "宗", "起", "例", "条", "份", "个", "次"])
_ITEMS = frozenset(["条", "篇", "则", "件", "个", "项", "期", "次", "份"])
_MONEY = frozenset({"元"})


@dataclass(frozen=True)
class Binding:
    """Words that say which cells a figure quotes.

    Attributes
    ----------
    name : str
        How a finding calls what is quoted.
    keys : tuple of str
        The cells whose sum it is; ``disclosure.total``, ``fees.amount`` and ``fees.notices`` besides cells of the form.
    clause, unless : pattern
        Found in the clause; not found in it.
    sentence : pattern or None
        Found in the sentence or in the heading above.
    firm : bool
        The words leave no doubt: a difference is an error, not a question.
    matter : str
        复议 or 诉讼, where that is what the sentence must have spoken of last before the figure.
    """

    name: str
    keys: tuple[str, ...]
    units: frozenset[str]
    clause: re.Pattern[str]
    unless: re.Pattern[str] | None = None
    sentence: re.Pattern[str] | None = None
    firm: bool = False
    matter: str = ""


def _p(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace("{gap}", _GAP))


_NOT_APPLICATIONS = _p(
    r"复议|诉讼|应诉|证明|许可|补助|救助|低保|投诉|举报|更正|撤回|撤销|历年|(?<!今年)(?<!年初)以来|同比|增加|减少|增长|下降|上年|上一年|去年|结转"
)
_APPLICATIONS = _p(r"信息公开申请|依申请公开|公开申请|申请公开|政府信息申请|申请情况|受理申请")

_NORMATIVE = _p(r"规范性文件")

TOTAL_OF_DISCLOSURES = Binding(
    "主动公开总数",
    ("disclosure.total",),
    _ITEMS - {"次", "期"},
    _p(
        r"(?:主动公开|公开|发布)(?:了|的)?(?:各类|各项|有关|相关)?(?:政府|政务)?(?:信息)?(?:公开)?(?:的)?(?:总数量?|总量|总计|数量|条数|件数|数)?"
        r"(?:共计?|总计|合计|总共|累计|为|达到?|有|了|约|近|：|:|\s|是)*#(?!\s*(?:类|大类))"
        r"|主动公开(?:了|的)?(?:共计?|累计|各类)?#\s*(?:政府|政务)?信息|公开(?:了|的)?(?:共计?|累计)?#\s*(?:政府|政务)信息"
    ),
    unless=_p(r"历年|(?<!今年)(?<!年初)以来|同比|[比较](?:上年|去年|20\d\d|上一年)|增加|减少|增长|下降|新增|平均|每|上年|去年|转载|依申请|申请公开|未公开|不公开|不予公开|予以公开|部分公开"
        r"|^(?!.*(?:网站|门户|全年|年度|累计|共|总))[^#]*发布(?:了|的)?(?:各类|各项|有关|相关)?信息[^#]{0,6}#"),
    sentence=_p(r"信息|主动公开"),
    firm=True,
)  # fmt: skip

_LOOSE_TOTAL = replace(
    TOTAL_OF_DISCLOSURES,
    clause=_p(
        r"发布(?:了|的)?(?:各类|各项|有关|相关)?信息(?:的)?(?:总数量?|数量|条数|数)?(?:共计?|总计|合计|累计|为|达到?|有|：|:|\s)*#"
    ),
    firm=False,
)
"""发布信息3条 may be of one occasion; 发布政府信息3条 and 在网站发布信息3条 are not."""

_CARRIED_OUT = Binding(
    "结转下年度",
    ("t3.carried_out.total",),
    _CASES,
    _p(
        r"(?:结转|转)(?:至|到|入)?(?:下年度?|下一年度?|次年度?|明年|20\d\d年度?)(?:继续)?(?:办理|处理|答复)?(?:的)?{gap}{0,6}#"
        r"|(?:尚未|未)(?:办结|答复|办理完毕){gap}{0,6}#|#(?:申请)?{gap}{0,4}(?:正在|仍在)(?:办理|处理)|#(?:申请)?{gap}{0,3}结转(?:至|到)?(?:下|次|明|20)"
    ),
    unless=_p(r"复议|诉讼"),
    firm=True,
)
_CARRIED_IN = Binding(
    "上年结转",
    ("t3.carried_in.total",),
    _CASES,
    _p(
        r"(?:上年度?|上一年度?|去年|往年|20\d\d年度?)(?:度)?(?:结转|转入|遗留)(?:政府信息公开|信息公开|本年度?)?(?:办理|申请)?(?:的)?{gap}{0,8}#|结转上(?:一)?年度?{gap}{0,10}#|#{gap}{0,6}(?:上年度?|上一年度?|去年)结转"
    ),
    unless=_p(r"复议|诉讼"),
    firm=True,
)
_RECEIVED = Binding(
    "新收申请",
    ("t3.received.total",),
    _CASES,
    _p(
        r"(?:收到|受理|接收|接到|新收|收件|办理|处理|共有|有)(?:[^#，。；：]{0,30}(?:申请|依申请公开))(?:公开)?(?:政府信息)?(?:事项|信息|件)?(?:的)?(?:总)?(?:数量|件数|总数|总量|数|总计)?(?:共计?|总计|合计|总共|累计|为|达|有|是|：|:|\s)*#"
        r"|(?:收到|受理|新收|接到)(?:了|各类|共)?(?:公民|法人|社会公众|群众|、|和|或|及|其他组织|提出的|的)*#{gap}{0,6}(?:政府)?(?:信息公开|依申请公开|公开信息)?申请"
        r"|(?:信息公开申请|依申请公开)(?:的)?(?:总)?(?:申请)?(?:事项|件)?(?:数量|件数|总数|总量|数)?(?:共计?|总计|合计|累计|为|达|有|是|：|:|\s)*#"
    ),
    unless=_NOT_APPLICATIONS,
    sentence=_APPLICATIONS,
    firm=True,
)
_HANDLED = Binding(
    "办理结果总计",
    ("t3.total.total",),
    _CASES,
    _p(
        r"(?:办结|办理完毕|办理完成|答复完毕|答复|处理完毕|办理结果)(?:政府信息公开|信息公开|依申请公开)?(?:申请)?(?:总)?(?:数量|件数|数)?(?:共计?|总计|合计|为|达|有|：|:|了|\s)*#"
        r"|#(?:申请)?(?:均|已|全部|都)*(?:已|按时|按期|依法)*(?:予以)?(?:办结|答复|办理完毕)"
    ),
    unless=_p(r"尚未|未办|未答|复议|诉讼|上年|去年|结转|提案|建议|不予|无法|部分"),
    sentence=_APPLICATIONS,
)
_REVIEW, _COURT = ("t4.review.total",), ("t4.direct.total", "t4.after_review.total")
_TELL = r"(?:案件|申请|事项|纠纷|的|数量|数|共计?|合计|总计|为|有|：|:|\s)"
_DISPUTE_TOTALS = (
    Binding(
        "行政复议和行政诉讼总计",
        (*_REVIEW, *_COURT),
        _CASES,
        _p(
            rf"复议(?:申请|案件)?(?:、|和|及|与|或|以及)(?:被)?(?:提起)?(?:政府信息公开)?(?:行政)?诉讼{_TELL}*#(?!{_GAP}{{0,3}}维持)"
        ),
        unless=_p(r"各#"),
        firm=True,
    ),
    Binding(
        "行政复议总计",
        _REVIEW,
        _CASES,
        _p(rf"行政复议{_TELL}*#|(?:发生|收到|产生|引发|有|被申请)(?:了)?#{_GAP}{{0,12}}行政复议"),
        unless=_p(r"诉讼{gap}{0,12}#|历年|(?<!今年)(?<!年初)以来|上年|去年|同比|增|减"),
        firm=True,
    ),
    Binding(
        "行政诉讼总计",
        _COURT,
        _CASES,
        _p(rf"行政诉讼{_TELL}*#|(?:发生|收到|产生|引发|有|被提起)(?:了)?#{_GAP}{{0,12}}行政诉讼"),
        unless=_p(r"历年|(?<!今年)(?<!年初)以来|上年|去年|同比|增|减|未经复议|复议后"),
        firm=True,
    ),
    Binding("未经复议直接起诉的总计", ("t4.direct.total",), _CASES, _p(r"未经复议直接起诉(?:的)?{gap}{0,6}#")),
    Binding("复议后起诉的总计", ("t4.after_review.total",), _CASES, _p(r"复议后(?:起诉|诉讼)(?:的)?{gap}{0,6}#")),
)


def _documents(edition: Edition) -> tuple[Binding, ...]:
    """Part two, in the words of the edition's own columns."""
    new = edition.name != "2019"
    normative = "t2.normative."
    out = _p(r"草案|征求|意见|解读|清理|审查|审核|类")
    bindings = [
        Binding(
            "行政规范性文件制发件数" if new else "规范性文件新制作数量",
            (normative + "made",),
            frozenset(["件", "份", "个", "部", "篇"]),
            _p(
                r"(?:制发|制定|出台|印发|新制定|制作|发布)(?:了|的)?(?:行政)?规范性文件(?:共计?|为|有|数量?|：|:|\s)*#|(?:制发|制定|出台|印发|新制定|制作)(?:了)?#{gap}{0,4}(?:行政)?规范性文件"
            ),
            unless=_p(out.pattern + "|废止|上年|去年|历年|(?<!今年)(?<!年初)以来"),
        )
    ]
    if new:
        bindings += [
            Binding(
                "行政规范性文件废止件数",
                (normative + "repealed",),
                frozenset(["件", "份", "个", "部"]),
                _p(r"废止(?:或失效)?(?:了|的)?(?:行政)?(?:规范性文件)?(?:共计?|为|有|：|:|\s)*#"),
                unless=out,
                sentence=_NORMATIVE,
            ),
            Binding(
                "现行有效的行政规范性文件件数",
                (normative + "in_force",),
                frozenset(["件", "份", "个", "部"]),
                _p(r"(?:现行有效|继续有效)(?:的)?(?:行政)?(?:规范性文件)?(?:共计?|为|有|：|:|\s)*#"),
                unless=out,
                sentence=_NORMATIVE,
            ),
        ]
    for key, label in (("licensing", "行政许可"), ("penalty", "行政处罚"), ("coercion", "行政强制")):
        bindings.append(
            Binding(
                f"{label}处理决定数量",
                (f"t2.{key}.decisions",),
                frozenset(["件", "宗", "起", "例"]),
                _p(
                    rf"^[，、；和及]?{label}(?:处理)?(?:决定|事项|案件)?(?:数量)?(?:共计?|为|有|：|:|\s)*#|(?:作出|处理|办理|办结|实施|决定)(?:了|的)?{label}(?:处理)?(?:决定|事项|案件)?(?:数量)?(?:共计?|为|有|：|:|\s)*#|{label}(?:处理)?决定(?:数量)?(?:共计?|为|有|：|:|\s)*#|(?:作出|办理|办结|实施)(?:了)?#{_GAP}{{0,4}}{label}"
                ),
                unless=_p(r"公开|公示|类|上年|去年|历年|(?<!今年)(?<!年初)以来"),
                sentence=_p(r"作出|处理|办理|办结|实施|决定"),
            )
        )
    if new:
        bindings.append(
            Binding(
                "行政事业性收费", ("t2.fees.amount",), _MONEY, _p(r"行政事业性收费(?:总)?(?:金额|总额)?{gap}{0,6}#")
            )
        )
    return tuple(bindings)


FEES = (
    Binding("信息处理费（元）", ("fees.amount",), _MONEY, _p(r"(?:信息处理费|处理费|收取(?:的)?(?:总)?金额|总金额)[^#。；]{0,20}#"), sentence=_p(r"处理费|信息公开|收费通知"), firm=True),
    Binding("信息处理费收费通知件数", ("fees.notices",), frozenset(["件", "份", "次", "宗"]), _p(r"收费通知(?:书)?(?:的)?[^#，。；]{0,12}#|#{gap}{0,4}收费通知")),
)  # fmt: skip

_GROUPS = (
    ("予以公开", ("granted",), r"(?<!不)予以公开"),
    ("部分公开", ("partial",), r"(?:予以)?部分公开"),
    ("不予公开", ("denied.",), r"不予公开"),
    ("无法提供", ("unavailable.",), r"无法提供"),
    ("不予处理", ("declined.",), r"不予处理"),
    ("其他处理", ("other",), r"其他处理"),
)


def _outcomes(edition: Edition) -> tuple[Binding, ...]:
    """（一）予以公开 to （六）其他处理, and each row under them by its label."""
    rows = edition.t3.outcomes
    bindings: list[Binding] = []
    for row in edition.t3.rows:
        label = re.sub(r"^\d\.", "", row.stub[-1])
        if row.key in rows and row.stub[-1][0].isdigit() and label != "其他":
            clause = _p(rf"{re.escape(label)}(?:的)?(?:申请)?{_GAP}{{0,6}}#")
            bindings.append(Binding(f"“{label}”", (f"t3.{row.key}.total",), _CASES, clause, firm=True))
    for name, prefixes, words in _GROUPS:
        keys = tuple(f"t3.{row}.total" for row in rows for prefix in prefixes if row.startswith(prefix))
        clause = _p(rf"{words}(?:的|申请|数量|为|共|有|：|:|\s){{0,8}}#|#(?:申请)?(?:均|已|依法|决定|答复)*{words}")
        bindings.append(
            Binding(
                f"“{name}”",
                keys,
                _CASES,
                clause,
                unless=_p(r"复议|诉讼"),
                sentence=_p(r"申请|办理结果|答复|办结"),
                firm=True,
            )
        )
    return tuple(bindings)


_RESULT_WORDS = (
    ("结果维持", "upheld", r"(?:结果)?维持"),
    ("结果纠正", "corrected", r"(?:结果)?纠正"),
    ("尚未审结", "pending", r"(?:尚未|未)审结"),
)
_RESULTS = tuple(
    Binding(
        f"行政{matter}“{name}”",
        tuple(f"t4.{group}.{key}" for group in groups),
        _CASES,
        _p(rf"{words}(?:的|为|共|有|\s)*#|#{_GAP}{{0,3}}{words}"),
        sentence=_p(r"复议|诉讼|起诉"),
        matter=matter,
    )
    for matter, groups in (("复议", ("review",)), ("诉讼", ("direct", "after_review")))
    for name, key, words in _RESULT_WORDS
)


def bindings(edition: Edition) -> tuple[Binding, ...]:
    """All bindings of an edition, those that say most first."""
    return _bindings(edition.name)


@lru_cache(maxsize=4)
def _bindings(name: str) -> tuple[Binding, ...]:
    edition = next(edition for edition in EDITIONS if edition.name == name)
    return (
        _CARRIED_OUT,
        _CARRIED_IN,
        *_DISPUTE_TOTALS,
        *_RESULTS,
        *_outcomes(edition),
        _RECEIVED,
        _HANDLED,
        *_documents(edition),
        *FEES,
        TOTAL_OF_DISCLOSURES,
        _LOOSE_TOTAL,
    )


APPLICANTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"自然人|公民个人|公民", ("natural",)),
    (r"商业企业|企业", ("commercial",)),
    (r"科研机构", ("research",)),
    (r"社会公益组织", ("welfare",)),
    (r"法律服务机构", ("legal",)),
    (r"法人(?:或|和|及|、)?(?:者)?(?:其他|非法人)?组织|法人", ("commercial", "research", "welfare", "legal", "other")),
)
"""Kinds of applicant, as the prose calls them, and their columns of part three."""

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

SITE = re.compile(r"网站|门户|中国晋江|网页|公开平台|公开专栏|信息公开专栏")
"""The site: what is disclosed there is the total."""

NEW_MEDIA = re.compile(r"新媒体|政务新媒体")
