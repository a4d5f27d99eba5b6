"""Params however mangled: a report with findings, or exit code 2 with file and line; no traceback, no undeserved pass."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import mangling
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from tests.command import Done, nianbao
from tests.conftest import PARAMS

from nianbao.report import load_report

SOUND = "安海镇 2023：可以发布"
QUICK = settings(
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)

VALUES = [
    "", "~", "null", "true", "no", "0", "-0", "+5", "-1", "1.0", "1.5", "011", "1_000", "1,057", "0x10", "0o7", "1e3", "1e400",
    ".inf", ".nan", "9" * 30, "9" * 5000, "0." + "3" * 5000, "-" + "9" * 400, "\uff11", "三", "2.2万", "/", "—", "不适用", "三件",
    "2024-13-01", "2024-01-20", "2024-01-20T00:00:00Z", "0000-00-00", "&a 1", "*a", "&a [*a]", "<<: *a", "!!int '3'", "!!binary aGk=",
    "!!python/object:os.system x", "!x 1", "!!set {a, b}", "!!omap [a: 1]", "!!float 1", "!!str 1", "[1, 2]", "[]", "{}", "{a: b}",
    "{? [a] : b}", "[[[[1]]]]", "[" * 200 + "]" * 200, "[" * 1200, "{a: " * 2000, "- " * 1500 + "1", "'", '"', "|", ">", "|2", "|9+", "@x",
    "`x`", "%x", "? x", ": x", "# x", "---", "...", "%YAML 1.1", '"\\u200b"', '"\\ud800"', '"\\ue000a\\ue001b\\ue002"', '"\\0"', '"\\x85"',
    '"\\u2028"', '"a\\nb"', '"a\\rb"', '"\\U00110000"', '"\\q"', "{{ 年份 }}", "{{ 无 }}", "{{ 9 ** 9 }}", "{% x %}", "{{", "}}",
    "![图](../../x.png)", "![图](" + "x" * 300 + ".png)", "![图](a\\0b)", "x" * 100_000, "年" * 70_000, "a: b: c", "a\tb", "\ta",
]  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of this year in a folder of sound params."""
    return mangling.write_sound(tmp_path_factory.mktemp("mangled") / "params")


class Raw(bytes):
    """The bytes of a file, which a failing example need not print."""

    def __repr__(self) -> str:
        return f"<{len(self)} bytes>"


@pytest.fixture(scope="module")
def sound(place: Path) -> Raw:
    return Raw(place.read_bytes())


def check(place: Path, raw: bytes) -> Done:
    """Run the check on these bytes and hold it to its promise."""
    place.write_bytes(raw)
    ran = nianbao("check", "2023", "anhai", "--params", str(place.parents[1]))
    assert ran.code in (0, 1, 2)
    if ran.code == 2:
        assert mangling.lines_named(ran.err, "2023/anhai.yaml"), ran.err
        assert ran.out == ""
    else:
        assert ran.err == ""
        assert ran.out.startswith("安海镇 2023：")
        assert (ran.code == 0) is ran.out.startswith(SOUND)
        assert ran.code == 0 or "  [错误] " in ran.out
    if ran.code == 0:
        assert mangling.deserves_to_pass(raw)
    return ran


def test_the_file_that_is_mangled_is_sound_and_the_second_reading_agrees(place: Path, sound: Raw) -> None:
    ran = check(place, sound)
    assert (ran.code, ran.out.count("\n")) == (0, 1), ran.out


def test_the_second_reading_sees_what_it_is_there_to_see(sound: Raw) -> None:
    text = sound.decode()
    assert mangling.deserves_to_pass(sound)
    for line in text.splitlines():
        if "[" in line and "#" in line:
            first = line.partition("[")[2].partition(",")[0]
            other = line.replace(f"[{first},", f"[{int(first) + 1},")
            assert mangling.deserves_to_pass(text.replace(line, other).encode()) is ("normative" in line), line


@st.composite
def by_line(draw: st.DrawFn) -> Callable[[str], str]:
    """One change of one line or two: keys and values dropped, doubled, renamed, moved, or of another kind."""
    kind = draw(st.sampled_from(["drop", "double", "rename", "value", "item", "indent", "swap", "insert", "comment"]))
    at, to = draw(st.integers(0, 10_000)), draw(st.integers(0, 10_000))
    value = draw(st.sampled_from(VALUES))

    def change(text: str) -> str:
        lines = text.split("\n")
        here, there = at % len(lines), to % len(lines)
        line = lines[here]
        key, colon, rest = line.partition(":")
        match kind:
            case "drop":
                del lines[here : here + 1 + to % 3]
            case "double":
                lines.insert(there, line)
            case "rename":
                lines[here] = f"{key[:-1]}{'x' if to % 2 else ''}{colon}{rest}"
            case "value":
                lines[here] = f"{key}: {value}"
            case "item":
                items = line.split(", ")
                items[there % len(items)] = value
                lines[here] = ", ".join(items)
            case "indent":
                lines[here] = f"{'  ' if to % 2 else chr(9)}{line}" if to % 3 else line[1:]
            case "swap":
                lines[here], lines[there] = lines[there], line
            case "insert":
                lines.insert(here, f"{' ' * (to % 5)}{value}")
            case "comment":
                lines[here] = f"# {line}"
        return "\n".join(lines)

    return change


@settings(QUICK, max_examples=100)
@given(st.lists(by_line(), min_size=1, max_size=2))
def test_a_file_with_mangled_lines_is_refused_or_reported(
    place: Path, sound: Raw, changes: list[Callable[[str], str]]
) -> None:
    text = sound.decode()
    for change in changes:
        text = change(text)
    check(place, text.encode("utf-8", "surrogatepass"))


FIGURES = re.compile(r"(?<=[\[ ])\d+(?=[,\]}]| +#)")
"""A figure of the tables or of the classes, as the file has them."""


@settings(QUICK, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(-9, 9)), min_size=1, max_size=2))
def test_a_file_with_other_figures_passes_only_where_they_hold(
    place: Path, sound: Raw, changes: list[tuple[int, int]]
) -> None:
    text = sound.decode()
    for at, by in changes:
        found = list(FIGURES.finditer(text))
        figure = found[at % len(found)]
        text = f"{text[: figure.start()]}{int(figure[0]) + by}{text[figure.end() :]}"
    ran = check(place, text.encode())
    if ran.code == 1:  # the second reading agrees that something is wrong
        assert not mangling.deserves_to_pass(text.encode())


@settings(QUICK, max_examples=80)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 1 << 20),
            st.integers(0, 40),
            st.one_of(
                st.binary(max_size=4),
                st.sampled_from([b"\r", b"\t", b"\0", b"\x1b[31m", b"\xef\xbb\xbf", b"\xff", b"9", b"0"]),
            ),
        ),
        min_size=1,
        max_size=3,
    )
)
def test_a_file_with_mangled_bytes_is_refused_or_reported(
    place: Path, sound: Raw, splices: list[tuple[int, int, bytes]]
) -> None:
    raw = sound
    for at, length, new in splices:
        start = at % (len(raw) + 1)
        raw = raw[:start] + new + raw[start + length :]
    check(place, raw)


@settings(QUICK, max_examples=40)
@given(st.integers(0, 1 << 20))
@example(0)
def test_a_file_cut_short_is_refused_or_reported(place: Path, sound: Raw, length: int) -> None:
    check(place, sound[: length % len(sound)])


@pytest.mark.parametrize(
    ("encoding", "says"),
    [
        ("utf-8-sig", None),
        ("utf-16", "anhai.yaml:1：不是 UTF-8 文本"),
        ("utf-16-le", "anhai.yaml:6：不是 UTF-8 文本"),
        ("gb18030", "anhai.yaml:6：不是 UTF-8 文本"),
        ("utf-32", "anhai.yaml:1：不是 UTF-8 文本"),
    ],
)
def test_a_file_in_another_encoding_is_named_with_its_first_bad_line(
    place: Path, sound: Raw, encoding: str, says: str | None
) -> None:
    ran = check(place, sound.decode().encode(encoding))
    assert says in ran.err if says else ran.code == 0, ran.err


def test_line_ends_of_windows_read_the_same_and_others_are_refused(place: Path, sound: Raw) -> None:
    before = check(place, sound)
    assert check(place, sound.replace(b"\n", b"\r\n")) == before
    assert check(place, b"\xef\xbb\xbf" + sound.replace(b"\n", b"\r\n")) == before
    half = sound.replace(b"\n", b"\r\n", 20)
    assert check(place, half) == before
    for raw in (sound.replace(b"\n", b"\r"), sound.replace(b"\n", b"\r\r\n"), sound.replace(b"\n", b"\n\r")):
        assert "U+000D" in check(place, raw).err
    assert "anhai.yaml:3：" in check(place, sound.replace(b"\n", b"\r\n").replace(b"date", b"da\x01te")).err


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("licensing: 9 ", "licensing: !!str 9 ", "不支持标签“!!str”"),
        ("licensing: 9 ", "licensing: ! 9 ", "不支持标签“!”"),
        ("rules:     [", "rules:     !!seq [", "不支持标签“!!seq”"),
        ("  licensing: 9", "  !!str licensing: 9", "不支持标签“!!str”"),
        ("  licensing: 9", "  &a licensing: 9", "键应为文字"),
        ("office: 党政综合办公室", 'office: "\\u202e党政"', "U+202E"),
        ("office: 党政综合办公室", 'office: "\\ue000t3.received.total\\ue00199\\ue002"', "U+E000"),
        ("office: 党政综合办公室", 'office: "\\ud800"', "双引号里有认不出的反斜杠写法"),
        ("licensing: 9 ", 'licensing: "\\U00110000" ', "不是合法的 YAML"),
        ("licensing: 9 ", "licensing: " + "[" * 1200, "嵌套超过 12 层"),
        ("licensing: 9 ", "licensing: " + "9" * 5000, "应为非负整数"),
        ("    修订主动公开事项目录", "    " + "{" * 3000, "narrative.overview 的表达式不能用"),
        ("    修订主动公开事项目录", "    {{ 主动公开.总数 }", "narrative.overview 第 7 行的表达式不能用"),
        ("unit: anhai", "- a", "不是合法的 YAML"),
        ("red_head: true", "red_head: yes", "应为“true”或“false”"),
    ],
)
def test_what_yaml_would_take_for_something_is_refused_with_its_line(
    place: Path, sound: Raw, old: str, new: str, says: str
) -> None:
    assert sound.count(old.encode()) == 1
    ran = check(place, sound.replace(old.encode(), new.encode()))
    assert (ran.code, says in ran.err) == (2, True), ran.err


def test_folded_prose_holds_nothing_but_what_was_written(place: Path, sound: Raw) -> None:
    text = sound.decode().replace(
        "  other: 本年度没有收取信息处理费。", "  other: >\n    本年度没有\n    收取\n    信息处理费。"
    )
    check(place, text.encode())
    narrative = load_report("anhai", 2023, place.parents[1]).params.narrative
    assert narrative.other == "本年度没有 收取 信息处理费。\n"


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ``units.yaml`` of a folder of sound params."""
    place = mangling.write_sound(tmp_path_factory.mktemp("units") / "params")
    return place.parents[1] / "units.yaml"


def look(registry: Path, raw: bytes) -> Done:
    """List the units and check a report with these bytes as ``units.yaml``."""
    registry.write_bytes(raw)
    listed = nianbao("list", "--params", str(registry.parent))
    ran = nianbao("check", "2023", "anhai", "--params", str(registry.parent))
    assert listed.code in (0, 2)
    assert (listed.code == 2) is (ran.code == 2 and "units.yaml" in ran.err)
    if listed.code == 2:
        assert mangling.lines_named(listed.err, "units.yaml"), listed.err
        assert listed.out == ran.out == ""
    elif ran.code == 2:
        assert ran.err.startswith("单位“anhai”：") or mangling.lines_named(ran.err, "2023/anhai.yaml")
    return ran


@settings(QUICK, max_examples=40)
@given(st.lists(by_line(), min_size=1, max_size=2))
def test_units_with_mangled_lines_are_refused_or_read(registry: Path, changes: list[Callable[[str], str]]) -> None:
    text = (PARAMS / "units.yaml").read_text(encoding="utf-8")
    for change in changes:
        text = change(text)
    look(registry, text.encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("id: anhai", "id: Anhai", "units[7].id 应为"),
        ("id: anhai", "id: yonghe", "yonghe 重复"),
        ("id: anhai", "id: anhai\n    id: anhai", "键 id 重复"),
        ("    name: 安海镇\n", "", "缺少 units[7].name"),
        ("kind: 镇", "kind: 乡", "应为"),
        ("units:", "unit:", "units"),
        ("units:", "units: &a", "不支持锚点"),
    ],
)
def test_what_is_wrong_with_the_units_is_named(registry: Path, old: str, new: str, says: str) -> None:
    text = (PARAMS / "units.yaml").read_text(encoding="utf-8")
    assert old in text
    ran = look(registry, text.replace(old, new, 1).encode())
    assert (ran.code, says in ran.err) == (2, True), ran.err


def test_units_with_line_ends_of_windows_read_the_same(registry: Path) -> None:
    raw = (PARAMS / "units.yaml").read_bytes()
    assert look(registry, raw.replace(b"\n", b"\r\n")) == look(registry, raw)
