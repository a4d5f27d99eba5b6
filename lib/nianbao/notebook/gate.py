"""The gate: what an executed notebook prints is what it was run for.

It stands between running and writing, so that nothing is written of a notebook that fails it.
"""

from __future__ import annotations

from nianbao.document import Document
from nianbao.document.model import plain
from nianbao.errors import IdentityError


def require_identity(
    document: Document, where: str, unit: str, year: int, title: str, ready: bool, sample: bool
) -> None:
    """Unit, year, title and the marks of drafts and samples must be in the document as they were asked for.

    Raises
    ------
    IdentityError
    """
    meta = document.meta
    expected = {
        "单位": (meta.unit, unit),
        "年份": (str(meta.year), str(year)),
        "标题": (plain(meta.title), title),
        "草稿标记": (meta.draft is not None, not ready),
        "示例标记": (meta.sample is not None, sample),
    }
    for name, (found, wanted) in expected.items():
        if found != wanted:
            raise IdentityError(where, f"笔记本输出的{name}为 {found}，应为 {wanted}", "核对笔记本")
