"""Owns the client that a portal's readers load: search.js, and in it only what the portal's language needs. Refuses to
know the portal's words.

What a language adds stands in search.js as a comment in its place, so that the file itself is the client of Korean,
Japanese and English portals, and theirs does not grow with other languages.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from rjsmin import jsmin

from portal_builder.search.words import Rules

_FILE = Path(__file__).with_name("search.js")
_STEMS = re.compile(r"/\* English \*/.*?/\* end \*/", re.DOTALL)
_STEM = """
const RULES = %s.map(([find, to]) => [new RegExp(find, "g"), to]);
export const stem = (word) => RULES.reduce((form, [find, to]) => form.replace(find, to), word);
"""
_LETTERS = {
    "/* letter pairs */": "others: new Map(head.letterPairs.match(/../gu)?.map((pair) => [...pair])),",
    "/* other letters */": ".replace(/./gu, (letter) => index.others.get(letter) || letter)",
}
"""Traditional letters for simplified ones and the other way round, as the head has them (letters.py)."""
_NOT_KOREAN = {"/* korean */": "false &&"}
"""A word of nothing but letters of the left hand is no row of initial consonants."""


def client(language: str, rules: Rules) -> str:
    """The client for portals of a language, whose words become stems by these rules, without comments and indents."""
    text = _FILE.read_text("utf-8")
    added = {**(_LETTERS if language == "zh" else {}), **(_NOT_KOREAN if language != "ko" else {})}
    for place, code in added.items():
        text = _in_place(text, place, code)
    if rules:
        text = _STEMS.sub(lambda _: _STEM % json.dumps(rules, ensure_ascii=False), text)
    return str(jsmin(text))


def _in_place(text: str, place: str, code: str) -> str:
    before, found, after = text.partition(place)
    if not found:
        raise ValueError(place)  # search.js has lost the place
    return before + code + after
