"""The JSON Schema of a params file, for completion and checking in editors."""

from __future__ import annotations

from typing import Any

from nianbao.params.cells import NOT_APPLICABLE_MARKS
from nianbao.params.models import HolidaysFile, ReportParams
from nianbao.statute import Edition, Field, Kind

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(edition: Edition) -> dict[str, Any]:
    """The schema of ``params/<year>/<unit>.yaml`` for the years of an edition; rows carry the form's labels."""
    schema = ReportParams.model_json_schema()
    for table in ("t2", "t3", "t4"):
        schema["properties"][table] = _table(table, dict(edition.rows_of(table)))
    return {
        "$schema": DIALECT,
        "title": f"年报参数（{edition.notice}）",
        **{k: v for k, v in schema.items() if k != "title"},
    }


def holidays_schema() -> dict[str, Any]:
    """The schema of ``params/holidays.yaml``."""
    return {"$schema": DIALECT, **HolidaysFile.model_json_schema(), "title": "放假安排"}


def _table(prefix: str, rows: dict[str, tuple[Field, ...]]) -> dict[str, Any]:
    """An object schema for the rows under ``prefix``; ``denied.secret`` becomes an object in an object."""
    properties: dict[str, Any] = {}
    for key, fields in rows.items():
        head, _, rest = key.removeprefix(f"{prefix}.").partition(".")
        if not rest:
            properties[head] = _row(fields)
        elif head not in properties:
            inner = {name: known for name, known in rows.items() if name.startswith(f"{prefix}.{head}.")}
            properties[head] = _table(f"{prefix}.{head}", inner)
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _row(fields: tuple[Field, ...]) -> dict[str, Any]:
    cells = [_cell(field) for field in fields]
    label = fields[0].label.partition("〔")[0]
    if len(cells) == 1:
        return {**cells[0], "description": fields[0].label}
    fewest = len(cells) - 1 if fields[-1].key.endswith(".total") else len(cells)
    return {"type": "array", "description": label, "prefixItems": cells, "minItems": fewest, "maxItems": len(cells)}


def _cell(field: Field) -> dict[str, Any]:
    number: dict[str, Any] = {"type": "number" if field.kind is Kind.MONEY else "integer"}
    if field.kind is not Kind.CHANGE:
        number["minimum"] = 0
    marks = sorted(NOT_APPLICABLE_MARKS)
    return {"description": field.label, "anyOf": [number, {"type": "null"}, {"enum": marks}]}
