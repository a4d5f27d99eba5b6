"""Older formats of office programs → DOCX, by LibreOffice where it is installed.

It is started with a profile of its own, without macros, and may fetch nothing. It says 0
also when it could not load a file, so what counts is whether there is a result.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from nianbao.errors import ReadError

MOST_SECONDS = 60
"""From start to result; a report takes two to six."""
_SAVE = "用 Word 或 WPS 打开，另存为 .docx 再读"
_PLACES = (
    r"C:\Program Files\LibreOffice\program\soffice.com",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.com",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)
_NOWHERE = "http://127.0.0.1:9"
"""A proxy that is none: whatever still asks for a remote address gets no answer."""
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
</item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>0</value></prop>
</item>
</oor:items>
"""


def program() -> str | None:
    """Where LibreOffice is; None where it is not installed."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((place for place in _PLACES if Path(place).exists()), None)


def as_docx(raw: bytes, suffix: str, where: str) -> bytes:
    """The same document as DOCX.

    Parameters
    ----------
    suffix : str
        Of the format that the bytes are known to be in: ``.doc``, ``.rtf`` or ``.odt``.

    Raises
    ------
    ReadError
        When LibreOffice is missing, does not end, or gives no document.
    """
    office = program()
    if office is None:
        raise ReadError(where, f"是 {suffix} 文件，本机没有安装可以转换它的 LibreOffice", _SAVE)
    with tempfile.TemporaryDirectory(prefix="nianbao-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        source, profile, out = folder / f"source{suffix}", folder / "profile", folder / "out"
        source.write_bytes(raw)
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
        done = _run([office, f"-env:UserInstallation={profile.as_uri()}", *_options(out), str(source)])
        made = out / "source.docx"
        if not done:
            raise ReadError(where, f"{suffix} 文件在 {MOST_SECONDS} 秒内没有转换完", _SAVE)
        if not made.exists() or not made.stat().st_size:
            raise ReadError(where, f"{suffix} 文件打不开：已损坏，或有密码", _SAVE)
        return made.read_bytes()


def _options(out: Path) -> list[str]:
    return ["--headless", "--norestore", "--nolockcheck", "--convert-to", "docx", "--outdir", str(out)]


def _run(command: list[str]) -> bool:
    """Whether the program ended in time; if not, it and what it started are ended."""
    environment = {**os.environ, "http_proxy": _NOWHERE, "https_proxy": _NOWHERE, "no_proxy": ""}
    process = subprocess.Popen(  # noqa: S603 - a program that was looked up, with a file of our own making
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
    )
    try:
        process.wait(MOST_SECONDS)
    except subprocess.TimeoutExpired:
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return False
    return True
