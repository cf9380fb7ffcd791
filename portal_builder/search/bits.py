"""Owns how numbers and words become short text: Rice codes, front coding, one alphabet. Refuses to know what they mean.

The text is JSON-safe, and servers compress it: `search.js` reads it (`Bits`, `words`, `letters`).
"""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterable, Sequence

FRONT = "!#$%&'()"
"""Opens a word of a list, and says how many letters it shares with the word before."""
_FIRST = [code for code in range(0x20, 0x7F) if chr(code) not in '"\\' + FRONT]


class Alphabet:
    """The letters of a portal, the most frequent ones as the shortest bytes."""

    def __init__(self, texts: Iterable[str]) -> None:
        counts: Counter[str] = Counter()
        for text in texts:
            counts.update(text)
        self.letters = "".join(sorted(counts, key=lambda letter: (-counts[letter], letter)))
        self._codes = str.maketrans({letter: _code(number) for number, letter in enumerate(self.letters)})

    def write(self, text: str) -> str:
        return text.translate(self._codes)

    def write_list(self, words: Sequence[str]) -> str:
        """Words that may share their beginnings."""
        parts, before = [], ""
        for word in words:
            shared = 0
            while shared < min(len(word), len(before), len(FRONT) - 1) and word[shared] == before[shared]:
                shared += 1
            parts.append(FRONT[shared] + self.write(word[shared:]))
            before = word
        return "".join(parts)


def _code(number: int) -> str:
    if number < len(_FIRST):
        return chr(_FIRST[number])
    code = 0xA1 + number - len(_FIRST)
    return chr(code if code < 0xD800 else code + 0x800)


def front_coded(words: Sequence[str]) -> str:
    """Words as they are, one a line, each opened by the number of letters it shares with the one before."""
    lines, before = [], ""
    for word in words:
        shared = 0
        while shared < min(len(word), len(before), 60) and word[shared] == before[shared]:
            shared += 1
        lines.append(chr(0x30 + shared) + word[shared:])
        before = word
    return "\n".join(lines)


def rice(value: int, parameter: int) -> str:
    """The Rice code of a number, as a string of bits."""
    low = f"{value & ((1 << parameter) - 1):0{parameter}b}" if parameter else ""
    return "1" * (value >> parameter) + "0" + low


def packed(bits: str) -> str:
    """A string of bits as base64."""
    padded = bits + "0" * (-len(bits) % 8)
    return base64.b64encode(int("1" + padded, 2).to_bytes(len(padded) // 8 + 1, "big")[1:]).decode()
