"""What the YAML parser complains of, in the words of whoever keeps the file."""

from __future__ import annotations

import re

from ruamel.yaml.error import MarkedYAMLError

_CHECK = "检查缩进、引号和冒号"

# Searched in this order in the parser's problem and context; what to do stands beside what is wrong.
_COMPLAINTS: tuple[tuple[str, str, str], ...] = (
    (r"'\\t' that cannot start", "这里有制表符", "缩进和间隔都用空格"),
    (r"that cannot start any token", "这里的字符不能放在值的开头", "给这个值加上引号"),
    (r"scanning a quoted scalar|scanning a double-quoted scalar.*end of stream", "引号没有配对", "补上引号"),
    (r"unknown escape character|escape sequence", "双引号里有认不出的反斜杠写法", "改用单引号，或删去反斜杠"),
    (r"expected ',' or", "括号没有配对，或两个值之间缺少逗号", "检查这一行和上一行的括号、逗号"),
    (r"could not find expected ':'", "键后面缺少冒号", "写成“键: 值”，冒号后空一格"),
    (r"mapping values are not allowed|unexpected ':'", "冒号的位置不对", "检查缩进；值里有冒号的，给值加上引号"),
    (r"sequence entries are not allowed", "“-”的位置不对", "列表另起一行，缩进对齐"),
    (r"scanning a block scalar", "“|”或“>”后面的写法不对", "“|”后面直接换行，正文缩进对齐"),
    (r"single document", "文件里用“---”分成了几份", "删去“---”"),
    (r"document start", "前后内容连不成一份", _CHECK),
    (r"end marker|document separator|directive|YAML document|tag handle", "有“---”“...”或“%”开头的行", "删去这一行"),
    (r"scanning an? (?:anchor|alias)|undefined alias|duplicate anchor", "不支持锚点和引用（& 与 *）", "写出完整的值"),
    (r"scanning a tag|parsing a tag|parsing an tag", "不支持标签", "删除标签"),
    (r"expected <block end>", "缩进与上面不齐，或引号、括号之后还有文字", _CHECK),
    (r"expected the node content", "这里缺少值", "补上值；没有的写 null"),
)  # fmt: skip


def complaint(error: MarkedYAMLError) -> tuple[str, str]:
    """What is wrong with the file, and what to do."""
    said = f"{error.context or ''} {error.problem or ''}"
    for pattern, wrong, remedy in _COMPLAINTS:
        if re.search(pattern, said, re.DOTALL):
            return f"不是合法的 YAML（{wrong}）", remedy
    return "不是合法的 YAML", _CHECK
