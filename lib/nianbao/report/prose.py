"""The narrative: figures filled in from the report, lines read as paragraphs, headings and pictures.

A line of a narrative is a paragraph. ``（一）主动公开`` on a line of its own is a
heading; ``（四）平台建设情况：…`` is a paragraph with a run-in heading;
``![图注](文件)`` is a picture beside the params file. ``{{ 主动公开.总数 }}`` is
looked up in the report, never run as code, and remembers where its figure stands; what
the report does not hold yet prints as 〔待填〕, which no report may be published with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from jinja2 import Environment, TemplateSyntaxError, nodes

from nianbao.errors import TemplateTextError
from nianbao.params.models import Narrative
from nianbao.report.report import Report
from nianbao.report.values import (
    CLOSE,
    MIDDLE,
    OPEN,
    TO_FILL_IN,
    Blank,
    NothingToFill,
    Quoted,
    QuotedClasses,
    Values,
    figure_of,
    mark,
    typed,
)
from nianbao.report.whole import Change, whole_city
from nianbao.wording import chinese_date, percentage

_MARK = re.compile(f"{OPEN}([^{MIDDLE}]*){MIDDLE}([^{CLOSE}]*){CLOSE}")

_PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]*)\)")
_SECOND_LEVEL = re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]")
_RUN_IN_END = re.compile(r"[：:。]")
MAX_HEADING = 30
"""A second-level heading longer than this is a paragraph."""
MAX_RENDERED = 200_000
MAX_MARKED = 5 * MAX_RENDERED
"""With the keys of the figures, which are taken out again."""
MAX_PLACES = 4
"""Decimals of a percentage."""
TO_FILL = re.compile(r"[〔\[【（(]待填(?:[：:][^〔〕\[\]【】（）()\n]*)?[〕\]】）)]")
"""A mark of what is to be filled in, in any brackets."""

_OPENING = re.compile(r"\{[{%#]")
_HOW_TO_FILL = "表达式写法见 docs/usage.zh.md，如 {{ 主动公开.总数 }}"


@dataclass(frozen=True)
class Filled:
    """A figure that stands in the prose because the report holds it: ``text[start:end]``."""

    start: int
    end: int
    key: str


@dataclass(frozen=True)
class HeadingLine:
    """A second-level heading, （一）…."""

    text: str


@dataclass(frozen=True)
class ParagraphLine:
    """A paragraph; its first ``lead`` characters are a run-in heading."""

    text: str
    filled: tuple[Filled, ...] = ()
    lead: int = 0


@dataclass(frozen=True)
class PictureLine:
    """A picture with its caption at this place of the narrative."""

    caption: str
    file: str


Line = HeadingLine | ParagraphLine | PictureLine

_CALLED = frozenset({"格", "占比"})
_CUT = "分类"
"""The one list: a slice of it prints some of the classes."""

# A narrative only prints what the report holds: no loops, no arithmetic, no filters.
_ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Slice,
    nodes.Const,
    nodes.Neg,
    nodes.Call,
)


def _printed(value: Any) -> str:
    """What an expression prints."""
    if isinstance(value, Quoted):
        return mark(value)
    if isinstance(value, (QuotedClasses, Change)):
        return value.render()
    if isinstance(value, Blank):
        return TO_FILL_IN
    if isinstance(value, (str, int, Decimal)) and not isinstance(value, bool):
        return str(value)
    raise NothingToFill("表达式的结果不是文字或数")


def _value(node: nodes.Expr, values: dict[str, Any]) -> Any:
    """What an expression stands for.

    A dot or bracket looks a figure up, and nothing else: no attribute or method of any object is within reach.
    """
    match node:
        case nodes.Const():
            return node.value
        case nodes.Name():
            if node.name not in values:
                known = "年份、单位、机关、联系、主动公开、依申请公开、信息处理费、格、占比，全市报告另有全市"
                raise NothingToFill(f"没有“{node.name}”，可用：{known}")
            return values[node.name]
        case nodes.Getattr():
            return _looked_up(_value(node.node, values), node.attr)
        case nodes.Getitem():
            return _looked_up(_value(node.node, values), _value(node.arg, values))
        case nodes.Slice():
            return slice(*(None if end is None else _value(end, values) for end in (node.start, node.stop, node.step)))
        case nodes.Neg():
            return -_value(node.node, values)
        case nodes.Call():
            return _value(node.node, values)(*(_value(one, values) for one in node.args))
    raise AssertionError(f"{type(node).__name__} is not allowed in a narrative")


def _looked_up(holder: Any, name: Any) -> Any:
    if isinstance(holder, Values) and isinstance(name, str):
        return holder[name]
    if isinstance(holder, QuotedClasses) and isinstance(name, (int, slice)):
        return holder[name]
    raise NothingToFill(f"“{name}”不是数据的名称")


def _fact(value: str | None) -> str | Blank:
    return Blank() if value is None else value


def vocabulary(report: Report) -> dict[str, Any]:
    """What a narrative may name in ``{{ … }}``."""
    params, t3 = report.params, report.edition.t3
    disclosure, contact = report.disclosure, params.contact
    classes = QuotedClasses(
        [(c.name, Quoted(c.count, f"disclosure.classes.{i}")) for i, c in enumerate(disclosure.classes)]
    )

    def row(key: str) -> Quoted | Blank:
        full = f"t3.{key}.{t3.total_column}"
        return figure_of(report.cells[full], full)

    def cell(key: str) -> Quoted | Blank:
        if key not in report.cells:
            raise NothingToFill(f"没有 {key} 这一格")
        return figure_of(report.cells[key], key)

    def share(part: Quoted | Blank, whole: Quoted | Blank, places: int = 1) -> str:
        if isinstance(part, Blank) or isinstance(whole, Blank):
            return TO_FILL_IN
        if not (isinstance(part, Quoted) and isinstance(whole, Quoted)) or not whole.value:
            raise NothingToFill("占比的分母为 0 或没有数")
        if type(places) is not int or not 0 <= places <= MAX_PLACES:
            raise NothingToFill(f"占比的小数位数应为 0 至 {MAX_PLACES}")
        return percentage(int(part.value), int(whole.value), places)

    unit = report.unit
    return {
        "年份": str(report.year),
        "上年": str(report.year - 1),
        "下年": str(report.year + 1),
        "单位": unit.name,
        "机关": unit.official_name,
        "日期": chinese_date(params.date) if params.date else Blank(),
        "联系": Values(
            "联系",
            {
                "科室": _fact(contact.office),
                "地址": _fact(contact.address),
                "电话": _fact(contact.phone),
                "邮编": _fact(contact.postcode),
            },
        ),
        "主动公开": Values(
            "主动公开",
            {
                "总数": typed(report.disclosed, "disclosure.total"),
                "分类": classes,
                "渠道": Values(
                    "主动公开.渠道",
                    dict.fromkeys(params.disclosure.channels, Blank())
                    | {
                        name: Quoted(count, f"disclosure.channels.{name}")
                        for name, count in disclosure.channels.items()
                    },
                ),
            },
        ),
        "依申请公开": Values(
            "依申请公开",
            {
                "新收": row(t3.received),
                "上年结转": row(t3.carried_in),
                "办结": row(t3.total_row),
                "结转下年": row(t3.carried_out),
            },
        ),
        "信息处理费": Values(
            "信息处理费",
            {
                "件数": typed(params.fees.notices, "fees.notices"),
                "金额": typed(params.fees.amount, "fees.amount"),
            },
        ),
        "格": cell,
        "占比": share,
        **({"全市": whole_city(report)} if report.bodies else {}),
    }


@lru_cache(maxsize=32)
def render(report: Report, part: str) -> tuple[Line, ...]:
    """The lines of one part of the narrative, figures filled in; empty where nothing was written.

    Raises
    ------
    TemplateTextError
        With file, line and reason when an expression cannot be filled in.
    """
    return tuple(_lines(_filled(report, part), literal=report.literal))


def _filled(report: Report, part: str) -> str:
    """The text of a part, marks of figures included; empty where nothing was written."""
    source: str | None = getattr(report.params.narrative, part)
    if not source or report.literal:
        return source or ""
    where = report.loaded.where(("narrative", part)) if report.loaded else f"narrative.{part}"
    try:
        text = _fill(source, report)
    except NothingToFill as error:
        raise TemplateTextError(where, f"narrative.{part} 无法填数：{error}", "补上数据，或改写这一处") from None
    except (TemplateSyntaxError, RecursionError) as error:
        line = f"第 {error.lineno} 行" if isinstance(error, TemplateSyntaxError) else ""
        wrong = f"narrative.{part} {line}的表达式不能用（括号没有配对，或写法不对）"
        raise TemplateTextError(where, wrong, _HOW_TO_FILL) from None
    except (TypeError, ValueError, ArithmeticError, LookupError) as error:
        wrong = f"narrative.{part} 的表达式不能用（{type(error).__name__}）"
        raise TemplateTextError(where, wrong, _HOW_TO_FILL) from None
    if len(text) > MAX_RENDERED:
        raise TemplateTextError(where, f"narrative.{part} 填数后超过 {MAX_RENDERED} 字", "缩短这一部分")
    return text


def printed_lines(report: Report, part: str) -> tuple[str, ...]:
    """One part as it prints, a line for each line of its source, figures filled in; errors as :func:`render`."""
    text = _filled(report, part)
    return tuple(line if report.literal else _unmark(line)[0] for line in text.splitlines())


def _fill(source: str, report: Report) -> str:
    """The text, marks of figures included; given up where it grows beyond what any part may say."""
    pieces: list[str] = []
    length = 0
    values: dict[str, Any] | None = None
    for piece in _pieces(source):
        if isinstance(piece, str):
            pieces.append(piece)
        else:
            values = vocabulary(report) if values is None else values
            pieces.append(_printed(_value(piece, values)))
        length += len(pieces[-1])
        if length > MAX_MARKED:
            raise NothingToFill(f"填数后超过 {MAX_RENDERED} 字")
    return "".join(pieces)


_SYNTAX = Environment(autoescape=True)
"""Only parses: nothing is ever compiled or rendered with it."""


@lru_cache(maxsize=64)
def _pieces(source: str) -> tuple[str | nodes.Expr, ...]:
    """Text and expressions in their order, parsed once, however often the checks, the charts and the notebook ask."""
    if not _OPENING.search(source):
        return (source,)
    tree = _SYNTAX.parse(source)
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, _ALLOWED) or _computes(node):
            raise NothingToFill(f"第 {node.lineno} 行用了只许填数之外的写法")
    outputs = [piece for output in tree.find_all(nodes.Output) for piece in output.nodes]
    return tuple(piece.data if isinstance(piece, nodes.TemplateData) else piece for piece in outputs)


def _computes(node: nodes.Node) -> bool:
    """Whether it calls anything but 格 and 占比, or cuts anything but 主动公开.分类."""
    if isinstance(node, nodes.Call):
        named = isinstance(node.node, nodes.Name) and node.node.name in _CALLED
        return not named or node.dyn_args is not None or node.dyn_kwargs is not None
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Slice):
        return not (isinstance(node.node, nodes.Getattr) and node.node.attr == _CUT)
    return False


def _lines(text: str, *, literal: bool = False) -> Iterator[Line]:
    """Lines by kind; in a literal text neither pictures nor marks of figures are looked for."""
    for raw in text.splitlines():
        stripped = raw.strip().strip("\u3000")
        if not stripped:
            continue
        if not literal and (picture := _PICTURE.fullmatch(stripped)):
            yield PictureLine(picture[1].strip(), picture[2].strip())
            continue
        plain, filled = (stripped, ()) if literal else _unmark(stripped)
        if match := _SECOND_LEVEL.match(plain):
            end = _RUN_IN_END.search(plain, match.end())
            alone = end is None or (end.end() == len(plain) and end[0] != "。")
            if alone and len(plain) <= MAX_HEADING:
                yield HeadingLine(plain)
                continue
            lead = end.end() if end and end.end() <= MAX_HEADING else 0
            yield ParagraphLine(plain, filled, lead)
            continue
        yield ParagraphLine(plain, filled)


def picture_of(line: str) -> PictureLine | None:
    """The picture that a line of a narrative's source is; None where it is anything else."""
    match = _PICTURE.fullmatch(line)
    return PictureLine(match[1], match[2]) if match else None


def _unmark(text: str) -> tuple[str, tuple[Filled, ...]]:
    """Text without marks, and where each filled-in figure stands in it."""
    parts: list[str] = []
    filled: list[Filled] = []
    length = position = 0
    for match in _MARK.finditer(text):
        before = text[position : match.start()]
        parts += [before, match[2]]
        start = length + len(before)
        length = start + len(match[2])
        filled.append(Filled(start, length, match[1]))
        position = match.end()
    parts.append(text[position:])
    return "".join(parts), tuple(filled)


def narrative_parts() -> tuple[str, ...]:
    """The keys under ``narrative`` in the order of the report."""
    return tuple(Narrative.model_fields)


def full_text(report: Report) -> dict[str, str]:
    """The plain text of each part of the narrative, a line per paragraph, figures filled in."""
    return {
        part: "\n".join(line.text for line in render(report, part) if not isinstance(line, PictureLine))
        for part in narrative_parts()
    }
