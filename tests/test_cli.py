"""The command line: exit codes, one Chinese line for each thing wrong, never a traceback."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from nianbao import cli
from nianbao.cli.arguments import year_and_units
from nianbao.demo import write_demo
from nianbao.params import load_units
from tests.command import Run
from tests.conftest import GOLDEN, PARAMS


def test_check_says_what_was_waived_and_ends_well(run: Run) -> None:
    done = run("check", "2023", "永和镇", "--params", PARAMS)
    assert done.code == 0 and "可以发布" in done.out and done.out.count("[已豁免]") == 5


def test_check_without_waivers_names_each_finding_and_exits_1(run: Run) -> None:
    done = run("check", "2023", "yonghe", "--params", GOLDEN / "unwaived")
    assert done.code == 1
    for code in ("T3-02", "T3-03", "T4-02", "P-13"):
        assert code in done.out
    assert "T4-01" not in done.out and "另有 1 项要等空白填上才能核对" in done.out


def test_check_names_the_line_of_the_params_file_behind_a_finding(run: Run) -> None:
    folder = GOLDEN / "unwaived"
    lines = (folder / "2023" / "yonghe.yaml").read_text(encoding="utf-8").splitlines()
    said = {
        line.split("〔")[0].split("] ")[1]: line
        for line in run("check", "2023", "永和镇", "--params", folder).out.splitlines()[1:]
        if "] " in line
    }
    for code, key in (("T3-03", "prohibited:"), ("T4-02", "review:"), ("P-13", "{{ 年份 }}年度受理申请的数量")):
        number = int(said[code].rpartition("见 ")[2].rpartition(":")[2].rstrip("。"))
        assert said[code].endswith(f"2023/yonghe.yaml:{number}。") and lines[number - 1].strip().startswith(key)


def test_check_says_which_rows_of_a_register_were_not_counted(run: Run, params_with: Callable[..., Path]) -> None:
    folder = params_with()
    (folder / "2023" / "yonghe").mkdir()
    (folder / "2023" / "yonghe" / "reviews.csv").write_text(
        "案号,类型,受理日期,结果,结案日期,备忘\n合计,,,,,\n", encoding="utf-8"
    )
    done = run("check", "2023", "yonghe", "--params", folder)
    assert "  [登记簿] 2023/yonghe/reviews.csv：第 2 行是合计，未计入。" in done.out.replace("params/", "")
    assert "未用到的列 备忘" in done.out
    assert json.loads(run("check", "2023", "yonghe", "--params", folder, "--json").out)[0]["unit"] == "yonghe"


@pytest.mark.parametrize("words", [("2023", "yonghe"), ("yonghe", "2023"), ("永和镇", "2023"), ("2023",)])
def test_unit_and_year_come_in_either_order(run: Run, words: tuple[str, ...]) -> None:
    assert run("check", *words, "--params", PARAMS).code == 0


def test_check_json_is_a_list_of_findings(run: Run) -> None:
    (found,) = json.loads(run("check", "2023", "--json", "--params", PARAMS).out)
    assert found["unit"] == "yonghe" and found["ready"] and len([f for f in found["findings"] if f["waived"]]) == 5
    keys = {"rule", "severity", "outcome", "cell", "place", "left", "right", "message", "waived"}
    assert all(set(finding) == keys for finding in found["findings"])


def test_list_shows_19_units_and_their_years(run: Run) -> None:
    done = run("list", "--params", PARAMS)
    assert done.code == 0 and len(done.out.splitlines()) == 19
    assert next(line for line in done.out.splitlines() if "永和镇" in line).endswith("2023")


def test_build_writes_the_report_and_exits_0(run: Run, tmp_path: Path) -> None:
    done = run("build", "永和镇", "2023", "--params", PARAMS, "--out", tmp_path)
    assert done.code == 0 and (tmp_path / "2023" / "yonghe" / "report.pdf").is_file()


def test_building_a_draft_exits_1(run: Run, tmp_path: Path) -> None:
    done = run("build", "永和镇", "2023", "--params", GOLDEN / "unwaived", "--out", tmp_path)
    assert done.code == 1 and "草稿" in done.out
    assert (tmp_path / "2023" / "yonghe" / "report.pdf").is_file()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("build", "永禾镇", "2023"), "是否为 永和镇？"),
        (("build", "yonghe", "1923"), "应为四位数字"),
        (("build", "yonghe", "2018"), "没有适用的法定格式"),
        (("build", "yonghe", "2022"), "没有这个文件。永和镇有 2023 年的数据"),
        (("build", "yonghe"), "应有一个年份"),
        (("build",), "应有一个年份"),
        (("build", "2023"), "应为一个单位和一个年份"),
        (("build", "yonghe", "anhai", "2023"), "应为一个单位和一个年份"),
        (("build", "yonghe", "2023", "2024"), "应有一个年份，实为 2 个。"),
        (("check", "２０２３", "yonghe"), "应为四位数字，2000 至 2099。写 2023。"),
        (("check", "yonghe", "2023年"), "写 2023。"),
        (("check", "二〇二三", "yonghe"), "写 2023。"),
        (("check", "yonghe", "二零二三年度"), "写 2023。"),
        (("check", "yonghe", "99999"), "例如 2023。"),
        (("check", "YongHe", "2023"), "是否为 yonghe？"),
        (("compare", "yonghe", "2023", "2023"), "两个年份都是 2023"),
        (("list", "2023", "2024"), "多出“2024”"),
        (("build", "yonghe", "2023", "--fonts", __file__), "是文件，应为文件夹"),
        (("check", "2023", "--params", __file__), "是文件，应为文件夹"),
        (("pack", "2023", "--to", __file__), "是文件，不是文件夹"),
        (("fonts", "yonghe"), "应有一个年份"),
        (("check", "2031"), "没有任何单位的数据"),
        (("biuld", "yonghe", "2023"), "是否为 build？"),
        (("build", "yonghe", "2023", "--colt"), "没有选项 --colt。是否为 --cold？"),
        (("build", "yonghe", "2023", "--fonts", "no-such-folder"), "没有这个文件夹"),
        (("list", "--params", "no-such-folder"), "没有这个文件夹"),
    ],
)
def test_wrong_usage_exits_2_with_one_line(run: Run, words: tuple[str, ...], says: str) -> None:
    place = () if "--params" in words else ("--params", PARAMS)
    done = run(*words, *place)
    assert done.code == 2 and says in done.err
    assert len(done.err.strip().splitlines()) == 1 and "Traceback" not in done.err and done.out == ""


def test_an_option_without_its_value_is_named(run: Run) -> None:
    done = run("build", "yonghe", "2023", "--out")
    assert done.code == 2 and done.err.startswith("nianbao：--out 后面缺少值。")


@pytest.mark.parametrize("words", [(), *((name,) for name in cli.cli.commands)], ids=lambda words: " ".join(words))
def test_no_word_of_the_help_is_clicks_own(run: Run, words: tuple[str, ...]) -> None:
    text = run(*words, "--help").out
    assert text.startswith("用法：nianbao") and "[选项]" in text and "\n选项：\n" in text
    assert not re.search(r"OPTIONS|ARGS|COMMAND\b|required|[A-Za-z\u4e00-\u9fff]:\n", text)


def test_wrong_params_exit_2_and_name_the_line(run: Run, params_with: Callable[..., Path]) -> None:
    done = run("check", "2023", "--params", params_with(("licensing: 0", "licensing: 三件")))
    assert done.code == 2 and "2023/yonghe.yaml:" in done.err and "应为非负整数" in done.err


def test_read_finds_the_known_faults_in_the_published_text(run: Run) -> None:
    done = run("read", GOLDEN / "yonghe-2023.txt", "--params", PARAMS)
    assert done.code == 1 and "读出 195 / 200 格" in done.out
    for known in ("[错误] T3-02", "[错误] T3-03", "[警告] R-03〔第四部分〕不成立：有 5 格空白"):
        assert known in done.out


def test_read_json_has_figures_and_prose_beside_the_findings(run: Run) -> None:
    found = json.loads(run("read", GOLDEN / "yonghe-2023.txt", "--json", "--params", PARAMS).out)
    assert {"unit", "year", "edition", "ready", "counts", "findings", "figures", "prose"} <= set(found)
    assert found["figures"]["t3.denied.prohibited.other"]["value"] == 1
    assert found["figures"]["t4.review.total"]["value"] is None


def test_a_file_that_is_no_report_exits_2(run: Run) -> None:
    done = run("read", PARAMS / "units.yaml", "--params", PARAMS)
    assert done.code == 2 and "Traceback" not in done.err


def test_rules_prints_the_whole_book(run: Run) -> None:
    from nianbao.statute.rulebook import RULES

    listed, handbook = run("rules").out, run("rules", "--markdown").out
    assert all(rule.code in listed and rule.holds in handbook for rule in RULES)


def test_fonts_names_a_face_for_each_role_and_checks_a_report(run: Run) -> None:
    done = run("fonts", "yonghe", "2023", "--params", PARAMS)
    assert done.code == 0 and "仿宋" in done.out and "每个字都能印" in done.out


def test_schema_describes_every_row_of_the_form(run: Run) -> None:
    schema = json.loads(run("schema").out)
    row = schema["properties"]["t3"]["properties"]["denied"]["properties"]["secret"]
    assert (row["minItems"], row["maxItems"], row["description"]) == (6, 7, "（三）不予公开 1.属于国家秘密")
    trial = json.loads(run("schema", "2020").out)
    assert "procurement" in trial["properties"]["t2"]["properties"]


def test_a_params_file_that_cannot_be_read_hides_none_of_the_others(run: Run, params_with: Callable[..., Path]) -> None:
    folder = params_with()
    (folder / "2023" / "anhai.yaml").write_text("unit: anhai\nyear: 2023\nyaer: 2023\n", encoding="utf-8")
    done = run("check", "2023", "--params", folder)
    assert done.code == 2 and "永和镇 2023：可以发布" in done.out and "anhai.yaml:3：" in done.err
    done = run("check", "2023", "--json", "--params", folder)
    assert done.code == 2 and [one["unit"] for one in json.loads(done.out)] == ["yonghe"]


@pytest.mark.parametrize("words", [(), *((name,) for name in cli.cli.commands)], ids=lambda words: " ".join(words))
def test_help_is_in_chinese(run: Run, words: tuple[str, ...]) -> None:
    done = run(*words, "--help")
    assert done.code == 0 and done.out.startswith("用法：nianbao") and "显示本说明。" in done.out
    assert not {"Usage", "Options", "Commands", "Show this", "[required]"} & set(done.out.split())


def test_where_a_command_has_no_business_with_the_citys_own_report_its_name_stands_for_all_units() -> None:
    everybody = [unit.id for unit in load_units(PARAMS).units]
    for name in ("全市", "晋江市", "jinjiang"):
        assert year_and_units((name, "2024"), PARAMS, every=True, whole=True) == (2024, everybody)
        assert year_and_units(("2023", name), PARAMS, whole=True) == (2023, ["yonghe"])
        assert year_and_units(("2023", name), PARAMS) == (2023, ["jinjiang"])


def test_list_names_the_citys_own_report(run: Run, tmp_path: Path) -> None:
    write_demo(2025, tmp_path / "params", PARAMS, bodies=True)
    done = run("list", "2025", "--params", tmp_path / "params")
    assert done.out.splitlines()[-1] == "jinjiang   晋江市（全市报告）  2025"
    lab = run("lab", "全市", "2024", "--params", tmp_path / "params")
    assert lab.code == 2 and "params/2024/city.yaml" in lab.err
