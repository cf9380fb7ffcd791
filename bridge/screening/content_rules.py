"""Owns what the text of an inquiry itself gives away: links, sold words, scripts nobody here reads. Refuses to judge.

Pure. Rules are few and each can be explained to the customer whose inquiry was held: what a shop's customers write
about (money, medicine, games, refunds) must not be among them by itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Literal

from portal_builder.brand import Spam

ContentReason = Literal["links", "words", "script"]

_LINK = re.compile(r"(?:https?://|www\.)\S+|\[url\b|<a\s+href", re.IGNORECASE)
_CONTACT = re.compile(
    r"\[url|\bt\.me/|\bbit\.ly/|\b[\w-]+\.(?:ru|top|xyz|site|click|vip|pro|bet|win|cc)\b"
    r"|텔레그램|카톡\s*(?:아이디|id)|라인\s*(?:아이디|id)|whats\s?app|telegram|skype",
    re.IGNORECASE,
)
"""Where customers are led away to; an ordinary web address is not such a place."""
_SOLD = (
    "바카라", "카지노", "토토사이트", "사설토토", "먹튀", "꽁머니", "홀덤", "슬롯사이트", "파워볼", "릴게임",
    "성인약국", "비아그라", "시알리스", "조건만남", "출장마사지", "출장안마", "작업대출", "내구제",
    "백링크", "상위노출", "구글찌라시", "계정판매", "아이디판매", "통장매입", "casino", "viagra", "cialis", "betting",
    "porn", "escort", "backlink", "guest post", "link building", "seo service", "seo agency", "domain authority",
    "first page of google", "rank your website", "crypto invest", "forex", "binary option", "payday loan",
    "bitcoin profit", "passive income", "web traffic", "website traffic", "cheap followers", "buy followers",
    "オンラインカジノ", "出会い系", "казино", "ставки", "кредит", "заработок",
)  # fmt: skip  # a list of words
_FOREIGN_SHARE = 0.3
_FEW_LETTERS = 15
_SCRIPTS = {
    "ko": ("HANGUL", "CJK"), "ja": ("HIRAGANA", "KATAKANA", "CJK"), "zh": ("CJK", "BOPOMOFO"), "ru": ("CYRILLIC",),
    "uk": ("CYRILLIC",), "bg": ("CYRILLIC",), "el": ("GREEK",), "th": ("THAI",), "ar": ("ARABIC",), "fa": ("ARABIC",),
    "he": ("HEBREW",), "hi": ("DEVANAGARI",), "ka": ("GEORGIAN",), "hy": ("ARMENIAN",),
}  # fmt: skip  # a table of languages and their letters
_READ_EVERYWHERE = ("LATIN", "HANGUL", "CJK", "HIRAGANA", "KATAKANA", "FULLWIDTH", "HALFWIDTH", "MODIFIER")
"""In East Asia a letter of a neighbour's script is a customer, not spam."""


def content_reasons(texts: Sequence[str], languages: Iterable[str], spam: Spam) -> tuple[ContentReason, ...]:
    """Why a person should look at this before it goes to the team; none for almost everything customers write."""
    text = unicodedata.normalize("NFKC", "\n".join(texts))
    found: list[ContentReason] = []
    if len(_LINK.findall(text)) > spam.links:
        found.append("links")
    if _has_sold_words(text, spam):
        found.append("words")
    if _is_foreign(text, languages):
        found.append("script")
    return tuple(found)


def _has_sold_words(text: str, spam: Spam) -> bool:
    """The brand's own words hold alone; ours are also said by customers, so they need two, or one and a way to buy."""
    plain = " ".join(text.casefold().split())
    joined = plain.replace(" ", "")
    if any(word.casefold() in plain for word in spam.words):
        return True
    known = {word for word in _SOLD if word in plain or (not word.isascii() and word in joined)}
    return len(known) >= 2 or (bool(known) and bool(_CONTACT.search(text)))


def _is_foreign(text: str, languages: Iterable[str]) -> bool:
    """A good part of the letters are of a script that neither the brand's languages nor its neighbours use."""
    known = set(_READ_EVERYWHERE).union(*(_SCRIPTS.get(language.split("-")[0], ()) for language in languages))
    letters = [unicodedata.name(char, "?").split(" ")[0].split("-")[0] for char in text if char.isalpha()]
    foreign = sum(script not in known for script in letters)
    return len(letters) >= _FEW_LETTERS and foreign / len(letters) > _FOREIGN_SHARE
