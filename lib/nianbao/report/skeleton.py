"""The narrative that a new report begins with: what the law asks for, figures filled in, the rest marked 〔待填〕.

《政府信息公开工作年度报告格式》 part one, 一（一）: 主动公开、依申请公开、政府信息管理、政府信息公开平台建设、
监督保障. Article 50 (4) of the ordinance adds 工作考核、社会评议、责任追究 for a government.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from nianbao.params import Unit
from nianbao.report.values import TO_FILL_IN
from nianbao.statute import Edition
from nianbao.statute.bodies import KINDS

_NUMERALS = "〇一二三四五六七八九"


def to_fill(what: str) -> str:
    """The mark for something that a person has to write."""
    return f"{TO_FILL_IN[:-1]}：{what}{TO_FILL_IN[-1]}"


def narrative(unit: Unit, edition: Edition, channels: Iterable[str]) -> dict[str, str]:
    """The parts that are prose, by key; a line a paragraph.

    Parameters
    ----------
    channels : iterable of str
        Names of the channels beside the website, each of which gets its sentence.
    """
    parts = {
        "preamble": _preamble(edition),
        "overview": _overview(unit, channels),
        "problems": [
            f"存在的主要问题：{to_fill('本年工作中的具体问题，逐条写')}",
            f"改进情况：{to_fill('上年所列问题的改进结果')}{to_fill('针对上面每个问题的改进措施')}",
        ],
        "other": _other(edition),
    }
    return {part: "\n".join(lines) + "\n" for part, lines in parts.items()}


def city_narrative(kinds: Iterable[str], edition: Edition, *, compared: bool) -> dict[str, str]:
    """The parts of the city's own report, by key: its figures are those of all bodies together, ``{{ 全市.… }}``.

    Parameters
    ----------
    kinds : iterable of str
        The kind of each body.
    compared : bool
        Whether last year's figures of every body are known.
    """
    bodies = Counter(kinds)
    parts = {
        "preamble": _preamble(edition, "{{ 机关 }}汇总{{ 全市.单位数 }}个单位的年度报告，编制本报告。"),
        "overview": _city_overview(bodies, compared),
        "problems": [
            f"存在的主要问题：{to_fill('全市本年工作中的具体问题，逐条写')}",
            f"改进情况：{to_fill('上年所列问题的改进结果')}{to_fill('针对上面每个问题的改进措施')}",
        ],
        "other": _other(edition),
    }
    return {part: "\n".join(lines) + "\n" for part, lines in parts.items()}


def _city_overview(bodies: Mapping[str, int], compared: bool) -> list[str]:
    published = "比上年{{ 全市.增减.主动公开.总数 }}，" if compared else ""
    received = "比上年{{ 全市.增减.依申请公开.新收 }}；" if compared else ""
    by_kind = "".join(
        f"{_EACH[kind]}公开{{{{ 全市.{kind}.主动公开.总数 }}}}条，"
        f"占{{{{ 占比(全市.{kind}.主动公开.总数, 全市.主动公开.总数) }}}}。"
        for kind in _EACH
        if bodies[kind] > 1
    )
    return [
        "（一）主动公开",
        "各单位在政府网站主动公开政府信息{{ 全市.主动公开.总数 }}条，"
        f"{published}其中{{{{ 主动公开.分类 }}}}。{by_kind}" + to_fill(_DISCLOSURE),
        "（二）依申请公开",
        f"全市新收政府信息公开申请{{{{ 全市.依申请公开.新收 }}}}件，{received}上年结转{{{{ 依申请公开.上年结转 }}}}件；"
        "办结{{ 依申请公开.办结 }}件，结转下年度继续办理{{ 依申请公开.结转下年 }}件。"
        + to_fill("受理渠道和办理的做法"),
        *_upkeep(government=True),
    ]


_EACH = {"镇": "各镇", "街道": "各街道", "部门": "各部门"}
"""Kinds of which a city has several, as its report speaks of them together."""


def _preamble(edition: Edition, authorship: str = "{{ 机关 }}编制本报告。") -> list[str]:
    names = [part.heading.partition("、")[2] for part in edition.parts]
    listed = f"{'、'.join(names[:-1])}和{names[-1]}"
    return [
        "根据《中华人民共和国政府信息公开条例》（国务院令第711号，以下简称《条例》）第五十条和"
        f"《中华人民共和国政府信息公开工作年度报告格式》（{edition.notice}），{authorship}"
        f"全文由{listed}{_NUMERALS[len(names)]}部分组成，"
        "所列数据的统计期限自{{ 年份 }}年1月1日起至{{ 年份 }}年12月31日止。",
        "对本报告有疑问的，可以与{{ 联系.科室 }}联系。",
        "地址：{{ 联系.地址 }}",
        "电话：{{ 联系.电话 }}",
        "邮编：{{ 联系.邮编 }}",
    ]


def _upkeep(*, government: bool) -> list[str]:
    """What every body tells of management, platforms and supervision; governments account for three matters more."""
    matters = _ACCOUNTABILITY if government else ()
    return [
        "（三）政府信息管理",
        to_fill("信息的制作、审核、发布、更新，保密审查，公文公开属性"),
        "（四）政府信息公开平台建设",
        to_fill("网站专栏、政务新媒体、公开栏和查阅点的建设"),
        "（五）监督保障",
        to_fill("组织领导、培训、日常检查")
        + "".join(f"{matter}{to_fill('本年的结果，没有的也写明')}" for matter in matters),
    ]


def _overview(unit: Unit, channels: Iterable[str]) -> list[str]:
    others = "".join(f"通过{name}发布信息{{{{ {_channel(name)} }}}}条。" for name in channels)
    return [
        "（一）主动公开",
        f"全年在政府网站主动公开政府信息{{{{ 主动公开.总数 }}}}条，其中{{{{ 主动公开.分类 }}}}。{others}"
        + to_fill(_DISCLOSURE),
        "（二）依申请公开",
        "本年新收政府信息公开申请{{ 依申请公开.新收 }}件，上年结转{{ 依申请公开.上年结转 }}件；"
        "办结{{ 依申请公开.办结 }}件，结转下年度继续办理{{ 依申请公开.结转下年 }}件。"
        + to_fill("受理渠道和办理的做法"),
        *_upkeep(government=KINDS[unit.kind].government),
    ]


_DISCLOSURE = "主动公开事项目录的编制和公布，本年公开的重点内容，规范性文件的制发、清理和解读"
_ACCOUNTABILITY = ("工作考核：", "社会评议：", "责任追究：")


def _other(edition: Edition) -> list[str]:
    if edition.name == "2019":  # 信息处理费 was first asked for in 国办公开办函〔2021〕30号
        return [to_fill("没有其他需要报告的事项的，写“无”")]
    return [
        "本年度发出收费通知{{ 信息处理费.件数 }}件，收取信息处理费{{ 信息处理费.金额 }}元。",
        to_fill("其他需要报告的事项，没有的删去这一行"),
    ]


def _channel(name: str) -> str:
    """How an expression names a channel: ``主动公开.渠道.微信``, quoted where the name is no identifier."""
    return f"主动公开.渠道.{name}" if name.isidentifier() else f'主动公开.渠道["{name}"]'
