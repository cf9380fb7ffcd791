"""Owns where a page stands in the brand's other languages, and whether it is there in words of its own. Refuses I/O."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from portal_builder.article import Article
from portal_builder.brand import Brand
from portal_builder.catalogue import Catalogue
from portal_builder.edition import Page
from portal_builder.library import Library
from portal_builder.selection import Selection

_ALWAYS = frozenset({"home.html", "contact.html", "form.html", "all.html", "search.html", "flow.html", "flows.html"})
"""Pages whose every word each language has."""


@dataclass(frozen=True)
class Translations:
    """One page of a brand in all of its languages."""

    library: Library
    brand: Brand
    language: str
    at: datetime
    catalogues: Mapping[str, Catalogue]

    def added(self, page: Page) -> Page:
        """The page, knowing where it stands in the other languages (docs/templates.md, `alternates`)."""
        return replace(page, meta={**page.meta, "alternates": [*self._others(page)]})

    def original(self, article_id: str) -> Article | None:
        """The text that readers of the source language see now."""
        shown = self._selections[self.brand.source_language].shown.get(article_id)
        return shown.article if shown else None

    def _others(self, page: Page) -> Iterator[dict[str, Any]]:
        for language in self.brand.languages:
            if language != self.language and language in self.catalogues:
                there = self._is_there(language, page)
                yield {
                    "code": language,
                    "name": self.catalogues[language].say("language.name"),
                    "url": f"../{language}/{page.url if there else ''}",
                    "translated": there and self._is_own(language, page) and self._is_own(self.language, page),
                }

    def _is_there(self, language: str, page: Page) -> bool:
        """Whether that portal has a page at this address, in whatever language its text is."""
        if page.template in _ALWAYS:
            return True
        other = self._selections[language]
        if page.template == "list.html":
            return page.url in self._listed[language][0]
        shown = other.shown.get(_id(page))
        return shown is not None and not shown.is_elsewhere

    def _is_own(self, language: str, page: Page) -> bool:
        """Whether what stands there was written in that language."""
        if page.template in _ALWAYS:
            return True
        selection = self._selections[language]
        if page.template == "list.html":
            name = selection.shown.get(f"{page.url}index")
            return page.url in self._listed[language][1] and not (name and name.is_foreign(language))
        shown = selection.shown.get(_id(page))
        return shown is not None and not shown.is_foreign(language) and not shown.article.meta.search.exclude

    @cached_property
    def _listed(self) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
        """By language the lists that have something in them, and those that have something in that language."""
        return {language: _lists(selection, language) for language, selection in self._selections.items()}

    @cached_property
    def _selections(self) -> dict[str, Selection]:
        return {language: Selection(self.library, self.brand, language, self.at) for language in self.brand.languages}


def _id(page: Page) -> str:
    return page.source.removesuffix(".md")


def _lists(selection: Selection, language: str) -> tuple[frozenset[str], frozenset[str]]:
    filled = {shown.article.folder for shown in selection.articles()}
    own = {shown.article.folder for shown in selection.articles() if not shown.is_foreign(language)}
    return frozenset(_around(filled)), frozenset(_around(own))


def _around(folders: Iterable[str]) -> Iterator[str]:
    """The addresses of the lists that a folder's articles stand in: its own, and those of the folders around it."""
    for folder in folders:
        parts = folder.split("/")
        yield from ("/".join(parts[:size]) + "/" for size in range(1, len(parts) + 1))
