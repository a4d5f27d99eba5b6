"""The server's contents manager: files as they are, with two exceptions.

The templates right under ``notebooks/`` open but are not saved: analysts work on copies. A notebook is saved
without the views of widgets, which would show an error when it is opened again before it has run.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager
from tornado.web import HTTPError

from nianbao.project.packaged import packaged_notebooks

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
_REFUSED = "模板不能改：它是所有单位共用的。用 nianbao new 单位 年份 得到自己的笔记本，或另存到 notebooks/年份/。"


class ProjectContents(AsyncLargeFileManager):
    """The files of a project."""

    async def get(self, path: str, *args: Any, **kwargs: Any) -> Any:
        model = await super().get(path, *args, **kwargs)  # type: ignore[no-untyped-call]
        if is_template(path):
            model["writable"] = False
        return model

    async def save(self, model: dict[str, Any], path: str = "") -> Any:
        if is_template(path):
            raise HTTPError(403, _REFUSED, reason="template is read-only")
        if model.get("type") == "notebook" and model.get("content"):
            without_widgets(model["content"])
        return await super().save(model, path)  # type: ignore[no-untyped-call]


def is_template(path: str) -> bool:
    """Whether a path under the root is one of the notebooks that the package brings."""
    parts = PurePosixPath(path.strip("/")).parts
    return len(parts) == 2 and parts[0] == "notebooks" and parts[1] in {file.name for file in packaged_notebooks()}


def without_widgets(notebook: Any) -> None:
    """Drop outputs that show nothing but a widget, and the states of widgets."""
    notebook.get("metadata", {}).pop("widgets", None)
    for cell in notebook.get("cells", ()):
        if "outputs" in cell:
            cell["outputs"] = [output for output in cell["outputs"] if WIDGET_VIEW not in output.get("data", {})]
