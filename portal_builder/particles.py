"""Owns Korean particles after inserted words: `{name}을(를)` becomes 을 or 를 by the word's last sound.

Refuses to guess: after a word that has no known reading the notation stays as it was written. Hangul goes by its
final consonant, numbers as they are read (십, 백, 천, 만, 조), units after them by their names, abbreviations by the
names of their letters, Latin words by how their ending is transcribed (외래어 표기법) or by what usage has made of
it, kana by its vowel. What stands in brackets behind a word does not count; quotes are looked through.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from enum import Enum


class Final(Enum):
    """How a word ends in speech."""

    NONE = "a vowel"
    RIEUL = "ㄹ"
    OTHER = "another consonant"


_PAIRS = (("을", "를"), ("이", "가"), ("은", "는"), ("과", "와"), ("아", "야"), ("으로", "로"), ("이에요", "예요"))
"""After a consonant, after a vowel."""
_WRITTEN = {f"{one}({other})": pair for pair in _PAIRS for one, other in (pair, pair[::-1])} | {"(이)가": _PAIRS[1]}
_OPTIONAL = {"(으)": "으", "(이)": "이"}
"""`(으)로`, `(이)라고`, `(이)나`: a syllable that stands after a consonant only."""
NOTATION = "|".join(re.escape(text) for text in (*sorted(_WRITTEN, key=len, reverse=True), *_OPTIONAL))
_CLOSERS = "\"'”’»›」』》〉】〕)\\]}`*_"
BEHIND = rf"(?P<closers>(?:[{_CLOSERS}]|</\w+>)*)(?P<particle>{NOTATION})"
"""A particle behind something inserted, for a regular expression; quotes and marks may close in between."""
_AFTER_PLACEHOLDER = re.compile(rf"\{{(?P<name>\w+)\}}{BEHIND}")


def fill(template: str, values: Mapping[str, str]) -> str:
    """A text with its placeholders filled in, each particle behind one as its word asks for.

    >>> fill("“{name}”을(를) {to}(으)로 보내요", {"name": "사과", "to": "서울"})
    '“사과”를 서울로 보내요'
    """
    if "(" in template:
        template = _AFTER_PLACEHOLDER.sub(lambda found: _chosen(found, values), template)
    return template.format_map(values)


def _chosen(found: re.Match[str], values: Mapping[str, str]) -> str:
    name = found["name"]
    return f"{{{name}}}{found['closers']}{particle(values.get(name, ''), found['particle'])}"


def particle(word: str, notation: str) -> str:
    """The form of a particle (`은(는)`, `(으)` and the like) behind a word.

    >>> particle("서울", "(으)"), particle("부산", "(으)"), particle("MP3", "은(는)"), particle("🙂", "을(를)")
    ('', '으', '은', '을(를)')
    """
    final = last_sound(word)
    if final is None:
        return notation
    is_ro = notation == "(으)" or "으로" in notation
    is_open = final is Final.NONE or (is_ro and final is Final.RIEUL)
    if notation in _OPTIONAL:
        return "" if is_open else _OPTIONAL[notation]
    return _WRITTEN[notation][is_open]


# ---- How a word ends -----------------------------------------------------------------------------------------------

_TAGS = re.compile(r"</?\w+>")
_BRACKETED = re.compile(r"(?<=[^\s(\[])\s*(?:\([^()]*\)|\[[^\[\]]*\])$")
_SEEN_THROUGH = re.compile(r"[\s\"'“”‘’«»‹›「」『』《》〈〉【】〔〕()\[\]{}`*_.,;:!?~…·-]+$")
_NUMBER = re.compile(r"(?:^|(?<=[^\d.,]))(\d{1,3}(?:,\d{3})+|\d+)$")
_DECIMAL = re.compile(r"\d[.:-]\d+$")
_LATIN_END = re.compile(r"[A-Za-z]+$")
_UNIT_END = re.compile(r"(?<=\d)\s?([mck]?m|[mk]?g|m?[lL]|[kKMGT]B|[kMG]?Hz|k?W|m?Ah|p[xt]|[VApP%℃°]|°C|[MG]bps|fps)$")
_UNITS_WITH_FINAL = {"mg": Final.OTHER, "kg": Final.OTHER, "g": Final.OTHER, "px": Final.RIEUL}
_SYMBOLS = {"%": Final.NONE, "℃": Final.NONE, "°": Final.NONE, "$": Final.NONE, "€": Final.NONE, "&": Final.NONE,
            "+": Final.NONE, "@": Final.NONE, "₩": Final.OTHER, "#": Final.OTHER}  # fmt: skip  # a table
_DIGITS = (Final.OTHER, Final.RIEUL, Final.NONE, Final.OTHER, Final.NONE, Final.NONE, Final.OTHER, Final.RIEUL,
           Final.RIEUL, Final.NONE)  # fmt: skip  # 영 일 이 삼 사 오 육 칠 팔 구
_GREAT = (Final.OTHER, Final.OTHER, Final.OTHER, Final.NONE, Final.OTHER, Final.NONE)
"""십 백 천 end alike; then by four digits: 만 억 조 경 해."""


def last_sound(word: str) -> Final | None:
    """How a word ends; none where that cannot be known.

    >>> last_sound("환불(부분)") is last_sound("환불"), last_sound("100"), last_sound("QR")
    (True, <Final.OTHER: 'another consonant'>, <Final.RIEUL: 'ㄹ'>)
    """
    text = _TAGS.sub("", unicodedata.normalize("NFC", word)).strip()
    bare = _SEEN_THROUGH.sub("", _BRACKETED.sub("", text))
    if not bare:
        return None
    if found := _UNIT_END.search(bare):
        return _UNITS_WITH_FINAL.get(found[1], Final.NONE)
    if bare[-1].isascii() and bare[-1].isdigit():
        return _number(bare)
    plain = _without_accents(bare)
    if found := _LATIN_END.search(plain):
        return Final.NONE if bare[-1] in "éèêáàíóúāīūēō" else _latin(found[0])
    return _letter(bare[-1])


def _letter(letter: str) -> Final | None:
    if "가" <= letter <= "힣":
        final = (ord(letter) - ord("가")) % 28
        return Final.NONE if not final else Final.RIEUL if final == 8 else Final.OTHER
    if "ㄱ" <= letter <= "ㅎ":  # 기역, 니은, ... each name ends in its own letter
        return Final.RIEUL if letter == "ㄹ" else Final.OTHER
    if "ㅏ" <= letter <= "ㅣ":
        return Final.NONE
    if "ぁ" <= letter <= "ヺ":
        return Final.OTHER if letter in "んンっッ" else Final.NONE
    return Final.NONE if letter == "ー" else _SYMBOLS.get(letter)


def _number(text: str) -> Final:
    """As it is read: after a point, with a zero in front and in codes digit by digit."""
    found = _NUMBER.search(text)
    digits = found[1].replace(",", "") if found and not _DECIMAL.search(text) else ""
    if not digits or digits[0] == "0" or digits[-1] != "0" or len(digits) > 24:
        return _DIGITS[int(text[-1])]
    zeros = len(digits) - len(digits.rstrip("0"))
    return _GREAT[zeros // 4] if zeros >= 4 else Final.OTHER


def _without_accents(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", text) if not "\u0300" <= char <= "\u036f")


# ---- Latin letters -------------------------------------------------------------------------------------------------

_NAMES = {"L": Final.RIEUL, "R": Final.RIEUL, "M": Final.OTHER, "N": Final.OTHER}
"""엘, 알, 엠, 엔; the names of all other letters end in a vowel."""
_LONGEST_ABBREVIATION = 4
_CAPITALS_LAST = re.compile(r"[A-Z]+$")
_PART_LAST = re.compile(r"[A-Z]?[a-z]+$")
_USAGE = {
    Final.OTHER: "web job club lab pub line jpeg zip talk book look hook cook drop skip",
    Final.NONE: "set hit bit kit net fit cut nut check tech watch search twitch switch launch touch nike adobe recipe "
    "cafe anime acme karaoke naver visa kakao wifi nasa lego ikea sony asus hulu etsy",
}
"""Words that usage reads otherwise than the rules below."""
_SAID = {word: final for final, words in _USAGE.items() for word in words.split()}


def _latin(run: str) -> Final:
    capitals = _CAPITALS_LAST.search(run)
    if run.lower() in _SAID:
        return _SAID[run.lower()]
    if capitals and (
        len(capitals[0]) < len(run) or len(run) <= _LONGEST_ABBREVIATION or not re.search("[AEIOUY]", run)
    ):
        return _NAMES.get(run[-1], Final.NONE)
    part = _PART_LAST.search(run)
    word = (part[0] if part and not capitals else run).lower()
    return _SAID.get(word) or _read(word)


def _read(word: str) -> Final:
    """By the loanword rules: a nasal and a short vowel's plosive close the syllable, l is ㄹ, others open another."""
    if re.search(r"[^aeiouy]le$|[aeiouy]le$|ll?$", word):
        return Final.RIEUL
    if re.search(r"(?:[aeiouy](?:m|n)e|m|n|ng|gn|mn|mb)$", word):
        return Final.OTHER
    if re.search(r"(?:^|[^aeiou])[aeiouy](?:p|t|k|c|ck|pp|tt)$|(?:book|look)$", word):
        return Final.OTHER
    return Final.NONE
