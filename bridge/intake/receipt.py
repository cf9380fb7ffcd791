"""Owns receipt numbers: 50 bits nobody guesses, a check character, and reading them back as people type them.

`7KQ2-M9XF-3T8`: ten characters of Crockford's base 32 and one more that finds every single wrong character and every
two that changed places (a Reed-Solomon check symbol over GF(32), whose powers of 2 differ at every place).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 10
_ALIKE = str.maketrans("OILU", "011V")  # what the eye and the ear confuse; the alphabet leaves these letters out
_POLYNOMIAL = 0b100101  # x^5 + x^2 + 1 makes 2 a generator of GF(32)


def new_receipt(secret_bytes: Callable[[int], bytes]) -> str:
    """A number that no other inquiry has, in the one spelling that is stored and shown."""
    bits = int.from_bytes(secret_bytes(7), "big")
    digits = [bits >> (5 * place) & 31 for place in range(_LENGTH)]
    return _grouped([*digits, _check(digits)])


def read_receipt(text: str) -> str | None:
    """The number as it is stored, from lower case, spaces, other dashes and the usual confusions; None for no number.

    >>> read_receipt("0000 0000 ooo")
    '0000-0000-000'
    """
    plain = re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text[:60])).upper().translate(_ALIKE)
    if len(plain) != _LENGTH + 1 or any(char not in ALPHABET for char in plain):
        return None
    digits = [ALPHABET.index(char) for char in plain]
    return _grouped(digits) if _check(digits[:-1]) == digits[-1] else None


def _check(digits: Iterable[int]) -> int:
    total = 0
    for digit in digits:
        total = _doubled(total) ^ digit
    return _doubled(total)


def _doubled(value: int) -> int:
    return (value << 1) ^ (_POLYNOMIAL if value & 16 else 0)


def _grouped(digits: list[int]) -> str:
    text = "".join(ALPHABET[digit] for digit in digits)
    return f"{text[:4]}-{text[4:8]}-{text[8:]}"
