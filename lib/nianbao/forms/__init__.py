"""Forms: one XLSX a unit that a clerk fills in, and the way back into ``params/``."""

from __future__ import annotations

from nianbao.forms.changes import Change
from nianbao.forms.give_back import Returned, give_back
from nianbao.forms.handout import Fate, HandedOut, hand_back, hand_out
from nianbao.forms.ingest import form_files, plan_all, plan_ingest
from nianbao.forms.ingest_plan import IngestPlan, apply
from nianbao.forms.read import FilledForm, read_form
from nianbao.forms.write import form_bytes, form_name, write_form

__all__ = [
    "Change",
    "Fate",
    "FilledForm",
    "HandedOut",
    "IngestPlan",
    "Returned",
    "apply",
    "form_bytes",
    "form_files",
    "form_name",
    "give_back",
    "hand_back",
    "hand_out",
    "plan_all",
    "plan_ingest",
    "read_form",
    "write_form",
]
