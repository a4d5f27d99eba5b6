"""Import jsonschema without the grammar that takes longer than all the rest.

JupyterLab's dependencies bring ``rfc3987_syntax``. When it is installed, jsonschema
imports it to check the format ``iri``, and it compiles a grammar for 1.4 s. Everything
that reads a notebook imports jsonschema; no notebook schema has the format ``iri``.
"""

from __future__ import annotations

import importlib
import sys

_GRAMMAR = "rfc3987_syntax"


def import_jsonschema() -> None:
    """Load jsonschema without its check of ``iri``; call before nbformat, nbconvert or papermill is imported.

    Nothing happens when jsonschema or the grammar is loaded already. The grammar itself can still be
    imported afterwards.
    """
    if "jsonschema" in sys.modules or _GRAMMAR in sys.modules:
        return
    sys.modules[_GRAMMAR] = None  # type: ignore[assignment]
    try:
        importlib.import_module("jsonschema")
    finally:
        del sys.modules[_GRAMMAR]
