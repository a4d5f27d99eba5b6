"""Reading a report that anybody published (page, PDF, Word, workbook, text): figures, prose, and what was not recognised.

Nothing is guessed: a row, a table or a part that is not plainly the form's own
is said to be unrecognised, and its cells are unreadable. Nothing is fetched.
"""

from nianbao.published.convert import as_json, to_report
from nianbao.published.listing import lines_of
from nianbao.published.reading import PublishedReport, read_published, recognise
from nianbao.published.several import Reading, read_several
from nianbao.report import Unrecognised

__all__ = [
    "PublishedReport",
    "Reading",
    "Unrecognised",
    "as_json",
    "lines_of",
    "read_published",
    "read_several",
    "recognise",
    "to_report",
]
