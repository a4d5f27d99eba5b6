"""Reading a report that anybody published (HTML, DOCX, text): figures, prose, and what was not recognised.

Nothing is guessed: a row, a table or a part that is not plainly the form's own
is said to be unrecognised, and its cells are unreadable. Nothing is fetched.
"""

from nianbao.intake.published.convert import as_json, to_report
from nianbao.intake.published.reading import PublishedReport, read_published, recognise
from nianbao.report import Unrecognised

__all__ = ["PublishedReport", "Unrecognised", "as_json", "read_published", "recognise", "to_report"]
