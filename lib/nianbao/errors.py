"""Every error this package raises on purpose.

One base, :class:`NianbaoError`. Its text is one Chinese line in the shape
``where：what is wrong，found，expected。what to do`` and the command line prints
it as it stands. Raw parameters go to ``super().__init__`` and the text is made
in ``__str__``, so that every error survives pickling on its way back from a
worker process or a cluster.
"""

from __future__ import annotations

import errno
import re

# A message quotes what was found, and must neither steer a terminal with it nor fail to be encoded.
_UNSHOWABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb\ufffe\uffff"
    "\ue000-\uf8ff\ud800-\udfff\U000e0000-\U000e00ff\U000f0000-\U0010ffff]"
)


_REASONS = {
    errno.ENOSPC: "磁盘已满",
    getattr(errno, "EDQUOT", -1): "超出磁盘配额",
    errno.EROFS: "只读",
    errno.EACCES: "没有权限，或正被别的程序打开",
    errno.EPERM: "没有权限",
    errno.ENOTDIR: "路径中有同名文件",
    errno.EEXIST: "路径中有同名文件",
    errno.EISDIR: "是文件夹",
    errno.ENOENT: "路径不存在",
    errno.ENAMETOOLONG: "路径太长",
    errno.EMFILE: "打开的文件太多",
    errno.ENFILE: "打开的文件太多",
    errno.EBUSY: "正被别的程序打开",
    errno.EIO: "读写出错",
    errno.EINVAL: "路径不能用",
    errno.ENOTEMPTY: "文件夹不空",
    errno.EXDEV: "不在同一个磁盘上",
}


def reason_of(error: OSError) -> str:
    """Why the operating system refused, in Chinese; in its own words where it is none of the usual reasons."""
    return _REASONS.get(error.errno or 0) or error.strerror or type(error).__name__


class NianbaoError(Exception):
    """Base of all errors raised on purpose: something is wrong, and here is what to do.

    Parameters
    ----------
    where : str
        The file (and line, when known), option or thing that is at fault.
    wrong : str
        What is wrong, with what was found and what was expected; no full stop.
    remedy : str
        What to do next; may be empty.
    """

    exit_code = 2

    def __init__(self, where: str, wrong: str, remedy: str = "") -> None:
        super().__init__(where, wrong, remedy)
        self.where = where
        self.wrong = wrong
        self.remedy = remedy

    def __str__(self) -> str:
        text = f"{self.where}：{self.wrong}。"
        if self.remedy:
            text += self.remedy if self.remedy[-1] in "。？" else f"{self.remedy}。"
        return _UNSHOWABLE.sub(lambda match: f"<U+{ord(match[0]):04X}>", text)

    def _render_traceback_(self) -> list[str]:
        """What IPython shows of this error in a cell: its own lines, no traceback.

        JupyterLab makes a link of a path with a line number that begins with ``./``.
        """
        return [f"./{line}" if line.startswith("params/") else line for line in str(self).splitlines()]


class UsageError(NianbaoError):
    """A command, option or argument that cannot be meant as it stands."""


class UnknownUnitError(UsageError):
    """A unit that is none of the 19 units nor the city."""


class ParamsError(NianbaoError):
    """A file under ``params/`` that cannot be read as the form requires."""


class MissingParamsError(ParamsError):
    """There is no params file for this unit and year."""


class PictureError(ParamsError):
    """A picture that is missing, too large, of another format or outside its folder."""


class AttachmentError(ParamsError):
    """An attachment that is missing, encrypted, broken, too large or outside its folder."""


class TemplateTextError(ParamsError):
    """A narrative whose ``{{ … }}`` expressions cannot be filled in."""


class RegisterError(NianbaoError):
    """A register that cannot be read."""


class FormError(NianbaoError):
    """A filled-in form that must not be ingested."""


class ReadError(NianbaoError):
    """A published report that cannot be opened or recognised."""


class NotebookError(NianbaoError):
    """A notebook that does not fit its contract, or a cell of it that failed.

    Attributes
    ----------
    executed : bytes
        The notebook as far as it ran, for whoever keeps it; empty when none ran.
    """

    exit_code = 1
    executed: bytes = b""


class ContractError(NotebookError):
    """A notebook's file that cannot be run as it stands: not there, no notebook, other parameters."""

    exit_code = 2


class IdentityError(NotebookError):
    """Unit or year disagree between file names, title, body and metadata."""


class FontError(NianbaoError):
    """No face for a role, or a character that no face covers."""


class TypesetError(NianbaoError):
    """Typst refused the document."""

    exit_code = 1


class OutputError(NianbaoError):
    """Something cannot be written where it was asked for."""


class ErrorList(NianbaoError):
    """Several errors of one file, reported together, a line each."""

    def __init__(self, errors: tuple[NianbaoError, ...]) -> None:
        Exception.__init__(self, errors)
        self.errors = tuple(errors)

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)
