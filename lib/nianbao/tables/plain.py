"""Tables that no form prescribes, in the look of those that one does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import pandas as pd

from nianbao.tables.merged import FormTable
from nianbao.tables.statutory import styled


def plain_table(
    identifier: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    left: Sequence[int] = (0,),
    links: Mapping[tuple[int, int], str] = MappingProxyType({}),
) -> FormTable:
    """A table of text: figures centred, the columns numbered in `left` (from 0) at the left.

    ``links`` gives the address to which the text at a row and column (from 0, without the head) leads.
    """
    names = [f"c{number}" for number in range(len(heads))]
    data = pd.DataFrame([list(row) for row in rows], columns=names, dtype="object")
    labels: Any = dict(zip(names, heads, strict=True))
    table = styled(FormTable(data, id=identifier).cols_label(cases=labels)).cols_align(
        "left", columns=[names[number] for number in left]
    )
    return table.with_form(links=links)
