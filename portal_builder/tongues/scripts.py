"""Owns which script a language is written in, and which a text is. Refuses to tell languages of one script apart."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache, lru_cache

from babel.core import get_global

UNKNOWN = "und"
"""The tag of a language that nobody knows (BCP 47)."""
LATIN = "LATIN"
_WEIGHT = {"HANGUL": 2.5, "CJK": 4.0, "HIRAGANA": 2.0, "KATAKANA": 1.5, "THAI": 1.0}
"""How many Latin letters say as much as one letter of a script."""
SCRIPTS = {
    "Kore": ("HANGUL",), "Hang": ("HANGUL",), "Jpan": ("HIRAGANA", "KATAKANA"), "Hans": ("CJK",), "Hant": ("CJK",),
    "Thai": ("THAI",), "Latn": (LATIN,), "Cyrl": ("CYRILLIC",), "Arab": ("ARABIC",), "Hebr": ("HEBREW",),
    "Grek": ("GREEK",), "Deva": ("DEVANAGARI",), "Beng": ("BENGALI",), "Taml": ("TAMIL",), "Telu": ("TELUGU",),
    "Khmr": ("KHMER",), "Laoo": ("LAO",), "Mymr": ("MYANMAR",), "Geor": ("GEORGIAN",), "Armn": ("ARMENIAN",),
    "Ethi": ("ETHIOPIC",), "Sinh": ("SINHALA",), "Gujr": ("GUJARATI",), "Guru": ("GURMUKHI",), "Mlym": ("MALAYALAM",),
    "Knda": ("KANNADA",), "Orya": ("ORIYA",), "Mong": ("MONGOLIAN",), "Tibt": ("TIBETAN",),
}  # fmt: skip  # a table
"""The letters that a script's tag (ISO 15924) stands for, as Unicode names them."""
_LATIN_OR_NONE = re.compile("[\x00-\u036f]+")
_OFTEN = {
    "HANGUL": re.compile("[가-힣]+"),
    "CJK": re.compile("[一-龥]+"),
    "HIRAGANA": re.compile("[ぁ-ゖ]+"),
    "KATAKANA": re.compile("[ァ-ヺ]+"),
}
"""Letters that are counted at once instead of one by one."""
ONLY_ONE = {"HANGUL": "ko", "THAI": "th", "HIRAGANA": "ja", "KATAKANA": "ja", "CJK": "zh"}
"""Scripts that one language of ours is written in."""


_SYLLABLES, _LATIN = bytes(range(0xAC, 0xD7)), bytes(range(3))
"""What stands above the last eight bits of Korean syllables (but for their very last), and of Latin letters."""


@lru_cache(maxsize=65_536)
def _script_of(letter: str) -> str:
    return unicodedata.name(letter, "NONE").partition(" ")[0].partition("-")[0]


@cache
def script_tag(language: str) -> str:
    """The script of a language tag, by its own subtag or by CLDR's likely one.

    >>> script_tag("ko"), script_tag("zh-TW"), script_tag("mn"), script_tag("sr-Latn")
    ('Kore', 'Hant', 'Cyrl', 'Latn')
    """
    parts = language.split("-")
    own = next((part for part in parts[1:] if len(part) == 4), None)
    likely = get_global("likely_subtags")
    full: str = likely.get("_".join(parts)) or likely.get(parts[0]) or ""
    return own or next((part for part in full.split("_") if len(part) == 4), "")


def script_weights(text: str) -> dict[str, float]:
    """How much of a text each script says, in Latin letters; Latin counts only the words of `latin_words`."""
    counts: Counter[str] = Counter()
    rest = _LATIN_OR_NONE.sub("", text)
    for name, letters in _OFTEN.items():
        counts[name] = len(rest) - len(rest := letters.sub("", rest))
    for letter, count in Counter(rest).items():
        if letter > "\u036f" and (letter.isalpha() or "\u0e00" <= letter < "\u0e80"):  # Thai vowels are marks
            counts[_script_of(letter)] += count
    for name in ("NONE", LATIN, "MODIFIER", "FULLWIDTH", "IDEOGRAPHIC"):
        counts.pop(name, None)
    return {name: count * _WEIGHT.get(name, 1.0) for name, count in counts.items() if count}


def is_plainly_korean(text: str) -> bool:
    """Whether a text has so many Korean letters that nothing else in it can say more, however it is weighed.

    >>> is_plainly_korean("앱을 열고 Settings를 누르세요."), is_plainly_korean("앱 Settings を開く")
    (True, False)
    """
    blocks = text.encode("utf-16-be", "surrogatepass")[::2]
    others = blocks.translate(None, _SYLLABLES)
    korean = _WEIGHT["HANGUL"] * (len(blocks) - len(others))
    foreign = max(_WEIGHT.values()) * len(others.translate(None, _LATIN))
    return korean >= 4 and foreign <= korean and len(others) <= 4 * korean


@cache
def _han_of_one_kind() -> tuple[frozenset[str], frozenset[str]]:
    """Characters that only simplified, and that only traditional Chinese has: by the character sets of mainland China
    (GB 2312) and of Taiwan (Big5)."""
    every = [chr(code) for code in range(0x4E00, 0xA000)]
    mainland = {char for char in every if _is_in(char, "gb2312")}
    taiwan = {char for char in every if _is_in(char, "big5")}
    return frozenset(mainland - taiwan), frozenset(taiwan - mainland)


def _is_in(char: str, charset: str) -> bool:
    try:
        char.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def chinese_counts(text: str) -> tuple[int, int]:
    """How many characters only simplified, and how many only traditional Chinese has.

    >>> chinese_counts("请问"), chinese_counts("請問")
    ((2, 0), (0, 2))
    """
    simplified, traditional = _han_of_one_kind()
    return sum(char in simplified for char in text), sum(char in traditional for char in text)
