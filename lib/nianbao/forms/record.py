"""What stands where in a form that is taken, kept beside the params so that findings name sheet and cell."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from nianbao.forms.contents import lines_of
from nianbao.forms.layout_text import part_names
from nianbao.forms.plan import address
from nianbao.forms.read import FilledForm
from nianbao.params.yamlio import parse_yaml
from nianbao.registers.columns import REGISTERS
from nianbao.report.handed_in import HandedIn, digest_of, spans_text


def record_of(form: FilledForm, params: bytes, registers: Mapping[str, bytes | None]) -> HandedIn:
    """The record of a form.

    Parameters
    ----------
    params : bytes
        The params file as the form gives it.
    registers : mapping of str to bytes or None
        The registers by name of their file, as they will be.
    """
    at = {key: (sheet.name, address(*place)) for sheet in form.plan.sheets for key, place in sheet.places.items()}
    lists = ("disclosure.classes.", "disclosure.channels.", "narrative.", "pictures.")
    places = {key: spot for key, spot in at.items() if not key.startswith(lists)}
    for which in ("classes", "channels"):
        rows = sorted(key for key in form.values if key.startswith(f"disclosure.{which}.") and key.endswith(".name"))
        first = at[f"disclosure.{which}.0.name"]
        places[f"disclosure.{which}"] = min((at[key] for key in rows), key=_row, default=first)
        names = {str(form.values[key]).rstrip(): at[key.replace(".name", ".count")] for key in rows}
        places |= {f"disclosure.{which}.{name}": spot for name, spot in names.items()}
        if which == "classes":
            ordered = sorted(rows, key=lambda key: _row(at[key]))
            places |= {f"disclosure.classes.{index}": at[key] for index, key in enumerate(ordered)}
    for part, name in part_names(form.plan.edition).items():
        places[f"narrative.{part}"] = at[f"narrative.{part}.0"]
        line = 0
        for text, key in lines_of(form.values, part, name):
            for _ in text.split("\n"):
                places[f"narrative.{part}.{line}"] = at[key]
                line += 1
    spans = {f"{key}.csv": f"{REGISTERS[key].sheet}!{spans_text(rows)}" for key, rows in form.rows.items() if rows}
    digests = {
        name: None if content is None else hashlib.sha256(content).hexdigest() for name, content in registers.items()
    }
    return HandedIn(form.name, places, spans, digest_of(parse_yaml(params, "params").data, digests))


def _row(spot: tuple[str, str]) -> int:
    return int("".join(filter(str.isdigit, spot[1])))
