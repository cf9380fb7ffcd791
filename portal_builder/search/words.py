"""Owns how text becomes words: one form for every way to write a character, runs of one script. Refuses to know stems.

`js/letters.js` does the same to what customers type (`normal`, `runs`): change both or neither.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache

LONGEST = 40
"""Characters of a run that count; what is longer is no word."""
_JAMO = "\u3131-\u318e"
_NOT_JAMO = re.compile(f"[^{_JAMO}]+")
_MARKS = re.compile("[\u0300-\u036f]")
_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_CONJOINING = {0x1100 + number: jamo for number, jamo in enumerate(_INITIALS)}
_INITIAL = re.compile("[\u1100-\u1112]")
_THAI = "\u0e01-\u0e4e"
_DENSE = f"{_THAI}가-힣\u3131-\u318e\u3040-\u3096\u30a1-\u30fa\u30fc\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUN = re.compile(f"[{_THAI}]{{1,{LONGEST}}}|[{_DENSE}]+|[^\\W_{_DENSE}]+(?:[-.+#/'’][^\\W_{_DENSE}]+)*")
_DENSE_START = re.compile(f"[{_DENSE}]")
_PARTS = re.compile(r"[^\W_]+")

Rules = tuple[tuple[str, str], ...]
"""How a language's words become stems (stems.txt): patterns and what stands in their place."""


def normal(text: str) -> str:
    """One form: composed Hangul, narrow Latin, lower case; jamo that stand alone stay as they are.

    >>> normal("ＷｉＦｉ 연결"), normal("환ㅂ")
    ('wifi 연결', '환ㅂ')
    """
    if text.isascii():
        return text.lower()
    if not unicodedata.is_normalized("NFKC", text):  # what is has no jamo that it would change
        text = _NOT_JAMO.sub(lambda part: unicodedata.normalize("NFKC", part[0]), unicodedata.normalize("NFC", text))
    return (text.translate(_CONJOINING) if _INITIAL.search(text) else text).lower()


def runs(text: str) -> list[str]:
    """The runs of a normal text: Hangul, Han and kana without a break, or words of other scripts.

    >>> runs("wi-fi 연결은 e-1023?")
    ['wi-fi', '연결은', 'e-1023']
    """
    found: list[str] = _RUN.findall(text)
    return [run[:LONGEST] for run in found] if max(map(len, found), default=0) > LONGEST else found


def is_dense(run: str) -> bool:
    """Whether a run is of a script that writes words without spaces, or with endings attached."""
    return bool(_DENSE_START.match(run))


@lru_cache(maxsize=100_000)
def spaced_terms(run: str, rules: Rules = ()) -> tuple[str, ...]:
    """The terms of a run that is not dense: the stem of each part, and the parts as one word.

    >>> spaced_terms("wi-fi"), spaced_terms("connections")
    (('wi', 'fi', 'wifi'), ('connect',))
    """
    plain = run if run.isascii() else unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFD", run)))
    parts: list[str] = _PARTS.findall(plain)
    if len(parts) == 2 and "'" in plain.replace("’", "'"):
        parts = parts[:1] if len(parts[1]) <= 2 else parts
    terms = [stem(part, rules) for part in parts]
    return (*terms, "".join(parts)[:LONGEST]) if len(parts) > 1 else tuple(terms)


def stem(word: str, rules: Rules = ()) -> str:
    """The stem by the rules of the portal's language; without any, lunr's of an English word. Other words stay."""
    for pattern, to in rules:
        word = re.sub(pattern, to.replace("$1", r"\1"), word)
    if rules:
        return word
    if len(word) < 3 or not (word.isascii() and word.isalpha()):
        return word
    return _stemmer()(word)


@cache
def _stemmer() -> Callable[[str], str]:
    from lunr.stemmer import PorterStemmer  # noqa: PLC0415 -- takes longer to load than a portal without Latin words

    stemmed: Callable[[str], str] = PorterStemmer().stem
    return stemmed
