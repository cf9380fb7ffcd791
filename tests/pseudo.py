"""Two languages that nobody speaks, made from English: accented, 40 % longer, in brackets; and one right to left.

Whoever reads a page in one of them sees which words are the product's own, and whether longer ones have room.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import yaml

from portal_builder.catalogue import Catalogue

LONG, RIGHT_TO_LEFT = "en-XA", "ar-XB"
"""As CLDR calls its own."""
OPEN, CLOSE = "⟦", "⟧"
_ACCENTED = str.maketrans("AaCcEeIiNnOoSsUuYyZz", "ÅåÇçÉéÎîÑñÖöŠšÛûÝýŽž")
_LETTERS = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ابتثجحخدذرزسشصضطظعغفقكلمنه")
_PARTS = re.compile(r"(\{\w+\})")


def pseudo(text: str, language: str) -> str:
    """A word in a pseudo-language: placeholders stay, words of two thirds of its length follow."""
    table = _ACCENTED if language == LONG else _LETTERS
    parts = [part if part.startswith("{") else _spoken(part, table) for part in _PARTS.split(text)]
    more = ("one two three four five six seven eight " * 20)[: max(2, round(len(text) * 0.4))].strip()
    return f"{OPEN}{''.join(parts)} {_spoken(more, table)}{CLOSE}"


def _spoken(text: str, table: Mapping[int, int]) -> str:
    return (text.lower() if table is _LETTERS else text).translate(dict(table))


def write_pseudo(english: Catalogue, folder: Path) -> None:
    """`i18n/en-XA.yml` and `i18n/ar-XB.yml` of a help centre."""
    (folder / "i18n").mkdir(exist_ok=True)
    for language in (LONG, RIGHT_TO_LEFT):
        words = {key: pseudo(text, language) for key, text in english.words.items()}
        (folder / "i18n" / f"{language}.yml").write_text(yaml.safe_dump(words, allow_unicode=True), "utf-8")
