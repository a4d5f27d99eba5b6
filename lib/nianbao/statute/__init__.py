"""What the law prescribes and nothing else: the editions of the form, their tables, the rules.

Legal basis: 《中华人民共和国政府信息公开条例》(国务院令第711号) articles 49 and 50.
"""

from __future__ import annotations

from nianbao.errors import UsageError
from nianbao.statute.form import Edition, Field, Kind
from nianbao.statute.form_2019 import FORM_2019
from nianbao.statute.form_2021 import FORM_2021

__all__ = ["EDITIONS", "FORM_2019", "FORM_2021", "Edition", "Field", "Kind", "edition_for"]

EDITIONS = (FORM_2019, FORM_2021)


def edition_for(year: int) -> Edition:
    """The edition of the form that binds a reporting year.

    Raises
    ------
    UsageError
        Before 2019 there was no prescribed form of this kind.
    """
    for edition in EDITIONS:
        if edition.covers(year):
            return edition
    raise UsageError(
        f"年份 {year}", f"没有适用的法定格式，应不早于 {EDITIONS[0].first_year} 年", "改用 2019 年及以后的年份"
    )
