"""What cannot be seen is refused in params, whatever kind it is of, and called by its name."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from nianbao.errors import ParamsError
from nianbao.params.invisible import first_invisible
from nianbao.params.yamlio import parse_yaml

# Default_Ignorable_Code_Point of Unicode 16 (DerivedCoreProperties.txt), which unicodedata does not know.
IGNORABLE = [
    *(0x00AD, 0x034F, 0x061C, *range(0x115F, 0x1161), *range(0x17B4, 0x17B6), *range(0x180B, 0x1810)),
    *(*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0x3164, *range(0xFE00, 0xFE10), 0xFEFF),
    *(0xFFA0, *range(0xFFF0, 0xFFF9), *range(0x1BCA0, 0x1BCA4), *range(0x1D173, 0x1D17B), *range(0xE0000, 0xE1000)),
]
BLANK = [0x2800, 0x1D159]
"""BRAILLE PATTERN BLANK, MUSICAL SYMBOL NULL NOTEHEAD: drawn as nothing."""
ALLOWED = "\t\n"


def unseen() -> set[int]:
    kinds = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    by_kind = {code for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) in kinds}
    none = {code for code in range(sys.maxunicode + 1) if code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF}
    return (by_kind | none | set(IGNORABLE) | set(BLANK)) - set(map(ord, ALLOWED))


def test_every_character_that_cannot_be_seen_is_found() -> None:
    assert [f"{code:04X}" for code in sorted(unseen()) if first_invisible(f"年{chr(code)}") is None] == []


def test_what_can_be_seen_and_every_space_of_a_text_is_let_pass() -> None:
    """Every character of GB 18030's two-byte part, of the CJK blocks, and what texts hold of other scripts."""
    two_bytes = bytes(range(0x81, 0xFF))
    seen = {
        character
        for first in two_bytes
        for second in range(0x40, 0xFF)
        if len(character := bytes([first, second]).decode("gb18030", "ignore")) == 1
    }
    seen |= set(map(chr, (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000), *range(0x20000, 0x2A6E0), 0xA0, 0x3000)))
    seen |= set("①②〇㈠℃№☑√×÷±≤≥½³²Ⅳ—…·“”‘’『』★●■→é")
    refused = {character for character in seen if first_invisible(character)}
    assert refused <= {chr(code) for code in unseen()}
    assert not refused & set(map(chr, range(0x3000, 0xE000)))


@pytest.mark.parametrize("code", [0x200B, 0xFE0F, 0x034F, 0x3164, 0x2800, 0xE0100, 0xAD, 0x202E, 0x2028, 0x7F])
@pytest.mark.parametrize("written", ["as it is", "escaped", "in a key", "in a comment"])
def test_it_is_named_with_file_line_and_name(code: int, written: str) -> None:
    character = chr(code)
    line = {
        "as it is": f"a: 全年10{character}57条",
        "escaped": f'a: "全年10\\U{code:08x}57条"',
        "in a key": f"全年10{character}: 1",
        "in a comment": f"a: 1 # 全年10{character}",
    }[written]
    with pytest.raises(ParamsError) as caught:
        parse_yaml(f"unit: anhai\n{line}\n".encode(), "params/2025/anhai.yaml")
    said = str(caught.value)
    assert said.startswith(f"params/2025/anhai.yaml:2：含有不可见或控制字符 U+{code:04X}")
    assert unicodedata.name(character, "") in said
    assert "全年10”之后。" in said


@pytest.mark.parametrize("code", [0x200B, 0xFE0F, 0xFEFF, 0xAD])
def test_what_a_web_page_leaves_behind_is_said_to_come_from_there(code: int) -> None:
    with pytest.raises(ParamsError, match="多半是从网页或聊天软件粘贴来的，把光标移到那里，删除该字符"):
        parse_yaml(f"a: 年{chr(code)}\n".encode(), "x.yaml")
