"""The HTML that notebook cells show, and the roles by which it is recognised later.

A cell of the report notebook returns a :class:`Fragment`. Everything that the
PDF and the web pages know of the report they read from these fragments, so the
meaning of an element travels in its class name, one of the roles below. Text is
always escaped here; nothing in a report is ever markup.

========================= =====================================================
element                   meaning
========================= =====================================================
``h1.nb-title``           title of the report; carries the identity of the
                          report as ``data-unit`` (id), ``data-year``,
                          ``data-author``, ``data-date`` (ISO date) and
                          ``data-index`` (index number on the site)
``p.nb-redhead``          issuing authority + 文件 (red head)
``p.nb-docnumber``        document number, e.g. 晋东政〔2026〕5号
``p.nb-signer``           name after 签发人：
``p.nb-addressee``        addressee with its colon
``h2`` ``h3`` ``h4``      一、 · （一） · 1. headings
``p`` (no role)           body paragraph
``span.nb-lead``          run-in heading at the start of a paragraph
``p.nb-attachment``       附件：…
``p.nb-enclosure``        附件, 附件1, … at the head of an attachment that follows
``p.nb-signature``        signing authority
``p.nb-date``             date below the signature
``p.nb-remark``           （此件公开发布） below the date
``p.nb-copies``           抄送：…
``p.nb-issuer``           authority that has the document printed (版记)
``p.nb-issued``           date of printing, …印发 (版记)
``p.nb-caption``          line above a table (e.g. its unit)
``p.nb-note``             note below a table or figure
``p.nb-draft``            document-level mark 草稿, with the reason
``p.nb-sample``           document-level mark 示例
``table``                 rows in ``thead`` and ``tbody``, ``rowspan`` and
                          ``colspan``, column widths in ``colgroup``
``figure``                ``img`` (data URI, ``alt``) and ``figcaption``
``figure.nb-page``        a page of an attachment
========================= =====================================================
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

TITLE = "nb-title"
RED_HEAD = "nb-redhead"
DOCUMENT_NUMBER = "nb-docnumber"
SIGNER = "nb-signer"
ADDRESSEE = "nb-addressee"
LEAD = "nb-lead"
ATTACHMENT = "nb-attachment"
ENCLOSURE = "nb-enclosure"
PAGE = "nb-page"
SIGNATURE = "nb-signature"
DATE = "nb-date"
REMARK = "nb-remark"
COPIES = "nb-copies"
ISSUER = "nb-issuer"
ISSUED = "nb-issued"
CAPTION = "nb-caption"
NOTE = "nb-note"
RECORD = "nb-record"
"""Of what an editor is asked for, above the sheet of a page: no part of the report."""
NUMBER = "nb-number"
"""A number and its unit, on a page."""
NOT_SEEN = "visually-hidden"
"""Words of a page for those who hear it, which stand there already for those who see it."""
DRAFT = "nb-draft"
SAMPLE = "nb-sample"
OFFICIAL = frozenset(
    {
        *(RED_HEAD, DOCUMENT_NUMBER, SIGNER, ADDRESSEE, ATTACHMENT, ENCLOSURE, SIGNATURE, DATE),
        *(REMARK, COPIES, ISSUER, ISSUED, DRAFT, SAMPLE),
    }
)
"""Roles of the paragraphs around the text: what they say is set by the params, never by prose."""

SECTION_MIME = "application/vnd.nianbao.section+json"
"""Type of the stamp that an official section carries beside its HTML."""

INTERNAL_TAG = "internal"
"""Cell tag: shown in JupyterLab, left out of everything that is published."""


@dataclass(frozen=True)
class Fragment:
    """A piece of HTML that Jupyter shows."""

    html: str

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self.html)} 字符>"

    def _repr_html_(self) -> str:
        return self.html

    def __add__(self, other: Fragment) -> Fragment:
        return Fragment(self.html + "\n" + other.html if self.html and other.html else self.html or other.html)


@dataclass(frozen=True)
class Section(Fragment):
    """An official section as Jupyter shows it, with its stamp.

    Attributes
    ----------
    stamp : dict
        ``part``, ``unit`` (id), ``year``, ``fingerprint`` of what the report was made of, and whether it is a ``draft``.
    """

    stamp: dict[str, Any]

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {"text/html": self.html, "text/plain": repr(self), SECTION_MIME: self.stamp}


def element(tag: str, text: str, role: str = "", **data: str) -> str:
    """One element with escaped text; ``data`` becomes ``data-*`` attributes."""
    attributes = f' class="{role}"' if role else ""
    attributes += "".join(f' data-{name}="{escape(value)}"' for name, value in data.items())
    return f"<{tag}{attributes}>{escape(text, quote=False)}</{tag}>"


def fragment(elements: Iterable[str]) -> Fragment:
    """Elements, a line each, as one fragment."""
    return Fragment("\n".join(elements))
