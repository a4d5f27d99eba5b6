"""Rules about the document: what they catch, and what they must leave alone."""

from __future__ import annotations

from datetime import date

import pytest
import rulebook as rb

from nianbao.report import Report, load_report
from nianbao.rules import check_report
from nianbao.rules.personal import is_identity_number, passes_luhn


def messages(report: Report, code: str) -> list[str]:
    return [f.message for f in check_report(report).findings if f.rule == code]


@pytest.mark.parametrize(
    "text",
    [
        "与2022年相比，公开数量有所增加。",
        "较2021年增长一成。",
        "《2022年度经济发展鼓励扶持政策》已经解读。",
        "贯彻2019年修订的《条例》。",
        "按照国办函〔2020〕109号执行。",
        "自2008年以来坚持公开。",
        "下一步，2024年我镇将继续做好公开。",
        "2018—2022年的文件已经清理。",
        "2023年我镇做好公开。",
        "电话0595-20221234。",
    ],
)
def test_other_years_in_comparisons_citations_titles_and_plans_are_left_alone(text: str) -> None:
    assert rb.breaches(rb.with_line(rb.sound(), "overview", text), {"P-20"}) == set()


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2022年，我镇全面贯彻落实《条例》。", 2022),
        ("２０２２年度工作扎实。", 2022),
        ("二〇二二年我镇做好公开。", 2022),
        ("2025年我镇做好公开。", 2025),
    ],
)
def test_a_stale_year_is_asked_about(text: str, year: int) -> None:
    findings = [f for f in check_report(rb.with_line(rb.sound(), "overview", text)).findings if f.rule == "D-15"]
    assert [(f.left, f.right) for f in findings] == [(year, 2023)]


@pytest.mark.parametrize(
    ("number", "right"),
    [
        ("晋安政[2024]5号", "晋安政〔2024〕5号"),
        ("晋安政（2024）5号", "晋安政〔2024〕5号"),
        ("晋安政〔2024〕05号", "晋安政〔2024〕5号"),
        ("晋安政〔2024〕第5号", "晋安政〔2024〕5号"),
        ("晋安政2024-5", "机关代字〔年份〕序号号，如晋东政〔2026〕5号"),
    ],
)
def test_a_malformed_number_is_told_how_to_be_written(number: str, right: str) -> None:
    report = rb.with_params(rb.sound(), document={"number": number})
    assert [f.right for f in check_report(report).findings if f.rule == "D-06"] == [right]


def test_a_sound_number_passes() -> None:
    assert rb.breaches(rb.with_params(rb.sound(), document={"number": "晋安政〔2024〕5号"})) == set()


@pytest.mark.parametrize(
    ("day", "found"),
    [
        (date(2023, 12, 31), {"D-04"}),
        (date(2024, 1, 1), set()),
        (date(2024, 1, 31), set()),
        (date(2024, 2, 1), {"D-05"}),
    ],
)
def test_the_date_lies_in_january_of_the_next_year(day: date, found: set[str]) -> None:
    assert rb.breaches(rb.with_params(rb.sound(), date=day)) == found


@pytest.mark.parametrize(
    "title",
    [
        "晋江市安海镇2023年政府信息公开工作年度报告",
        "安海镇2023年度政府信息公开工作年度报告",
        "安海镇 2023 年政府信息 公开工作年度报告",
    ],
)
def test_the_unit_may_be_named_with_or_without_the_city(title: str) -> None:
    found = rb.breaches(rb.with_params(rb.sound(), document={"title": title}))
    assert found == ({"D-02"} if title.count("年度") == 2 else set())


@pytest.mark.parametrize(
    ("title", "why"),
    [
        ("晋江市永和镇2023年政府信息公开工作年度报告", "没有本单位名称安海镇"),
        ("晋江市安海镇政府信息公开工作年度报告", "没有 2023 年"),
        ("晋江市安海镇2023年2022年政府信息公开工作年度报告", "另有 2022 年"),
        ("晋江市安海镇2023年政务公开报告", "应以“政府信息公开工作年度报告”结尾"),
    ],
)
def test_a_wrong_title_is_told_why(title: str, why: str) -> None:
    (message,) = messages(rb.with_params(rb.sound(), document={"title": title}), "D-01")
    assert why in message


@pytest.mark.parametrize(
    "period",
    [
        "统计期限从2023年1月1日起至2023年12月31日止。",
        "数据统计期限为2023年1月1日至12月31日。",
        "统计期限：2023 年 1 月 1 日—2023 年 12 月 31 日。",
        "统计期限自２０２３年１月１日至２０２３年１２月３１日。",
        "统计期限自2023年1月1日至2023年底。",
    ],
)
def test_periods_are_read_however_they_are_written(period: str) -> None:
    assert rb.breaches(rb.with_text(rb.sound(), preamble=period)) == set()


@pytest.mark.parametrize(
    ("period", "found"),
    [
        ("统计期限自2022年1月1日至2023年12月31日。", {"D-09"}),
        ("统计期限自2022年1月1日至12月31日。", {"D-09"}),
        ("本报告根据《条例》编制。", {"D-10"}),
    ],
)
def test_a_wrong_or_missing_period_is_found(period: str, found: set[str]) -> None:
    assert rb.breaches(rb.with_text(rb.sound(), preamble=period)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("全文由五个部分组成。", {"D-11"}),
        ("本报告共分5部分。", {"D-11"}),
        ("报告包括总体情况、主动公开政府信息情况等五部分内容。", {"D-11"}),
        ("本报告由六部分组成。", set()),
        ("本报告共6个部分。", set()),
        ("对部分公开的申请，见第三部分。", set()),
    ],
)
def test_the_number_of_parts_announced_is_six(text: str, found: set[str]) -> None:
    report = rb.sound()
    assert report.params.narrative.preamble is not None
    before = report.params.narrative.preamble.splitlines()
    preamble = "\n".join([before[0], before[2], text])
    assert rb.breaches(rb.with_text(report, preamble=preamble)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("《中华人民共和国政府信息公开条例》（国务院令第492号）", {"D-16"}),
        ("《政府信息公开条例》（中华人民共和国国务院令第 771 号）", {"D-16"}),
        ("根据第771号国务院令《中华人民共和国政府信息公开条例》编制。", {"D-16"}),
        ("《中华人民共和国政府信息公开条例》（国务院令第711号）", set()),
        ("《优化营商环境条例》（国务院令第722号）", set()),
    ],
)
def test_only_the_decree_number_of_the_ordinance_is_asked_about(text: str, found: set[str]) -> None:
    assert rb.breaches(rb.with_line(rb.sound(), "overview", text)) == found


@pytest.mark.parametrize(
    ("year", "text", "found"),
    [
        (2023, "按照国办公开办函〔2019〕60号编制。", {"D-17"}),
        (2023, "按照国办公开办函〔2021〕60号编制。", {"D-17"}),
        (2023, "按照《政府信息公开工作年度报告格式（试行）》编制。", {"D-17"}),
        (2023, "按照国办公开办函〔2021〕30号编制。", set()),
        (2020, "按照国办公开办函〔2021〕30号编制。", {"D-17"}),
        (2020, "按照《政府信息公开工作年度报告格式（试行）》（国办公开办函〔2019〕60号）编制。", set()),
    ],
)
def test_the_form_cited_is_that_of_the_year(year: int, text: str, found: set[str]) -> None:
    assert rb.breaches(rb.with_line(rb.sound(year), "preamble", text)) == found


def test_another_units_traces_are_asked_about_by_kind() -> None:
    report = rb.sound()
    for text, code, kind in [
        ("灵源街道做得好。", "D-12", "灵源街道的名称“灵源街道”"),
        ("关注“梅岭FAN”。", "D-33", "梅岭街道的公众号“梅岭FAN”"),
        ("地址：晋江市东石镇石东路80号", "D-33", "东石镇的地址“晋江市东石镇石东路80号”"),
        ("电话：0595-85196583", "D-33", "陈埭镇的电话“0595-85196583”"),
    ]:
        (message,) = messages(rb.with_line(report, "overview", text), code)
        assert kind in message


@pytest.mark.parametrize(
    "text",
    ["会同灵源街道开展联合宣传。", "陈埭镇便民服务中心电话0595-85196583。", "与梅岭街道交流，关注梅岭街道“梅岭FAN”。"],
)
def test_a_sentence_about_another_unit_is_left_alone(text: str) -> None:
    report = rb.with_line(rb.sound(), "overview", text)
    assert messages(report, "D-33") == []
    assert messages(report, "D-12") == [] or "便民" in text


def test_another_units_phone_inside_a_longer_number_is_left_alone() -> None:
    assert messages(rb.with_line(rb.sound(), "overview", "编号885281160012。"), "D-33") == []


@pytest.mark.parametrize(
    ("unit", "text", "found"),
    [
        ("anhai", "我街道做好公开。", ["我街道"]),
        ("anhai", "本局做好公开。", ["本局"]),
        ("anhai", "各乡镇政府、街道办事处要做好公开，在本区域内宣传。", []),
        ("anhai", "镇政府做好公开。", []),
        ("meiling", "镇政府做好公开，我镇满意。", ["镇政府", "我镇"]),
        ("meiling", "我街道做好公开，我市满意。", []),
    ],
)
def test_a_unit_speaks_of_itself_by_its_kind(unit: str, text: str, found: list[str]) -> None:
    report = rb.with_line(rb.sound(unit_id=unit), "overview", text)
    assert [f.left for f in check_report(report).findings if f.rule == "D-13"] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("公开信息（）条", True),
        ("自年月日起", True),
        ("填写于202111日", True),
        ("公开信息共计条，", True),
        ("收到申请件。", True),
        ("公开类别占，其他占两成", True),
        ("电话：", True),
        ("《中华人民共和国政府信息公开条例》", False),
        ("政府信息公开条件成熟", False),
        ("出生年月日不公开", False),
        ("2023年1月11日", False),
        ("公开信息条目清晰", False),
        ("严禁侵占，及时处理来信件", False),
        ("电话：0595-88082141", False),
    ],
)
def test_a_gap_where_something_was_to_stand(text: str, found: bool) -> None:
    assert bool(messages(rb.with_line(rb.sound(), "overview", text), "D-19")) is found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("该部分以表格形式报告。表格如下：", True),
        ("XX镇人民政府", True),
        ("（如有，可另附页）", False),
        ("此处填写本单位情况", True),
        ("【单位名称】", True),
        ("http://www.jinjiang.gov.cn/xxgk/zfxxgkzl/", False),
        ("开展“一网通办”", False),
    ],
)
def test_template_text_that_was_left_in(text: str, found: bool) -> None:
    assert bool(messages(rb.with_line(rb.sound(), "overview", text), "D-18")) is found


@pytest.mark.parametrize(
    ("site", "found"),
    [
        ("www.jinjiang.gov.cn", False),
        ("http://zwgk.quanzhou.gov.cn/", False),
        ("www.fujian.gov.cn", False),
        ("www.gov.cn", False),
        ("www.shishi.gov.cn", True),
    ],
)
def test_sites_of_other_places_are_asked_about(site: str, found: bool) -> None:
    assert bool(messages(rb.with_line(rb.sound(), "overview", f"可在{site}查阅。"), "D-14")) is found


def test_a_subdistrict_is_not_bound_to_report_accountability() -> None:
    for unit, found in (("anhai", {"D-24"}), ("meiling", set())):
        report = rb.sound(unit_id=unit)
        text = (report.params.narrative.overview or "").replace("把信息公开纳入绩效考核，", "加强监督，")
        assert rb.breaches(rb.with_text(report, overview=text)) == found


@pytest.mark.parametrize(
    ("text", "found"), [("无", {"D-21"}), ("无。", {"D-21"}), ("公开工作还有不足，今后将加强。", {"D-21"})]
)
def test_a_perfunctory_part_five(text: str, found: set[str]) -> None:
    assert rb.breaches(rb.with_text(rb.sound(), problems=text)) == found


def test_a_long_part_five_without_problems_or_without_improvements() -> None:
    praise = "信息公开工作有序开展，群众反映良好，各项任务顺利完成，得到上级肯定和群众好评。" * 4
    assert "没有写问题" in messages(rb.with_text(rb.sound(), problems=praise), "D-21")[0]
    blame = "存在的问题是公开的内容还不够，群众查找不方便，经办人员业务不熟，回复不及时。" * 4
    assert "没有写改进" in messages(rb.with_text(rb.sound(), problems=blame), "D-21")[0]


@pytest.mark.parametrize(
    ("text", "code", "shown"),
    [
        ("身份证350582199001011231", "D-26", "350*************31"),
        ("身份证３５０５８２１９９００１０１１２３１", "D-26", "350*************31"),
        ("手机13800001234", "D-27", "138******34"),
        ("手机138 0000 1234", "D-27", "138******34"),
        ("手机+86 138-0000-1234", "D-27", "861********34"),
        ("卡号6222 0212 3456 7890 128", "D-28", "622**************28"),
    ],
)
def test_personal_numbers_are_found_and_shown_only_in_part(text: str, code: str, shown: str) -> None:
    findings = [f for f in check_report(rb.with_line(rb.sound(), "overview", text)).findings if f.rule == code]
    assert [f.left for f in findings] == [shown]
    assert "13800001234" not in findings[0].message


@pytest.mark.parametrize(
    "text",
    [
        "编号350582199001011232",  # wrong check character
        "编号350582199013011236",  # no thirteenth month
        "卡号6222021234567890123",  # fails Luhn
        "电话0595-88000000",
        "统一社会信用代码11350582003838441K",
        "邮编362200，电话12345",
    ],
)
def test_other_long_numbers_are_no_personal_data(text: str) -> None:
    assert rb.breaches(rb.with_line(rb.sound(), "overview", text)) == set()


def test_the_published_contact_may_be_a_mobile_number() -> None:
    report = rb.with_params(rb.sound(), contact={"phone": "13800001234"})
    assert rb.breaches(rb.with_line(report, "preamble", "电话：{{ 联系.电话 }}")) == set()


def test_check_digits() -> None:
    assert is_identity_number("11010519491231002X")
    assert not is_identity_number("110105194912310021")
    assert passes_luhn("6222021234567890128")
    assert not passes_luhn("6222021234567890127")


def test_personal_data_is_found_in_any_printed_field() -> None:
    report = rb.with_params(rb.sound(), document={"signer": "某某13800001234"})
    assert [f.cell for f in check_report(report).findings if f.rule == "D-27"] == ["document.signer"]


def test_yonghe_2023_is_ready_and_its_findings_are_those_known() -> None:
    result = check_report(load_report("yonghe", 2023))
    assert result.ready
    assert {(f.rule, f.cell) for f in result.waived} >= {
        ("T3-02", "t3.total.other"),
        ("T3-03", "t3.denied.prohibited.total"),
        ("T4-01", "t4.review.total"),
        ("T4-02", "t4.review"),
    }
    assert {f.rule for f in result.findings if f.waived is None and f.severity.value == "warning"} == {"D-23", "D-24"}
