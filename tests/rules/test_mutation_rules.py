"""Every rule has a seeded fault which it, and only it and its stated kin, catches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import rulebook as rb
from tests.conftest import PARAMS

from nianbao.registers import RegisterFigures
from nianbao.report import Body, Report, Unrecognised, load_report
from nianbao.rules import PREDICATES, check_report
from nianbao.statute import EDITIONS
from nianbao.statute.cell import BLANK, Source, number_cell
from nianbao.statute.rulebook import RULES, AtGate, Predicate, rule, rules_for

Spoil = Callable[[Report], Report]


@dataclass(frozen=True)
class Fault:
    """A seeded fault; ``kin`` are the other rules that rightly notice it too."""

    spoil: Spoil
    kin: frozenset[str] = frozenset()


def kin(*codes: str) -> frozenset[str]:
    return frozenset(codes)


def line(part: str, text: str) -> Spoil:
    return lambda report: rb.with_line(report, part, text)


def swap(part: str, old: str, new: str) -> Spoil:
    def spoil(report: Report) -> Report:
        text = getattr(report.params.narrative, part)
        assert old in text
        return rb.with_text(report, **{part: text.replace(old, new)})

    return spoil


def cells(**changes: int) -> Spoil:
    def spoil(report: Report) -> Report:
        keys = {name.replace("__", "."): change for name, change in changes.items()}
        return rb.with_cells(report, {key: report[key].number + change for key, change in keys.items()})

    return spoil


def with_a_file_of_no_known_format(report: Report) -> Report:
    """An attachment that is this file: no format in which personal data could be looked for."""
    here = replace(load_report("yonghe", 2023, PARAMS).loaded, path=Path(__file__).parent.with_suffix(".yaml"))
    attachments = [{"name": "指南", "file": Path(__file__).name}]
    changed = rb.with_params(report, document=report.params.document.model_dump() | {"attachments": attachments})
    return replace(changed, loaded=here)


def document(**values: str | None) -> Spoil:
    """Fields of the document's head; {year} and {next} stand for the reporting year and the one after."""

    def spoil(report: Report) -> Report:
        said = {name: text and text.format(year=report.year, next=report.year + 1) for name, text in values.items()}
        return rb.with_params(report, document=report.params.document.model_dump() | said)

    return spoil


def dated(years_on: int, month: int, day: int) -> Spoil:
    return lambda report: rb.with_params(report, date=date(report.year + years_on, month, day))


def other_form(report: Report) -> Report:
    """The notice of the other edition cited."""
    right, wrong = ("〔2021〕30号", "〔2019〕60号")[:: 1 if report.edition.name == "2021" else -1]
    return swap("preamble", right, wrong)(report)


def made_rules(report: Report) -> Report:
    """规章 claimed, in numbers that roll forward."""
    keys = [key for key in report.cells if key.startswith("t2.rules.") and not key.endswith(".in_force")]
    return rb.with_cells(report, dict.fromkeys(keys, 6))


def params(**values: object) -> Spoil:
    return lambda report: rb.with_params(report, **values)


def counted(key: str, rows: tuple[str, ...]) -> Spoil:
    """A register that tells one figure, from these rows."""

    def spoil(report: Report) -> Report:
        figures = {key: number_cell(len(rows), Source.REGISTER, rows)}
        return replace(report, registers=RegisterFigures(report.year, figures, None, {}, {}, (), (), {}))

    return spoil


def bodies(
    *, standing: str = "可以发布", counted: bool = True, ready: bool = True, blank: tuple[str, ...] = ()
) -> Spoil:
    """A report that is the sum of two bodies, of which the second stands so."""

    def spoil(report: Report) -> Report:
        cells = {**report.cells, **dict.fromkeys(blank, BLANK)}
        second = Body(report.unit, standing, counted, ready, cells if counted else {})
        return replace(report, bodies=(Body(report.unit, "可以发布", True, True, report.cells), second))

    return spoil


@dataclass(frozen=True)
class Overdue(RegisterFigures):
    """Registers in which one application was answered too late."""

    @property
    def deadlines(self) -> pd.DataFrame:
        return pd.DataFrame({"状态": ["按期", "逾期答复"]}, index=["SQ-1", "SQ-2"])


def overdue(report: Report) -> Report:
    registers = Overdue(report.year, {}, None, {}, {}, (), (), {})
    return rb.with_line(replace(report, registers=registers), "overview", "全年没有发生逾期答复的情形。")


def much_other(report: Report) -> Report:
    """Outcomes moved from （一） to （六）, column by column, so that every sum holds."""
    t3 = report.edition.t3
    row = next(row for row in t3.outcomes if row.partition(".")[0] == "other")
    changes: dict[str, int] = {}
    for column in t3.columns:
        others = [one for one in t3.outcomes if one != row]
        moved = sum(int(report[f"t3.{one}.{column.key}"].number) for one in others)
        changes |= {f"t3.{one}.{column.key}": 0 for one in others}
        changes[f"t3.{row}.{column.key}"] = int(report[f"t3.{row}.{column.key}"].number) + moved
    return rb.with_cells(report, changes)


WAIVER = {
    "unit": "yonghe",
    "seen": "0123456789abcdef",
    "rule": "T3-03",
    "cell": "t3.granted.total",
    "left": 1,
    "right": 0,
    "reason": "已经改正的旧问题",
    "name": "示例",
    "date": date(2024, 1, 20),
}

FAULTS: dict[str, Fault] = {
    "T0-01": Fault(counted("t3.received.natural", ("2023-1",))),
    "T2-01": Fault(lambda report: rb.with_cells(report, {"t2.licensing.decisions": BLANK})),
    "T2-02": Fault(made_rules),
    "T2-03": Fault(cells(t2__normative__in_force=-100), kin("T2-01", "T2-04")),
    "T2-04": Fault(cells(t2__normative__in_force=1)),
    "T3-01": Fault(cells(t3__received__natural=1, t3__received__total=1)),
    "T3-02": Fault(
        cells(
            t3__received__natural=1,
            t3__received__total=1,
            t3__total__natural=1,
            t3__total__total=1,
        )
    ),
    "T3-03": Fault(cells(t3__granted__natural=1, t3__partial__natural=-1)),
    "T3-04": Fault(
        lambda report: rb.with_last_year(report, {"t3.carried_out.total": 99}),
    ),
    "T3-05": Fault(
        lambda report: rb.with_last_year(report, {"t3.carried_out.natural": 1, "t3.carried_out.other": 3}),
    ),
    "T3-06": Fault(lambda report: rb.with_cells(report, {"t3.granted.legal": BLANK}), kin("T3-02", "T3-03")),
    "T4-01": Fault(cells(t4__review__pending=1)),
    "T4-02": Fault(lambda report: rb.with_cells(report, {"t4.direct.upheld": BLANK}), kin("T4-01")),
    "P-01": Fault(line("overview", "今年共收到政府信息公开申请249件。")),
    "P-02": Fault(line("overview", "其中自然人的政府信息公开申请7件。")),
    "P-03": Fault(
        line(
            "overview",
            "按类别：机构职能类信息11条、重大建设项目类信息14条、安全生产、应急管理类信息29条、农村工作类信息3条、其他类信息6条。",
        )
    ),
    "P-04": Fault(line("overview", "按类别：规划计划类信息31条、规划计划类信息23条、其他类信息6条。")),
    "P-05": Fault(
        lambda report: rb.with_line(
            rb.with_params(report, disclosure=report.params.disclosure.model_dump() | {"channels": {"微信": 1150}}),
            "overview",
            "通过各种渠道主动公开政府信息1210条。",
        )
    ),
    "P-06": Fault(line("overview", "开展培训3次，其中线上3次、线下3次。")),
    "P-07": Fault(
        line("overview", "主动公开政府信息60条：规划计划类信息20条，占30%；其他类信息40条，占70%。"), kin("P-02")
    ),
    "P-08": Fault(line("overview", "主动公开政府信息60条：规划计划类信息20条，占33.3%；民生类信息40条，占66.6%。")),
    "P-09": Fault(line("overview", "公开的信息中，规划类占60%，民生类占30.5%，其他占13%。")),
    "P-10": Fault(line("overview", "共3类信息：规划计划类信息20条、民生类信息40条、财政类信息0条。")),
    "P-11": Fault(line("overview", "收到的政府信息公开申请均已按时办结。")),
    "P-12": Fault(line("overview", "本年度未收到政府信息公开申请。")),
    "P-13": Fault(
        lambda report: rb.with_line(
            rb.with_cells(
                report,
                {key: 0 for key in report.cells if key.startswith(("t3.received.", "t3.carried_in."))},
            ),
            "overview",
            "本年度未收到政府信息公开申请。",
        ),
        kin("T3-01", "T3-04", "T3-05"),
    ),
    "P-14": Fault(line("overview", "行政复议结果全部维持。")),
    "P-15": Fault(line("overview", "本年度未发生行政诉讼。")),
    "P-16": Fault(line("overview", "2月30日召开推进会。")),
    "P-17": Fault(line("overview", "群众满意率达98，比较满意。")),
    "P-18": Fault(params(declared=[{"text": "培训3次", "reason": "有签到表"}])),
    "P-19": Fault(line("overview", "开展培训3次。")),
    "P-20": Fault(line("overview", "公开信息60条，比上年的40条增长40%。"), kin("P-19")),
    "P-21": Fault(line("overview", "推送信息1O57条。")),
    "P-22": Fault(line("overview", "按时办结率212.5%。"), kin("P-19")),
    "L-01": Fault(
        lambda report: replace(report, previous=rb.with_text(report.previous, problems=rb.PROBLEMS)),
        kin("D-36"),
    ),
    "L-02": Fault(lambda report: report),  # spoilt by a file beside it, see below
    "D-01": Fault(document(title="晋江市安海镇2018年政府信息公开工作年度报告")),
    "D-02": Fault(document(title="晋江市安海镇{year}年度政府信息公开年度工作报告政府信息公开工作年度报告")),
    "D-03": Fault(params(date=None)),
    "D-04": Fault(dated(0, 1, 20)),
    "D-05": Fault(dated(1, 3, 5)),
    "D-06": Fault(document(number="晋安政[{next}]5号")),
    "D-07": Fault(document(number="晋安政〔{year}〕5号")),
    "D-08": Fault(line("overview", "贯彻《政府信息公开信息处理费管理办法》（国办函[2020]109号）。")),
    "D-09": Fault(swap("preamble", "自{{ 年份 }}年1月1日至{{ 年份 }}年", "自2018年1月1日至2018年")),
    "D-10": Fault(swap("preamble", "统计期限自{{ 年份 }}年1月1日至{{ 年份 }}年12月31日。", "统计期限为全年。")),
    "D-11": Fault(swap("preamble", "六部分", "五部分")),
    "D-12": Fault(line("overview", "梅岭街道办事处坚持把信息公开作为日常工作。")),
    "D-13": Fault(swap("overview", "我镇", "我局")),
    "D-14": Fault(line("overview", "可在www.nanan.gov.cn查阅。")),
    "D-15": Fault(line("overview", "2018年我们全面贯彻落实《条例》。")),
    "D-16": Fault(swap("preamble", "第711号", "第771号")),
    "D-17": Fault(other_form),
    "D-18": Fault(line("disclosure", "该部分以表格形式报告。")),
    "D-19": Fault(line("overview", "通过网站公开信息条，方便群众查阅。")),
    "D-20": Fault(lambda report: rb.with_text(report, problems=None)),
    "D-21": Fault(lambda report: rb.with_text(report, problems="无")),
    "D-22": Fault(
        lambda report: rb.with_text(
            rb.with_params(report, fees={"notices": 1, "amount": 35}), other="没有其他需要报告的事项。"
        )
    ),
    "D-23": Fault(lambda report: rb.with_text(report, other="没有其他需要报告的事项。")),
    "D-24": Fault(swap("overview", "开展社会评议，", "")),
    "D-25": Fault(swap("overview", "（四）平台建设\n做好政府网站专栏和政务新媒体的维护。\n", "")),
    "D-26": Fault(line("overview", "申请人证件号码350582199001011231，已予答复。")),
    "D-27": Fault(line("overview", "联系人手机13800001234。")),
    "D-28": Fault(line("overview", "缴入6222021234567890128账户。")),
    "D-29": Fault(line("overview", "二、主动公开政府信息情况")),
    "D-30": Fault(line("overview", "〔待填：本年的重点工作〕")),
    "D-31": Fault(document(addressee="晋江市人民政府", number="晋安政〔{next}〕5号", signer=None)),
    "P-23": Fault(overdue),
    "D-34": Fault(line("overview", "坚持把公开贯穿工作的各个环节。" * 60)),
    "D-35": Fault(swap("problems", "；三是定期检查网站栏目，及时更新", "")),
    "D-36": Fault(lambda report: replace(report, previous=rb.with_text(report.previous, problems="解读偏少。"))),
    "D-38": Fault(
        lambda report: rb.with_params(
            report, document=report.params.document.model_dump() | {"attachments": [{"name": "指南", "file": "没.pdf"}]}
        )
    ),
    "D-39": Fault(with_a_file_of_no_known_format),
    "D-37": Fault(lambda _report: swap("overview", "修订主动公开事项目录，", "")(rb.sound(2025))),
    "T2-05": Fault(
        lambda report: rb.with_text(
            rb.with_cells(rb.with_params(report, fees={"notices": 1, "amount": 35}), {"t2.fees.amount": 0}),
            other="本年度发出收费通知1件，收取信息处理费35元。",
        )
    ),
    "T3-07": Fault(much_other),
    "T4-03": Fault(lambda _report: rb.with_cells(rb.sound(2025), {"t4.direct.upheld": 1, "t4.direct.total": 1})),
    "C-01": Fault(bodies(standing="未报送", counted=False, ready=False)),
    "C-02": Fault(bodies(standing="草稿", ready=False)),
    "C-03": Fault(bodies(blank=("t2.licensing.decisions",))),
    "R-02": Fault(lambda report: replace(report, unread=frozenset({"t3.received.total"}))),
    "R-03": Fault(lambda report: replace(report, blank=frozenset({"t4.review.total", "t4.review.upheld"}))),
    "D-32": Fault(line("overview", "一是加强领导；三是加强培训。")),
    "D-33": Fault(line("preamble", "咨询电话：0595-88082141。")),
    "W-01": Fault(
        lambda report: rb.with_params(report, waivers=[{**WAIVER, "unit": report.unit.id, "year": report.year}])
    ),
    "W-02": Fault(params(waivers=[{**WAIVER, "year": 2000}])),
    "W-03": Fault(
        lambda report: rb.with_params(
            report, waivers=[{**WAIVER, "year": 2000, "cell": "narrative.overview", "note": "以本年度报告为准。"}]
        ),
        kin=frozenset({"W-02"}),
    ),
    "R-01": Fault(
        lambda report: replace(report, unrecognised=(Unrecognised("第三部分", "没有认出这张表", "对照原文"),)),
    ),
}


YEARS = {"2019": 2020, "2021": 2023}
"""A reporting year on each edition of the form."""

CASES = [(code, year) for code in sorted(FAULTS) for edition, year in YEARS.items() if rule(code).binds(edition)]
"""Every rule with a year of every edition that it binds."""


@pytest.mark.parametrize("year", YEARS.values())
def test_the_unspoilt_report_breaks_nothing(year: int) -> None:
    assert check_report(rb.sound(year)).findings == ()


def test_every_rule_has_a_fault_and_every_fault_a_rule() -> None:
    """A rule that is added to the book fails here until somebody shows what it catches."""
    """The gate's rules have theirs in tests/notebook."""
    assert set(FAULTS) == {rule.code for rule in RULES if not isinstance(rule.test, AtGate)}
    assert set(YEARS) == {edition.name for edition in EDITIONS}


def spoilt(code: str, year: int, folder: Path) -> Report:
    """The sound report with one fault; for L-02 with a copyist's file beside it."""
    report = FAULTS[code].spoil(rb.sound(year))
    if code != "L-02":
        return report
    text = report.params.narrative.problems or ""
    rb.write_narrative(folder / "yonghe.yaml", problems=text)
    return rb.placed(report, folder / "anhai.yaml")


def test_the_share_of_faults_caught(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for edition, year in YEARS.items():
        due = [code for code, when in CASES if when == year]
        caught = [code for code in due if code in rb.breaches(spoilt(code, year, tmp_path))]
        with capsys.disabled():
            share = 100 * len(caught) // len(due)
            print(f"\n  form of {edition}: {len(caught)} of {len(due)} rules catch their seeded fault ({share} %)")
        assert caught == due == sorted(one.code for one in rules_for(edition) if not isinstance(one.test, AtGate))


@pytest.mark.parametrize(("code", "year"), CASES)
def test_a_seeded_fault_is_caught_by_its_rule_and_its_kin_alone(code: str, year: int, tmp_path: Path) -> None:
    assert rb.breaches(spoilt(code, year, tmp_path)) == {code} | FAULTS[code].kin


@pytest.mark.parametrize(("code", "year"), CASES)
def test_a_seeded_fault_has_the_severity_and_the_words_of_its_rule(code: str, year: int, tmp_path: Path) -> None:
    broken = rule(code)
    findings = [f for f in check_report(spoilt(code, year, tmp_path)).findings if f.rule == code]
    assert findings
    for finding in findings:
        assert finding.severity is broken.severity
        assert finding.message.startswith(code)
        assert finding.message.endswith(f"{broken.remedy}。") or finding.outcome.value == "unknown"


def test_each_predicate_in_the_book_is_implemented_and_each_implementation_is_in_the_book() -> None:
    assert {rule.test.name for rule in RULES if isinstance(rule.test, Predicate)} == set(PREDICATES)


def test_a_fault_inside_a_rule_is_never_a_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setitem(PREDICATES, "t4_cells_are_numbers", broken)
    result = check_report(rb.sound())
    assert not result.ready
    assert [f.message for f in result.findings] == [
        "T4-02无法核对：规则运行出错（RuntimeError：broken）。把这一行报告给开发者。"
    ]
