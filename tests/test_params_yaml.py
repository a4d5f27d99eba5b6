"""libyaml stands in for ruamel.yaml only where both see the same values at the same lines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from nianbao.params import yamlio, yamlnodes
from tests.conftest import PARAMS

TOKENS = st.sampled_from([
    "a", "年", "011", "1.5", "no", "~", "-", "- ", " ", "  ", "\n", "\n  ", "\n    ", "\n- ", "\n  - ", ":", ": ", "::", "#",
    " # x", "[", "]", "{", "}", ",", "|", "|-", ">", "'", '"', "''", '"x"', "?", "? ", "!", "&a ", "*a", "%", "@", "---", "...",
    "\t", "\\", "a: ", "b: |\n", "key:\n", "<<: ", "=", "2020-01-01", "\r\n", "http://x", "{{ a }}",
])  # fmt: skip


def values(node: Any, text: str) -> tuple[Any, dict[Any, int], list[str]]:
    reader = yamlio._Reader("x.yaml", text)
    data = None if node is None else reader.value(node, ())
    return data, reader.lines, [str(error) for error in reader.errors]


@settings(max_examples=500, deadline=None)
@given(st.lists(TOKENS, min_size=1, max_size=14).map("".join))
def test_what_libyaml_reads_is_what_ruamel_reads(text: str) -> None:
    if yamlnodes._DOUBTFUL.search(text):
        return
    try:
        quick = values(yamlnodes.quick(text), text)
    except yaml.YAMLError:
        return
    assert repr(quick) == repr(values(YAML(typ="safe", pure=True).compose(text), text))


@pytest.mark.parametrize("path", [PARAMS / "units.yaml", PARAMS / "2023" / "yonghe.yaml"], ids=lambda path: path.name)
def test_the_params_of_this_package_take_the_quick_way(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert yaml.__with_libyaml__ and not yamlnodes._DOUBTFUL.search(text)
    assert values(yamlnodes.quick(text), text) == values(YAML(typ="safe", pure=True).compose(text), text)


@pytest.mark.parametrize(
    "text",
    ["a: &x 1\nb: *x\n", "a: !!int '1'\n", "%YAML 1.1\n---\na: 1\n", "a: 1\n---\nb: 2\n", "a:\t1\n", "a: >\n  b\n"],
)
def test_doubtful_text_is_left_to_ruamel(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yamlnodes, "quick", lambda _text: pytest.fail("libyaml was asked"))
    assert yamlnodes._DOUBTFUL.search(text)
    try:
        yamlio.parse_yaml(text.encode(), "x.yaml")
    except (yamlio.ParamsError, yamlio.ErrorList) as error:
        assert str(error).startswith("x.yaml:")


def test_without_libyaml_the_values_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = (PARAMS / "2023" / "yonghe.yaml").read_bytes()
    quick = yamlio.parse_yaml(raw, "x.yaml")
    monkeypatch.setattr(yaml, "__with_libyaml__", False)
    assert yamlio.parse_yaml(raw, "x.yaml") == quick


def test_folded_text_has_no_marks_of_the_reader() -> None:
    assert yamlio.parse_yaml("a: >\n  一\n  二\n\n  三\n".encode(), "x.yaml").data == {"a": "一 二\n三\n"}
