"""Owns how a portal's texts stand in lists: kinds, categories, their order, one line each. Refuses to make pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from functools import cached_property
from itertools import groupby
from typing import Any

from portal_builder.article import Article
from portal_builder.brand import Brand
from portal_builder.catalogue import Catalogue
from portal_builder.localised import long_date
from portal_builder.platforms import in_order
from portal_builder.resolve import Resolver, elsewhere
from portal_builder.selection import Selection, Shown

DATED = frozenset({"notices", "events", "news", "releases"})
"""Kinds whose articles are news: newest first, with their date."""
_GRAVITY = {"outage": 3, "maintenance": 2, "info": 1, None: 0}


@dataclass(frozen=True)
class Shelves:
    """Every list of one portal."""

    selection: Selection
    resolver: Resolver
    words: Catalogue

    @property
    def brand(self) -> Brand:
        return self.selection.brand

    @cached_property
    def folders(self) -> tuple[tuple[str, tuple[Shown, ...]], ...]:
        """Each folder that has something to show, with its articles in the order of its list."""
        articles = sorted(self.selection.articles(), key=lambda shown: shown.article.folder)
        grouped = groupby(articles, key=lambda shown: shown.article.folder)
        listed = ((folder, tuple(sorted(group, key=self.place))) for folder, group in grouped)
        return tuple(sorted(listed, key=lambda pair: self._folder_place(pair[0])))

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        found = {folder.partition("/")[0] for folder, _ in self.folders}
        return tuple(sorted(found, key=self._folder_place))

    def of_kind(self, kind: str) -> tuple[tuple[str, tuple[Shown, ...]], ...]:
        return tuple((folder, shown) for folder, shown in self.folders if folder.partition("/")[0] == kind)

    def _folder_place(self, folder: str) -> tuple[int, str]:
        index = self.selection.shown.get(f"{folder}/index")
        return (index.article.meta.order if index else 1000, folder)

    def place(self, shown: Shown) -> tuple[Any, ...]:
        article = shown.article
        if article.kind in DATED:
            start = self.selection.starts(article)
            newest_first = -start.timestamp() if start else 0.0
            return (not article.meta.pinned, newest_first, article.id)
        return (article.meta.order, article.id)

    def near(self, article: Article, count: int) -> list[Shown]:
        """The first few that share a tag with an article; where there are none, its neighbours in the category."""
        tagged = {
            shown.article.id: shown for tag in article.meta.tags for shown in self._tagged.get(tag, ())[: count + 1]
        }
        by_tag = [tagged[article_id] for article_id in sorted(tagged) if article_id != article.id]
        nearby = self._in_folder.get(article.folder, ()) if article.kind not in DATED else ()
        return (by_tag or [shown for shown in nearby[: count + 1] if shown.article.id != article.id])[:count]

    @cached_property
    def _in_folder(self) -> dict[str, tuple[Shown, ...]]:
        return dict(self.folders)

    @cached_property
    def _tagged(self) -> dict[str, list[Shown]]:
        """What has a tag, in the order of the articles' ids."""
        found: dict[str, list[Shown]] = {}
        for shown in self.selection.articles():
            for tag in shown.article.meta.tags:
                found.setdefault(tag, []).append(shown)
        return found

    def name_of(self, folder: str) -> str:
        """A folder's title: its index.<lang>.md, else a word of ours, else its name."""
        index = self.selection.shown.get(f"{folder}/index")
        if index:
            return self.resolver.words(index.article.meta.title, index.article.language)
        return self.words.words.get(f"kind.{folder}") or folder.rpartition("/")[2].replace("-", " ").title()

    def summary_of(self, folder: str) -> str:
        index = self.selection.shown.get(f"{folder}/index")
        return self.resolver.words(index.article.meta.summary, index.article.language) if index else ""

    def entry(self, shown: Shown) -> dict[str, Any]:
        """One line of a list: the same in every list, so made once, and each list has its own."""
        known = self._entries.get(id(shown))
        if known is None:
            known = self._entries[id(shown)] = shown, self._entry(shown)
        return dict(known[1])

    @cached_property
    def _entries(self) -> dict[int, tuple[Shown, dict[str, Any]]]:
        """By identity, and with what has it, so that it stays what it was."""
        return {}

    def _entry(self, shown: Shown) -> dict[str, Any]:
        article = shown.article
        return {
            "title": self.resolver.words(article.meta.title, article.language),
            "summary": self.resolver.words(article.meta.summary, article.language),
            "url": elsewhere(self.brand, shown) if shown.is_elsewhere else f"{article.id}/",
            "language": article.text_language,
            "pinned": article.meta.pinned,
            **self._date(article),
            "severity": article.meta.severity,
            **self._end(article),
            **self._platforms(article),
        }

    def _end(self, article: Article) -> dict[str, str]:
        """When a page that nobody builds again has to stop showing it."""
        end = self.selection.ends(article)
        return {"until": end.astimezone(UTC).isoformat()} if end else {}

    def _platforms(self, article: Article) -> dict[str, list[str]]:
        """The devices that it is for, where it is not for all."""
        names = in_order(article.meta.platform)
        return {"platforms": [self.words.say(f"platform.{name}") for name in names]} if names else {}

    def entries(self, articles: Iterable[Shown]) -> list[dict[str, Any]]:
        return [self.entry(shown) for shown in articles]

    def _date(self, article: Article) -> dict[str, str | None]:
        start = self.selection.starts(article) if article.kind in DATED else None
        if start is None:
            return {"date": None, "date_iso": None}
        day = start.astimezone(self.brand.zone).date()
        return {"date": long_date(day, self.words.language), "date_iso": day.isoformat()}

    def section(self, folder: str, articles: Iterable[Shown], title: str | None = None) -> dict[str, Any]:
        return {
            "slug": folder.rpartition("/")[2],
            "title": self.name_of(folder) if title is None else title,
            "summary": self.summary_of(folder),
            "url": f"{folder}/",
            "entries": self.entries(articles),
        }

    def banner(self) -> dict[str, Any] | None:
        """The gravest pinned notice that is out."""
        notices = [
            shown
            for shown in self.selection.articles()
            if shown.article.kind == "notices" and shown.article.meta.pinned and shown.article.meta.severity
        ]
        if not notices or not self.brand.file.features.banner:
            return None
        gravest = min(notices, key=lambda shown: (-_GRAVITY[shown.article.meta.severity], self.place(shown)))
        entry = self.entry(gravest)
        return {name: entry[name] for name in ("title", "url", "severity", "until") if name in entry}
