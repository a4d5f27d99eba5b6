"""What is inside a PDF (ISO 32000): characters, straight lines and tags, taken out in a process of its own.

The file is checked before anything reads it: no repair of a damaged file, every
compressed stream to its checksum, bounded sizes. What the characters mean is not
decided here.
"""

from nianbao.office.pdf.contents import Character, MarkedContent, PdfContents, PdfPage, Stroke, Tag
from nianbao.office.pdf.process import draw_contents, read_contents

__all__ = ["Character", "MarkedContent", "PdfContents", "PdfPage", "Stroke", "Tag", "draw_contents", "read_contents"]
