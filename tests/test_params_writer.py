"""The params writer: what it writes reads back the same, and what it does not touch stays as it stood."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from nianbao.errors import ParamsError
from nianbao.params import load_params, load_units
from nianbao.params.writer import dump_params, same
from nianbao.params.yamlio import parse_yaml
from nianbao.statute import FORM_2021, Kind

ROOT = Path(__file__).parents[1]
YONGHE = (ROOT / "params/2023/yonghe.yaml").read_text(encoding="utf-8")

# Everything the strict reader allows in a file, with the characters that YAML gives a meaning to drawn often.
CHARACTERS = st.one_of(
    st.sampled_from(list(":#-,[]{}&*!|>'\"%@`~?/\\=+.0123456789 \t无年（）“”{{}}")),
    st.characters(min_codepoint=0x20, max_codepoint=0xD7FF, exclude_categories=["Cc", "Cf", "Zl", "Zp", "Co", "Cs"]),
).filter(lambda c: c not in "\u200b\u200c\u200d\u200e\u200f\u202f")
LINE = st.text(CHARACTERS, min_size=1, max_size=20)
ONE_LINE = st.one_of(
    LINE.filter(lambda text: not text[0].isspace()),
    st.sampled_from(["null", "no", "true", "0595", "011", "1_000", "1e3", "2024-01-20", "~", "-", "- a", "#a", "a #b"]),
)
PROSE = st.one_of(st.none(), ONE_LINE, st.lists(st.one_of(st.just(""), LINE), max_size=5).map("\n".join))
COUNT = st.integers(0, 10**12)
MONEY = st.one_of(COUNT, st.decimals(0, 10**9, places=6))
MARK = st.sampled_from(["/", "-", "—", "——", "不适用"])


def values_of(kind: Kind) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), MARK, MONEY if kind is Kind.MONEY else COUNT)


def tables() -> st.SearchStrategy[dict[str, Any]]:
    """Some rows of the three tables, nested as in the file."""
    rows = {
        row: st.tuples(*(values_of(field.kind) for field in fields)).map(list)
        for table in ("t2", "t3", "t4")
        for row, fields in FORM_2021.rows_of(table)
    }
    return st.fixed_dictionaries({}, optional=rows).map(nested)


def nested(rows: dict[str, list[Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {"t2": {}, "t3": {}, "t4": {}}
    for key, row in rows.items():
        *parents, last = key.split(".")
        here = result
        for parent in parents:
            here = here.setdefault(parent, {})
        here[last] = row if len(row) > 1 else row[0]
    return {key: value for key, value in result.items() if value}


QUICK = settings(max_examples=20, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
ATTACHMENT = st.one_of(ONE_LINE, st.fixed_dictionaries({"name": ONE_LINE, "file": ONE_LINE}))
VALUES = st.builds(
    lambda rest, figures: {"unit": "yonghe", "year": 2023, **rest, **figures},
    st.fixed_dictionaries(
        {},
        optional={
            "date": st.dates(date(2020, 1, 1), date(2030, 1, 1)),
            "contact": st.fixed_dictionaries({}, optional={"office": ONE_LINE, "phone": ONE_LINE}),
            "document": st.fixed_dictionaries(
                {}, optional={"red_head": st.booleans(), "attachments": st.lists(ATTACHMENT, max_size=3)}
            ),
            "disclosure": st.fixed_dictionaries(
                {},
                optional={
                    "total": COUNT,
                    "classes": st.lists(st.fixed_dictionaries({"name": ONE_LINE, "count": COUNT}), max_size=4),
                    "channels": st.dictionaries(ONE_LINE, COUNT, max_size=3),
                },
            ),
            "fees": st.fixed_dictionaries({}, optional={"notices": COUNT, "amount": MONEY}),
            "narrative": st.fixed_dictionaries({}, optional={"preamble": PROSE, "overview": PROSE, "other": PROSE}),
            "declared": st.lists(st.fixed_dictionaries({"text": ONE_LINE, "reason": ONE_LINE}), max_size=2),
        },
    ),
    tables(),
)


def read(text: str) -> Any:
    return parse_yaml(text.encode(), "test.yaml").data


def says(found: Any, wanted: Any, free: bool = False) -> bool:
    """Whether a file says everything that was wanted; None and nothing are one outside lists."""
    if isinstance(wanted, dict) and not free:
        return all(says((found or {}).get(key), value, key == "channels") for key, value in wanted.items())
    return same(found, wanted) or (wanted in (None, {}) and found in (None, {}))


@QUICK
@given(VALUES)
def test_a_new_file_reads_back_the_same(values: dict[str, Any]) -> None:
    found = read(dump_params(None, values, header="标题 # 一\n二"))
    assert same(found, {key: found[key] for key in found})
    assert set(found) == set(values)
    assert all(same(found[key], values[key]) for key in values)


@QUICK
@given(VALUES, VALUES)
def test_a_changed_file_reads_back_the_same_and_keeps_the_rest(old: dict[str, Any], new: dict[str, Any]) -> None:
    before = dump_params(None, old)
    after = dump_params(before, new)
    found = read(after)
    assert says(found, new)
    for key in old.keys() - new.keys():
        assert same(found[key], old[key])


@settings(QUICK, max_examples=8)
@given(VALUES)
def test_line_ends_of_windows_are_kept(values: dict[str, Any]) -> None:
    plain, windows = dump_params(YONGHE, values), dump_params(YONGHE.replace("\n", "\r\n"), values)
    assert windows == plain.replace("\n", "\r\n")
    assert dump_params(windows, values) == windows


@QUICK
@given(VALUES)
def test_the_committed_file_takes_any_values_and_keeps_its_comments(values: dict[str, Any]) -> None:
    found = dump_params(YONGHE, values)
    assert says(read(found), values)
    top = [line for line in YONGHE.splitlines() if line.startswith("#")]
    assert [line for line in found.splitlines() if line in top] == top


def test_nothing_to_change_changes_nothing() -> None:
    assert dump_params(YONGHE, read(YONGHE)) == YONGHE


def test_a_changed_figure_changes_its_line_alone_and_leaves_the_comment_in_its_column() -> None:
    changed = dump_params(YONGHE, {"t2": {"rules": [0, 0, 12]}, "fees": {"notices": 0}})
    lines = [(a, b) for a, b in zip(YONGHE.splitlines(), changed.splitlines(), strict=True) if a != b]
    assert lines == [
        ("  notices: null     # 公开文本第六部分只写“无”", "  notices: 0        # 公开文本第六部分只写“无”"),
        ("  rules: [0, 0, 0]        # 规章", "  rules: [0, 0, 12]       # 规章"),
    ]


def test_classes_are_changed_added_and_removed_in_place() -> None:
    classes = [dict(item) for item in read(YONGHE)["disclosure"]["classes"]]
    classes[0]["count"] = 11
    more = dump_params(YONGHE, {"disclosure": {"classes": [*classes, {"name": "财政资金类", "count": 1}]}})
    added = [line for line in more.splitlines() if line not in YONGHE.splitlines()]
    assert added == ["    - {name: 机构职能类信息, count: 11}", "    - {name: 财政资金类, count: 1}"]
    fewer = dump_params(YONGHE, {"disclosure": {"classes": classes[:2], "channels": {"微博": 3}}})
    assert read(fewer)["disclosure"] == {"total": 69, "classes": classes[:2], "channels": {"微博": 3}}


def test_a_narrative_is_replaced_as_a_block_and_its_neighbours_stay() -> None:
    changed = dump_params(YONGHE, {"narrative": {"problems": "一行\n二行\n", "disclosure": "见下表。\n"}})
    assert "  problems: |\n    一行\n    二行\n  other: |\n    无\n" in changed
    assert "  disclosure: |\n    见下表。\n  problems: |" in changed


def test_a_new_file_is_laid_out_like_the_committed_one(tmp_path: Path) -> None:
    text = dump_params(None, read(YONGHE), header="永和镇")
    assert "  received:             [0, 0, 0, 0, 0, 0, 0]  # 一、本年新收政府信息公开申请数量\n" in text
    assert "    - {name: 机构职能类信息, count: 10}\n" in text
    assert (
        "\n# 第四部分。每组依次为：结果维持、结果纠正、其他结果、尚未审结、总计。空白写 null，不是 0。\nt4:\n" in text
    )
    (tmp_path / "2023").mkdir()
    (tmp_path / "units.yaml").write_bytes((ROOT / "params/units.yaml").read_bytes())
    (tmp_path / "2023/yonghe.yaml").write_text(text, encoding="utf-8")
    unit = load_units(tmp_path).find("yonghe")
    ours, theirs = load_params(unit, 2023, tmp_path), load_params(unit, 2023, ROOT / "params")
    assert ours.params == theirs.params
    assert ours.cells == theirs.cells


def test_null_for_what_is_not_there_adds_nothing() -> None:
    text = "unit: yonghe\nyear: 2023\ncontact: {}\nt4: {}\n"
    nothing = {"contact": {"office": None}, "fees": {"notices": None}, "narrative": {"other": None}}
    assert dump_params(text, nothing) == text
    assert read(dump_params(text, {"t4": {"direct": None}}))["t4"] == {"direct": None}
    assert read(dump_params(text, {"t2": {"fees": None}}))["t2"] == {"fees": None}


def test_rows_stand_in_the_order_of_the_form() -> None:
    zeros = [0] * 7
    rows = {"carried_out": zeros, "denied": {"query": zeros, "secret": zeros}, "received": zeros}
    text = dump_params(None, {"unit": "yonghe", "year": 2023, "t3": rows})
    keys = [line.split(":")[0].strip() for line in text.partition("t3:\n")[2].splitlines()]
    assert keys == ["received", "denied", "secret", "query", "carried_out"]


def test_money_keeps_every_digit() -> None:
    assert "fees: 190.457379" in dump_params(YONGHE, {"t2": {"fees": Decimal("190.457379")}})


def test_a_layout_that_cannot_be_changed_in_place_is_refused() -> None:
    with pytest.raises(ParamsError, match="写法特殊"):
        dump_params("{unit: yonghe, year: 2023}\n", {"date": date(2024, 1, 20)})


def test_a_float_has_no_exact_figure() -> None:
    with pytest.raises(TypeError, match="float"):
        dump_params(None, {"unit": "yonghe", "year": 2023, "fees": {"amount": 0.1}})


@pytest.mark.parametrize(
    "existing",
    [
        "unit: yonghe\nyear: 2023\nnarrative: {}\nt4: {}",
        "year: 2023\nunit: yonghe\nnarrative:\n  other: null # 无\nt4:\n  direct: [0, 0, 0, 0]\n# 尾注\n",
        "unit: yonghe\nyear: 2023\nnarrative: {other: 旧, preamble: 旧}  # 甲\nt4:\n# 乙\n    direct:\n    - 1\n    - 2\n"
        "    - 3\n    - 4\n",
    ],
)
def test_other_layouts_are_changed_too(existing: str) -> None:
    new = {"narrative": {"preamble": "一\n二\n", "other": "三\n四"}, "t4": {"direct": [1, 2, 3, None]}}
    text = dump_params(existing, new)
    assert says(read(text), new)
    assert [mark for mark in ("# 无", "# 尾注", "# 甲", "# 乙") if mark in existing] == [
        mark for mark in ("# 无", "# 尾注", "# 甲", "# 乙") if mark in text
    ]


def test_a_file_with_line_ends_of_windows_keeps_them() -> None:
    new = {"date": date(2024, 1, 19), "narrative": {"other": "甲\n乙\n"}, "t4": {"review": [0, 0, 0, 0, 0]}}
    text = dump_params(YONGHE.replace("\n", "\r\n"), new)
    assert text == dump_params(YONGHE, new).replace("\n", "\r\n")
    assert says(read(text), new)
