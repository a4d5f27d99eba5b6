"""The files that an installed package brings, which stand at the top level of a checkout."""

from __future__ import annotations

from pathlib import Path

from nianbao.errors import MissingParamsError

_PACKAGE = Path(__file__).parent.parent
PARAMS_FILES = ("units.yaml", "holidays.yaml")
"""What stands in every project's ``params/``; a file that this version does not bring is left out."""


def packaged_params() -> Path:
    """The folder that holds the package's own ``units.yaml``.

    Raises
    ------
    MissingParamsError
        When the installation is incomplete.
    """
    for folder in (_PACKAGE / "starter", _PACKAGE.parent.parent / "params"):
        if (folder / "units.yaml").is_file():
            return folder
    raise MissingParamsError("units.yaml", "安装的 nianbao 里没有这个文件", "重新安装 nianbao")


def packaged_notebooks() -> tuple[Path, ...]:
    """The notebook templates, by name."""
    for folder in (_PACKAGE / "notebooks", _PACKAGE.parent.parent / "notebooks"):
        if (folder / "annual_report.ipynb").is_file():
            return tuple(sorted(folder.glob("*.ipynb")))
    raise MissingParamsError("annual_report.ipynb", "安装的 nianbao 里没有这个笔记本", "重新安装 nianbao")
