"""Whether a person looks at a cell; what is for whoever works on a report is shown only then."""

from __future__ import annotations

import sys


def in_front_end() -> bool:
    """Whether a person ran this cell: JupyterLab names the cell in its request, nbclient and papermill do not."""
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython

    kernel = getattr(get_ipython(), "kernel", None)
    return kernel is not None and "cellId" in kernel.get_parent().get("metadata", {})
