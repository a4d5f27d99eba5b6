"""The sheet 图片 of a filled-in form: what it must say, and the files that it names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from nianbao.errors import FormError, NianbaoError, PictureError
from nianbao.forms.contents import Value, picture_rows
from nianbao.forms.layout_text import PICTURES, part_names
from nianbao.forms.plan import FormPlan, address
from nianbao.params.commit import FileChange
from nianbao.params.validate import raise_all
from nianbao.params.yamlio import display_name
from nianbao.report.pictures import checked_picture
from nianbao.wording import enumeration, quoted


@dataclass(frozen=True)
class PictureProblem:
    """What is wrong in a cell of the sheet of pictures."""

    cell: str
    wrong: str
    remedy: str


def picture_problems(plan: FormPlan, values: Mapping[str, Value], unfit: set[str]) -> Iterator[PictureProblem]:
    """Rows that lack a file, a caption or a part, or say them so that no narrative can hold them.

    Parameters
    ----------
    unfit : set of str
        Places that are complained about already.
    """
    names = part_names(plan.edition)
    rows_of = dict(plan.sizes.paragraphs)
    for row in picture_rows(values):
        keys = {name: f"pictures.{row}.{name}" for name in ("file", "caption", "part", "after")}
        told = {name: values.get(key) for name, key in keys.items()}
        for name, why in _wrong(told, names, rows_of):
            if keys[name] not in unfit:
                slot = plan.slots[keys[name]]
                yield PictureProblem(address(slot.row, slot.col), f"{slot.label}{why[0]}", why[1])


def _wrong(
    told: Mapping[str, Value], names: Mapping[str, str], rows_of: Mapping[str, int]
) -> Iterator[tuple[str, tuple[str, str]]]:
    file, caption, part, after = (told[name] for name in ("file", "caption", "part", "after"))
    if file is None:
        yield "file", ("没有填", "写文件名，或清空这一行")
    elif set(file) & set("/\\()") or file.startswith("."):
        yield (
            "file",
            (f"应为文件名，实为{quoted(file)}", "只写文件名，不写文件夹，不用括号，把文件改名后与本表放在一起"),
        )
    if caption is None:
        yield "caption", ("没有填", "写一句说明图上是什么")
    elif "]" in caption or "[" in caption:
        yield "caption", (f"含有方括号，实为{quoted(caption)}", "改用（）或〔〕")
    keys = {name: key for key, name in names.items()}
    if part is None:
        yield "part", ("没有填", "从下拉列表中选择")
    elif part not in keys:
        yield "part", (f"应为 {enumeration(names.values())} 之一，实为{quoted(part)}", "从下拉列表中选择")
    elif after is not None and after > rows_of[keys[part]]:
        yield "after", (f"应不超过 {rows_of[keys[part]]}，实为 {after}", "写“正文”里这一部分左边的序号")


def picture_files(
    name: str, plan: FormPlan, values: Mapping[str, Value], beside: Path, folder: Path, known: frozenset[str]
) -> tuple[FileChange, ...]:
    """The files of the sheet of pictures that are new to a unit's folder, or differ from what lies there.

    Parameters
    ----------
    beside : Path
        The folder in which the form lies, and its pictures with it.
    folder : Path
        The unit's own, ``params/<year>/<unit>/``.
    known : frozenset of str
        Files that the params name already: where one is missing, ``check`` says so.

    Raises
    ------
    FormError
        A file is in neither, or no picture; with sheet and cell.
    """
    files: dict[str, FileChange] = {}
    errors: list[NianbaoError] = []
    for row in picture_rows(values):
        slot = plan.slots[f"pictures.{row}.file"]
        where = f"{name} 工作表“{PICTURES}” {address(slot.row, slot.col)} 格"
        file = str(values[slot.key])
        given, kept = beside / file, folder / file
        try:
            if given.is_file():
                change = FileChange(kept, _content(kept), checked_picture(where, f"图片{quoted(file)}", given))
                if change.before != change.after:
                    files[file] = change
            elif not kept.is_file() and file not in known:
                remedy = "把图片文件与这份表放在同一个文件夹，文件名照写，再收一次"
                raise FormError(where, f"图片{quoted(file)}不存在", remedy)
        except PictureError as error:
            errors.append(FormError(error.where, error.wrong, error.remedy))
        except FormError as error:
            errors.append(error)
    if errors:
        raise_all(errors)
    return tuple(files.values())


def picture_line(change: FileChange) -> str:
    """What becomes of a picture's file, a Chinese line."""
    return f"图片 {display_name(change.path)}：{'新增' if change.before is None else '换成新的文件'}"


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
