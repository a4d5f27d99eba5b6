"""Two versions of one file: what differs, said as closely as the kind of file allows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from nianbao.city import Standing
from nianbao.statute import Edition, edition_for
from nianbao.verify.difference import ABSENT, Difference, differing, shown, two_values

Both = Mapping[str, Any]
_CELL_STATES = {
    "number": "数",
    "blank": "空白",
    "not_applicable": "不适用",
    "unreadable": "认不出",
}
_SOURCES = {"typed": "填写", "totalled": "相加", "register": "登记簿"}


def compare(name: str, where: str, there: bytes, rebuilt: bytes) -> Iterator[Difference]:
    """Everything that differs between two versions of the file called `name`; nothing when it is the same.

    A file whose bytes differ always gives a difference, also where its content means the same.
    """
    if there == rebuilt:
        return
    found = list(_by_content(name, where, there, rebuilt))
    if found or name == "report.ipynb":
        yield from found
    else:
        yield _by_bytes(where, there, rebuilt)


def _by_bytes(where: str, there: bytes, rebuilt: bytes) -> Difference:
    same = next((i for i, (a, b) in enumerate(zip(there, rebuilt, strict=False)) if a != b), None)
    first = min(len(there), len(rebuilt)) if same is None else same
    return Difference(where, f"从第 {first + 1} 个字节起不同，文件 {len(there)} 字节，重新生成 {len(rebuilt)} 字节")


def _by_content(name: str, where: str, there: bytes, rebuilt: bytes) -> Iterator[Difference]:
    reader = _READERS.get(name)
    if reader is None:
        return
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
    yield from _cells(where, edition, there.get("cells", {}), rebuilt["cells"])
    last_year, before = there.get("last_year") or {}, rebuilt["last_year"] or {}
    yield from _cells(f"{where} 上年", edition, last_year, before)
    yield from _values(where, there, rebuilt, leave_out=("cells", "last_year"))


def _cells(where: str, edition: Edition, there: Both, rebuilt: Both) -> Iterator[Difference]:
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


def _values(where: str, there: Both, rebuilt: Both, leave_out: tuple[str, ...] = ()) -> Iterator[Difference]:
    """Values by key, the inner ones of objects by ``outer.inner``."""
    for key, found, expected in differing(there, rebuilt):
        if key in leave_out:
            continue
        if isinstance(found, dict) and isinstance(expected, dict):
            yield from _values(f"{where} {key}", found, expected)
        else:
            yield two_values(f"{where} {key}", found, expected)


def _findings(where: str, there: Both, rebuilt: Both) -> Iterator[Difference]:
    yield from _values(where, there, rebuilt, leave_out=("findings",))
    found = [json.dumps(one, sort_keys=True) for one in there.get("findings", ())]
    expected = [json.dumps(one, sort_keys=True) for one in rebuilt["findings"]]
    for one in (one for one in found if one not in expected):
        yield Difference(where, f"文件中有而重新生成没有：{shown(json.loads(one)['message'].rstrip('。'))}")
    for one in (one for one in expected if one not in found):
        yield Difference(where, f"重新生成有而文件中没有：{shown(json.loads(one)['message'].rstrip('。'))}")


def _manifest(where: str, there: Both, rebuilt: Both) -> Iterator[Difference]:
    """Inputs, library, packages and fonts are compared by :mod:`nianbao.verify.grounds`."""
    grounds = ("inputs", "notebook", "library", "packages", "fonts", "outputs")
    yield from _values(where, there, rebuilt, leave_out=grounds)


def _summary(where: str, there: Both, rebuilt: Both) -> Iterator[Difference]:
    yield from _cells(where, edition_for(rebuilt["year"]), there.get("cells", {}), rebuilt["cells"])
    grounds = ("cells", "inputs", "notebook", "library", "packages", "fonts", "outputs")
    yield from _values(where, there, rebuilt, leave_out=grounds)


def _status(where: str, there: Both, rebuilt: Both) -> Iterator[Difference]:
    before = {unit["id"]: unit for unit in there.get("units", ())}
    for unit in rebuilt["units"]:
        found = before.pop(unit["id"], ABSENT)
        if not isinstance(found, dict):
            yield two_values(f"{where} {unit['name']}", found, Standing(unit["state"]).label)
        elif found != unit:
            inner = {**found, "state": _label(found.get("state"))}, {**unit, "state": _label(unit["state"])}
            yield from _values(f"{where} {unit['name']}", *inner)
    for unit in before:
        yield two_values(f"{where} {unit}", "有", ABSENT)
    yield from _values(where, there, rebuilt, leave_out=("units", "rules"))
    yield from _values(f"{where} 规则", there.get("rules", {}), rebuilt["rules"])


def _label(state: Any) -> Any:
    return Standing(state).label if state in [known.value for known in Standing] else state


def _notebook(where: str, there: Both, rebuilt: Both) -> Iterator[Difference]:
    """Cells; not the kernel's own version, which differs between machines without meaning anything."""
    found, expected = there["cells"], rebuilt["cells"]
    if len(found) != len(expected):
        yield two_values(f"{where} 单元格个数", len(found), len(expected))
    for number, (one, other) in enumerate(zip(found, expected, strict=False), start=1):
        parts = [key for key, _, _ in differing(one, other)]
        if parts:
            yield Difference(f"{where} 第 {number} 个单元格", f"{'、'.join(parts)} 与重新生成的不同")


_READERS: Mapping[str, Callable[[str, Both, Both], Iterator[Difference]]] = {
    "tables.json": _tables,
    "findings.json": _findings,
    "manifest.json": _manifest,
    "summary.json": _summary,
    "status.json": _status,
    "report.ipynb": _notebook,
}
