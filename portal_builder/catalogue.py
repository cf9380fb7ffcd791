"""Owns the product's own words: one catalogue a language. Refuses to fall back silently on another language."""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from portal_builder.problem import Problem
from portal_builder.shipped import shipped
from portal_builder.yamlfile import read_text, read_yaml

REFERENCE = "ko"
"""The language whose keys and placeholders every other language must have."""


@dataclass(frozen=True)
class Catalogue:
    """All words of one language."""

    language: str
    words: Mapping[str, str]

    def say(self, key: str, **values: object) -> str:
        """The word with its placeholders filled in. An unknown key is a programmer's mistake: KeyError."""
        return self.words[key].format_map({name: str(value) for name, value in values.items()})


@dataclass(frozen=True)
class Shelf:
    """Every catalogue of a help centre, and what is wrong with them."""

    catalogues: Mapping[str, Catalogue]
    problems: tuple[Problem, ...]


def load_catalogues(root: Path) -> Shelf:
    """The product's catalogues with the help centre's own `i18n/<lang>.yml` laid over them, key by key."""
    found: dict[str, dict[str, str]] = {}
    problems: list[Problem] = []
    own: dict[str, Mapping[str, int]] = {}
    reference: dict[str, str] = {}
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
    catalogues = {language: Catalogue(language, MappingProxyType(words)) for language, words in found.items()}
    return Shelf(catalogues, tuple(dict.fromkeys(problems)))


def load_tool_words(language: str) -> Catalogue:
    """What the commands say to writers: Korean or English."""
    words, _, _ = _read(shipped() / "i18n" / "tool" / f"{language}.yml", "")
    return Catalogue(language, words)


def placeholders(text: str) -> frozenset[str]:
    """The names in braces; raises ValueError where the braces do not match."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def _is_catalogue(file: Path) -> bool:
    return "." not in file.stem  # synonyms.ko.yml and the like are not words of ours


def _read(file: Path, path: str) -> tuple[dict[str, str], Mapping[str, int], Iterable[Problem]]:
    text, problems = read_text(file, path)
    parsed = read_yaml(text, path)
    tree = parsed.tree if isinstance(parsed.tree, dict) else {}
    words = {key: value for key, value in tree.items() if isinstance(value, str)}
    wrong = [Problem.at(path, parsed.line((key,)), "words.not_text", key=key) for key in tree if key not in words]
    return words, {key: parsed.line((key,)) for key in tree}, [*problems, *parsed.problems, *wrong]


def _faults(
    language: str, words: Mapping[str, str], reference: Mapping[str, str], lines: Mapping[str, int]
) -> Iterable[Problem]:
    path = f"i18n/{language}.yml"
    for key in sorted(reference.keys() - words.keys()):
        yield Problem.at(path, 1, "words.missing", key=key, reference=reference[key])
    for key, line in lines.items():
        if key not in reference:
            yield Problem.at(path, line, "words.unknown", key=key)
            continue
        try:
            if placeholders(words[key]) != placeholders(reference[key]):
                names = ", ".join(f"{{{name}}}" for name in sorted(placeholders(reference[key]))) or "-"
                yield Problem.at(path, line, "words.placeholders", key=key, names=names)
        except ValueError:
            yield Problem.at(path, line, "words.braces", key=key)
