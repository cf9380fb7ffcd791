"""The product's words: every language complete, every word used, every word that is used there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from portal_builder.catalogue import REFERENCE, Catalogue, load_catalogues, load_tool_words, placeholders
from support import REPOSITORY

CATALOGUES = load_catalogues(Path("nowhere")).catalogues
OURS = ("portal_builder", "bridge", "themes/_base")
COMPUTED = re.compile(  # keys that code puts together: f"kind.{folder}" and the like
    r"^(kind|audit|calendar|channel|message|ask|mail\.address|mail\.alarm|bridge|doctor|fold|help|i18n|list\.severity|form\.error|check|next|publish\.column|status|value|serve\.|theme)\b"
)


def sources() -> str:
    files = [
        file for folder in OURS for file in (REPOSITORY / folder).rglob("*") if file.suffix in {".py", ".html", ".js"}
    ]
    return "\n".join(file.read_text("utf-8") for file in files)


@pytest.mark.parametrize("language", sorted(CATALOGUES))
def test_every_language_says_the_same_things(language: str) -> None:
    """The same keys and the same placeholders as the reference language."""
    reference, words = CATALOGUES[REFERENCE].words, CATALOGUES[language].words
    assert words.keys() == reference.keys()
    for key, text in words.items():
        assert text.strip(), key
        assert placeholders(text) == placeholders(reference[key]), key


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
