"""The form that a report was handed in with: where in it each thing stands, so that findings name sheet and cell.

``nianbao ingest`` writes it as ``params/<year>/<unit>/form.json``. It holds as long as params and registers say what
the form said: once they are edited by hand, they are the place where things are mended.
"""

from __future__ import annotations

import hashlib
import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nianbao.errors import ParamsError
from nianbao.params.yamlio import display_name, read_limited
from nianbao.registers.problems import MOST_ROWS, rows_text
from nianbao.wording import enumeration

FORM_FILE = "form.json"
MAX_BYTES = 4 * 1024 * 1024
_OFFICE = frozenset({"waivers", "declared", "published", "charts", "sample", "document"})
"""What of the params the office adds without the form, or what a form holds in fixed places only."""
_SPOT = re.compile(
    r"工作表“(?P<sheet>[^”]+)” (?:(?P<cells>[A-Z0-9、]+)(?:等 [0-9]+)? 格|第 (?P<rows>[0-9、]+)(?:等 [0-9]+)? 行)"
)


@dataclass(frozen=True)
class HandedIn:
    """A form as it was taken.

    Attributes
    ----------
    name : str
        Of its file.
    places : mapping of str to tuple of str
        Sheet and cell by key; lines of the narrative as ``narrative.overview.3``, counted as in the params.
    rows : mapping of str to str
        Sheet by the name of a register's file, and which of its rows the entries came from, e.g. ``申请登记!2-9,11-12``.
    says : str
        Digest of the params and registers that it gave, see :func:`digest_of`.
    """

    name: str
    places: Mapping[str, tuple[str, str]]
    rows: Mapping[str, str]
    says: str

    def cells_place(self, keys: Sequence[str]) -> str:
        """Sheet and cells of several keys on one sheet; empty where the form lacks one of them."""
        spots = [self.places[key] for key in keys if key in self.places]
        if not spots or len(spots) < len(keys) or len({sheet for sheet, _ in spots}) > 1:
            return ""
        more = f"等 {len(spots)}" if len(spots) > MOST_ROWS else ""
        return f"{self.name} 工作表“{spots[0][0]}” {enumeration(cell for _, cell in spots[:MOST_ROWS])}{more} 格"

    def place(self, key: str) -> str:
        """Sheet and cell of a key, or of the first thing under it; empty where the form has neither."""
        spot = self.places.get(key) or next((at for one, at in self.places.items() if one.startswith(f"{key}.")), None)
        if spot is None:
            return self.place(key.rpartition(".")[0]) if "." in key else ""
        return f"{self.name} 工作表“{spot[0]}” {spot[1]} 格"

    def row_place(self, file: str, rows: Iterable[int]) -> str:
        """Sheet and rows of entries of a register, given as rows of its file; empty where it came by another way."""
        if file not in self.rows:
            return ""
        sheet, _, text = self.rows[file].partition("!")
        spans = spans_of(text)
        starts = [2]  # row 1 of the file holds the heads
        for span in spans:
            starts.append(starts[-1] + len(span))
        shown = []
        for row in rows:
            index = bisect_right(starts, row) - 1
            if not 0 <= index < len(spans):
                return ""
            shown.append(spans[index][row - starts[index]])
        return f"{self.name} 工作表“{sheet}” 第 {rows_text(shown)} 行" if shown else ""

    def as_json(self) -> bytes:
        """The content of ``form.json``."""
        sheets: dict[str, dict[str, str]] = {}
        for key, (sheet, cell) in self.places.items():
            sheets.setdefault(sheet, {})[key] = cell
        content = {"form": self.name, "says": self.says, "rows": dict(self.rows), "places": sheets}
        return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def spans_of(text: str) -> list[range]:
    """``2-9,11`` as ranges.

    Raises
    ------
    ValueError
        It is no such text.
    """
    spans = []
    for part in filter(None, text.split(",")):
        first, _, last = part.partition("-")
        spans.append(range(int(first), int(last or first) + 1))
    return spans


def spans_text(rows: Iterable[int]) -> str:
    """Rows in rising order as :func:`spans_of` reads them."""
    spans: list[list[int]] = []
    for row in rows:
        if spans and row == spans[-1][1] + 1:
            spans[-1][1] = row
        else:
            spans.append([row, row])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)


def digest_of(data: Mapping[str, Any], registers: Mapping[str, str | None]) -> str:
    """One digest over what params and registers say, as far as a form tells it.

    Parameters
    ----------
    registers : mapping of str to str or None
        SHA-256 of each register's file by its name; None where there is none.
    """
    told = {key: value for key, value in data.items() if key not in _OFFICE}
    kept = sorted((name, digest) for name, digest in registers.items() if digest is not None)
    return hashlib.sha256(json.dumps([told, kept], default=str, sort_keys=True).encode("utf-8")).hexdigest()


def load_handed_in(folder: Path) -> HandedIn | None:
    """The form that a unit's params came from, as its folder says; None where it says nothing.

    Raises
    ------
    ParamsError
        ``form.json`` is broken.
    """
    path = folder / FORM_FILE
    if not path.is_file():
        return None
    name = display_name(path)
    raw = read_limited(path, name, MAX_BYTES)
    try:
        said = json.loads(raw)
        rows = {str(file): str(text) for file, text in said["rows"].items()}
        for text in rows.values():
            spans_of(text.partition("!")[2])
        places = {
            str(key): (str(sheet), str(cell)) for sheet, cells in said["places"].items() for key, cell in cells.items()
        }
        return HandedIn(str(said["form"]), places, rows, str(said["says"]))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ParamsError(name, f"读不出（{type(error).__name__}）", "删除它，或再收一次填报表") from error


@dataclass(frozen=True)
class Spot:
    """A place on a sheet that a message names: cells, or rows; of a great many only the first."""

    sheet: str
    cells: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()


def spot_of(place: str) -> Spot | None:
    """The place on a sheet that a text names, as :meth:`HandedIn.place` and the reader of forms write it."""
    match = _SPOT.search(place)
    if match is None:
        return None
    rows = tuple(int(row) for row in re.findall(r"[0-9]+", match["rows"] or ""))
    cells = tuple(filter(None, (match["cells"] or "").split("、")))
    return Spot(match["sheet"], cells, rows)
