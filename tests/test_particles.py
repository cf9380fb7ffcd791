"""Korean particles after inserted words: against readings in Hangul, not against the rules that choose them."""

from __future__ import annotations

import itertools
import random
import unicodedata
from pathlib import Path

import pytest

from portal_builder.catalogue import load_catalogues
from portal_builder.links import with_terms
from portal_builder.particles import fill, particle
from support import REPOSITORY

READINGS = dict(
    line.split() for line in (Path(__file__).parent / "korean_readings.txt").read_text("utf-8").splitlines()[1:]
)
NOTATIONS = {  # after a vowel, after ㄹ, after another consonant
    "을(를)": ("를", "을", "을"), "를(을)": ("를", "을", "을"), "이(가)": ("가", "이", "이"),
    "은(는)": ("는", "은", "은"), "과(와)": ("와", "과", "과"), "(으)로": ("로", "로", "으로"),
    "으로(로)": ("로", "로", "으로"), "(이)라는": ("라는", "이라는", "이라는"), "아(야)": ("야", "아", "아"),
    "(이)나": ("나", "이나", "이나"), "이에요(예요)": ("예요", "이에요", "이에요"),
}  # fmt: skip  # a table
CLOSED = ("{}", "{}", "“{}”", "'{}'", "「{}」", "<b>{}</b>", "`{}`", "{}(참고)", "{} [1.2]", "({})", "**{}**", "{}…")
_UNITS = ("", "만", "억", "조", "경")


def column(reading: str) -> int:
    """By the conjoining letters that Unicode decomposes the last syllable into."""
    letters = unicodedata.normalize("NFD", reading[-1])
    return 0 if len(letters) == 2 else 1 if letters[2] == "\u11af" else 2


def spelled(number: int) -> str:
    """A number as it is said, by groups of four digits."""
    if number == 0:
        return "영"
    groups: list[str] = []
    for unit in _UNITS:
        number, group = divmod(number, 10_000)
        said = ""
        for power, name in ((1000, "천"), (100, "백"), (10, "십"), (1, "")):
            digit = group // power % 10
            said += ("일이삼사오육칠팔구"[digit - 1] + name) if digit else ""
        groups.append(said + unit if said else "")
    return "".join(reversed(groups))


def words() -> list[tuple[str, str]]:
    """10,000 words with their readings: Hangul, Latin letters, numbers and units, closed or not."""
    chance = random.Random(7)  # noqa: S311 -- words of a test
    text = " ".join(file.read_text("utf-8") for file in sorted((REPOSITORY / "content").rglob("*.ko.md")))
    hangul = sorted({word for word in text.split() if all("가" <= letter <= "힣" for letter in word)})
    syllables = [chr(code) for code in range(0xAC00, 0xD7A4, 3)]
    numbers = [chance.randrange(10 ** chance.randrange(1, 17)) for _ in range(1500)]
    numbers += [digit * 10**zeros for digit in range(1, 10) for zeros in range(20 - 4)]
    listed: list[tuple[str, str]] = [(word, word) for word in (*hangul, *syllables)]
    listed += [(f"{number:,}", spelled(number)) for number in numbers]
    listed += [(str(number), spelled(number)) for number in numbers[:800]]
    listed += [(f"Galaxy S{number}", spelled(number)) for number in range(1, 30) if number % 10]
    units = {
        "%": "퍼센트",
        "kg": "킬로그램",
        "cm": "센티미터",
        "MB": "메가바이트",
        "GB": "기가바이트",
        "g": "그램",
        "L": "리터",
    }
    listed += [(f"{number}{unit}", said) for number in range(1, 40) for unit, said in units.items()]
    listed += [(f"1.{digit}", "영일이삼사오육칠팔구"[digit]) for digit in range(10)]
    listed += [(word.join(("새 ", "")), reading) for word, reading in READINGS.items()]
    listed += [*READINGS.items()] * 4
    return [(CLOSED[at % len(CLOSED)].format(word), reading) for at, (word, reading) in enumerate(listed)]


def test_ten_thousand_inserted_words() -> None:
    """Every one is right, with every way to write a particle."""
    listed = words()
    assert len(listed) >= 10_000
    wrong: list[str] = []
    for (word, reading), (notation, forms) in zip(listed, itertools.cycle(NOTATIONS.items()), strict=False):
        said = fill(f"{{word}}{notation} 끝", {"word": word})
        if said != f"{word}{forms[column(reading)]} 끝":
            wrong.append(f"{said} ({reading})")
    assert wrong == [], (len(wrong), wrong[:40])


@pytest.mark.parametrize("word", READINGS)
def test_latin_words_by_their_reading(word: str) -> None:
    """Each word of the list, with each notation."""
    for notation, forms in NOTATIONS.items():
        assert fill(f"“{{word}}”{notation}", {"word": word}) == f"“{word}”{forms[column(READINGS[word])]}"


@pytest.mark.parametrize("word", ["🙂", "配送", "Привет", "", "…", "”"])
def test_what_has_no_known_reading_keeps_the_notation(word: str) -> None:
    """Both forms in the open are better than the wrong one."""
    assert fill("{word}을(를)", {"word": word}) == f"{word}을(를)"


def test_only_what_follows_a_placeholder_is_touched() -> None:
    """Neither what a customer wrote nor brackets with another meaning."""
    assert fill("{query} 은(는) 환불(를)", {"query": "사과을(를)"}) == "사과을(를) 은(는) 환불(를)"
    assert particle("사과", "과(와)") == "와"


def test_the_brands_terms_in_an_article() -> None:
    """Marks of Markdown and quotes may close in between; what is no particle, and terms nobody knows, stay."""
    terms = {"name": "다온", "app": "Lumi Go", "points": "온포인트"}
    text = "**{{ brand.name }}**은(는) {{brand.app}}(으)로, ‘{{ brand.points }}’을(를) {{ brand.app }}에서"
    said = with_terms(f"{text} {{{{ brand.x }}}}이(가)", terms.get)
    assert said == "**다온**은 Lumi Go로, ‘온포인트’를 Lumi Go에서 {{ brand.x }}이(가)"


def test_the_products_own_sentences() -> None:
    """Words of the catalogue and of the commands are filled in by the same rules."""
    words_ko = load_catalogues(Path("nowhere")).catalogues["ko"]
    assert words_ko.say("article.fallback", language="영어").endswith("영어로 보여 드려요.")
    assert words_ko.say("mail.alarm.dead", receipt="1", sink="smtp", error="").startswith("1: smtp로 보내기를")
