"""``nianbao …`` in this process, through its real entry."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

from nianbao import cli


class Done(NamedTuple):
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]


def nianbao(*words: str | Path) -> Done:
    """Run a command; whatever it raises but an exit is a traceback and comes out here."""
    out, err = io.StringIO(), io.StringIO()
    before = sys.argv
    sys.argv = ["nianbao", *map(str, words)]
    try:
        with redirect_stdout(out), redirect_stderr(err):
            cli.main()
        code = 0
    except SystemExit as stop:
        assert stop.code is None or isinstance(stop.code, int)
        code = stop.code or 0
    finally:
        sys.argv = before
    return Done(code, out.getvalue(), err.getvalue())
