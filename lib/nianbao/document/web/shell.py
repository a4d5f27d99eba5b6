"""The page around a body: head, policy, style, contents."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

_OWN = Path(__file__).parent
_SHEET = "nb-sheet"


@dataclass(frozen=True)
class Entry:
    """A line of the table of contents."""

    anchor: str
    text: str


@dataclass(frozen=True)
class Page:
    """What the template needs. ``body`` is HTML, ``style`` are rules of this page alone, all else is text.

    ``record`` is what the editor of a site is asked for, by name.
    """

    title: str
    description: str
    author: str
    date: str
    marks: tuple[str, ...]
    contents: tuple[Entry, ...]
    body: str
    style: str = ""
    record: Mapping[str, str] = field(default_factory=dict)


def render(page: Page) -> str:
    """The whole page, with a policy that lets in its own style, pictures in data URIs, and nothing else."""
    classes = [_SHEET, *(role.replace("nb-", "nb-marked-") for role in page.marks)]
    template = _environment().get_template("page.html.j2")
    style = _style() + page.style
    return template.render(page=page, style=style, policy=content_policy(style), classes=" ".join(classes))


def content_policy(style: str) -> str:
    """The content security policy of a page whose only style element is ``style``."""
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    return f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_OWN),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        keep_trailing_newline=True,
    )


@cache
def _style() -> str:
    """The style sheet without comments and indentation."""
    text = (_OWN / "style.css").read_text(encoding="utf-8")
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return "\n".join(line.strip() for line in text.splitlines() if line.strip()) + "\n"
