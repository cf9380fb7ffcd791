"""Owns finding numbers nobody should send a help centre: resident and alien registration numbers, payment cards.

Refuses to decide what happens then; pure text in, places out. A registration number counts where its check digit is
right, and also without one where it is written as such a number (`900101-1234567`): numbers given since October 2020
have a random end. A card counts where its length and beginning are a brand's and its check digit (Luhn) is right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

Kind = Literal["resident_number", "card_number"]

_PLAIN = str.maketrans("０１２３４５６７８９－‐‑‒–—−ー　\u00a0", "0123456789--------  ")
"""Full-width digits and every dash, one character for one, so that places stay where they are."""
_RESIDENT = re.compile(
    r"(?<![0-9A-Za-z])(?<![0-9A-Za-z][-_])([0-9]{6})( ?- ?| |)([1-8][0-9]{6})(?![0-9A-Za-z])(?!-[0-9])"
)
_NAMED = re.compile(r"주민|등록\s?번호|외국인|rrn|resident|registration|登録番号", re.IGNORECASE)
_NAMED_WITHIN = 20
_CENTURIES = {"1": 1900, "2": 1900, "5": 1900, "6": 1900, "3": 2000, "4": 2000, "7": 2000, "8": 2000}
_LAST_BIRTH = 2049
_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_RUN = re.compile(r"(?<![0-9A-Za-z])(?<![0-9A-Za-z][-_])[0-9]+(?:[ -][0-9]+)*(?![0-9A-Za-z])")
_SHAPES = {(4, 4, 4, 4), (4, 4, 4, 4, 3), (4, 6, 5), (4, 6, 4), *((length,) for length in (14, 15, 16, 17, 18, 19))}
_EXPIRY = re.compile(r"(0[1-9]|1[0-2])[2-4][0-9]|20[2-4][0-9]")
"""What people write behind a card's number: `0129`, `2029`."""
_BRANDS = re.compile(
    r"4(?:.{15}|.{18})"  # Visa
    r"|(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720).*(?<=^.{16})"  # Mastercard
    r"|3[47].{13}"  # American Express
    r"|(?:30[0-5].|3[689]..).{10}"  # Diners Club
    r"|35(?:2[89]|[3-8].).{12}"  # JCB
    r"|(?:62|81).{14,17}"  # UnionPay
    r"|(?:6011|64[4-9].|65..).{12}"  # Discover
    r"|9.{15}"  # cards that work in Korea alone
)


@dataclass(frozen=True)
class Found:
    """One such number in a text, from `start` to before `end`."""

    start: int
    end: int
    kind: Kind


def find_sensitive(text: str) -> tuple[Found, ...]:
    """Every such number of a text, in order.

    >>> [found.kind for found in find_sensitive("주민번호 900101-1234568, 카드 4111-1111-1111-1111")]
    ['resident_number', 'card_number']
    """
    plain = text.translate(_PLAIN)
    found = [*_residents(plain), *_cards(plain)]
    return tuple(sorted(found, key=lambda one: one.start))


def masked(text: str, found: tuple[Found, ...], mask: str = "*") -> str:
    """The text with these numbers' digits hidden. Of a card the last four stay: they find a payment and buy nothing.

    >>> masked("4111-1111-1111-1111", find_sensitive("4111-1111-1111-1111"))
    '****-****-****-1111'
    """
    characters = list(text)
    for one in found:
        digits = [at for at in range(one.start, one.end) if text[at].isdigit()]
        for at in digits[: -4 if one.kind == "card_number" else None]:
            characters[at] = mask
    return "".join(characters)


def _residents(plain: str) -> Iterator[Found]:
    for match in _RESIDENT.finditer(plain):
        birth, between, rest = match.groups()
        if not _is_birth(birth, rest[0]):
            continue
        before = plain[max(0, match.start() - _NAMED_WITHIN) : match.start()]
        if "-" in between or _has_check_digit(birth + rest) or _NAMED.search(before):
            yield Found(match.start(), match.end(), "resident_number")


def _is_birth(digits: str, century: str) -> bool:
    year = _CENTURIES[century] + int(digits[:2])
    try:
        return bool(date(year, int(digits[2:4]), int(digits[4:]))) and year <= _LAST_BIRTH
    except ValueError:
        return False


def _has_check_digit(number: str) -> bool:
    rest = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False)) % 11
    offset = 13 if number[6] in "5678" else 11
    return (offset - rest) % 10 == int(number[-1])


def _cards(plain: str) -> Iterator[Found]:
    for run in _RUN.finditer(plain):
        groups = list(re.finditer(r"[0-9]+", run[0]))
        at = 0
        while at < len(groups):
            count = _card_at(run[0], groups, at)
            if count:
                yield Found(run.start() + groups[at].start(), run.start() + groups[at + count - 1].end(), "card_number")
            at += count or 1


def _card_at(run: str, groups: list[re.Match[str]], at: int) -> int:
    """How many groups from this one on are a card's number; 0 for none. More groups of four make it something else,
    as tracking numbers are written."""
    for count in (5, 4, 3, 1):
        chosen = groups[at : at + count]
        if len(chosen) < count:
            continue
        between = {run[left.end()] for left, right in pairwise(chosen)}
        if tuple(len(group[0]) for group in chosen) not in _SHAPES or len(between) > 1:
            continue
        around = [*groups[max(0, at - 1) : at], *groups[at + count : at + count + 1]]
        if count > 1 and any(len(group[0]) == 4 and not _EXPIRY.fullmatch(group[0]) for group in around):
            continue
        digits = "".join(group[0] for group in chosen)
        if _BRANDS.fullmatch(digits) and _is_luhn(digits):
            return count
    return 0


def _is_luhn(digits: str) -> bool:
    total = 0
    for at, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if at % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
