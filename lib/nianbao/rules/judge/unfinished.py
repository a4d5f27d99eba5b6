"""What is withheld beside 〔待填〕: its sentence, whole, and nothing else.

What such a sentence says cannot be judged before it is whole; that it is not, rule D-30 tells. This is the one place that knows
of it: figures of the sentence count nothing, all else of it is a gap, over which no row reaches to its whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nianbao.rules.judge.tokens import FULL_STOP, Kind, Token

WITHHELD = "同一句里有待填的"


def without_unfinished(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """The tokens of a text with those of every sentence that holds 〔待填〕 withheld."""
    if not any(token.kind is Kind.GAP for token in tokens):
        return tuple(tokens)
    found: list[Token] = []
    sentence: list[Token] = []
    for token in (*tokens, None):
        ends = token is None or (token.kind is Kind.STOP and token.strength >= FULL_STOP)
        if ends:
            unfinished = any(one.kind is Kind.GAP for one in sentence)
            found += [_withheld(one) for one in sentence] if unfinished else sentence
            sentence = []
        if token is not None:
            (found if ends else sentence).append(token)
    return tuple(found)


def _withheld(token: Token) -> Token:
    if token.is_figure:
        why = token.why if token.kind is Kind.NUMBER and token.why not in ("无量词", "范围") else WITHHELD
        return replace(token, kind=Kind.NUMBER, why=why)
    return replace(token, kind=Kind.GAP)
