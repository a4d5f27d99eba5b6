"""Characters of a cell of a PDF → its text: a mark beside a figure is no part of it, a broken figure is one."""

from __future__ import annotations

import pytest

from nianbao.office.pdf import Character, PdfPage, Stroke
from nianbao.published.pdf.text import Strokes, cell_text

WIDTH = 30.0
"""Points, of a column with a stroke on either side."""


def strokes(width: float = WIDTH) -> Strokes:
    sides = tuple(Stroke(x, 0.0, x, 100.0) for x in (0.0, width))
    return Strokes.of(PdfPage((), sides, 0.0, 100.0, False))


def written(text: str, left: float, baseline: float = 50.0, size: float = 10.0) -> list[Character]:
    """Figures half as wide as they are high."""
    return [
        Character(one, left + place * size / 2, left + (place + 1) * size / 2, baseline, size, -1)
        for place, one in enumerate(text)
    ]


@pytest.mark.parametrize("rise", [-3.0, 0.0, 2.0, 4.0, 6.0])
@pytest.mark.parametrize("size", [5.0, 7.0, 8.5])
@pytest.mark.parametrize("digits", ["5", "18", "1186"])
@pytest.mark.parametrize("width", [WIDTH, 100.0])
def test_a_smaller_figure_beside_another_is_a_mark(width: float, digits: str, size: float, rise: float) -> None:
    left = 4.0
    found = cell_text(
        [*written(digits, left), *written("1", left + 5 * len(digits) + 0.3, 50.0 + rise, size)], strokes(width)
    )
    assert "^" in found and found.startswith(digits) and not found.isdecimal()


def test_a_raised_figure_of_the_same_size_is_a_mark_too() -> None:
    assert cell_text([*written("1186", 4.0), *written("1", 24.3, 54.0)], strokes()) == "1186^1"


def test_a_figure_that_goes_on_in_the_next_line_of_a_full_column_is_one() -> None:
    assert cell_text([*written("1234", 5.0), *written("5", 12.0, 38.0)], strokes()) == "12345"
    assert cell_text([*written("1234", 5.0), *written("5", 12.0, 38.0)], strokes(60.0)) == "1234\n5"


def test_signs_and_marks_beside_figures_do_not_count_as_large_ones() -> None:
    comma = Character("，", 9.0, 19.0, 50.0, 11.4, -1)
    assert cell_text([*written("1", 4.0), comma, *written("186", 19.0)], strokes(100.0)) == "1，186"
