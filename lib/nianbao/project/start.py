"""``nianbao init``: a project folder from what the package brings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nianbao.errors import OutputError, UsageError, reason_of
from nianbao.params.schema import json_schema
from nianbao.project.packaged import PARAMS_FILES, packaged_notebooks, packaged_params
from nianbao.statute import EDITIONS, Edition

GITIGNORE = """\
# 成品和各单位的笔记本由 nianbao 生成，不必纳入版本管理。
/output/*
/notebooks/20[0-9][0-9]/
.ipynb_checkpoints/
__pycache__/
"""


@dataclass(frozen=True)
class Laid:
    """What ``nianbao init`` did: files written and files that were there and differ, by their path in the folder."""

    folder: Path
    written: tuple[str, ...]
    kept: tuple[str, ...]


def lay_out(folder: Path) -> Laid:
    """Make a project folder; a file that is there already stays as it is.

    Raises
    ------
    UsageError
        The folder is a file, or a project already.
    OutputError
        It cannot be written.
    """
    where = folder.as_posix()
    if folder.exists() and not folder.is_dir():
        raise UsageError(where, "是文件，不是文件夹", "换一个文件夹")
    if (folder / "params" / "units.yaml").exists():
        raise UsageError(where, "已经是年报的项目文件夹", "直接运行 nianbao new 单位 年份")
    if (folder / "units.yaml").exists():
        raise UsageError(where, "是参数文件夹", "在项目文件夹里直接运行 nianbao new 单位 年份")
    written, kept = [], []
    try:
        for name, content in project_files().items():
            path = folder / name
            if path.exists():
                if path.read_bytes() != content:
                    kept.append(name)
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            written.append(name)
    except OSError as error:
        reason = reason_of(error)
        raise OutputError(where, f"无法写入（{reason}）", "换一个可写的文件夹") from error
    return Laid(folder, tuple(written), tuple(kept))


def project_files() -> Mapping[str, bytes]:
    """Every file of a new project by its path; ``units.yaml`` last: a folder without it was not finished."""
    params = packaged_params()
    files = {".gitignore": GITIGNORE.encode()}
    files |= {f"notebooks/{notebook.name}": notebook.read_bytes() for notebook in packaged_notebooks()}
    files |= {_schema_file(edition): _json(json_schema(edition)) for edition in EDITIONS}
    files[".vscode/settings.json"] = _json({"yaml.schemas": _schemas()})
    for name in reversed(PARAMS_FILES):
        if (params / name).is_file():
            files[f"params/{name}"] = (params / name).read_bytes()
    return files


def _schema_file(edition: Edition) -> str:
    return f"params/schema/{edition.name}.json"


def _schemas() -> dict[str, list[str]]:
    """For editors that read YAML schemas: which edition's binds the params of which years."""
    years: dict[str, list[str]] = {}
    for edition in EDITIONS:
        numbers = range(edition.first_year, (edition.last_year or 2099) + 1)
        years[_schema_file(edition)] = [f"params/{number}/*.yaml" for number in numbers]
    return years


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
