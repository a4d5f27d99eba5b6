"""What the papers of the city's office are made from, and what they are called."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from nianbao.city import paper
from nianbao.city.standing import Standing
from nianbao.params import load_units
from nianbao.report.inputs import digest, own_digests
from nianbao.report.signing import sign_digest

States = Mapping[str, Standing]
CITY_NAME = "全市年度报告"
NOTE_NAME = "公布情况说明"
FOLDER = "city"
STANDINGS = "各单位的状态"
"""Stands among the inputs of a paper for where the bodies stand."""


def city_inputs(states: States, year: int, params_dir: Path, built: Path) -> dict[str, str]:
    """What the city's own report is made from: its own files, and the bodies' reports."""
    city = load_units(params_dir).city
    own = own_digests(city, year, params_dir) | sign_digest(params_dir, city, year)
    return {**own, **note_inputs(states, year, params_dir, built)}


def note_inputs(states: States, year: int, params_dir: Path, built: Path) -> dict[str, str]:
    """What the note is made from: where the bodies stand, and their reports."""
    told = "\n".join(f"{unit} {state.value}" for unit, state in states.items())
    return {STANDINGS: digest(told.encode("utf-8")), **paper.input_digests(states, year, params_dir, built)}
