"""Owns how a text's links and terms read within one portal. Refuses to choose texts or to draw pages.

A link to a text that is not out (yet, or any more) leaves its words and nothing else.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from portal_builder.article import Article
from portal_builder.brand import Brand
from portal_builder.library import Library
from portal_builder.links import FOOTNOTE, Link, Way, anchors, led, resolve, with_terms
from portal_builder.selection import Shown

CONTACT = "contact"
"""The folder of the contact page and of the forms, in every portal."""


@dataclass(frozen=True)
class Resolver:
    """The links of one portal."""

    library: Library
    brand: Brand
    language: str
    shown: Mapping[str, Shown]
    forms: frozenset[str]

    @cached_property
    def folders(self) -> frozenset[str]:
        """The folders that have a page: kinds and categories with something in them."""
        articles = [shown.article for shown in self.shown.values() if not shown.article.is_index]
        return frozenset({article.folder for article in articles} | {article.kind for article in articles})

    def words(self, text: str, language: str) -> str:
        """A text with the brand's terms in it."""

        def say(name: str) -> str | None:
            term = self.brand.term(name)
            return self.brand.say(term, language) if term else None

        return with_terms(text, say)

    def text(self, article: Article) -> str:
        """An article's text, ready to be staged at its id."""
        return self.words(led(article.text, article.links, self.ways(article)), article.language)

    def ways(self, article: Article) -> tuple[Way, ...]:
        """Where each of an article's links leads in this portal."""
        return tuple((self._destination(article, link), self._size(article, link)) for link in article.links)

    def _destination(self, article: Article, link: Link) -> str | None:
        if not link.is_local:
            return link.destination
        if link.destination.startswith("#"):
            own = self._anchor(article, article, link.destination.removeprefix("#"))
            return None if own is None else f"#{own}"
        path, fragment = resolve(link.destination, article.folder)
        target = self._target(article, path)
        if target is None or "://" in target:
            return target
        relative = posixpath.relpath(f"/{target}", f"/{article.folder}")  # it asks where it runs about other paths
        if path.endswith(".md"):
            shown = self.shown.get(article_id_of(path, self.library))
            fragment = (shown and self._anchor(article, shown.article, fragment)) or ""
        return f"{relative}#{fragment}" if fragment else relative

    def _size(self, article: Article, link: Link) -> str:
        """A picture's width and height, so that the page does not jump while it loads; the writer's own win."""
        has_own = article.text.startswith("{", link.whole[1])
        if has_own or not link.is_image or not link.is_local:
            return ""
        asset = self.library.asset(article, resolve(link.destination, article.folder)[0])
        if asset is None or asset.box is None:
            return ""
        return "{{ width={} height={} }}".format(*asset.box)

    def _target(self, article: Article, path: str) -> str | None:
        """The staged file (or the absolute address) that a path under content/ leads to in this portal."""
        if path.endswith(".yml"):
            name = posixpath.basename(path).removesuffix(".yml")
            return f"{CONTACT}/{name}.md" if name in self.forms else None
        if not path.endswith(".md"):
            return path if self.library.asset(article, path) else None
        article_id = article_id_of(path, self.library)
        if article_id.endswith("/index"):
            return f"{article_id}.md" if posixpath.dirname(article_id) in self.folders else None
        shown = self.shown.get(article_id)
        if shown is None:
            return None
        return elsewhere(self.brand, shown) if shown.is_elsewhere else f"{article_id}.md"

    def _anchor(self, article: Article, target: Article, fragment: str) -> str | None:
        """The heading that an article's writer meant, by the name it has in the text that is shown here, if it has it.

        Terms of the brand may stand in it, a translation has the same headings by other names, and a brand's own text
        may have others.
        """
        if not fragment or fragment.startswith(FOOTNOTE):
            return fragment
        written = [anchor for _, anchor in target.anchors]
        named = [anchor for _, anchor in anchors(self.words(target.text, target.language))]
        if fragment in named:
            return fragment
        for version in (target, *self.library.by_id.get(target.id, {}).get(article.language, ())):
            meant = [anchor for _, anchor in version.anchors]
            if fragment in meant and len(meant) == len(written):
                return named[meant.index(fragment)]
        return None


def article_id_of(path: str, library: Library) -> str:
    """The id that a link to a Markdown file means, with or without the language in its name."""
    stem = path.removesuffix(".md")
    shorter = stem.rpartition(".")[0]
    return shorter if shorter in library.by_id else stem


def elsewhere(brand: Brand, shown: Shown) -> str:
    """The address of a text in the portal of its own language."""
    return f"{brand.file.url}{shown.article.language}/{shown.article.id}/"
