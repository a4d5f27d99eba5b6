"""Params are read strictly: what is wrong is named with file, line and key."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from nianbao.errors import ErrorList, MissingParamsError, NianbaoError, ParamsError, UnknownUnitError, UsageError
from nianbao.params import load_units, parse_year, years_of
from nianbao.params.yamlio import parse_yaml
from nianbao.report import load_report
from tests.conftest import GOLDEN, PARAMS

ParamsWith = Callable[..., Path]


def test_there_are_six_subdistricts_and_thirteen_towns() -> None:
    kinds = [unit.kind for unit in load_units(PARAMS).units]
    assert (kinds.count("街道"), kinds.count("镇")) == (6, 13)


def test_what_is_not_known_of_a_unit_is_none() -> None:
    assert load_units(PARAMS).find("青阳街道").phone is None


@pytest.mark.parametrize("name", ["永和镇", "yonghe", "晋江市永和镇人民政府", " 永和镇 "])
def test_a_unit_is_found_by_name_id_and_official_name(name: str) -> None:
    assert load_units(PARAMS).find(name).id == "yonghe"


def test_an_unknown_unit_answers_with_the_nearest() -> None:
    with pytest.raises(UnknownUnitError, match="是否为 永和镇？"):
        load_units(PARAMS).find("永禾镇")


@pytest.mark.parametrize("text", ["23", "02023", "2023年", "二〇二三", "２０２３", "", "1999", "2023.0"])
def test_a_year_is_four_digits(text: str) -> None:
    with pytest.raises(UsageError, match="四位数字"):
        parse_year(text)


def test_the_params_without_waivers_are_otherwise_the_same() -> None:
    whole = (PARAMS / "2023" / "yonghe.yaml").read_text(encoding="utf-8")
    without = (GOLDEN / "unwaived" / "2023" / "yonghe.yaml").read_text(encoding="utf-8")
    assert whole.startswith(without.rstrip()) and "waivers:" not in without
    assert (GOLDEN / "unwaived" / "units.yaml").read_bytes() == (PARAMS / "units.yaml").read_bytes()


def test_a_missing_report_says_which_years_there_are() -> None:
    with pytest.raises(MissingParamsError, match=r"params/2022/yonghe\.yaml：没有这个文件。永和镇有 2023 年的数据"):
        load_report("yonghe", 2022, PARAMS)
    assert years_of(PARAMS)[2023] == ("yonghe",)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("licensing: 0", "licensing: 三件", r"yonghe\.yaml:\d+：t2\.licensing\.decisions 应为非负整数，实为“三件”"),
        ("licensing: 0", "licensing: -1", "应为非负整数，实为“-1”"),
        ("licensing: 0", "licensing: 1.5", "应为非负整数，实为“1.5”"),
        ("licensing: 0", "licensing: 011", "实为“011”"),
        ("licensing: 0", "licensing: no", "实为“no”"),
        ("licensing: 0", "licensing: true", "应为非负整数"),
        ("licensing: 0", 'licensing: "0"', "应为非负整数"),
        ("licensing: 0", "licensing: 9999999999999999999", "应为非负整数.*只写数"),
        *(
            ("licensing: 0", f"licensing: {written}", "写 1234，不加引号、单位和逗号")
            for written in ('"1234"', "1,234", '"1234"', "1234 件", "1_234", '" 1234.00 "', "\uff11\uff12\uff13\uff14")
        ),
        ("licensing: 0", "licensing: 二十三", "没有的填 0，还不知道的写 null"),
        ("total: 69", "total: 69条", "disclosure.total 应为整数，实为“69条”。写 69，"),
        ("\n  licensing: 0", "\n\tlicensing: 0", "这里有制表符"),
        ("licensing: 0", "licencing: 0", "没有 t2.licencing 这一行。是否为 licensing？"),
        ("fees: 0 ", "fees: -0.5 ", "应为非负数（万元）"),
        ("total: 69", "totel: 69", "没有 disclosure.totel 这个键。是否为 total？"),
        ("total: 69", 'total: "69"', "disclosure.total 应为整数，实为“69”"),
        ("total: 69", "total: 69.5", "disclosure.total 应为整数"),
        ("date: 2024-01-20", "date: 2024-02-30", "不是存在的日期"),
        ("date: 2024-01-20", "date: 一月", "date 应为日期"),
        ("[0, 0, 0, 0, 0, 1, 0]", "[0, 0, 1, 0]", "应为 7 个值的列表，实为 4 个。依次为"),
        ("[0, 0, 0, 0, 0, 1, 0]", "[0, 0, 0, 0, 0, 1,234, 1,234]", "实为 9 个。.*数里不写逗号"),
        ("[0, 0, 0, 0, 0, 1, 0]", "5", "应为 7 个值的列表"),
        ("[0, 0, 0, 0, 0, 1, 0]", "[0, 0, 0, 0, 0, 件, 0]", r"t3\.denied\.prohibited\.other 应为非负整数"),
        ("unit: yonghe", "unit: anhai", "unit 为 anhai，应为 yonghe"),
        ("year: 2023", "year: 2024", "year 为 2024，文件夹为 2023"),
        ("year: 2023", "year: 2023\nyear: 2023", "键 year 重复"),
        ("unit: yonghe\n", "", "缺少 unit"),
        ("contact:\n", "contact: [\n", "不是合法的 YAML"),
        ("licensing: 0", "licensing: &a 0", "不支持锚点"),
        ("licensing: 0", "licensing: !!python/object:os.system 0", "不支持标签|应为非负整数"),
        ("无\n", "无\u200b\n", r"U\+200B"),
        ("无\n", "无\ue000\n", r"U\+E000"),
        ("reason: 原文如此", "reason: 短\n    #", "至少 4 个字"),
        ("rule: T3-03", "rule: 甲", "waivers"),
        ("{{ 年份 }}年我镇", "{{ 年分 }}年我镇", "年分"),
        ("{{ 主动公开.总数 }}", "{{ 主动公开.总 }}", "主动公开没有“总”"),
        ("{{ 主动公开.总数 }}", "{{ 主动公开.总数 * 9 ** 9 ** 9 }}", "只许填数之外的写法"),
        ("{{ 主动公开.总数 }}", "{% for x in 主动公开.分类 %}{% endfor %}", "只许填数之外的写法"),
        ("{{ 主动公开.总数 }}", "{{ 主动公开.__class__ }}", "__class__|表达式"),
        ("{{ 主动公开.总数 }}", "{{ 主动公开.总数", "表达式不能用"),
    ],
)
def test_what_is_wrong_is_named(params_with: ParamsWith, old: str, new: str, says: str) -> None:
    from nianbao.report.pictures import preflight

    folder = params_with((old, new))
    with pytest.raises(NianbaoError, match=says) as caught:
        preflight(load_report("yonghe", 2023, folder))
    assert "yonghe.yaml:" in str(caught.value)
    assert caught.value.exit_code == 2


def test_all_errors_of_a_file_come_at_once(params_with: ParamsWith) -> None:
    folder = params_with(("licensing: 0", "licensing: 三件"), ("penalty: 0", "penalty: -1"))
    with pytest.raises(ErrorList) as caught:
        load_report("yonghe", 2023, folder)
    assert len(caught.value.errors) == 2


def test_money_keeps_every_digit() -> None:
    assert parse_yaml(b"fees: 190.457379", "x").data == {"fees": Decimal("190.457379")}


def test_text_that_is_not_utf8_is_named_with_its_line() -> None:
    with pytest.raises(ParamsError, match="x:2：不是 UTF-8"):
        parse_yaml("a: 1\nb: 年".encode("gb18030"), "x")


@pytest.mark.parametrize("raw", [b"", b"# only a comment\n", b"- 1\n- 2\n", b"text\n", b"\x00"])
def test_a_file_that_holds_no_keys_is_an_error(params_with: ParamsWith, raw: bytes) -> None:
    folder = params_with()
    (folder / "2023" / "yonghe.yaml").write_bytes(raw)
    with pytest.raises(NianbaoError, match=r"yonghe\.yaml"):
        load_report("yonghe", 2023, folder)


def test_a_register_of_units_without_units_is_refused(tmp_path: Path) -> None:
    city, _, _ = (PARAMS / "units.yaml").read_text(encoding="utf-8").partition("units:")
    (tmp_path / "units.yaml").write_text(f"{city}units: []\n", encoding="utf-8")
    with pytest.raises(ParamsError, match=r"units 应至少有 1 项，实有 0 项"):
        load_units(tmp_path)
