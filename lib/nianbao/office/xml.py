"""The class of lxml's elements, under a name that may be written in signatures.

lxml gives this class no public name (its documentation and its stubs write ``lxml.etree._Element``), and a
reader of HTML and Word files names it in every other signature. So the private name stands here alone.
"""

from __future__ import annotations

from lxml.etree import _Element

XmlElement = _Element
