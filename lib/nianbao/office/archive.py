"""What the files of an office program have in common: a ZIP of XML, or the older container around it."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping

ZIP_FAULTS = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    NotImplementedError,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)
"""Whatever zipfile raises on an archive that is damaged, or not made by an office program."""

_ZIP_DATE = (2000, 1, 1, 0, 0, 0)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")


def is_old_container(raw: bytes) -> bool:
    """Whether the bytes are a compound file: the formats before 2007, or one of today's under a password."""
    return raw.startswith(_OLE)


def is_locked(raw: bytes) -> bool:
    """Whether the bytes are a document under a password."""
    return is_old_container(raw) and _ENCRYPTED_STREAM in raw


def has_locked_parts(package: zipfile.ZipFile) -> bool:
    """Whether any part of a ZIP asks for a password."""
    return any(part.flag_bits & 1 for part in package.infolist())


def parts_of(raw: bytes) -> dict[str, bytes]:
    """The parts of one of our own files by name. Raises what :data:`ZIP_FAULTS` lists."""
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        return {name: package.read(name) for name in package.namelist()}


def repacked(raw: bytes) -> bytes:
    """The same parts without a clock: in a fixed order, with one date, so that the same parts are the same bytes."""
    parts = parts_of(raw)
    return packed({name: parts[name] for name in sorted(parts, key=lambda name: (name != "[Content_Types].xml", name))})


def packed(parts: Mapping[str, bytes]) -> bytes:
    """A ZIP of these parts in their order, with one date; names that are not ASCII are marked as UTF-8."""
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, _ZIP_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            target.writestr(info, content)
    return result.getvalue()
