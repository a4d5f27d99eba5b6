"""The two readers of params files: what the quick one takes, the strict one reads the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nianbao.demo import demo_files
from nianbao.errors import NianbaoError
from nianbao.params.yamlio import parse_yaml
from nianbao.params.yamlquick import read_plain
from nianbao.params.yamlstrict import read_strictly

TOP = Path(__file__).parent.parent
FILES = sorted(TOP.glob("params/**/*.yaml")) + sorted(TOP.glob("tests/golden/**/*.yaml"))

# Pieces of which most texts are almost YAML.
_WORDS = [
    "a",
    "b",
    "是",
    "0",
    "1",
    "07",
    "1.50",
    "-1",
    "no",
    "null",
    "~",
    "true",
    "2024-02-29",
    "2023-02-29",
    "http://x/y",
]
_SIGNS = [
    ": ",
    ":",
    " :",
    "- ",
    "-",
    ", ",
    "[",
    "]",
    "{",
    "}",
    "'",
    '"',
    "''",
    '\\"',
    "\\n",
    "\\/",
    "\\x41",
    "\\",
    "@",
    "`",
]
_SPACES = ["\n", "\n  ", "\n    ", "  ", " ", "#", " #", "|\n", ">\n", "|-\n", "|2\n", "---\n", "...\n", "\t", "\u00a0"]
_RARE = ["!", "&x ", "*x", "!!str ", "%", "? ", "<<: ", "=", "𠮷", "😀", "\ud7ff"]
_PIECE = st.sampled_from([*_WORDS, *_SIGNS, *_SPACES, *_RARE])
_TEXT = st.lists(_PIECE, max_size=24).map("".join)


def both(text: str) -> None:
    plain = read_plain(text)
    if plain is not None:
        assert plain == read_strictly(text, "x.yaml")


@given(_TEXT)
@settings(max_examples=600, deadline=None)
@example("a: [b:c, {d: e:f}]\n")
@example("a: 'b\n\n  c'\n")
@example('a: "b\\\n   c"\n')
@example("a:\n- b\n-\n- c\n")
@example("a: >\n  b\n\n    c\n  d\n")
@example("- - - - - - - - - - - - - - a")
def test_what_the_quick_reader_takes_the_strict_one_reads_the_same(text: str) -> None:
    both(text)


@given(st.lists(_TEXT, min_size=1, max_size=5))
@settings(max_examples=300, deadline=None)
def test_values_of_keys_are_read_the_same(values: list[str]) -> None:
    both("".join(f"k{number}: {value}\n" for number, value in enumerate(values)))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(TOP).as_posix())
def test_every_params_file_is_read_quickly_and_the_same(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert read_plain(text) == read_strictly(text, path.name)


def test_files_that_are_written_by_tools_are_read_quickly_and_the_same() -> None:
    files, _ = demo_files(2025, TOP / "params")
    texts = [text for name, text in files.items() if name.endswith(".yaml")]
    assert len(texts) > 19
    for text in (texts[0], texts[7], texts[-1]):
        assert read_plain(text) == read_strictly(text, "x.yaml")


@pytest.mark.parametrize(
    "text",
    ["a: &x 1\n", "a: !t 1\n", "a: 1\na: 2\n", "? [a]\n: 1\n", "a: 2023-02-29\n", "a: [1\n", "a: 1\n---\nb: 2\n"],
)
def test_what_cannot_stand_in_a_params_file_is_left_to_the_strict_reader(text: str) -> None:
    assert read_plain(text) is None
    with pytest.raises(NianbaoError, match=r"^x\.yaml:\d"):
        parse_yaml(text.encode(), "x.yaml")


def test_line_ends_of_windows_are_line_ends() -> None:
    windows = parse_yaml("unit: yonghe\r\nnarrative:\r\n  other: |\r\n    无\r\n".encode(), "x.yaml")
    assert windows.data == {"unit": "yonghe", "narrative": {"other": "无\n"}}
    assert windows.lines["narrative", "other"] == 3
