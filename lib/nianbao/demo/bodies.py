"""Eighteen invented departments, so that a city with bodies of every kind can be tried: every name says 示例."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import yaml

from nianbao.params import City, Unit, Units
from nianbao.statute import edition_for

_NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三")
_LETTERS = "abcdefghijklm"
_BUREAUS = tuple(
    (f"bureau{letter}", f"示例{numeral}局", "部门") for letter, numeral in zip(_LETTERS, _NUMERALS, strict=True)
)
_OTHERS = (
    ("commission", "示例委员会", "部门"),
    ("affairs", "示例事务办公室", "部门"),
    ("centre", "示例服务中心办公室", "部门"),
    ("zone", "示例开发区管理委员会", "园区"),
    ("office", "示例人民政府办公室", "本政府机关"),
)


def departments(city: City) -> tuple[Unit, ...]:
    """Thirteen 局, a 委员会, two 办公室, a zone and the government's own office."""
    return tuple(
        Unit(id=id_, name=name, kind=kind, official_name=f"{city.name}{name}")  # type: ignore[arg-type]
        for id_, name, kind in (*_BUREAUS, *_OTHERS)
    )


def city_values(city: City, year: int) -> dict[str, Any]:
    """What ``city.yaml`` says: words alone, every figure filled in from the bodies."""
    return {
        "unit": city.id,
        "year": year,
        "date": date(year + 1, 2, 12),
        "sample": True,
        "document": {"number": None},
        "narrative": {part: "\n".join(lines) + "\n" for part, lines in _narrative(year).items()},
    }


def _narrative(year: int) -> dict[str, list[str]]:
    notice, first = edition_for(year).notice, _FIRST[year % len(_FIRST)]
    return {
        "preamble": [
            f"根据《中华人民共和国政府信息公开条例》（国务院令第711号，以下简称《条例》）和《中华人民共和国政府信息公开工作年度报告格式》（{notice}）的要求，由{{{{ 机关 }}}}汇总各部门和各镇、街道的年度报告编制本报告。全文由六部分组成，所列数据的统计期限自{{{{ 年份 }}}}年1月1日起至{{{{ 年份 }}}}年12月31日止。",
        ],
        "overview": [
            first,
            "（一）主动公开",
            "各单位的主动公开事项目录已经编制并公布。全市{{ 全市.单位数 }}个单位通过政府门户网站主动公开政府信息{{ 全市.主动公开.总数 }}条，其中{{ 主动公开.分类 }}。各镇公开{{ 全市.镇.主动公开.总数 }}条，占{{ 占比(全市.镇.主动公开.总数, 全市.主动公开.总数) }}；全市总数比上年{{ 全市.增减.主动公开.总数 }}。",
            "（二）依申请公开",
            "全市新收政府信息公开申请{{ 全市.依申请公开.新收 }}件，比上年{{ 全市.增减.依申请公开.新收 }}，上年结转{{ 依申请公开.上年结转 }}件；办结{{ 依申请公开.办结 }}件，结转下年度继续办理{{ 依申请公开.结转下年 }}件。",
            "（三）政府信息管理",
            "统一全市公开目录的编制口径，规范性文件集中发布，并按月抽查链接和附件，发现问题限期改正。",
            "（四）政府信息公开平台建设",
            "集约建设政府门户网站的公开专栏，各单位的年度报告在专栏集中公布，方便公众一次查全。",
            "（五）监督保障",
            "将政府信息公开列入各单位年度工作考核，邀请社会各界开展社会评议，评议意见逐条反馈；全市没有发生因政府信息公开被责任追究的情形。",
        ],
        "problems": [
            "存在的主要问题：一是各单位公开水平不平衡，个别单位的栏目更新偏慢；二是依申请公开的答复说理有待加强。上年报告所列目录口径不一的问题，通过统一编制办法已经改进。",
            "改进措施：一是对更新偏慢的单位建立月度通报，点对点帮助整改；二是编印答复示范文本，组织全市经办人员轮训。",
        ],
        "other": [
            "全市发出收费通知{{ 信息处理费.件数 }}件，收取信息处理费{{ 信息处理费.金额 }}元。没有其他需要报告的事项。",
        ],
    }


_FIRST = (
    "{{ 年份 }}年，全市各级行政机关认真落实《条例》，把公开贯穿决策、执行、管理、服务和结果全过程，公开的广度和深度持续拓展。",
    "一年来，全市围绕营商环境和民生实事推进政府信息公开，健全协调机制，压实主体责任，公开的质量稳步提高。",
)


def published(unit: Unit, year: int, signed: date) -> dict[str, Any]:
    """Three days after it was signed, under an address that can belong to nobody."""
    return {
        "url": f"https://example.com/{year}/{unit.id}",
        "date": signed + timedelta(days=3),
        "index_number": f"示例-{year}-{unit.id}",
    }


def units_yaml(units: Units) -> str:
    """``units.yaml`` with these units."""
    said = {
        "city": units.city.model_dump(mode="json"),
        "units": [unit.model_dump(mode="json") for unit in units.units],
    }
    text: str = yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=1000)
    return text
