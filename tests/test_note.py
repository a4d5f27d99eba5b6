"""公布情况说明: every number and name recounted from what the bodies' params say, whatever they say."""

from __future__ import annotations

from collections import Counter
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.city import CitySummary, Standing, note
from nianbao.city.unit import UnitFigures
from nianbao.document import Table, read_html
from nianbao.params import load_units
from nianbao.params.models import Published
from nianbao.wording import chinese_date
from tests.conftest import PARAMS

UNITS = load_units(PARAMS)
DUE = date(2026, 1, 31)

days = st.none() | st.dates(date(2026, 1, 1), date(2026, 3, 1))
addresses = st.none() | st.sampled_from(
    ["https://www.jinjiang.gov.cn/a", "http://bm.jinjiang.gov.cn/b?c=1", "https://x.cn"]
)
said = st.none() | st.builds(Published, url=addresses, date=days, index_number=st.none() | st.just("QZ-1"))


@given(st.lists(said, min_size=19, max_size=19))
@settings(max_examples=60, deadline=None)
def test_what_it_says_is_what_the_bodies_say(every: list[Published | None]) -> None:
    entries = tuple(
        UnitFigures(unit, Standing.READY, published=one) for unit, one in zip(UNITS.units, every, strict=True)
    )
    summary = CitySummary(UNITS.city, 2025, entries)
    text = "\n".join(note.account(summary))
    known = [(unit, one.date) for unit, one in zip(UNITS.units, every, strict=True) if one and one.date]
    late = [(unit, day) for unit, day in known if day > DUE]
    assert "应当公布年度报告的单位共19个：街道6个、镇13个。" in text
    assert f"已经公布的{len(known)}个，其中在2026年1月31日前公布的{len(known) - len(late)}个" in text
    assert ("逾期公布的" in text) is bool(late)
    for unit, day in late:
        assert f"{unit.name}（{chinese_date(day)}）" in text
    assert (f"没有登记公布日期的{19 - len(known)}个" in text) is (len(known) < 19)
    assert note.complete(summary) is (len(known) == 19)
    hosts = Counter(one.url.split("/")[2] for one in every if one and one.date and one.url)
    assert ("公布的网站：" in text) is bool(hosts)
    for host, count in hosts.items():
        assert f"{host}（{count}个）" in text
    (table,) = [one for one in read_html(note.listing(summary).html) if isinstance(one, Table)]
    links = {row - 1: cell.runs[0].link for row, _, cell in table.placed() if cell.runs and cell.runs[0].link}
    assert links == {row: one.url for row, one in enumerate(every) if one and one.url}
    for row, (unit, one) in zip(table.grid()[1:], zip(UNITS.units, every, strict=True), strict=True):
        day = chinese_date(one.date) if one and one.date else "—"
        number, address = (one.index_number or "—", one.url or "—") if one else ("—", "—")
        assert row[1:] == (unit.name, day, number, address)
