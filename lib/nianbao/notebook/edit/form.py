"""The widget: one synced state drawn by ``form.js``; everything else are messages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from nianbao.errors import NianbaoError
from nianbao.notebook.edit import draft
from nianbao.notebook.edit.state import findings_of, state_of
from nianbao.report import Report, load_report
from nianbao.rules import check_report

_HERE = Path(__file__).parent


class ReportForm(anywidget.AnyWidget):
    """A report's params as a form.

    The browser sends ``check`` and ``save`` with what was changed; back come ``findings``, ``saved`` or ``refused``.
    """

    _esm = (_HERE / "form.js").read_text(encoding="utf-8")
    _css = (_HERE / "form.css").read_text(encoding="utf-8")
    state = traitlets.Dict().tag(sync=True)

    def __init__(self, report: Report) -> None:
        self.report = report
        self.existing, digest = draft.read_params(report)
        name = report.loaded.file.name if report.loaded else ""
        super().__init__(state={**state_of(report, name, digest), **_judged(report)})
        self.on_msg(self._answer)

    @classmethod
    def of(cls, report: Report) -> ReportForm:
        """The form of a report as its files say it now.

        Raises
        ------
        NianbaoError
            They cannot be read any more.
        """
        assert report.loaded is not None  # noqa: S101  (edit() refuses such a report)
        return cls(load_report(report.unit.id, report.year, report.loaded.path.parent.parent))

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Only the view: as text it is nothing, so that nothing of it is ever printed."""
        bundle = super()._repr_mimebundle_(**kwargs)
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        if data is not None:
            data["text/plain"] = ""
        return bundle

    def _answer(self, _widget: Any, content: dict[str, Any], _buffers: Any) -> None:
        try:
            self.send(self._reply(content))
        except NianbaoError as error:
            self.send(
                {"type": "refused", "id": content["id"], "of": content["type"], "fields": draft.messages_of(error)}
            )

    def _reply(self, content: dict[str, Any]) -> dict[str, Any]:
        """The answer to one message; it has the ``id`` of what it answers."""
        changes = content["changes"]
        if content["type"] == "save":
            saved, digest = draft.save(self.report, changes, content["digest"])
            self.report, self.existing = saved.report, saved.text
            name = saved.report.loaded.file.name if saved.report.loaded else ""
            self.state = {**state_of(saved.report, name, digest), **_judged(saved.report)}
            return {"type": "saved", "id": content["id"], "digest": digest, **_judged(saved.report)}
        drafted = draft.draft_of(self.report, self.existing, changes)
        return {"type": "findings", "id": content["id"], **_judged(drafted.report)}


def _judged(report: Report) -> dict[str, Any]:
    try:
        return {"judged": findings_of(check_report(report))}
    except NianbaoError as error:  # a narrative whose expressions cannot be filled in
        return {"judged": {"ready": False, "verdict": "正文不能填数", "findings": [_trouble(error)], "note": ""}}


def _trouble(error: NianbaoError) -> dict[str, Any]:
    part = next((word for word in error.wrong.split() if word.startswith("narrative.")), None)
    return {
        "rule": "",
        "severity": "error",
        "level": "错误",
        "cell": part,
        "message": str(error),
    }
