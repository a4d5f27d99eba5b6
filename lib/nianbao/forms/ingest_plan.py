"""What a filled-in form changes, before anything is written; and writing it, all of it or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nianbao.forms.changes import Change
from nianbao.params import Unit
from nianbao.params.commit import FileChange, write_all


@dataclass(frozen=True)
class IngestPlan:
    """What a form changes, before anything is written.

    Attributes
    ----------
    changes : tuple of Change
        What changes in the params; ``str()`` of each is a Chinese line.
    text : str
        The params file as it will be.
    files : tuple of FileChange
        The files that will be written; none where nothing changes, or where a new form was not filled in.
    registers : tuple of str
        What changes in the registers and pictures, a Chinese line each.
    notes : tuple of str
        What a clerk should know.
    root : Path
        The params folder.
    record : FileChange or None
        What is kept of the form itself, so that findings name its sheets and cells; written with the files, or where
        there is one already. None of a new form that was not filled in.
    ticked : tuple of str
        Prefixes of the tables for whose zeros a tick stands.
    """

    unit: Unit
    year: int
    source: str
    changes: tuple[Change, ...]
    text: str
    files: tuple[FileChange, ...]
    registers: tuple[str, ...]
    notes: tuple[str, ...]
    root: Path
    record: FileChange | None = None
    ticked: tuple[str, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Whether it is a new form that nobody has filled in."""
        return not self.text

    @property
    def summary(self) -> str:
        if self.is_blank:
            return "没有填写任何内容，没有收入"
        return f"{len(self.differences)} 处变化" if self.differences else "没有变化"

    @property
    def differences(self) -> tuple[str, ...]:
        """What changes in params and registers, a Chinese line each; zeros that a tick stands for are one line."""
        return (
            *self.none_came,
            *(str(change) for change in self.changes if not self._is_told(change)),
            *self.registers,
        )

    def _is_told(self, change: Change) -> bool:
        return bool(self.ticked) and change.new == 0 and change.old is None and change.key.startswith(self.ticked)

    @property
    def none_came(self) -> tuple[str, ...]:
        """A line for each table whose zeros a tick stands for."""
        told = [change.key.partition(".")[0] for change in self.changes if self._is_told(change)]
        names = {"t3.": "本年没有收到申请：第三部分", "t4.": "本年没有复议、诉讼：第四部分"}
        return tuple(
            f"{names[table]} {told.count(table[:-1])} 格按 0 计" for table in self.ticked if told.count(table[:-1])
        )

    @property
    def lines(self) -> tuple[str, ...]:
        """Everything to show, a Chinese line each."""
        return (*self.differences, *self.notes)


def apply(*plans: IngestPlan) -> tuple[Path, ...]:
    """Write what the plans say, all of it or nothing; returns the files written, but for the records of the forms.

    Raises
    ------
    FormError
        When a file has changed since its plan was made.
    OutputError
        When a file cannot be written; those written before it are put back.
    """
    told = [(plan, plan.record) for plan in plans if plan.record is not None]
    records = [record for plan, record in told if record.after != record.before and (plan.files or record.before)]
    files = [file for plan in plans for file in plan.files]
    written = write_all([*files, *records], plans[0].root) if plans else ()
    return written[: len(files)]
