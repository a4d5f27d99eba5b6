"""docs/gbt9704.md says what is measured, and every item of it holds."""

from __future__ import annotations

from tests.conftest import TOP
from tests.document.pdf.gbt9704 import markdown, rows


def test_every_item_of_the_standard_holds() -> None:
    measured = list(rows())
    assert len(measured) > 25
    assert [row for row in measured if not row.holds] == []


def test_the_table_in_the_documentation_is_what_is_measured() -> None:
    assert (TOP / "docs" / "gbt9704.md").read_text(encoding="utf-8") == markdown()
