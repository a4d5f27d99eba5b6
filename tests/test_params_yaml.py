"""One parser decides what a params file says, and a mistake is named with the line on which it was made."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, SequenceNode

from nianbao.errors import NianbaoError, ParamsError
from nianbao.params import yamlio, yamlnodes
from nianbao.params.models import ReportParams
from nianbao.params.narratives import narrative_of
from nianbao.params.validate import validate
from tests.conftest import PARAMS

YONGHE = (PARAMS / "2023" / "yonghe.yaml").read_text(encoding="utf-8")

TOKENS = st.sampled_from([
    "a", "年", "011", "1.5", "no", "~", "-", "- ", " ", "  ", "\n", "\n  ", "\n    ", "\n- ", "\n  - ", ":", ": ", "::", "#",
    " # x", "[", "]", "{", "}", ",", "|", "|-", ">", "'", '"', "''", '"x"', "?", "? ", "&a ", "*a", "%", "@", "---", "...",
    "\t", "\\", "a: ", "b: |\n", "key:\n", "<<: ", "=", "2020-01-01", "http://x", "{{ a }}",
])  # fmt: skip


def of_libyaml(node: yamlnodes.Node | None) -> Any:
    match node:
        case None:
            return None
        case yamlnodes.Mapping():
            return "mapping", node.start.line, [(of_libyaml(key), of_libyaml(value)) for key, value in node.entries]
        case yamlnodes.Sequence():
            return "sequence", node.start.line, [of_libyaml(item) for item in node.items]
        case yamlnodes.Scalar():
            return node.style, node.start.line if node.value else None, node.value


def of_ruamel(node: Any) -> Any:
    if node is None:
        return None
    if isinstance(node, MappingNode):
        return "mapping", node.start_mark.line, [(of_ruamel(key), of_ruamel(value)) for key, value in node.value]
    if isinstance(node, SequenceNode):
        return "sequence", node.start_mark.line, [of_ruamel(item) for item in node.value]
    return node.style or "", node.start_mark.line if node.value else None, node.value


@settings(max_examples=600, deadline=None)
@given(st.lists(TOKENS, min_size=1, max_size=14).map("".join))
def test_a_second_reader_that_knows_yaml_1_2_sees_the_same_values_on_the_same_lines(text: str) -> None:
    """ruamel.yaml is that reader; it refuses more tabs, and libyaml more empty keys."""
    try:
        ours = of_libyaml(yamlnodes.compose(text, "x.yaml"))
    except ParamsError as error:
        assert re.match(r"x\.yaml:\d+：", str(error))
        return
    try:
        with warnings.catch_warnings(action="ignore"):
            theirs = of_ruamel(YAML(typ="safe", pure=True).compose(text))
    except (YAMLError, ValueError):
        return
    assert ours == theirs


@pytest.mark.parametrize("path", [PARAMS / "units.yaml", PARAMS / "2023" / "yonghe.yaml"], ids=lambda path: path.name)
def test_the_params_of_this_package_read_the_same_in_both(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert of_libyaml(yamlnodes.compose(text, path.name)) == of_ruamel(YAML(typ="safe", pure=True).compose(text))


def test_without_libyaml_the_values_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    import yaml

    quick = yamlio.parse_yaml(YONGHE.encode(), "x.yaml")
    monkeypatch.setattr(yamlnodes, "_PARSER", yaml.BaseLoader)
    assert yamlio.parse_yaml(YONGHE.encode(), "x.yaml") == quick


def test_folded_text_has_no_marks_of_the_reader() -> None:
    assert yamlio.parse_yaml("a: >\n  一\n  二\n\n  三\n".encode(), "x.yaml").data == {"a": "一 二\n三\n"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: &x 1\nb: *x\n", ["1：不支持锚点和引用", "2：不支持锚点和引用"]),
        ("a:\n  b: !!int '1'\n", ["2：不支持标签“!!int”"]),
        ("a: 1\n---\nb: 2\n", ["2：不是合法的 YAML（文件里用“---”分成了几份）"]),
        ("a: 1\n...\nb: 2\n", ["3：不是合法的 YAML（前后内容连不成一份）"]),
        ("a: " + "[" * 13 + "]" * 13, ["1：嵌套超过 12 层"]),
        ("a:\n" + "".join(f"{' ' * depth}b:\n" for depth in range(1, 20)), ["14：嵌套超过 12 层"]),
        ("- 1\n" * 200_001, ["200000：文件里的值超过 200000 个"]),
    ],
    ids=["anchors", "tag", "documents", "document end", "brackets", "levels", "many"],
)
def test_what_a_file_may_not_hold_is_named_with_its_line(text: str, says: list[str]) -> None:
    with pytest.raises(NianbaoError) as caught:
        yamlio.parse_yaml(text.encode(), "x.yaml")
    lines = str(caught.value).splitlines()
    assert len(lines) == len(says)
    assert all(line.startswith(f"x.yaml:{start}") for line, start in zip(lines, says, strict=True)), lines


# -- the line of a mistake ------------------------------------------------------------------------

KEY = re.compile(r"^( *)(\w+): *(.*)$")


def mistakes(line: str) -> dict[str, str]:
    """A line of a params file with each mistake that may be made on it."""
    match = KEY.match(line)
    if match is None:
        return {}
    indent, key, value = match.groups()
    made = {
        "full-width colon": f"{indent}{key}：{value}",
        "full-width colon and blank": f"{indent}{key}： {value}",
        "no blank behind the colon": f"{indent}{key}:{value or '|'}",
        "no colon": f"{indent}{key} {value}".rstrip(),
        "tab before the key": f"\t{line}",
        "quote before the key": f"'{line}",
    }
    if value and value[0] not in "|[{\"'":
        text = value.partition(" #")[0].rstrip()
        made |= {
            "quote not closed": f'{indent}{key}: "{text}',
            "quote closed too early": f'{indent}{key}: "{text}" 年',
            "second colon": f"{indent}{key}: {text}: 1",
            "unknown escape": f'{indent}{key}: "\\q{text}"',
            "character of YAML": f"{indent}{key}: @{text}",
        }
    if value.startswith("["):
        made |= {"bracket not closed": line.replace("]", "", 1), "bracket closed twice": line.replace("]", "]]", 1)}
    if value.startswith("|"):
        made |= {"text behind the bar": f"{indent}{key}: |年", "unknown bar": f"{indent}{key}: |x"}
    return made


def is_key(number: int) -> bool:
    """Whether a line of the file, from 0, is a key of the file and no line of a text."""
    return any(line == number + 1 for line in yamlio.parse_yaml(YONGHE.encode(), "x.yaml").lines.values())


CASES = [
    pytest.param(number, made, id=f"{number + 1}-{kind.replace(' ', '_')}")
    for number, line in enumerate(YONGHE.split("\n"))
    if is_key(number)
    for kind, made in mistakes(line).items()
]


@pytest.mark.parametrize(("number", "made"), CASES)
def test_a_mistake_on_any_line_is_named_with_that_line(number: int, made: str) -> None:
    lines = YONGHE.split("\n")
    lines[number] = made
    ends = "\r\n" if number % 2 else "\n"
    with pytest.raises(NianbaoError) as caught:
        validate(ReportParams, yamlio.parse_yaml(ends.join(lines).encode(), "x.yaml"))
    named = {int(line) for line in re.findall(r"^x\.yaml:(\d+)：", str(caught.value), re.MULTILINE)}
    assert number + 1 in named, caught.value


def test_a_full_width_colon_is_called_by_its_name() -> None:
    with pytest.raises(ParamsError, match=r"x:2：不是合法的 YAML（键后面缺少冒号）。冒号用半角的“:”，后面空一格"):
        yamlio.parse_yaml("unit: anhai\nyear：2025\ndate: 2026-01-01\n".encode(), "x")


@settings(max_examples=200, deadline=None)
@given(st.lists(TOKENS, min_size=1, max_size=14).map("".join), st.integers(0, 120))
def test_a_mistake_is_never_named_behind_the_end_of_the_file(text: str, at: int) -> None:
    lines = YONGHE.split("\n")
    whole = "\n".join([*lines[:at], text])
    try:
        yamlio.parse_yaml(whole.encode(), "x.yaml")
    except NianbaoError as error:
        for line in re.findall(r"^x\.yaml:(\d+)：", str(error), re.MULTILINE):
            assert 1 <= int(line) <= max(1, len(whole.rstrip().split("\n")))


# -- a narrative on its own -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("narrative:\n", "narrative: # 正文\n\n"),
        lambda text: text.replace("overview: |", "overview: >"),
        lambda text: text.replace("overview: |", "overview: |-"),
        lambda text: text + "\nt9: [\n",  # what is wrong behind it is for the file's own check
    ],
    ids=["as it is", "windows", "comments", "folded", "stripped", "broken behind"],
)
def test_a_narrative_read_on_its_own_is_that_of_the_whole_file(
    change: Callable[[str], str], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    text = change(YONGHE)
    path = tmp_path / "yonghe.yaml"
    path.write_bytes(text.encode())
    whole = text if "broken" not in request.node.callspec.id else YONGHE
    assert narrative_of(path) == yamlio.parse_yaml(whole.encode(), "x").data["narrative"]


@pytest.mark.parametrize("text", ["", "t2: 1\n", "narrative: 1\n", "- narrative\n", "a: {narrative: {overview: x}}\n"])
def test_a_file_without_a_narrative_has_none(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    assert narrative_of(tmp_path / "a.yaml") == {}
