"""Rows that nothing opens: 全县累计公开21597条。网站公开7055条，部门公开14542条."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from nianbao.rules.judge.facets import begins_work, facet_of
from nianbao.rules.judge.markers import TOTAL_WORDS
from nianbao.rules.judge.places import Place
from nianbao.rules.judge.runs import Reader, Row
from nianbao.rules.judge.sums import Balance, Sum, high, nearly
from nianbao.rules.judge.tokens import COLON, COMMA, FULL_STOP, NEWLINE, SEMICOLON, Kind, Token
from nianbao.rules.judge.units import compatible

_TOTAL_WORDS = re.compile(TOTAL_WORDS)
_SAYS_WHAT = re.compile(r"^(?:申请)?(?:均)?(?:为|是|系|属于?|涉及?|来自)")


class BareRows:
    """Weighs the figures of one text that stand in no row."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.tokens: Sequence[Token] = reader.tokens
        self.places: Mapping[int, Place] = reader.places
        self.balance = Balance(reader.tokens)

    def weigh(self, done: set[int]) -> Iterator[Sum]:
        for row in self._bare_rows(done):
            if row.trailing >= 0 and len(row.parts) >= 2:
                yield from self._with_trailing(row)
                continue
            yield from self._with_first(row)

    def _bare_rows(self, done: set[int]) -> Iterator[Row]:
        """Stretches of figures of one sentence outside every row, each with the figure of the sentence before as its first."""
        row = Row(-1, 0)
        previous = -1
        for index, token in enumerate(self.tokens):
            if (
                (token.kind is Kind.STOP and token.strength >= FULL_STOP)
                or (token.kind is Kind.OUTSIDE and not token.depth)
                or len(row.parts) > 60
            ):
                if row.parts:
                    row.stop = index
                    yield row
                    previous = (
                        row.parts[-1]
                        if len(row.parts) == 1 and token.kind is Kind.STOP and token.strength == FULL_STOP
                        else -1
                    )
                elif token.kind is Kind.STOP and token.strength == NEWLINE:
                    previous = -1
                row = Row(-1, index)
                row.whole = previous
                continue
            if token.kind is Kind.GAP:
                previous = row.whole = -1
            if token.kind is not Kind.QUANTITY or token.depth or index in done or not self.reader.is_part(index):
                continue
            if row.parts and not compatible(token.unit, self.tokens[row.parts[0]].unit):
                continue
            if len(row.parts) >= 2 and self.reader.is_trailing(index):
                row.trailing, row.stop = index, index
                yield row
                row = Row(-1, index)
                continue
            row.parts.append(index)
        if row.parts:
            row.stop = len(self.tokens)
            yield row

    def _with_trailing(self, row: Row) -> Iterator[Sum]:
        """…12条、…36条，合计48条: the total at the end is exact; a figure at the head may be no part."""
        for skip in range(len(row.parts) - 1):
            if self.balance.meets(row.trailing, row.parts[skip:]):
                yield Sum(row.trailing, tuple(row.parts[skip:]), True, True, row)
                return
        parts = self._since_semicolon(row)
        commas = {token.strength for token in self.tokens[parts[0] : row.trailing] if token.kind is Kind.STOP}
        plain = not any(begins_work(self.places[part].segment) for part in parts[1:])
        certain = (
            plain
            and max(commas, default=COLON) <= COMMA
            and not any(self.tokens[p].hedge for p in (*parts, row.trailing))
        )
        over = self.balance.value(parts) > self.tokens[row.trailing].value
        yield Sum(row.trailing, tuple(parts), not certain, certain, row, over=over)

    def _since_semicolon(self, row: Row) -> list[int]:
        """The parts of the last clause before a total, where there are two: 公开22条；收到3件，上年未办结1件，共计4件."""
        stops = [
            index
            for index in range(row.parts[0], row.trailing)
            if self.tokens[index].kind is Kind.STOP and self.tokens[index].strength >= SEMICOLON
        ]
        last = [part for part in row.parts if not stops or part > stops[-1]]
        return last if len(last) > 1 else row.parts

    def _with_first(self, row: Row) -> Iterator[Sum]:
        """The first figure, or that of the sentence before, as the whole of those that follow."""
        candidates = [(row.whole, row.parts)] if row.whole >= 0 and len(row.parts) >= 2 else []
        if len(row.parts) >= 3:
            candidates.append((row.parts[0], row.parts[1:]))
        for whole, parts in candidates:
            if not compatible(self.tokens[whole].unit, self.tokens[parts[0]].unit):
                continue
            for end in range(len(parts), 1, -1):
                if self.balance.value(parts[:end]) == self.tokens[whole].value:
                    yield Sum(whole, tuple(parts[:end]), True, True, row)
                    return
        disposed = row.parts[1:4]
        if self.reader.are_dispositions(disposed) and not self.balance.meets(row.parts[0], disposed):
            over = self.balance.value(disposed) > self.tokens[row.parts[0]].value
            yield Sum(row.parts[0], tuple(disposed), False, False, row, over=over)
            return
        divided = self._divided(row.parts[1:])
        if divided and self.balance.value(divided) > high(self.tokens[row.parts[0]]):
            yield Sum(row.parts[0], divided, False, False, row, over=True)
            return
        for whole, parts in candidates:
            token = self.tokens[whole]
            if not _TOTAL_WORDS.search(self.places[whole].near) or any(
                self.tokens[p].unit != token.unit or self.tokens[p].hedge for p in (whole, *parts)
            ):
                continue
            if any(facet_of(self.places[p].segment) in ("status", "origin", "dispute") for p in parts):
                continue
            if nearly(self.balance.value(parts), token.value):
                yield Sum(whole, tuple(parts), False, False, row, over=self.balance.value(parts) > token.value)
                return

    def _divided(self, parts: Sequence[int]) -> tuple[int, ...]:
        """The first figures of a stretch that each say what they are of, in one respect: 4件为自然人、1件为企业; empty for one."""
        found: list[int] = []
        facet = ""
        for part in parts:
            place, token = self.places[part], self.tokens[part]
            mine = facet_of(place.segment + "#" + place.right[:8])
            says = _SAYS_WHAT.match(place.right) is not None or mine == "applicant"
            if not says or token.hedge or (found and (mine != facet or token.unit != self.tokens[found[0]].unit)):
                break
            facet = mine
            found.append(part)
        return tuple(found) if len(found) > 1 else ()
