"""What a figure says at least and at most, and whether figures come to another one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from nianbao.rules.judge.runs import Row
from nianbao.rules.judge.tokens import Token

NEAR_MISS = Decimal("0.01")
"""A row that misses its whole by at most so much is asked about (政府信息79603条，其中…, 79604 in all)."""
ONE_DIGIT = Decimal("0.05")
"""So is one whose sum differs in a single digit, by at most so much (公开262条，其中…, 252 in all)."""


@dataclass(frozen=True)
class Sum:
    """A whole and the row that is held against it.

    Attributes
    ----------
    parts : tuple of int
        Those that are compared: the best fitting stretch of the row.
    certain : bool
        The row cannot be read otherwise; where it can, a mismatch is asked about, not claimed.
    """

    whole: int
    parts: tuple[int, ...]
    fits: bool
    certain: bool
    row: Row
    over: bool = False


def low(token: Token) -> Decimal:
    """The least that a figure says: 100余条 is 100 at least, 2.2万 is 21,500."""
    match token.hedge:
        case "近" | "接近" | "以下":
            return token.value * Decimal("0.8")
        case "约" | "左右" | "上下":
            return token.value * Decimal("0.9")
    return token.value if token.step <= 1 else token.value - token.step / 2


def high(token: Token) -> Decimal:
    """The most that a figure says."""
    match token.hedge:
        case "":
            return token.value if token.step <= 1 else token.value + token.step
        case "近" | "接近" | "以下":
            return token.value
        case "约" | "左右" | "上下":
            return token.value * Decimal("1.1")
    return token.value * 2


def agrees(token: Token, figure: int | Decimal) -> bool:
    """Whether the words are true of a figure: exact, or as rough as they say."""
    actual = Decimal(figure)
    if not token.hedge and token.step > 1:  # 2.2万 stands for what rounds to it, and for what was cut off at it
        return low(token) <= actual < high(token)
    return low(token) <= actual <= high(token)


def one_digit_apart(left: Decimal, right: Decimal) -> bool:
    """Whether two numbers differ in one digit."""
    a, b = str(int(left)), str(int(right))
    return len(a) == len(b) and sum(x != y for x, y in zip(a, b, strict=True)) == 1


def nearly(left: Decimal, right: Decimal) -> bool:
    """Whether a sum so nearly meets its whole that a slip is likelier than a row that leaves something out."""
    difference = abs(left - right)
    if not difference or right <= 0:
        return False
    return difference <= right * NEAR_MISS or (difference <= right * ONE_DIGIT and one_digit_apart(left, right))


class Balance:
    """Adds up figures of one text."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens

    def value(self, parts: Sequence[int]) -> Decimal:
        return sum((self.tokens[part].value for part in parts), start=Decimal(0))

    def meets(self, whole: int, parts: Sequence[int]) -> bool:
        """Whether parts come to their whole: exactly, or as exactly as the figures are told."""
        token = self.tokens[whole]
        total = self.value(parts)
        if total == token.value:
            return True
        rough = token.hedge or token.step > 1 or any(self.tokens[p].hedge or self.tokens[p].step > 1 for p in parts)
        if not rough:
            return False
        least = sum((low(self.tokens[p]) for p in parts), start=Decimal(0))
        most = sum((high(self.tokens[p]) for p in parts), start=Decimal(0))
        return least <= high(token) and most >= low(token)
