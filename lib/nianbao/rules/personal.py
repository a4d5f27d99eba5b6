"""Predicates about personal data, which must never be published, in the text or in what is attached to it.

Messages show such a number only in part.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

from nianbao.rules.finding import Check, Finding, fails
from nianbao.rules.subject import Subject
from nianbao.statute.rulebook import Rule

_CALLED_IDENTITY = re.compile(r"(?:身份证|身份号|证件号)[^\d]{0,8}$")
# Matches may overlap, so that a number is found whatever stands before it; hence the lookaheads.
_IDENTITY = re.compile(r"(?<![0-9A-Za-z])(?=([1-9](?:[ -]{0,2}\d){16}[ -]{0,2}[\dXx])(?![0-9A-Za-z]))")
_MOBILE = re.compile(
    r"(?<![0-9.-])(?=((?:\+?86[- ]?)?1(?:[3-9]\d[- ]?\d{4}[- ]?\d{4}|[3-9]\d[- ]\d{3}[- ]\d{5}|[3-9]\d{2}[- ]\d{4}[- ]\d{3}"
    r"|[- ][3-9](?:[- ]\d){9}))(?![0-9]))"
)
# In groups of four, as cards show them; in any groups only what begins as UnionPay's do, for else a postcode
# and a telephone number would do.
_CARD = re.compile(
    r"(?<![0-9A-Za-z.-])(?=([3-69]\d{3}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?|6[ -]?2(?:[ -]?\d){14,17})(?![0-9A-Za-z]))"
)

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"


def no_identity_number(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """Citizen identity numbers by their date and check character (GB 11643-1999); called one, the date is enough."""
    return _search(rule, subject, _IDENTITY, is_identity_number, called=(_CALLED_IDENTITY, has_date_of_birth))


def no_mobile_number(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """Mobile numbers, except where it is the contact's published one."""
    published = _digits(subject.report.params.contact.phone or "")[-11:]
    return _search(rule, subject, _MOBILE, lambda digits: digits[-11:] != published)


def no_bank_card_number(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """Bank-card numbers by their check digit (ISO/IEC 7812-1)."""
    return _search(rule, subject, _CARD, lambda digits: passes_luhn(digits) and not is_identity_number(digits))


def _search(
    rule: Rule,
    subject: Subject,
    pattern: re.Pattern[str],
    accept: Callable[[str], bool],
    called: tuple[re.Pattern[str], Callable[[str], bool]] | None = None,
) -> Iterator[Finding | None]:
    """A finding for each match that is accepted; ``called`` is what accepts a number that the words before it name."""
    clean = True
    for passage in (*subject.everything, *subject.attached):
        end = 0
        for match in pattern.finditer(passage.folded):
            digits = _digits(match[1])
            named = called and called[0].search(passage.folded[: match.start()])
            if match.start() >= end and (accept(digits) or (called and named and called[1](digits))):
                clean, end = False, match.end(1)
                yield fails(rule, passage.label, passage.cell, masked(digits), None)
    if clean:
        yield None


def _digits(text: str) -> str:
    return re.sub(r"[^0-9X]", "", text.upper())


def masked(digits: str) -> str:
    """The first and last digits, enough to find it and too little to use."""
    return f"{digits[:3]}{'*' * (len(digits) - 5)}{digits[-2:]}"


def has_date_of_birth(digits: str) -> bool:
    """Whether 18 characters could be an identity number by their date."""
    if not re.fullmatch(r"\d{17}[\dX]", digits):
        return False
    try:
        return date(int(digits[6:10]), int(digits[10:12]), int(digits[12:14])).year >= 1900
    except ValueError:
        return False


def is_identity_number(digits: str) -> bool:
    """Whether 18 characters are a citizen identity number: a real date of birth and the right check character."""
    if not has_date_of_birth(digits):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    return _CHECK_CHARACTERS[total % 11] == digits[17]


def passes_luhn(digits: str) -> bool:
    """The check digit of a bank-card number."""
    if not digits.isdigit() or not 16 <= len(digits) <= 19:
        return False
    total = 0
    for index, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + index % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


CHECKS: tuple[Check, ...] = (no_identity_number, no_mobile_number, no_bank_card_number)
