"""The command line: parse, call, print, exit code. Nothing is decided here.

============ ==================================================
`app`        the group of commands, help in Chinese, exit codes
`failure`    what is said when the system is at fault
`arguments`  options and arguments that commands share
`printing`   what commands print of a report's findings
`start`      init, new, lab
`reports`    list, check, build, read
`adopt`      adopt
`waive`      waive
`sign`       sign
`forms`      forms, ingest
`city`       batch, verify, pack, demo
`compare`    compare
`book`       rules, schema, fonts
============ ==================================================
"""

from __future__ import annotations

import gc

gc.set_threshold(50_000, 20, 100)  # a command is short, and loading its modules leaves no garbage worth looking for

from nianbao.cli import adopt, book, city, compare, forms, reports, sign, start, waive  # noqa: E402
from nianbao.cli.app import cli, main  # noqa: E402

__all__ = ["cli", "main"]

for _commands in (
    start.COMMANDS,
    reports.COMMANDS,
    adopt.COMMANDS,
    waive.COMMANDS,
    sign.COMMANDS,
    forms.COMMANDS,
    city.COMMANDS,
    compare.COMMANDS,
    book.COMMANDS,
):
    for _command in _commands:
        cli.add_command(_command)
