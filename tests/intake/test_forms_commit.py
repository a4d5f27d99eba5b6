"""Several files as one: all of them appear, or none does, and what could not be undone is said."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from nianbao.errors import FormError, OutputError
from nianbao.forms.commit import FileChange, write_all


@pytest.fixture
def three(tmp_path: Path) -> list[FileChange]:
    """One file that is there, and two new ones."""
    (tmp_path / "a").write_bytes(b"old")
    return [
        FileChange(tmp_path / "a", b"old", b"new"),
        FileChange(tmp_path / "deep/b", None, b"b"),
        FileChange(tmp_path / "c", None, b"c"),
    ]


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def failing(at: str, error: BaseException) -> Any:
    real = os.replace

    def replace(source: Any, target: Any) -> None:
        if Path(target).name == at:
            raise error
        real(source, target)

    return replace


def test_all_are_written(tmp_path: Path, three: list[FileChange]) -> None:
    assert [path.name for path in write_all(three)] == ["a", "b", "c"]
    assert content(tmp_path) == {"a": b"new", "b": b"b", "c": b"c"}


def test_none_is_written_when_one_was_changed_meanwhile(tmp_path: Path, three: list[FileChange]) -> None:
    (tmp_path / "c").write_bytes(b"somebody else's")
    with pytest.raises(FormError, match="在核对变化以后又被改动"):
        write_all(three)
    assert content(tmp_path) == {"a": b"old", "c": b"somebody else's"}


@pytest.mark.parametrize("error", [PermissionError(13, "in use"), KeyboardInterrupt()])
def test_what_was_written_is_put_back(
    tmp_path: Path, three: list[FileChange], monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    monkeypatch.setattr(os, "replace", failing("c", error))
    with pytest.raises((OutputError, KeyboardInterrupt)) as caught:
        write_all(three)
    if isinstance(error, OSError):
        assert "c：无法写入（in use），原有文件没有改动。" in str(caught.value)
    assert content(tmp_path) == {"a": b"old"}


def test_a_file_that_cannot_be_put_back_is_named(
    tmp_path: Path, three: list[FileChange], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "replace", failing("c", PermissionError(13, "in use")))
    real = Path.write_bytes

    def refuse(path: Path, data: bytes) -> int:
        if path.name == "a":
            raise PermissionError(13, "in use")
        return real(path, data)

    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(OutputError, match="a 没能恢复原样。从备份恢复"):
        write_all(three)
    assert content(tmp_path) == {"a": b"new"}
