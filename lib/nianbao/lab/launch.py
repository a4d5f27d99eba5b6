"""How ``nianbao lab`` starts JupyterLab; nothing in a user's own settings is touched."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from nianbao.params import PARAMS_VARIABLE

CONFIG = Path(__file__).parent / "config"
"""Holds ``labconfig/default_setting_overrides.json``: the defaults of this start, below a user's own settings."""


def lab_command(
    root: Path, params_dir: Path, notebook: Path | None = None, options: tuple[str, ...] = ()
) -> tuple[list[str], Mapping[str, str]]:
    """The command and environment of a JupyterLab whose files are those under ``root``.

    Parameters
    ----------
    notebook : Path, optional
        The notebook that opens; else the list of files.
    options : tuple of str
        More options for JupyterLab, which take precedence.
    """
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={root}",
        "--ServerApp.contents_manager_class=nianbao.lab.contents.ProjectContents",
        "--ContentsManager.allow_hidden=False",
    ]
    if notebook is not None:
        place = quote(notebook.resolve().relative_to(root.resolve()).as_posix())
        command.append(f"--LabApp.default_url=/lab/tree/{place}")
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # JupyterLab asks whoever is root anyway to say so
        command.append("--allow-root")
    paths = [str(CONFIG), *filter(None, [os.environ.get("JUPYTER_CONFIG_PATH")])]
    environment = {
        **os.environ,
        "JUPYTER_CONFIG_PATH": os.pathsep.join(paths),
        PARAMS_VARIABLE: str(params_dir.resolve()),
    }
    return [*command, *options], environment
