"""Owns how numbers and words become short text: Rice codes, hashes, front coding, alphabets. Refuses to know what for.

The text is safe in JSON, and servers compress it: `js/bits.js` reads it.
"""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from collections.abc import Iterable, Sequence

END = "!"
"""Ends a text in an alphabet's letters."""
_FIRST = [code for code in range(0x20, 0x7F) if chr(code) not in '"\\' + END]
_SET_BITS = 12
"""More than a set's size tells: of so many words to the power of two that are not in it, one seems to be."""


class Alphabet:
    """The letters of some texts, the most frequent ones as the shortest bytes."""

    def __init__(self, texts: Iterable[str]) -> None:
        counts: Counter[str] = Counter()
        counts.update("".join(texts))
        self.letters = "".join(sorted(counts, key=lambda letter: (-counts[letter], letter)))
        self._codes = str.maketrans({letter: _code(number) for number, letter in enumerate(self.letters)})

    def write(self, texts: Iterable[str]) -> str:
        return END.join(text.translate(self._codes) for text in texts)


def _code(number: int) -> str:
    if number < len(_FIRST):
        return chr(_FIRST[number])
    code = 0xA1 + number - len(_FIRST)
    return chr(code if code < 0xD800 else code + 0x800)


def front_coded(words: Sequence[str]) -> str:
    """Words as they are, one a line, each opened by the number of letters it shares with the one before.

    >>> front_coded(["faq/a", "faq/b"])
    '0faq/a\\n4b'
    """
    lines, before, shared = [], "", 0
    for word in words:
        most = min(len(word), len(before), 70)
        if shared > most or word[:shared] != before[:shared]:
            shared = 0
        while shared < most and word[shared] == before[shared]:
            shared += 1
        lines.append(chr(0x30 + shared) + word[shared:])
        before = word
    return "\n".join(lines)


def hashed(word: str) -> int:
    """32 bits of a word."""
    return binascii.crc32(word.encode("utf-8", "surrogatepass"))


def set_width(size: int) -> int:
    """How many bits of a hash a set of so many words keeps."""
    return min(32, size.bit_length() + _SET_BITS)


def hash_set(hashes: Sequence[int]) -> str:
    """A sorted list of hashes without doubles, cut to `set_width`, as bits."""
    parameter = _SET_BITS
    mask, before, codes = (1 << parameter) - 1, -1, []
    for value in hashes:
        gap = value - before - 1
        codes.append(f"{'1' * (gap >> parameter)}0{gap & mask:0{parameter}b}")
        before = value
    return "".join(codes)


def gamma(value: int) -> str:
    """Elias's gamma code of a number from one up.

    >>> gamma(5)
    '00101'
    """
    return "0" * (value.bit_length() - 1) + f"{value:b}"


def packed(bits: str) -> str:
    """A string of bits as base64."""
    return base64.b64encode(packed_bytes(bits)).decode()


def packed_bytes(bits: str) -> bytes:
    """A string of bits as bytes."""
    padded = bits + "0" * (-len(bits) % 8)
    return int("1" + padded, 2).to_bytes(len(padded) // 8 + 1, "big")[1:]


def unpacked(data: bytes) -> str:
    """The bits of bytes, with the zeros that fill the last one.

    >>> unpacked(packed_bytes("00101"))
    '00101000'
    """
    return bin(int.from_bytes(b"\1" + data, "big"))[3:]
