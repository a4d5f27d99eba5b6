"""``nianbao init`` and ``new``: from an empty folder to a report under way, nothing of last year that must not be there."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from nianbao.city import load_report as load_city_report
from nianbao.demo import write_demo
from nianbao.errors import UsageError
from nianbao.params import load_params, load_units, params_path
from nianbao.project import begin, lay_out
from nianbao.publish.contract import check_contract, notebook_of
from nianbao.report import load_report
from nianbao.rules import check_report
from nianbao.statute.cell import State
from tests.command import Run
from tests.conftest import GOLDEN, PARAMS

UNITS = load_units(PARAMS).units


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A new project; its params folder."""
    lay_out(tmp_path / "项目")
    return tmp_path / "项目" / "params"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two years of invented reports of every unit, five of which keep registers."""
    folder = tmp_path_factory.mktemp("demo") / "params"
    write_demo(2025, folder, PARAMS)
    return folder


def test_a_new_project_has_units_notebooks_and_a_schema_for_each_edition(project: Path) -> None:
    assert load_units(project) == load_units(PARAMS)
    top = project.parent
    check_contract(top / "notebooks" / "annual_report.ipynb")
    settings = json.loads((top / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    for name, patterns in settings["yaml.schemas"].items():
        schema = json.loads((top / name).read_text(encoding="utf-8"))
        assert schema["properties"]["t3"] and patterns
    years = [int(pattern.split("/")[1]) for patterns in settings["yaml.schemas"].values() for pattern in patterns]
    assert sorted(years) == list(range(2019, 2100))


def test_init_keeps_what_is_there_and_says_so(run: Run, tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine\n", encoding="utf-8")
    done = run("init", tmp_path)
    assert done.code == 0 and ".gitignore：已有，没有改动。" in done.out and "nianbao new" in done.out
    assert (tmp_path / ".gitignore").read_text(encoding="utf-8") == "mine\n"
    again = run("init", tmp_path)
    assert again.code == 2 and "已经是年报的项目文件夹" in again.err


def test_the_params_folder_is_no_place_for_a_project(run: Run, project: Path) -> None:
    done = run("init", project)
    assert done.code == 2 and "是参数文件夹" in done.err and not (project / "params").exists()


def test_demo_needs_no_project(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("demo", "--year", "2025", "--to", "示例")
    assert done.code == 0, done.err
    assert len(list((tmp_path / "示例" / "2025").glob("*.yaml"))) == 19


@pytest.mark.parametrize("year", [2020, 2026])
def test_a_blank_report_types_nothing_and_can_be_shown_but_not_published(project: Path, year: int) -> None:
    for unit in UNITS:
        begun = begin(unit.name, year, project)
        report = load_report(unit.id, year, project)
        typed = {key for key, cell in report.cells.items() if cell.state is not State.BLANK}
        assert typed == {key for key in report.cells if key.startswith("t2.rules.")}
        assert report.date is None and not report.params.waivers and report.disclosed is None
        result = check_report(report)
        assert not result.ready
        assert {finding.cell for finding in result.blocking if finding.rule == "D-30"} >= {
            *("narrative.overview", "narrative.problems", "narrative.other")
        }
        check_contract(begun.notebook)
        source = begun.notebook.read_text(encoding="utf-8")
        assert f'township = \\"{unit.name}\\"' in source and f"year = {year}" in source


def test_a_new_year_takes_over_names_and_carry_over_and_no_other_figure(demo: Path) -> None:
    for unit in UNITS:
        begin(unit.id, 2026, demo)
        report, last = load_report(unit.id, 2026, demo), load_report(unit.id, 2025, demo)
        for column in report.edition.t3.applicants:
            assert report[f"t3.carried_in.{column.key}"].value == last[f"t3.carried_out.{column.key}"].value
        typed = {key for key, cell in report.cells.items() if cell.state is not State.BLANK}
        assert {key.rpartition(".")[0] for key in typed} == {"t2.rules", "t2.normative", "t3.carried_in"}
        assert report["t2.normative.in_force"].value == last["t2.normative.in_force"].value
        assert report["t2.normative.made"].state is State.BLANK
        assert report.params.contact == last.params.contact and report.params.sample
        assert [c.name for c in report.params.disclosure.classes] == [c.name for c in last.params.disclosure.classes]
        assert {c.count for c in report.params.disclosure.classes} <= {None}
        assert report.params.disclosure.channels == dict.fromkeys(last.params.disclosure.channels)
        document = report.params.document
        assert (document.number, document.signer, document.attachments, report.date) == (None, None, [], None)
        assert not report.params.waivers and not report.params.declared
        assert report.params.fees.notices is None and report.params.fees.amount is None


def test_the_words_of_last_year_are_comments_only(demo: Path) -> None:
    unit = UNITS[3]
    if not params_path(demo, unit, 2026).exists():
        begin(unit.id, 2026, demo)
    text = params_path(demo, unit, 2026).read_text(encoding="utf-8")
    narrative = load_params(unit, 2026, demo).params.narrative.model_dump()
    for part, said in load_params(unit, 2025, demo).params.narrative.model_dump().items():
        for line in (said or "").splitlines():
            if len(line) > 20:
                assert f"  #   {line}\n" in text
                assert line not in (narrative[part] or "")


def test_a_report_begun_is_not_begun_again(run: Run, project: Path) -> None:
    done = run("new", "安海镇", "2026", "--params", project)
    assert done.code == 0 and "下一步：nianbao lab 安海镇 2026" in done.out
    before = params_path(project, UNITS[6], 2026)
    path = project / "2026" / "anhai.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "# 我的注释\n", encoding="utf-8")
    again = run("new", "2026", "anhai", "--params", project)
    assert again.code == 2 and "不会覆盖" in again.err and "nianbao lab 安海镇 2026" in again.err
    assert path.read_text(encoding="utf-8").endswith("# 我的注释\n") and before.name.endswith(".yaml")


@pytest.mark.parametrize("words", [(), ("安海镇",), ("2026",), ("安海镇", "永和镇", "2026")])
def test_new_wants_one_unit_and_one_year(run: Run, project: Path, words: tuple[str, ...]) -> None:
    done = run("new", *words, "--params", project)
    assert done.code == 2 and done.err.count("\n") == 1


def test_a_published_report_is_rolled_forward(run: Run, project: Path) -> None:
    published = GOLDEN / "yonghe-2023.txt"
    done = run("new", "永和镇", "2024", "--from", published, "--params", project)
    assert done.code == 0, done.err
    report = load_report("yonghe", 2024, project)
    assert report.params.contact.phone == "0595-88082141" and report.params.contact.postcode == "362235"
    assert report.params.contact.address == "晋江市永和镇锦石街27号"
    names = [item.name for item in report.params.disclosure.classes]
    assert len(names) == 6 and any("机构职能" in name for name in names)
    assert [report[f"t3.carried_in.{column.key}"].value for column in report.edition.t3.applicants] == [0] * 6
    assert "#   （四）平台建设情况：综合运用" in params_path(project, report.unit, 2024).read_text(encoding="utf-8")


def test_a_published_report_of_another_unit_or_a_later_year_is_refused(project: Path) -> None:
    published = GOLDEN / "yonghe-2023.txt"
    with pytest.raises(UsageError, match="永和镇"):
        begin("安海镇", 2024, project, [published])
    with pytest.raises(UsageError, match="早于 2023"):
        begin("永和镇", 2023, project, [published])
    assert not (project / "2024").exists() and not notebook_of(UNITS[0], 2023, project).exists()


@pytest.fixture(scope="module")
def bodies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two years of 37 invented bodies, without the city's own words."""
    folder = tmp_path_factory.mktemp("bodies") / "params"
    write_demo(2025, folder, PARAMS, bodies=True)
    (folder / "2025" / "city.yaml").unlink()
    return folder


@pytest.mark.parametrize("name", ["全市", "晋江市", "jinjiang", "晋江市人民政府"])
def test_the_city_begins_its_own_report_by_any_of_its_names(run: Run, bodies: Path, tmp_path: Path, name: str) -> None:
    params = tmp_path / "params"
    shutil.copytree(bodies, params)
    done = run("new", name, 2025, "--params", params)
    assert done.code == 0 and "params/2025/city.yaml" in done.out and "notebooks/2025/晋江市.ipynb" in done.out
    check_contract(tmp_path / "notebooks" / "2025" / "晋江市.ipynb", ("year",))
    again = run("new", name, 2025, "--params", params)
    assert again.code == 2 and "已经开始" in again.err


def test_what_the_city_begins_with_is_ready_once_the_marks_are_written_over(bodies: Path, tmp_path: Path) -> None:
    params = tmp_path / "params"
    shutil.copytree(bodies, params)
    begun = begin("全市", 2025, params)
    text = begun.params.read_text(encoding="utf-8")
    assert "charts: true" in text
    assert "t2:" not in text and "t3:" not in text and "disclosure:" not in text
    open_marks = {finding.rule for finding in check_report(load_city_report(2025, params)).blocking}
    assert open_marks == {"D-30", "D-03"}
    written = {
        "本年工作中的具体问题": "一是个别单位的栏目更新偏慢；二是答复的说理有待加强。",
        "上年所列问题的改进结果": "上年所列目录口径不一的问题，通过统一编制办法已经改进。",
        "针对上面每个问题的改进措施": "一是对更新偏慢的单位建立月度通报；二是编印答复示范文本，组织经办人员轮训。",
        "主动公开事项目录": "主动公开事项目录已经编制并公布。",
        "其他需要报告的事项": "没有其他需要报告的事项。",
        "": "按规定办理，并逐条反馈。",
    }

    def fill(mark: re.Match[str]) -> str:
        return next(words for what, words in written.items() if what in mark[0])

    text = re.sub("〔待填：[^〕]*〕", fill, text).replace("date: null", "date: 2026-02-12")
    known = {
        "office": "晋江市人民政府办公室",
        "address": "示例路1号",
        "phone": '"0595-12345678"',
        "postcode": '"362200"',
    }
    for key, value in known.items():
        text = text.replace(f"  {key}: null", f"  {key}: {value}")
    begun.params.write_text(text, encoding="utf-8")
    result = check_report(load_city_report(2025, params))
    assert [finding.message for finding in result.blocking] == []
    assert not [finding.message for finding in result.findings if finding.severity.value == "warning"]


def test_the_city_rolls_forward_words_and_habits_but_no_figure(bodies: Path, tmp_path: Path) -> None:
    params = tmp_path / "params"
    shutil.copytree(bodies, params)
    write_demo(2025, tmp_path / "demo", PARAMS, bodies=True)
    last = (tmp_path / "demo" / "2025" / "city.yaml").read_text(encoding="utf-8")
    last = last.replace("document:\n", "contact:\n  office: 某某科\n\ndocument:\n  addressee: 某某市人民政府\n")
    (params / "2025" / "city.yaml").write_text(last, encoding="utf-8")
    begun = begin("全市", 2026, params)
    assert begun.source == "2025 年的参数" and begun.carried == ("联系方式：某某科",)
    loaded = load_params(begun.unit, 2026, params).params
    assert loaded.contact.office == "某某科" and loaded.document.addressee == "某某市人民政府"
    assert loaded.date is None and loaded.sample
    text = begun.params.read_text(encoding="utf-8")
    assert "# 2025 年的“五、存在的主要问题及改进情况”，供参考，不会印出：" in text
    assert "目录口径不一" in text and "目录口径不一" not in (loaded.narrative.problems or "")


def test_a_city_whose_bodies_have_no_last_year_is_not_compared_with_it(bodies: Path, tmp_path: Path) -> None:
    params = tmp_path / "params"
    shutil.copytree(bodies, params)
    assert "增减" in begin("全市", 2025, params).params.read_text(encoding="utf-8")
    (params / "2025" / "city.yaml").unlink()
    (params / "2024" / "anhai.yaml").unlink()
    assert "增减" not in begin("全市", 2025, params).params.read_text(encoding="utf-8")
