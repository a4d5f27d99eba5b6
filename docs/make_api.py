"""Write ``docs/api.md`` from the docstrings of what a notebook may call: ``python docs/make_api.py``."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path

import nianbao
import nianbao.city

HEAD = """\
# What a notebook may call

Made from the docstrings by `python docs/make_api.py`; a test holds the two together.
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for module, imported in ((nianbao, "import nianbao as nb"), (nianbao.city, "import nianbao.city as city")):
        parts.append(f"\n## `{imported}`\n")
        parts += [entry(name, getattr(module, name)) for name in sorted(module.__all__, key=str.lower)]
    return "\n".join(parts)


def entry(name: str, thing: object) -> str:
    """One name with its signature and its docstring; of a class also what it offers; of a value nothing more."""
    text = inspect.getdoc(thing) if callable(thing) else None
    if inspect.isclass(thing):
        public = [
            f"* `{member}`: {first_line(value)}"
            for member, value in vars(thing).items()
            if not member.startswith("_") and isinstance(value, property) and first_line(value)
        ]
        text = "\n".join([text or "", "", *public]) if public else text
        return f"### {name}\n\n{text}\n"
    if callable(thing):
        return f"### {name}{inspect.signature(thing)}\n\n{text}\n"
    return f"### {name}\n\n`{thing!r}`\n"


def first_line(value: object) -> str:
    """The first line of a docstring, empty where there is none."""
    return (inspect.getdoc(value) or "").partition("\n")[0]


if __name__ == "__main__":
    target = Path(__file__).with_name("api.md")
    target.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{target.name}\n")
