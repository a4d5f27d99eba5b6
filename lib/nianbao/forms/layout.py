"""Where every cell of a form stands, as data derived from ``statute``: nothing here is drawn or read yet."""

from __future__ import annotations

from functools import lru_cache

from nianbao.forms import layout_tables, layout_text
from nianbao.forms.plan import FormPlan, Identity, Sizes, address
from nianbao.statute import edition_for

PARAGRAPHS = {"preamble": 10, "overview": 24, "disclosure": 3, "applications": 3, "disputes": 3, "problems": 8}
"""Rows for the paragraphs of a part of the narrative; 6 where it is not named."""
PICTURES = 10
"""Rows for pictures."""
SPARE = 6
"""Rows of a list left free below what a form is filled with."""
SPARE_PARAGRAPHS = 3


def sizes_for(classes: int, channels: int, paragraphs: dict[str, int], pictures: int = 0) -> Sizes:
    """Room for what there is, and more."""
    standard = Sizes()
    return Sizes(
        max(standard.classes, classes + SPARE),
        max(standard.channels, channels + SPARE),
        tuple(
            (key, max(PARAGRAPHS.get(key, 6), paragraphs.get(key, 0) + SPARE_PARAGRAPHS))
            for key, _, _ in layout_text.NARRATIVE
        ),
        max(PICTURES, pictures + SPARE),
    )


@lru_cache(maxsize=32)
def form_plan(identity: Identity, sizes: Sizes) -> FormPlan:
    """The sheets of one unit's form for one year.

    Raises
    ------
    UsageError
        When no edition of the form covers the year.
    """
    edition = edition_for(identity.year)
    basics = layout_text.basics(identity, edition, sizes)

    def tick(key: str) -> str:
        return f"'{basics.name}'!{address(*basics.places[key])}"

    return FormPlan(
        identity,
        edition,
        sizes,
        (
            layout_text.instructions(identity, edition, sizes),
            basics,
            layout_tables.part_two(identity, edition),
            layout_tables.part_three(identity, edition, tick(layout_text.NONE_RECEIVED)),
            layout_tables.part_four(identity, edition, tick(layout_text.NO_DISPUTES)),
            layout_text.narrative(identity, edition, sizes),
            *([layout_text.pictures(identity, edition, sizes)] if sizes.pictures else ()),
        ),
    )
