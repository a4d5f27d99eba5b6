"""What is asked of a report before it is built, so that nothing is found out half-way."""

from __future__ import annotations

from nianbao import charts
from nianbao.report import Report, pictures
from nianbao.report.attachments import attachments_of


def preflight(report: Report) -> None:
    """Refuse pictures and attachments that cannot be used, and charts whose letters cannot be drawn.

    Raises
    ------
    PictureError
        A picture is missing, too large or of another format.
    AttachmentError
        An attachment is missing, encrypted, broken or too large.
    FontError
        A chart holds a character that its font lacks.
    """
    pictures.preflight(report)
    charts.preflight(report)
    attachments_of(report)
