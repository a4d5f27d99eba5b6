"""What the YAML parser complains of, in the words of whoever keeps the file."""

from __future__ import annotations

import re

import yaml

_CHECK = "检查缩进、引号和冒号"
CANNOT_READ = "不是合法的 YAML", "检查这一行的写法"
_NO_COLON = r"could not find expected ':'"

# Searched in this order in what libyaml says of the problem and its context; what to do stands beside what is wrong.
_COMPLAINTS: tuple[tuple[str, str, str], ...] = (
    (r"tab character", "这里有制表符", "缩进和间隔都用空格"),
    (r"that cannot start any token", "这里的字符不能放在值的开头", "给这个值加上引号"),
    (r"unknown escape character|hexdecimal number|character escape code", "双引号里有认不出的反斜杠写法", "改用单引号，或删去反斜杠"),
    (r"quoted scalar", "引号没有配对", "补上引号"),
    (r"expected ',' or", "括号没有配对，或两个值之间缺少逗号", "检查这一行和上一行的括号、逗号"),
    (_NO_COLON, "键后面缺少冒号", "写成“键: 值”，冒号后空一格"),
    (r"mapping values are not allowed|unexpected ':'", "冒号的位置不对", "检查缩进；值里有冒号的，给值加上引号"),
    (r"sequence entries are not allowed", "“-”的位置不对", "列表另起一行，缩进对齐"),
    (r"scanning a block scalar", "“|”或“>”后面的写法不对", "“|”后面直接换行，正文缩进对齐"),
    (r"document start", "前后内容连不成一份", _CHECK),
    (r"document indicator|directive|tag handle", "有“---”“...”或“%”开头的行", "删去这一行"),
    (r"scanning an? (?:anchor|alias)|duplicate", "不支持锚点和引用（& 与 *）", "写出完整的值"),
    (r"a tag|tag URI|URI escape", "不支持标签", "删除标签"),
    (r"expected key|expected '-' indicator", "缩进与上面不齐，或引号、括号之后还有文字", _CHECK),
    (r"expected node content", "这里缺少值", "补上值；没有的写 null"),
)  # fmt: skip


def complain(error: yaml.MarkedYAMLError, line: str, *, key_without_colon: bool) -> tuple[str, str]:
    """What is wrong on a line of a file, and what to do."""
    said = _NO_COLON if key_without_colon else f"{error.context or ''} {error.problem or ''}"
    if "\t" in line[: len(line) - len(line.lstrip())]:
        said = "tab character"
    for pattern, wrong, remedy in _COMPLAINTS:
        if re.search(pattern, said):
            if pattern == _NO_COLON and "：" in line:
                return f"不是合法的 YAML（{wrong}）", "冒号用半角的“:”，后面空一格"
            return f"不是合法的 YAML（{wrong}）", remedy
    return "不是合法的 YAML", _CHECK
