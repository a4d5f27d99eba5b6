"""The overview page: who is ready, who is not, why, for someone who opens nothing else; no script, no clock."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from openpyxl import load_workbook

from nianbao.batch import Standing, UnitStatus, overview
from nianbao.batch.overview import Overview
from nianbao.batch.page import PAGES as YEAR_PAGES
from nianbao.batch.page import index_html, status_json
from nianbao.batch.progress_sheet import HEADS, progress_xlsx
from nianbao.batch.status import last_change
from nianbao.batch.summary import PaperStatus
from nianbao.city.paper import SUMMARY as SUMMARY_FILES
from nianbao.params import Unit, load_units
from nianbao.params.models import Published
from nianbao.publish.formats import FAILED_LABEL, REPORT, links
from nianbao.publish.ground import Ground
from nianbao.report.signing import ROLES, Signature, SignOff
from nianbao.rules.finding import Finding, Outcome
from nianbao.statute.bodies import KINDS
from nianbao.statute.rulebook import Severity
from tests.conftest import PARAMS

UNITS = load_units(PARAMS)
PUBLISHED, PAGES = links(REPORT), links(SUMMARY_FILES)
SUMMARY = PaperStatus(Standing.DRAFT, "", PAGES)


def finding(rule: str, severity: str, message: str, waived: str | None = None) -> Finding:
    return Finding(rule, Severity(severity), Outcome.FAILS, None, None, None, message, waived=waived)


def counts(*findings: Finding) -> dict[str, int]:
    found = {
        name: sum(one.severity.value == name and not one.waived for one in findings)
        for name in ("error", "warning", "info")
    }
    return {"held": 50, **found, "waived": sum(bool(one.waived) for one in findings)}


def statuses() -> tuple[UnitStatus, ...]:
    ready, draft, failed, pending, missing = UNITS.units[:5]
    said = (
        finding("T3-01", "error", "T3-01 不成立。"),
        finding("T3-01", "error", "T3-01 也不成立。"),
        finding("T3-05", "warning", "T3-05 不成立。"),
    )
    waived = (finding("T4-02", "error", "T4-02 不成立。", "当年如此公开"),)
    return (
        UnitStatus(ready, Standing.READY, "", counts(*waived), waived, PUBLISHED),
        UnitStatus(draft, Standing.DRAFT, "", counts(*said), said, PUBLISHED),
        UnitStatus(failed, Standing.FAILED, "参数读不出。", links=(("failed.ipynb", FAILED_LABEL),)),
        UnitStatus(pending, Standing.PENDING, "参数已改"),
        UnitStatus(missing, Standing.MISSING),
    )


def page(
    found: tuple[UnitStatus, ...] = (), city: Unit = UNITS.city, summary: PaperStatus = SUMMARY
) -> html.HtmlElement:
    return html.document_fromstring(index_html(2025, city, found or statuses(), (), {"summary": summary}))


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_each_unit_stands_there_with_state_reason_and_links() -> None:
    shown = page().xpath("//ol[@class='units']/li")
    assert [entry.get("class") for entry in shown] == ["failed", "draft", "pending", "missing", "ready"]
    entries = sorted(shown, key=lambda entry: [state.value for state in Standing].index(entry.get("class")))
    assert [words(entry.find_class("state")[0]) for entry in entries] == [state.label for state in Standing]
    assert "下一步：催报。" in words(entries[4]) and "下一步：把退回单发给单位改正" in words(entries[1])
    assert "T3-01 不成立。" in words(entries[1]) and "T3-05 不成立。" in words(entries[1])
    assert "参数读不出。" in words(entries[2]) and "参数已改" in words(entries[3])
    links = [[link.get("href") for link in entry.iter("a")] for entry in entries]
    assert links[0] == [f"qingyang/{name}" for name, _ in PUBLISHED] and links[2] == ["xiyuan/failed.ipynb"]
    assert links[3] == links[4] == []


def test_a_reader_filters_by_standing_and_by_kind_without_a_script() -> None:
    """Every choice has a label and a rule of the page's own style that hides the others."""
    root = page()
    (style,) = root.iter("style")
    choices = [one.get("id") for one in root.xpath("//fieldset[@class='filter']//input[@type='radio']")]
    assert choices == ["show-all", *(f"show-{state.value}" for state in Standing)]
    assert choices == [one.get("for") for one in root.xpath("//fieldset[@class='filter']//label")]
    assert all(f"#{one}:checked" in (style.text or "") for one in choices[1:])
    assert root.xpath("//ol[@class='units']/li/@data-kind") == ["1"] * 5


def test_standing_and_kind_are_chosen_apart_and_both_hold() -> None:
    """Every kind that the law knows can be chosen, and each choice says how many it leaves."""
    kinds = [unit.model_copy(update={"kind": kind}) for unit, kind in zip(UNITS.units, KINDS, strict=False)]
    found = tuple(UnitStatus(unit, Standing.MISSING) for unit in (*kinds, kinds[0]))
    root = page(found)
    (style,) = root.iter("style")
    groups = [[one.get("id") for one in group.iter("input")] for group in root.xpath("//fieldset[@class='filter']")]
    assert groups[0] == ["show-all", "show-missing"]
    assert groups[1] == ["show-kinds", *(f"show-kind{number}" for number in range(1, len(KINDS) + 1))]
    names = [{one.get("name") for one in group.iter("input")} for group in root.xpath("//fieldset[@class='filter']")]
    assert names == [{"state"}, {"kind"}]
    for number in range(1, len(KINDS) + 1):
        hides = f'section:has(#show-kind{number}:checked) .units > li:not([data-kind="{number}"])'
        assert hides in (style.text or "")
    labels = [words(one) for one in root.xpath("//fieldset[@class='filter'][2]//label")]
    assert labels[1] == f"{next(iter(KINDS))} 2" and all(label.endswith(" 1") for label in labels[2:])


days = st.dates(date(2026, 1, 1), date(2026, 3, 1))


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from(["成文", "公布", "豁免"]), days), st.lists(st.tuples(st.sampled_from(ROLES), days))
)
def test_the_last_change_is_the_newest_day_that_is_known(
    known: dict[str, date], given_: list[tuple[str, date]]
) -> None:
    signatures = [Signature(role=role, name="某某", date=day, fingerprint="0" * 64) for role, day in given_]  # type: ignore[arg-type]
    found = last_change(known, SignOff(tuple(signatures[::2]), tuple(signatures[1::2])))
    every = [*known.values(), *(day for _, day in given_)]
    if not every:
        assert found is None
        return
    assert found is not None and found[0] == max(every)
    what = found[1]
    assert known.get(what) == found[0] or (what.removesuffix("签字"), found[0]) in given_
    if known.get("公布") == max(every):
        assert what == "公布"


def test_the_page_names_contact_last_change_and_next_step() -> None:
    told = UNITS.find("meiling")
    ready = UnitStatus(told, Standing.READY, changed=(date(2026, 1, 16), "审核签字"))
    done = UnitStatus(
        UNITS.find("qingyang"),
        Standing.READY,
        published=Published(date=date(2026, 1, 20)),
        changed=(date(2026, 1, 20), "公布"),
    )
    shown = {entry.get("id"): words(entry) for entry in page((ready, done)).xpath("//ol[@class='units']/li")}
    assert "联系：梅岭街道办事处，0595-85681283。" in shown["meiling"] and "下一步：公布" in shown["meiling"]
    assert "最近变动：2026年1月16日审核签字。" in shown["meiling"]
    assert "联系：没有登记。" in shown["qingyang"] and "下一步" not in shown["qingyang"]
    assert shown["qingyang"].count("2026年1月20日") == 1


def test_the_sheet_of_progress_has_a_row_a_unit_and_the_same_bytes() -> None:
    book = load_workbook(BytesIO(progress_xlsx(2025, statuses())))
    head, *rows = book.active.iter_rows(values_only=True)
    assert head == HEADS
    assert [row[:3] for row in rows] == [(one.unit.name, one.unit.kind, one.state.label) for one in statuses()]
    assert rows[4][HEADS.index("下一步")] == "催报" and rows[1][3] == 2
    assert progress_xlsx(2025, statuses()) == progress_xlsx(2025, statuses())


def test_what_is_to_be_done_stands_at_the_head_and_leads_to_the_unit() -> None:
    root = page()
    (todo,) = root.find_class("todo")
    assert words(todo) == "草稿梅岭街道 生成失败西园街道 待生成罗山街道 未报送新塘街道"
    ids = {element.get("id") for element in root.iter() if element.get("id")}
    assert {link.get("href").removeprefix("#") for link in root.iter("a") if link.get("href").startswith("#")} <= ids
    head = words(root.find(".//header"))
    assert "2026年1月31日前公布" in head and "2026年2月20日前公布" in head and "错误 2 个，警告 1 个" in head


def test_nothing_to_do_is_no_empty_list() -> None:
    ready = tuple(UnitStatus(unit, Standing.READY, "", counts(), (), PUBLISHED) for unit in UNITS.units)
    root = page(ready, summary=PaperStatus(Standing.READY, "", PAGES))
    assert not root.find_class("todo") and not root.xpath("//table")
    assert "尚未解决" not in words(root.find(".//header"))


def test_findings_are_counted_by_rule_without_the_waived() -> None:
    rows = [[words(cell) for cell in row] for row in page().iterfind(".//tbody/tr")]
    assert [(row[0], row[2], row[3]) for row in rows] == [
        ("T3-01 错误", "2", "梅岭街道"),
        ("T3-05 警告", "1", "梅岭街道"),
    ]


def test_the_summary_is_linked_only_where_it_is_current() -> None:
    assert [link.get("href") for link in page().find_class("summaries")[0].iter("a")] == [name for name, _ in PAGES]
    failed = page(
        summary=PaperStatus(Standing.FAILED, "第 4 个单元格运行出错。", (("summary-failed.ipynb", FAILED_LABEL),))
    )
    assert [link.get("href") for link in failed.find_class("summaries")[0].iter("a")] == ["summary-failed.ipynb"]
    assert "第 4 个单元格运行出错。" in words(failed)


def test_invented_figures_are_called_so() -> None:
    assert not page().find_class("sample")
    one = UnitStatus(UNITS.units[0], Standing.READY, "", counts(), (), PUBLISHED, sample=True)
    assert words(page((one,)).find_class("sample")[0]).startswith("示例")


def test_the_page_runs_nothing_and_asks_nobody() -> None:
    root = page()
    (policy,) = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert not root.xpath("//script | //link | //img | //iframe | //@onclick | //@style")
    assert root.get("lang") == "zh-CN"
    assert not [link for link in root.iter("a") if ":" in link.get("href") or link.get("href").startswith("/")]


def test_text_of_a_report_is_never_markup() -> None:
    nasty = "<script>alert(1)</script>{{ 7*7 }}\"'&"
    said = (finding("T3-01", "error", nasty),)
    found = (
        UnitStatus(UNITS.units[0], Standing.DRAFT, "", counts(*said), said, PUBLISHED),
        UnitStatus(UNITS.units[1], Standing.FAILED, nasty),
    )
    root = page(found, summary=PaperStatus(Standing.FAILED, nasty))
    assert not root.xpath("//script") and words(root).count(nasty) == 3


def test_headings_and_landmarks_guide_a_reader_without_a_mouse() -> None:
    root = page()
    assert [element.tag for element in root.iter("h1", "h2")] == ["h1", "h2", "h2"]
    assert len(root.xpath("//main")) == 1 and root.xpath("//body/*[1]/@href") == ["#units"]
    assert root.xpath("//*[@role='img']/@aria-label")[0] == "可以发布 1，草稿 1，生成失败 1，待生成 1，未报送 1"
    for section in root.iter("section"):
        assert root.get_element_by_id(section.get("aria-labelledby")).tag == "h2"


def _luminance(colour: str) -> float:
    full = colour.removeprefix("#")
    full = "".join(2 * digit for digit in full) if len(full) == 3 else full
    parts = [int(full[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_letters_stand_out_from_the_ground() -> None:
    """WCAG 2.1, 1.4.3: 4.5 to 1 on the paper and on the ground of the page."""
    import re

    import nianbao.batch.page as module

    css = (Path(module.__file__).parent / "page.css").read_text(encoding="utf-8")
    named = dict(re.findall(r"--(\w+): (#[0-9a-f]{3,6});", css))
    used = {
        named.get(name.removeprefix("var(--").rstrip(")"), name) for name in re.findall(r"[;{ ]color: ([^;}]+);", css)
    }
    used = {colour for colour in used if colour.startswith("#")}
    assert len(used) >= 7
    for colour in used:
        for ground in (named["paper"], named["ground"]):
            light, dark = sorted((_luminance(colour), _luminance(ground)), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (colour, ground)


def test_status_json_tells_programs_the_same() -> None:
    content = json.loads(status_json(2025, UNITS.city, statuses(), ("params/2025/x.yaml：…",), {"summary": SUMMARY}))
    assert content["counts"] == {"ready": 1, "draft": 1, "failed": 1, "pending": 1, "missing": 1}
    assert content["deadline"] == "2026-01-31" and content["summary"] == {
        "state": "draft",
        "message": "",
        "files": [name for name, _ in PAGES],
        "signed": "",
        "deadline": "2026-02-20",
    }
    assert content["rules"]["T3-01"]["count"] == 2 and content["unknown_files"] == ["params/2025/x.yaml：…"]
    assert content["units"][1]["blocking"] == ["T3-01 不成立。", "T3-01 也不成立。"]


@pytest.fixture
def nothing_handed_in(tmp_path: Path) -> Callable[[], dict[str, bytes]]:
    """Writes the pages of a year in which no unit has handed anything in, and says what they are."""
    out = tmp_path / "2025"
    out.mkdir()

    def write() -> dict[str, bytes]:
        Overview.of(2025, PARAMS, out).write()
        return {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()}

    return write


def test_pages_that_would_say_the_same_are_not_drawn_again(
    nothing_handed_in: Callable[[], dict[str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = nothing_handed_in()
    assert set(first) == set(YEAR_PAGES)
    for name in ("index_html", "progress_xlsx"):
        monkeypatch.setattr(overview, name, lambda *_: pytest.fail("drawn again"))
    assert nothing_handed_in() == first


@pytest.mark.parametrize(
    "spoil", [lambda data: data + b" ", lambda _: b"", lambda _: None], ids=["edited", "empty", "gone"]
)
@pytest.mark.parametrize("name", YEAR_PAGES)
def test_a_page_that_is_not_what_was_written_is_written_again(
    nothing_handed_in: Callable[[], dict[str, bytes]], tmp_path: Path, name: str, spoil: Callable[[bytes], bytes | None]
) -> None:
    first = nothing_handed_in()
    path = tmp_path / "2025" / name
    data = spoil(first[name])
    path.unlink() if data is None else path.write_bytes(data)
    assert nothing_handed_in() == first


@pytest.mark.parametrize("changed", ["library", "packages"])
def test_pages_are_drawn_again_by_another_version(
    nothing_handed_in: Callable[[], dict[str, bytes]], monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    nothing_handed_in()
    ground, drawn = Ground.here(), []
    other = replace(ground, **{changed: "other" if changed == "library" else {"jinja2": "0"}})
    monkeypatch.setattr(Ground, "here", lambda *_: other)
    monkeypatch.setattr(overview, "index_html", lambda *_: drawn.append(1) or b"new")
    assert nothing_handed_in()["index.html"] == b"new" and drawn
