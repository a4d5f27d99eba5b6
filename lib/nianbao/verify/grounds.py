"""What a sealed manifest says it was made from, against what there is now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from nianbao.document.pdf.fonts import ROLES
from nianbao.publish.difference import ABSENT, Difference, differing, shown
from nianbao.publish.ground import Ground
from nianbao.publish.manifest import NEIGHBOURS, digest

_LABELS = {role.name: role.label for role in ROLES}


def inputs(where: str, sealed: Mapping[str, Any], now: Mapping[str, str]) -> Iterator[Difference]:
    """Params, registers, pictures: what changed since the seal."""
    for name, before, after in differing(sealed, now):
        what = "生成之后新增" if before is ABSENT else "已不存在" if after is ABSENT else "生成之后改过"
        if name.endswith(NEIGHBOURS):
            yield Difference(f"{where}输入", "其他单位的正文在生成之后改过")
        else:
            yield Difference(f"{where}输入 {name}", what)


def ground(where: str, sealed: Mapping[str, Any], now: Ground) -> Iterator[Difference]:
    """Notebook, library, packages and fonts."""
    if sealed.get("notebook") != now.notebook:
        yield Difference(
            f"{where}笔记本", "既不是随 nianbao 安装的模板，也不是 notebooks/<年份>/<单位>.ipynb 现在的样子"
        )
    if sealed.get("library") != now.library:
        yield Difference(f"{where}程序", "nianbao 的代码与生成时的不同")
    for name, before, after in differing(_mapping(sealed, "packages"), now.packages):
        yield Difference(f"{where}软件包 {name}", f"生成时为 {shown(before)}，现为 {shown(after)}")
    for role, before, after in differing(_mapping(sealed, "fonts"), now.fonts):
        yield Difference(f"{where}字体 {_LABELS.get(role, role)}", f"生成时为 {_face(before)}，现为 {_face(after)}")


def _face(face: Any) -> str:
    if not isinstance(face, dict):
        return shown(face)
    return f"{face.get('family')} {face.get('style')}（{face.get('file')}，{str(face.get('sha256'))[:8]}）"


def outputs(where: str, folder: Path, sealed: Mapping[str, Any], rebuilt: Mapping[str, Any]) -> Iterator[Difference]:
    """Files that were changed after they were sealed, and a seal that names other files."""
    for name in dict.fromkeys((*rebuilt, *sealed)):
        if name not in rebuilt:
            yield Difference(f"{where}清单", f"列有 {shown(name)}，不是成品")
        elif name not in sealed:
            yield Difference(f"{where}清单", f"没有列 {name}")
        elif (folder / name).is_file() and (there := digest((folder / name).read_bytes())) != sealed[name]:
            if there == rebuilt[name]:
                yield Difference(f"{where}清单", f"{name} 的校验值与成品不符，成品与重新生成的一致")
            else:
                yield Difference(f"{where}{name}", "与清单的校验值不符，生成之后被改动")


def _mapping(sealed: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = sealed.get(key)
    return value if isinstance(value, dict) else {}
