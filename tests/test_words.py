"""The product's words: every language complete, every word used, every word that is used there."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
import yaml

from portal_builder.catalogue import REFERENCE, Catalogue, load_catalogues, load_tool_words, placeholders
from portal_builder.localised import babel_locale, is_known, plural_categories
from support import REPOSITORY

CATALOGUES = load_catalogues(Path("nowhere")).catalogues
OURS = ("portal_builder", "bridge", "themes/_base")
COMPUTED = re.compile(  # keys that code puts together: f"kind.{folder}" and the like, one area a line
    r"""^(
    ask | audit | block | bridge | calendar | channel | check | doctor | fold | form\.error | help | i18n
    | import\.from | kind
    | list\.severity | mail\.address | mail\.alarm | message | next | platform | publish\.column | serve\. | status
    | take | theme | value
    )\b""",
    re.VERBOSE,
)


def sources() -> str:
    files = [
        file for folder in OURS for file in (REPOSITORY / folder).rglob("*") if file.suffix in {".py", ".html", ".js"}
    ]
    return "\n".join(file.read_text("utf-8") for file in files)


@pytest.mark.parametrize("language", sorted(CATALOGUES))
def test_every_language_says_the_same_things(language: str) -> None:
    """The same keys and the same placeholders as the reference language."""
    reference, catalogue = CATALOGUES[REFERENCE].words, CATALOGUES[language]
    assert catalogue.words.keys() == reference.keys()
    for key, text in catalogue.words.items():
        assert text.strip(), key
        assert placeholders(text) == placeholders(reference[key]), key
    for key, forms in catalogue.plurals.items():
        assert all(placeholders(text) == placeholders(reference[key]) for text in forms.values()), key


SHIPPED = {"ko", "en", "ja", "zh-CN", "zh-TW", "es", "vi", "id", "th", "de", "fr"}


def test_the_product_speaks_these_languages() -> None:
    """All of them are languages that Babel knows, by the same tag."""
    assert CATALOGUES.keys() == SHIPPED
    assert all(is_known(language) and str(babel_locale(language)).startswith(language[:2]) for language in SHIPPED)


@pytest.mark.parametrize("language", sorted(CATALOGUES))
def test_counts_have_every_form_that_the_language_needs(language: str) -> None:
    """By CLDR's rules as Babel has them; a language with one form only has no forms at all."""
    needed, known = plural_categories(language)
    for key, forms in CATALOGUES[language].plurals.items():
        assert needed <= forms.keys() <= known, key
    assert bool(CATALOGUES[language].plurals) == (len(needed) > 1)


def test_one_and_many_are_said_as_people_say_them() -> None:
    """A count chooses the form, and is written in the language's digits."""
    said = {code: [CATALOGUES[code].say("home.articles", count=count) for count in (1, 2, 12345)] for code in SHIPPED}
    assert said["en"] == ["1 article", "2 articles", "12,345 articles"]
    assert said["es"] == ["1 artículo", "2 artículos", "12.345 artículos"]
    assert said["fr"][:2] == ["1 article", "2 articles"]
    assert CATALOGUES["fr"].say("home.articles", count=0) == "0 article"
    assert said["ko"] == ["글 1개", "글 2개", "글 12,345개"]


SCRIPTS = {  # what may stand in a language's own words besides Latin, which names and units are written in
    "ko": "HANGUL",
    "ja": "HIRAGANA KATAKANA KATAKANA-HIRAGANA CJK",
    "zh-CN": "CJK",
    "zh-TW": "CJK",
    "th": "THAI",
}
NAMES = re.compile("via|iPhone|iPad|Android|Windows|Mac")
"""Nobody translates these."""
SIMPLIFIED_ONLY, TRADITIONAL_ONLY = "们这时为发邮选检请页问题谢", "們這時為發郵選檢請頁問題謝"


@pytest.mark.parametrize("language", sorted(CATALOGUES))
def test_no_word_is_left_in_another_language_s_letters(language: str) -> None:
    """Every letter is of the language's own script; and some letter is, in every text that is not a pattern."""
    own = SCRIPTS.get(language, "").split()
    for key, text in CATALOGUES[language].words.items():
        bare = re.sub(r"\{\w+\}", "", text)
        scripts = {unicodedata.name(letter).split()[0] for letter in bare if letter.isalpha()}
        assert scripts <= {"LATIN", "FEMININE", "MASCULINE", *own}, key
        if own and re.search(r"[a-z]{3}", NAMES.sub("", bare)) and "haedap" not in bare:
            assert scripts & set(own), key
    everything = "".join(CATALOGUES[language].words.values())
    if language in {"zh-CN", "zh-TW"}:
        assert not set(everything) & set(SIMPLIFIED_ONLY if language == "zh-TW" else TRADITIONAL_ONLY)
    if language == "vi":
        assert sum(letter in "ăâđêôơư" or ord(letter) > 0x1E9F for letter in everything.lower()) > 1000


@pytest.mark.parametrize("language", sorted(SHIPPED - {"ko", "en"}))
def test_no_sentence_is_left_in_english_or_korean(language: str) -> None:
    """Only names and single words that both languages share may be the same."""
    for key, text in CATALOGUES[language].words.items():
        same = text in {CATALOGUES["en"].words[key], CATALOGUES["ko"].words[key]}
        assert not same or key == "mail.from" or len(re.sub(r"\{\w+\}", "", text).split()) < 2, key


def test_a_language_that_the_product_does_not_know_is_one_new_file(tmp_path: Path) -> None:
    """Mongolian, with the forms its plural rules ask for; what is wrong in it is named."""
    words = {key: f"Үг {text}" for key, text in CATALOGUES["ko"].words.items()}
    forms = {"one": "Нийтлэл {count}", "other": "Нийтлэлүүд {count}"}
    (tmp_path / "i18n").mkdir()
    file = tmp_path / "i18n" / "mn.yml"
    file.write_text(yaml.safe_dump(words | {"home.articles": forms}, allow_unicode=True), "utf-8")
    shelf = load_catalogues(tmp_path)
    assert shelf.problems == ()
    assert shelf.catalogues["mn"].say("home.articles", count=1) == "Нийтлэл 1"
    assert shelf.catalogues["mn"].say("home.articles", count=5) == "Нийтлэлүүд 5"
    few = {"one": "{count}", "few": "{count}", "other": "{count}"}
    wrong = {"home.articles": few, "form.send": {"one": "a", "other": "b"}}
    file.write_text(yaml.safe_dump(words | wrong | {"form.retry": {"other": ["a"]}}, allow_unicode=True), "utf-8")
    found = {(problem.key, dict(problem.values)["key"]) for problem in load_catalogues(tmp_path).problems}
    faults = {("words.forms", "home.articles"), ("words.no_count", "form.send"), ("words.not_text", "form.retry")}
    assert found >= faults


def test_the_shipped_catalogues_have_no_fault() -> None:
    """No key twice, nothing that is not text."""
    assert load_catalogues(REPOSITORY).problems == ()


def test_the_commands_say_the_same_in_korean_and_english() -> None:
    """Messages for writers and operators exist in both, with the same placeholders."""
    korean, english = load_tool_words("ko").words, load_tool_words("en").words
    assert korean.keys() == english.keys()
    for key in korean:
        assert placeholders(korean[key]) == placeholders(english[key]), key


@pytest.mark.parametrize("catalogue", [CATALOGUES[REFERENCE], load_tool_words("en")], ids=["product", "tool"])
def test_every_word_is_said_somewhere(catalogue: Catalogue) -> None:
    """A word that no template and no module names is dead."""
    text = sources()
    for key in catalogue.words:
        assert key in text or COMPUTED.match(key), key


def test_every_word_that_templates_say_exists() -> None:
    """A key misspelt in a template would print nothing."""
    for key in set(re.findall(r"\bt\[['\"]([a-z_.]+)['\"]\]", sources())):
        assert key in CATALOGUES[REFERENCE].words, key


def test_every_word_that_modules_say_exists() -> None:
    """A key misspelt in a module would be a KeyError in front of a customer."""
    known = CATALOGUES[REFERENCE].words.keys() | load_tool_words("en").words.keys()
    for key in set(re.findall(r"(?:\.say|\.at|problem)\(\s*(?:[^()\"]*?,\s*)?\"([a-z]+\.[a-z_.]+)\"", sources())):
        assert key in known, key
