"""What the files of an office program have in common: a ZIP of XML, or the older container around it."""

from __future__ import annotations

import zipfile
import zlib

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
