"""Owns the words that mean the same to a customer: the product's, the help centre's and the brand's. Refuses to search.

A file is a list of groups, each a list of words or phrases: `- [와이파이, Wi-Fi, 무선 인터넷]`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from portal_builder.problem import Problem
from portal_builder.shipped import shipped
from portal_builder.yamlfile import Tree, YamlFile, read_text, read_yaml


@dataclass(frozen=True)
class Synonyms:
    """The groups of one portal, and what is wrong with their files."""

    groups: tuple[tuple[str, ...], ...]
    problems: tuple[Problem, ...]


def load_synonyms(root: Path, brand: str, language: str) -> Synonyms:
    """`i18n/synonyms.<lang>.yml` of the product and of the help centre, then the brand's own."""
    name = f"synonyms.{language}.yml"
    places = {
        shipped() / "i18n" / name: f"i18n/{name}",
        root / "i18n" / name: f"i18n/{name}",
        root / "themes" / brand / name: f"themes/{brand}/{name}",
    }
    groups: list[tuple[str, ...]] = []
    problems: list[Problem] = []
    for file in {place.resolve(): place for place in places}.values():
        if file.is_file():
            text, faults = read_text(file, places[file])
            source = read_yaml(text, places[file])
            problems += [*faults, *source.problems, *_faults(source)]
            groups += _groups(source.tree)
    return Synonyms(tuple(dict.fromkeys(groups)), tuple(problems))


def _groups(tree: Tree) -> Iterator[tuple[str, ...]]:
    for item in tree if isinstance(tree, list) else ():
        words = item if isinstance(item, list) else []
        group = tuple(word.strip() for word in words if isinstance(word, str) and word.strip())
        if len(group) > 1:
            yield group


def _faults(source: YamlFile) -> Iterator[Problem]:
    if not isinstance(source.tree, list | None):
        yield Problem.at(source.path, 1, "synonyms.no_list")
        return
    for number, item in enumerate(source.tree or ()):
        is_good = isinstance(item, list) and len(item) > 1 and all(isinstance(word, str) for word in item)
        if not is_good:
            yield Problem.at(source.path, source.line((number,)), "synonyms.group")
