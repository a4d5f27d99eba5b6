"""A second, independent count: plain loops over generated rows against every cell that the library tells."""

from __future__ import annotations

import tempfile
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nianbao.registers import RegisterFigures, load_registers
from nianbao.statute import edition_for
from nianbao.statute.cell import Source

PEOPLE = {
    "natural": ["自然人", "个人"],
    "commercial": ["商业企业", "法人或其他组织（商业企业）", "企业"],
    "research": ["科研机构"],
    "welfare": ["社会公益组织", "法人或其他组织-社会公益组织"],
    "legal": ["法律服务机构", "律师事务所"],
    "other": ["其他", "法人或其他组织·其他"],
}
SHORT = {
    "granted": ["予以公开", "（一）予以公开", "全部公开"],
    "partial": ["部分公开"],
    "denied.secret": ["国家秘密", "（三）不予公开/1.属于国家秘密"],
    "denied.stability": ["危及三安全一稳定", '3.危及"三安全一稳定"'],
    "unavailable.not_held": ["信息不存在", "无法提供—本机关不掌握相关政府信息"],
    "declined.repeat": ["重复申请", "（五）不予处理2.重复申请"],
}
SEPARATORS = ["-", "/", "."]


def written(day: date | None, style: int) -> str:
    if day is None:
        return ""
    if style == 0:
        return day.isoformat()
    if style == 1:
        return f"{day.year}年{day.month}月{day.day}日"
    if style == 2:
        return day.strftime("%Y%m%d")
    if style == 3:
        return str((day - date(1899, 12, 30)).days)
    return f"{day.year}{SEPARATORS[style % 2 + 1]}{day.month}{SEPARATORS[style % 2 + 1]}{day.day}"


@st.composite
def applications(draw: st.DrawFn, year: int) -> list[tuple[date, date | None, str, str | None, str, str, int]]:
    keys = list(edition_for(year).t3.outcomes)
    rows = []
    for _ in range(draw(st.integers(0, 25))):
        turns = st.sampled_from([date(year, 1, 1), date(year, 12, 31), date(year + 1, 1, 1)])
        answered = draw(st.none() | st.dates(date(year, 1, 1), date(year + 1, 3, 31)) | turns)
        latest = min(answered or date(year, 12, 31), date(year, 12, 31))
        edges = st.sampled_from([date(year - 1, 12, 31), date(year, 1, 1)])
        received = draw(st.dates(date(year - 1, 6, 1), latest) | edges)
        received = min(received, latest)
        who = draw(st.sampled_from(sorted(PEOPLE)))
        outcome = draw(st.sampled_from(keys)) if answered else None
        label = draw(st.sampled_from([*labels(year, outcome), *SHORT.get(outcome, [])])) if outcome else ""
        if not outcome:
            label = draw(st.sampled_from(["", "办理中", "/"]))
        rows.append(
            (received, answered, who, outcome, draw(st.sampled_from(PEOPLE[who])), label, draw(st.integers(0, 5)))
        )
    return rows


def labels(year: int, outcome: str | None) -> list[str]:
    stub = next(row.stub for row in edition_for(year).t3.rows if row.key == outcome)
    return [stub[-1], "".join(stub[1:])]


def read(year: int, name: str, lines: list[list[str]]) -> RegisterFigures:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.csv"
        quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines]
        path.write_text("\n".join(quoted), encoding="utf-8")
        found = load_registers(Path(folder), year, edition_for(year))
    assert found is not None
    return found


def assert_cells(found: RegisterFigures, expected: dict[str, list[str]], prefix: str) -> None:
    told = {key: cell for key, cell in found.figures.items() if key.startswith(prefix)}
    assert {key: cell.value for key, cell in told.items()} == {key: len(expected[key]) for key in told}
    assert {key: list(cell.rows) for key, cell in told.items()} == {key: expected[key] for key in told}
    assert all(cell.source is Source.REGISTER for cell in told.values())
    assert set(expected) <= set(told)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.sampled_from([2020, 2023]))
def test_part_three_is_what_a_loop_over_the_rows_counts(data: st.DataObject, year: int) -> None:
    rows = data.draw(applications(year))
    lines = [["收件编号", "收到日期", "申请人类型", "办理结果", "答复日期"]]
    expected: dict[str, list[str]] = defaultdict(list)
    months: Counter[int] = Counter()
    for number, (received, answered, who, outcome, who_label, label, style) in enumerate(rows, 1):
        name = f"{year}-{number:03}"
        lines.append([name, written(received, style), who_label, label, written(answered, style)])
        where = []
        if received.year == year:
            where.append("received")
            months[received.month] += 1
        if received.year < year:
            where.append("carried_in")
        if answered is not None and answered.year == year:
            where += [str(outcome), "total"]
        else:
            where.append("carried_out")
        for row in where:
            expected[f"t3.{row}.{who}"].append(name)
            expected[f"t3.{row}.total"].append(name)
    found = read(year, "applications", lines)
    assert_cells(found, expected, "t3.")
    assert len(found.figures) == len(edition_for(year).t3.fields)
    assert found.monthly["收到申请"].to_dict() == {month: months[month] for month in range(1, 13)}
    for column in [*PEOPLE, "total"]:
        value = {
            row: found.figures[f"t3.{row}.{column}"].number
            for row in ("received", "carried_in", "total", "carried_out")
        }
        assert value["received"] + value["carried_in"] == value["total"] + value["carried_out"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.sampled_from([2020, 2023]))
def test_part_four_is_what_a_loop_over_the_rows_counts(data: st.DataObject, year: int) -> None:
    types = {"review": "行政复议", "direct": "未经复议直接起诉", "after_review": "行政诉讼-复议后起诉"}
    results = {"upheld": "结果维持", "corrected": "纠正", "other": "其他结果"}
    expected: dict[str, list[str]] = defaultdict(list)
    lines = [["案号", "类型", "受理日期", "结果", "结案日期"]]
    for number in range(data.draw(st.integers(0, 20))):
        closed = data.draw(st.none() | st.dates(date(year, 1, 1), date(year + 1, 2, 1)))
        accepted = data.draw(st.dates(date(year - 1, 3, 1), min(closed or date(year, 12, 31), date(year, 12, 31))))
        group = data.draw(st.sampled_from(sorted(types)))
        result = data.draw(st.sampled_from(sorted(results))) if closed else None
        lines.append(
            [
                f"案{number}",
                types[group],
                written(accepted, 0),
                results[result] if result else "尚未审结",
                written(closed, 1),
            ]
        )
        column = result if closed is not None and closed.year == year else "pending"
        expected[f"t4.{group}.{column}"].append(f"案{number}")
        expected[f"t4.{group}.total"].append(f"案{number}")
    found = read(year, "reviews", lines)
    assert_cells(found, expected, "t4.")
    assert len(found.figures) == 15


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.sampled_from([2019, 2022]))
def test_part_two_is_what_a_loop_over_the_rows_counts(data: st.DataObject, year: int) -> None:
    old = year < 2021
    kinds = {
        "rules": "规章",
        "normative": "规范性文件",
        "licensing": "行政许可",
        "penalty": "行政处罚",
        "coercion": "行政强制",
        "": "其他文件",
    }
    money_kind, money_label = ("procurement", "政府集中采购") if old else ("fees", "行政事业性收费")
    kinds[money_kind] = money_label
    lines = [["文号", "名称", "类别", "制发日期", "公开日期", "废止日期", "金额（元）"]]
    expected: dict[str, list[str]] = {}
    money = Decimal(0)
    kept = {"rules", "normative"}
    columns = {"made": [], "opened": [], "public": []} if old else {"made": [], "repealed": [], "in_force": []}
    expected |= {f"t2.{kind}.{column}": [] for kind in kept for column in columns}
    for number in range(data.draw(st.integers(0, 20))):
        kind = data.draw(st.sampled_from(sorted(kinds)))
        made = data.draw(st.dates(date(year - 3, 1, 1), date(year, 12, 31)))
        opened = data.draw(st.none() | st.dates(made, date(year + 1, 1, 31)))
        repealed = data.draw(st.none() | st.dates(made, date(year + 1, 1, 31)) | st.just(date(year, 12, 31)))
        amount = data.draw(st.decimals(0, 10**6, places=2))
        name = f"晋安政〔{year}〕{number}号"
        lines.append(
            [name, "某件", kinds[kind], written(made, 0), written(opened, 1), written(repealed, 2), str(amount)]
        )
        hits: list[str] = []
        if kind in ("rules", "normative"):
            gone = repealed is not None and repealed <= date(year, 12, 31)
            hits += ["made"] if made.year == year else []
            if old:
                hits += ["opened"] if opened and opened.year == year else []
                hits += ["public"] if opened and opened.year <= year and not gone else []
            else:
                hits += ["repealed"] if repealed and repealed.year == year else []
                hits += ["in_force"] if not gone else []
        elif kind == money_kind:
            for column in ("projects", "amount") if old else ("amount",):
                expected.setdefault(f"t2.{kind}.{column}", [])
            if made.year == year:
                money += amount
                hits += ["projects", "amount"] if old else ["amount"]
        elif kind:
            expected.setdefault(f"t2.{kind}.decisions", [])
            hits += ["decisions"] if made.year == year else []
        for column in hits:
            expected[f"t2.{kind}.{column}"].append(name)
    found = read(year, "documents", lines)
    assert set(found.figures) == set(expected)
    assert {key: list(cell.rows) for key, cell in found.figures.items()} == expected
    for key, cell in found.figures.items():
        assert cell.value == (money / 10000 if key.endswith("amount") else len(expected[key]))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.sampled_from([2020, 2023]))
def test_disclosure_is_what_a_loop_over_the_rows_counts(data: st.DataObject, year: int) -> None:
    names = ["机构职能", "民政扶贫救灾社会保障就业", "财政资金", "农村工作", "其他"]
    ways = {
        "网站": (True, []),
        "微信": (False, ["微信"]),
        "门户网站、微信公众号": (True, ["微信"]),
        "村务公开栏": (False, ["村务公开栏"]),
    }
    lines = [["发布日期", "标题", "类别", "渠道"]]
    total, classes, channels, months, elsewhere = 0, Counter[str](), Counter[str](), Counter[int](), Counter[int]()
    rows: dict[str, list[str]] = defaultdict(list)
    for number in range(data.draw(st.integers(0, 30))):
        day = data.draw(st.dates(date(year, 1, 1), date(year, 12, 31)))
        name = data.draw(st.sampled_from(names))
        way = data.draw(st.sampled_from(sorted(ways)))
        lines.append([written(day, number % 5), f"信息{number}", name + "类信息", way])
        site, others = ways[way]
        if site:
            total += 1
            classes[name + "类信息"] += 1
            rows[name + "类信息"].append(f"信息{number}")
            months[day.month] += 1
        channels.update(others)
        elsewhere[day.month] += bool(others)
    found = read(year, "disclosures", lines)
    assert found.total is not None
    assert found.total.value == total == sum(cell.number for cell in found.classes.values())
    assert {name: cell.value for name, cell in found.classes.items()} == classes
    assert {name: cell.value for name, cell in found.channels.items()} == channels
    assert {name: list(cell.rows) for name, cell in found.classes.items()} == rows
    assert found.monthly["主动公开"].to_dict() == {month: months[month] for month in range(1, 13)}
    assert found.months("主动公开") == tuple(months[month] for month in range(1, 13))
    if channels:
        assert found.monthly["其他渠道"].to_dict() == {month: elsewhere[month] for month in range(1, 13)}
    order = [name for name in (n + "类信息" for n in names) if name in classes]
    own = {"财政资金类信息", "农村工作类信息"}
    assert [name for name in found.classes if name not in own] == [name for name in order if name not in own]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.sampled_from([2020, 2022]))
def test_what_one_year_carries_out_the_next_carries_in(data: st.DataObject, year: int) -> None:
    """Two years of one series of applications, each year's register holding what was open in it."""
    head = ["收件编号", "收到日期", "申请人类型", "办理结果", "答复日期"]
    registers: dict[int, list[list[str]]] = {year: [head], year + 1: [head]}
    open_at_new_year: Counter[str] = Counter()
    for number in range(data.draw(st.integers(0, 20))):
        received = data.draw(st.dates(date(year - 1, 11, 1), date(year + 1, 12, 31)) | st.just(date(year, 12, 31)))
        first = max(received, date(year, 1, 1))
        edges = st.just(max(received, date(year + 1, 1, 1))) | st.just(first)
        answered = data.draw(st.none() | st.dates(first, date(year + 1, 12, 31)) | edges)
        who = data.draw(st.sampled_from(sorted(PEOPLE)))
        for kept, rows in registers.items():
            if received.year > kept or (answered is not None and answered.year < kept):
                continue
            closed = answered is not None and answered.year <= kept
            end = ["予以公开", written(answered, 0)] if closed else ["", ""]
            rows.append([f"{number}", written(received, 1), PEOPLE[who][0], *end])
        if received.year <= year and (answered is None or answered.year > year):
            open_at_new_year[who] += 1
    before, after = (read(kept, "applications", rows) for kept, rows in registers.items())
    for column in [*PEOPLE, "total"]:
        out, in_ = before.figures[f"t3.carried_out.{column}"], after.figures[f"t3.carried_in.{column}"]
        assert (out.value, out.rows) == (in_.value, in_.rows)
        assert out.value == (open_at_new_year.total() if column == "total" else open_at_new_year[column])
