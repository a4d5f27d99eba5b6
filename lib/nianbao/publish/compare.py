"""Two versions of one file: what differs, said as closely as the kind of file allows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from nianbao.office.archive import ZIP_FAULTS, parts_of
from nianbao.publish.difference import Difference, differing, shown, two_values
from nianbao.statute import Edition, edition_for

Both = Mapping[str, Any]
Comparer = Callable[[str, bytes, bytes], Iterator[Difference]]
"""Everything that differs between two versions of a file (where it lies, the file, the rebuilt one)."""
GROUNDS = ("inputs", "notebook", "library", "packages", "fonts", "outputs")
"""What of a seal is compared apart, see :mod:`nianbao.verify.grounds`."""
_CELL_STATES = {
    "number": "数",
    "blank": "空白",
    "not_applicable": "不适用",
    "unreadable": "认不出",
}
_SOURCES = {"typed": "填写", "totalled": "相加", "register": "登记簿"}


def by_bytes(where: str, there: bytes, rebuilt: bytes) -> Iterator[Difference]:
    """From which byte on two versions differ, and how long they are; nothing when they are the same."""
    if there == rebuilt:
        return
    same = next((i for i, (a, b) in enumerate(zip(there, rebuilt, strict=False)) if a != b), None)
    first = min(len(there), len(rebuilt)) if same is None else same
    yield Difference(where, f"从第 {first + 1} 个字节起不同，文件 {len(there)} 字节，重新生成 {len(rebuilt)} 字节")


def by_parts(where: str, there: bytes, rebuilt: bytes) -> Iterator[Difference]:
    """Which parts of a DOCX or XLSX differ; the bytes where it is none, or only its packing differs."""
    if there == rebuilt:
        return
    try:
        found, wanted = parts_of(there), parts_of(rebuilt)
    except ZIP_FAULTS:
        yield from by_bytes(where, there, rebuilt)
        return
    names = [name for name, _, _ in differing(found, wanted)]
    if names:
        yield Difference(where, f"{'、'.join(names)} 与重新生成的不同")
    else:
        yield from by_bytes(where, there, rebuilt)


def by_content(reader: Callable[[str, Both, Both], Iterator[Difference]], sealed: bool = True) -> Comparer:
    """A comparer of JSON objects. Bytes that differ always give a difference, also where the content means the same.

    Parameters
    ----------
    sealed : bool
        False for a file whose bytes may differ between machines without meaning anything.
    """

    def compare(where: str, there: bytes, rebuilt: bytes) -> Iterator[Difference]:
        if there == rebuilt:
            return
        found = list(_differences(reader, where, there, rebuilt))
        yield from found if found or not sealed else by_bytes(where, there, rebuilt)

    return compare


def _differences(
    reader: Callable[[str, Both, Both], Iterator[Difference]], where: str, there: bytes, rebuilt: bytes
) -> Iterator[Difference]:
    try:
        content = json.loads(there)
        if not isinstance(content, dict):
            raise ValueError("no object")
    except ValueError:
        yield Difference(where, "不是合法的 JSON 对象")
        return
    try:
        yield from reader(where, content, json.loads(rebuilt))
    except (LookupError, TypeError, AttributeError, ValueError) as error:
        yield Difference(where, f"结构与重新生成的不同（{type(error).__name__}：{error}）")


def _tables(where: str, there: Both, rebuilt: Both) -> Iterator[Difference]:
    edition = edition_for(rebuilt["year"])
    yield from cells(where, edition, there.get("cells", {}), rebuilt["cells"])
    last_year, before = there.get("last_year") or {}, rebuilt["last_year"] or {}
    yield from cells(f"{where} 上年", edition, last_year, before)
    yield from values(where, there, rebuilt, leave_out=("cells", "last_year"))


def cells(where: str, edition: Edition, there: Both, rebuilt: Both) -> Iterator[Difference]:
    """Cells of the form by their labels."""
    for key, found, expected in differing(there, rebuilt):
        label = edition.fields[key].label if key in edition.fields else key
        yield two_values(f"{where} {label}", _cell(found), _cell(expected))


def _cell(said: Any) -> Any:
    """A cell in words: what it prints, and what it is where that does not tell."""
    if not isinstance(said, dict):
        return said
    text = shown(said.get("value")) if said.get("value") is not None else str(said.get("text", ""))
    words = [text] if text else []
    if said.get("state", "number") != "number":
        words.append(_CELL_STATES.get(str(said["state"]), str(said["state"])))
    if said.get("whole") is False:
        words.append("不完整")
    if "source" in said:
        words.append(_SOURCES.get(str(said["source"]), str(said["source"])))
    if said.get("text") not in ("", None, text):
        words.append(f"印作“{said['text']}”")
    if said.get("rows"):
        words.append(f"{len(said['rows'])} 行：{'、'.join(map(str, said['rows']))}")
    return "，".join(words)


def values(where: str, there: Both, rebuilt: Both, leave_out: tuple[str, ...] = ()) -> Iterator[Difference]:
    """Values by key, the inner ones of objects by ``outer.inner``."""
    for key, found, expected in differing(there, rebuilt):
        if key in leave_out:
            continue
        if isinstance(found, dict) and isinstance(expected, dict):
            yield from values(f"{where} {key}", found, expected)
        else:
            yield two_values(f"{where} {key}", found, expected)


def _findings(where: str, there: Both, rebuilt: Both) -> Iterator[Difference]:
    yield from values(where, there, rebuilt, leave_out=("findings",))
    found = [json.dumps(one, sort_keys=True) for one in there.get("findings", ())]
    expected = [json.dumps(one, sort_keys=True) for one in rebuilt["findings"]]
    for one in (one for one in found if one not in expected):
        yield Difference(where, f"文件中有而重新生成没有：{shown(json.loads(one)['message'].rstrip('。'))}")
    for one in (one for one in expected if one not in found):
        yield Difference(where, f"重新生成有而文件中没有：{shown(json.loads(one)['message'].rstrip('。'))}")


def _seal(where: str, there: Both, rebuilt: Both) -> Iterator[Difference]:
    yield from values(where, there, rebuilt, leave_out=GROUNDS)


def _notebook(where: str, there: Both, rebuilt: Both) -> Iterator[Difference]:
    """Cells; not the kernel's own version, which differs between machines without meaning anything."""
    found, expected = there["cells"], rebuilt["cells"]
    if len(found) != len(expected):
        yield two_values(f"{where} 单元格个数", len(found), len(expected))
    for number, (one, other) in enumerate(zip(found, expected, strict=False), start=1):
        parts = [key for key, _, _ in differing(one, other)]
        if parts:
            yield Difference(f"{where} 第 {number} 个单元格", f"{'、'.join(parts)} 与重新生成的不同")


tables = by_content(_tables)
findings = by_content(_findings)
seal = by_content(_seal)
notebook = by_content(_notebook, sealed=False)
