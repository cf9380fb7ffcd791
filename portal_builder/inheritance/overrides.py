"""Owns what a brand's folder says differently from the shared articles, and the library that comes of it. Refuses to
judge it: that is check_overrides.py.

`themes/<brand>/sections/<article id>.<lang>.md` replaces sections, `themes/<brand>/pictures/<path>` pictures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from portal_builder.article import Article
from portal_builder.inheritance.blocks import text_for
from portal_builder.inheritance.sections import outer_sections, with_sections
from portal_builder.library import Asset, Library, read_asset, used_files
from portal_builder.problem import Problem
from portal_builder.yamlfile import read_text

_SECTIONS, _PICTURES = "sections", "pictures"


@dataclass(frozen=True)
class OwnSections:
    """One file of a brand: what it says in place of sections of a shared article."""

    path: str
    article: str
    language: str
    text: str

    @property
    def by_anchor(self) -> Mapping[str, str]:
        return {section.anchor: self.text[slice(*section.span)] for section in outer_sections(self.text)}


@dataclass(frozen=True)
class Override:
    """Everything that one brand says differently."""

    sections: tuple[OwnSections, ...] = ()
    pictures: Mapping[str, Asset] = field(default_factory=dict)
    """By path under content/."""
    assets: Mapping[str, Asset] = field(default_factory=dict)
    """Files that the brand's sections show besides, by `content/<path>`."""


Overrides = Mapping[str, Override]
"""By brand."""


def load_overrides(root: Path, brands: Iterable[str], library: Library) -> tuple[Overrides, tuple[Problem, ...]]:
    """What every brand's folder holds; a file that cannot be read is left out and named in the problems."""
    found: dict[str, Override] = {}
    problems: list[Problem] = []
    for brand in brands:
        folder = root / "themes" / brand
        sections: list[OwnSections] = []
        for file in sorted((folder / _SECTIONS).rglob("*.md")):
            path = file.relative_to(root).as_posix()
            text, faults = read_text(file, path)
            problems += faults
            article, _, language = file.relative_to(folder / _SECTIONS).as_posix()[:-3].rpartition(".")
            sections += [OwnSections(path, article, language, text)] if not faults else []
        pictures = {
            file.relative_to(folder / _PICTURES).as_posix(): read_asset(file)
            for file in sorted((folder / _PICTURES).rglob("*"))
            if file.is_file()
        }
        if sections or pictures:
            found[brand] = Override(tuple(sections), pictures, dict(_shown_besides(root, sections, library)))
    return found, tuple(problems)


def _shown_besides(root: Path, sections: Iterable[OwnSections], library: Library) -> Iterator[tuple[str, Asset]]:
    for own in sections:
        for shared in versions_of(library, own):
            for key in used_files(replace(shared, text=own.text)):
                if key not in library.assets and (root / key).is_file():
                    yield key, read_asset(root / key)


def versions_of(library: Library, own: OwnSections) -> tuple[Article, ...]:
    """The shared texts that a file of sections is about."""
    return library.by_id.get(own.article, {}).get(own.language, ())


def library_of(library: Library, brand: str, override: Override) -> Library:
    """The texts of one brand, as it shows them. One that it shows as everybody does is the very same value."""
    own = {(one.article, one.language): one.by_anchor for one in override.sections}
    articles = tuple(
        _of_brand(article, brand, own.get((article.id, article.language), {}))
        for article in library.articles
        if article.is_for(brand)
    )
    if override == Override():
        return Library(articles, library.assets)
    pictures = {
        f"{tree}/{path}": asset
        for path, asset in override.pictures.items()
        for tree in ("content", "scheduled")
        if tree == "content" or f"{tree}/{path}" in library.assets
    }
    return Library(articles, {**library.assets, **override.assets, **pictures})


def _of_brand(article: Article, brand: str, own: Mapping[str, str]) -> Article:
    text = text_for(article.text, brand)
    text = with_sections(text, own) if own else text
    return article if text == article.text else replace(article, text=text)
