"""nbconvert exporters: the report as a web page, and as a fragment for a site's editor."""

from __future__ import annotations

import base64
import re
from functools import cache
from html import escape, unescape
from typing import Any
from urllib.parse import unquote

import mistune
from jinja2 import Environment
from nbconvert.exporters.exporter import Exporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters import strip_ansi
from nbformat import NotebookNode
from traitlets import default
from traitlets.config import Config

from nianbao.document import read_notebook
from nianbao.document.markup import INTERNAL_TAG
from nianbao.document.notebook import SILENT_TAGS
from nianbao.document.web.fragment import write_fragment
from nianbao.document.web.page import lay_out
from nianbao.document.web.sanitise import sanitise
from nianbao.document.web.shell import TEMPLATES, render

UNPUBLISHED_TAGS = frozenset({INTERNAL_TAG, *SILENT_TAGS})
# The richest form that a page can show comes first.
SHOWN = [
    "text/html",
    "image/svg+xml",
    "image/png",
    "image/jpeg",
    "image/webp",
    "image/gif",
    "text/markdown",
    "text/plain",
]

_ATTACHMENT = re.compile(r'src="attachment:([^"]*)"')


class HTMLExporter(TemplateExporter):
    """A notebook as one self-contained HTML page: no script, no code, no request to anywhere.

    One instance keeps its Jinja environment; use it again for the next notebook.
    """

    export_from_notebook = "年报网页"
    output_mimetype = "text/html"
    # What is published is decided below and not by a reader's nbconvert configuration.
    default_preprocessors: list[Any] = []  # noqa: RUF012

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    @default("template_name")
    def _template_name_default(self) -> str:
        return "nianbao"

    @default("extra_template_basedirs")
    def _default_extra_template_basedirs(self) -> list[str]:
        return [str(TEMPLATES)]

    @property
    def default_config(self) -> Config:
        config = Config({"NbConvertBase": {"display_data_priority": SHOWN}})
        config.merge(super().default_config)
        return config

    def default_filters(self) -> Any:
        """nbconvert's own, and those of this template."""
        yield from super().default_filters()  # type: ignore[no-untyped-call]
        yield "sanitise", sanitise
        yield "markdown2html", _markdown()
        yield "attached", _attached
        yield "preformatted", _preformatted
        yield "picture", _picture
        yield "page", _page

    def _create_environment(self) -> Environment:
        environment: Environment = super()._create_environment()  # type: ignore[no-untyped-call]
        environment.tests["published"] = is_published
        return environment


class FragmentExporter(Exporter):
    """A notebook as HTML for a site's editor (``….web.html``): UTF-8, nothing around it."""

    export_from_notebook = "年报网页（供网站编辑器粘贴）"
    output_mimetype = "text/html"
    default_preprocessors: list[Any] = []  # noqa: RUF012

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".web.html"

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: Any = None, **kwargs: Any
    ) -> tuple[str, Any]:
        """The fragment and the resources. Raises NotebookError when an output cannot be read."""
        copy, resources = super().from_notebook_node(nb, resources, **kwargs)
        return write_fragment(read_notebook(copy)), resources


def is_published(cell: NotebookNode) -> bool:
    """Whether a cell belongs to what is published."""
    return UNPUBLISHED_TAGS.isdisjoint(cell.metadata.get("tags", ()))


@cache
def _markdown() -> Any:
    # Addresses pass as they are written: the sanitiser judges them, and attachments have a scheme of their own.
    renderer = mistune.HTMLRenderer(escape=False, allow_harmful_protocols=True)
    return mistune.create_markdown(renderer=renderer, plugins=["table", "strikethrough", "task_lists"])


def _attached(text: str, cell: NotebookNode) -> str:
    """HTML of a markdown cell with its attachments put in as data."""
    attachments = cell.get("attachments", {})

    def source(match: re.Match[str]) -> str:
        bundle = attachments.get(unquote(unescape(match[1])), {})
        kind = next((kind for kind in SHOWN if kind in bundle and kind.startswith("image/")), None)
        return f'src="data:{kind};base64,{bundle[kind]}"' if kind is not None else match[0]

    return _ATTACHMENT.sub(source, text)


def _preformatted(text: str) -> str:
    plain = strip_ansi(text)  # type: ignore[no-untyped-call]
    return sanitise(f"<pre>\n{escape(plain, quote=False)}</pre>")


def _picture(output: NotebookNode, kind: str) -> str:
    """An ``img`` for the picture of an output, with the size and the alternative text from its metadata."""
    content = output.data[kind]
    metadata = {**output.get("metadata", {}), **output.get("metadata", {}).get(kind, {})}
    if kind == "image/svg+xml":
        content = base64.b64encode(content.encode("utf-8")).decode("ascii")
    given = [(name, metadata[name]) for name in ("alt", "width", "height") if name in metadata]
    attributes = "".join(f' {name}="{escape(str(value))}"' for name, value in given)
    return f'<figure><img src="data:{kind};base64,{content}"{attributes}></figure>'


def _page(body: str, resources: Any) -> str:
    return render(lay_out(body, fallback_title=resources["metadata"]["name"] or "未命名"))


@cache
def _page_exporter() -> HTMLExporter:
    return HTMLExporter()  # type: ignore[no-untyped-call]


def write_page(nb: NotebookNode) -> str:
    """The page of an executed notebook; the exporter and its Jinja environment are kept for the next one."""
    html, _ = _page_exporter().from_notebook_node(nb)
    return html
