"""Owns the product's own words: one catalogue a language. Refuses to fall back silently on another language."""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from portal_builder.localised import OTHER, number, plural_categories, plural_category
from portal_builder.particles import fill
from portal_builder.problem import Problem
from portal_builder.shipped import shipped
from portal_builder.yamlfile import read_text, read_yaml

REFERENCE = "ko"
"""The language whose keys and placeholders every other language must have."""


COUNT = "count"
"""The placeholder by whose value a word with several forms is chosen."""
Forms: TypeAlias = Mapping[str, str]
"""A word by CLDR's plural category: `{one: "{count} article", other: "{count} articles"}`."""


@dataclass(frozen=True)
class Catalogue:
    """All words of one language."""

    language: str
    words: Mapping[str, str]
    """A word that has several forms stands here in the one for any count."""
    plurals: Mapping[str, Forms] = field(default_factory=dict)

    def say(self, key: str, **values: object) -> str:
        """The word with its placeholders filled in. An unknown key is a programmer's mistake: KeyError."""
        text, count = self.words[key], values.get(COUNT)
        if key in self.plurals and isinstance(count, int):
            text = self.plurals[key].get(plural_category(self.language, count), text)
        return fill(text, {name: self._written(value) for name, value in values.items()})

    def _written(self, value: object) -> str:
        return number(value, self.language) if isinstance(value, int) else str(value)


@dataclass(frozen=True)
class Shelf:
    """Every catalogue of a help centre, and what is wrong with them."""

    catalogues: Mapping[str, Catalogue]
    problems: tuple[Problem, ...]


def load_catalogues(root: Path) -> Shelf:
    """The product's catalogues with the help centre's own `i18n/<lang>.yml` laid over them, key by key."""
    found: dict[str, dict[str, Forms]] = {}
    problems: list[Problem] = []
    own: dict[str, Mapping[str, int]] = {}
    reference: dict[str, Forms] = {}
    for folder, is_own in ((shipped() / "i18n", False), (root / "i18n", True)):
        for file in sorted(folder.glob("*.yml")):
            if not _is_catalogue(file):
                continue
            words, lines, faults = _read(file, f"i18n/{file.name}")
            found.setdefault(file.stem, {}).update(words)
            problems.extend(faults)
            if is_own:
                own[file.stem] = lines
            elif file.stem == REFERENCE:
                reference = words
    for language, lines in own.items():
        problems.extend(_faults(language, found[language], reference, lines))
    catalogues = {language: _catalogue(language, words) for language, words in found.items()}
    return Shelf(catalogues, tuple(dict.fromkeys(problems)))


def load_tool_words(language: str) -> Catalogue:
    """What the commands say to writers: Korean or English."""
    words, _, _ = _read(shipped() / "i18n" / "tool" / f"{language}.yml", "")
    return _catalogue(language, words)


def placeholders(text: str) -> frozenset[str]:
    """The names in braces; raises ValueError where the braces do not match."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def _catalogue(language: str, words: Mapping[str, Forms]) -> Catalogue:
    """A word without the form for any count is a problem that is told; until then its last form stands in."""
    plain = {key: forms.get(OTHER) or [*forms.values()][-1] for key, forms in words.items()}
    plurals = {key: forms for key, forms in words.items() if len(forms) > 1}
    return Catalogue(language, MappingProxyType(plain), MappingProxyType(plurals))


def _is_catalogue(file: Path) -> bool:
    return "." not in file.stem  # synonyms.ko.yml and the like are not words of ours


def _read(file: Path, path: str) -> tuple[dict[str, Forms], Mapping[str, int], Iterable[Problem]]:
    text, problems = read_text(file, path)
    parsed = read_yaml(text, path)
    tree = parsed.tree if isinstance(parsed.tree, dict) else {}
    words = {key: forms for key, value in tree.items() if (forms := _forms(value))}
    wrong = [Problem.at(path, parsed.line((key,)), "words.not_text", key=key) for key in tree if key not in words]
    return words, {key: parsed.line((key,)) for key in tree}, [*problems, *parsed.problems, *wrong]


def _forms(value: object) -> Forms | None:
    if isinstance(value, str):
        return {OTHER: value}
    is_map = isinstance(value, dict) and value and all(isinstance(text, str) for pair in value.items() for text in pair)
    return value if is_map and isinstance(value, dict) else None


def _faults(
    language: str, words: Mapping[str, Forms], reference: Mapping[str, Forms], lines: Mapping[str, int]
) -> Iterable[Problem]:
    path = f"i18n/{language}.yml"
    for key in sorted(reference.keys() - words.keys()):
        yield Problem.at(path, 1, "words.missing", key=key, reference=reference[key][OTHER])
    for key, line in lines.items():
        if key not in reference:
            yield Problem.at(path, line, "words.unknown", key=key)
        elif key in words:
            for problem, values in _word_faults(language, words[key], reference[key][OTHER]):
                yield Problem.at(path, line, problem, key=key, **values)


def _word_faults(language: str, forms: Forms, reference: str) -> Iterable[tuple[str, dict[str, str]]]:
    """What is wrong with one word: its placeholders, its forms."""
    try:
        wanted = placeholders(reference)
        if any(not _fits(text, form, wanted) for form, text in forms.items()):
            yield "words.placeholders", {"names": ", ".join(f"{{{name}}}" for name in sorted(wanted)) or "-"}
    except ValueError:
        yield "words.braces", {}
        return
    needed, known = plural_categories(language)
    if len(forms) > 1 or OTHER not in forms:
        if COUNT not in wanted:
            yield "words.no_count", {}
        elif not needed <= forms.keys() <= known:
            yield "words.forms", {"needed": ", ".join(sorted(needed)), "known": ", ".join(sorted(known))}


def _fits(text: str, form: str, wanted: frozenset[str]) -> bool:
    """A form that is for one count alone may say it in a word."""
    found = placeholders(text)
    return found == wanted or (form in {"zero", "one", "two"} and found | {COUNT} == wanted)
