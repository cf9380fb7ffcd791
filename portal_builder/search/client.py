"""Owns the client that a portal's readers load: search.js, one module made of the files in js/, and in it only what the
portal's language needs. Refuses to know the portal's words.

What a language adds stands there as a comment in its place, so that js/ itself is the client of Korean, Japanese and
English portals, and theirs does not grow with other languages.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from rjsmin import jsmin

from portal_builder.search.words import Rules

_FOLDER = Path(__file__).with_name("js")
_FILES = (
    "letters", "stems", "inflected", "bits", "lexicon", "titles", "query", "head", "scores", "excerpts", "search",
)  # fmt: skip  # a ladder: each stands on those before it
_OFFERED = {"openSearch", "normal", "runs", "spacedTerms", "stem", "uninflected"}
"""What the one module exports: what readers need, and what is compared with the builder's own."""
_IMPORT = re.compile(r"^import \{[^}]*\} from \"\./\w+\.js\";\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:function|class|const) (\w+))", re.MULTILINE)
_STEMS = """
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
    files = {name: (_FOLDER / f"{name}.js").read_text("utf-8") for name in _FILES}
    if rules:
        files["stems"] = _STEMS % json.dumps(rules, ensure_ascii=False)
    text = "".join(_EXPORT.sub(_kept, _IMPORT.sub("", part)) for part in files.values())
    added = {**(_LETTERS if language == "zh" else {}), **(_NOT_KOREAN if language != "ko" else {})}
    for place, code in added.items():
        text = _in_place(text, place, code)
    return str(jsmin(text))


def _kept(export: re.Match[str]) -> str:
    return export[0] if export[1] in _OFFERED else ""


def _in_place(text: str, place: str, code: str) -> str:
    before, found, after = text.partition(place)
    if not found:
        raise ValueError(place)  # js/ has lost the place
    return before + code + after
