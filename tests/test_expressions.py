"""An expression in a narrative looks a figure up, calls 格 or 占比, and can do nothing else."""

from __future__ import annotations

import time
from dataclasses import replace
from decimal import Decimal

import pytest

from nianbao.errors import TemplateTextError
from nianbao.params.models import ReportParams
from nianbao.report import Report
from nianbao.report.prose import ParagraphLine, Quoted, QuotedClasses, render, vocabulary

NAMES = [
    "年份",
    "单位",
    "机关",
    "日期",
    "主动公开",
    "主动公开.总数",
    "主动公开.分类",
    "主动公开.渠道",
    "联系.电话",
    "格",
    "占比",
]
ATTRIBUTES = sorted({
    name for kind in (str, int, Decimal, dict, Quoted, QuotedClasses) for name in dir(kind) if not name.startswith("_")
} | {"__class__", "__init__", "__globals__", "__mro__", "key", "value", "name", "_items"})  # fmt: skip


def with_line(report: Report, line: str) -> Report:
    data = report.params.model_dump()
    data["narrative"]["overview"] = line
    return replace(report, params=ReportParams.model_validate(data))


def shown(report: Report, line: str) -> str:
    (paragraph,) = render(with_line(report, line), "overview")
    assert isinstance(paragraph, ParagraphLine)
    return paragraph.text


@pytest.mark.parametrize("name", NAMES)
def test_no_attribute_or_method_is_within_reach(yonghe: Report, name: str) -> None:
    for attribute in ATTRIBUTES:
        for written in (f"{name}.{attribute}", f"{name}.{attribute}(9)", f'{name}["{attribute}"]'):
            with pytest.raises(TemplateTextError):
                shown(yonghe, f"全年{{{{ {written} }}}}条")


@pytest.mark.parametrize(
    "written",
    [
        *("年份.zfill(2000000000)", '单位.center(10 ** 9)', '"9" * 2000000000', "主动公开.总数 * 9", "年份 ~ 年份", "年份 + 1"),
        *("年份|upper", "主动公开.总数|string", "年份 is defined", "1 if 年份 else 2", "[1, 2]", "{1: 2}", "(1, 2)", "not 年份"),
        *("年份[0]", "年份[:2]", "主动公开.总数[0]", "主动公开.总数[-1:]", "单位[1:]", "主动公开.渠道[:1]", "机关[0:1]"),
        *("占比(主动公开.总数, 主动公开.总数, 100000000)", "占比(主动公开.总数, 主动公开.总数, -9)", "占比(*单位)", "占比(**联系)"),
        *("占比(主动公开.总数, 主动公开.总数, true)", "格(格)", "年份()", "主动公开.总数()", '格("t3.received.total").zfill(9)'),
        *("self", "self.x", "range(9)", "lipsum()", "cycler", "namespace()", "格(1)", "无"),
    ],
)  # fmt: skip
def test_what_computes_or_grows_is_refused_at_once(yonghe: Report, written: str) -> None:
    start = time.process_time()
    with pytest.raises(TemplateTextError):
        shown(yonghe, f"全年{{{{ {written} }}}}条")
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    "statement",
    ["{% set x = 1 %}", "{% for x in 年份 %}{% endfor %}", "{% include 'x' %}", "{% macro a() %}{% endmacro %}"],
)
def test_statements_are_refused(yonghe: Report, statement: str) -> None:
    with pytest.raises(TemplateTextError):
        shown(yonghe, f"全年{statement}")


def test_figures_are_looked_up_and_remember_where_they_stand(yonghe: Report) -> None:
    line = (
        '　{{ 年份 }}年公开{{ 主动公开.总数 }}条，{{ 主动公开["总数"] }}条，{{ 主动公开.分类[:2] }}，{{ 主动公开.分类[-1] }}，'
        '{{ 格("t3.received.total") }}件，占{{ 占比(主动公开.总数, 主动公开.总数) }}、{{ 占比(主动公开.总数, 主动公开.总数, 2) }}。'
    )
    (paragraph,) = render(with_line(yonghe, line), "overview")
    assert isinstance(paragraph, ParagraphLine)
    figures = vocabulary(yonghe)
    total = str(figures["主动公开"]["总数"])
    classes = figures["主动公开"]["分类"]
    assert paragraph.text.startswith(f"2023年公开{total}条，{total}条，") and paragraph.text.endswith(
        "，占100%、100%。"
    )
    spans = [(paragraph.text[one.start : one.end], one.key) for one in paragraph.filled]
    last = len(classes) - 1
    assert [key for _, key in spans] == [
        *("disclosure.total", "disclosure.total", "disclosure.classes.0", "disclosure.classes.1"),
        *(f"disclosure.classes.{last}", "t3.received.total"),
    ]
    counts = [str(one.count) for one in yonghe.disclosure.classes]
    assert [text for text, _ in spans] == [
        total,
        total,
        counts[0],
        counts[1],
        counts[last],
        yonghe["t3.received.total"].text,
    ]


def test_a_part_that_grows_beyond_what_may_be_printed_is_given_up_early(yonghe: Report) -> None:
    """60,000 characters of source, each expression worth a hundred classes."""
    data = yonghe.params.model_dump()
    data["disclosure"]["classes"] = [{"name": f"示例{number:04}{'类' * 180}", "count": 1} for number in range(5000)]
    data["narrative"]["overview"] = "{{ 主动公开.分类 }}" * 3000
    start = time.process_time()
    with pytest.raises(TemplateTextError, match="填数后超过 200000 字"):
        render(replace(yonghe, params=ReportParams.model_validate(data)), "overview")
    assert time.process_time() - start < 3
