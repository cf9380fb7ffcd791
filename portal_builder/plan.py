"""Owns the plan of a portal: from everything that was read to one Edition. Refuses I/O, clocks and randomness.

Read `plan` from top to bottom: it is the table of contents of a portal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import chain
from typing import Any

from portal_builder.article import UNKNOWN, Article, OldAddress
from portal_builder.brand import Brand
from portal_builder.catalogue import Catalogue
from portal_builder.centre import Centre, Portal
from portal_builder.edition import GONE, MOVED, Edition, Page
from portal_builder.flow import FOLDER, flows_of
from portal_builder.form import Form, forms_of
from portal_builder.form_view import form_view
from portal_builder.guided import Guided
from portal_builder.library import Library
from portal_builder.localised import language_name, long_date
from portal_builder.machines.head import with_head
from portal_builder.machines.lists import feed, sitemap
from portal_builder.machines.publisher import FEED, Publisher, brand_address
from portal_builder.machines.twins import llms, twins
from portal_builder.portal_view import portal_view
from portal_builder.resolve import CONTACT, Resolver
from portal_builder.selection import Selection, Shown
from portal_builder.shelves import DATED, Shelves
from portal_builder.suggestions import suggestions
from portal_builder.translating.digest import source_digest
from portal_builder.translations import Translations

OURS = frozenset({CONTACT, "all", "static", "search", "assets", "sitemap.xml", "404.html", FEED, "llms.txt", FOLDER})
"""Addresses of a portal that no kind may have."""
_FIRST_FEW = 3
_ON_A_SHELF = 4
_HEADINGS_FOR_A_TOC = 3


def plan(centre: Centre, portal: Portal, at: datetime, base: str | None = None) -> Edition:
    """The edition of one portal at one instant. The same arguments give the same edition.

    `base` replaces the brand's own address, for a portal that is looked at on another host: `<base>/<brand>/`.
    """
    return Planner(centre, centre.brands[portal.brand], portal.language, at, base).edition()


@dataclass(frozen=True)
class Planner:
    """The arguments of one plan, and what several pages need of them."""

    centre: Centre
    brand: Brand
    language: str
    at: datetime
    base: str | None

    def edition(self) -> Edition:
        """The whole portal."""
        pages = [
            self.home(),
            *self.lists(),
            *self.articles(),
            self.contact(),
            *self.forms(),
            *self.flows(),
            self.all_articles(),
            self.search(),
            *self.withdrawn(),
        ]
        pages += self.redirects({page.url for page in pages})
        told = tuple(map(self._told, pages))
        return replace(self._frame(), pages=told, assets=dict(self.assets()), files=self.files(told))

    def glimpse(self, url: str) -> Edition:
        """The portal with no page but the one at this address, where that can be planned without the others."""
        shown = self.selection.shown.get(url.removesuffix("/"))
        if shown and not shown.article.is_index and not shown.is_elsewhere:
            return replace(self._frame(), pages=(self._told(self._article(shown)),))
        single = {"": self.home, f"{CONTACT}/": self.contact, "all/": self.all_articles, "all/search/": self.search}
        several = chain(self.forms(), self.flows(), self.lists(), self.withdrawn())  # each made when it is its turn
        found = single[url]() if url in single else next((page for page in several if page.url == url), None)
        return replace(self._frame(), pages=(self._told(found),) if found else ())

    def _frame(self) -> Edition:
        portal = Portal(self.brand.folder, self.language)
        return Edition(portal, self.publisher.root, self.view["name"], self.view, pages=(), assets={})

    def _told(self, page: Page) -> Page:
        return with_head(self.translations.added(page), self.publisher)

    @cached_property
    def words(self) -> Catalogue:
        return self.centre.catalogues[self.language]

    @property
    def library(self) -> Library:
        """The articles as this brand shows them."""
        return self.centre.library_of(self.brand.folder)

    @cached_property
    def selection(self) -> Selection:
        return Selection(self.library, self.brand, self.language, self.at)

    @cached_property
    def resolver(self) -> Resolver:
        return Resolver(
            self.library,
            self.brand,
            self.language,
            self.selection.shown,
            frozenset(form.name for form in self.own_forms),
        )

    @cached_property
    def shelves(self) -> Shelves:
        return Shelves(self.selection, self.resolver, self.words)

    @cached_property
    def own_forms(self) -> tuple[Form, ...]:
        return forms_of(self.centre.forms, self.brand)

    @cached_property
    def guided(self) -> Guided:
        forms = {form.name: form for form in self.own_forms}
        flows = flows_of(self.centre.flows, self.brand)
        return Guided(flows, self.shelves, self.resolver, forms, self._form_view)

    @cached_property
    def translations(self) -> Translations:
        return Translations(self.library, self.brand, self.language, self.at, self.centre.catalogues)

    @cached_property
    def publisher(self) -> Publisher:
        door = brand_address(self.brand, self.base)
        spoken = [language for language in self.brand.languages if language in self.centre.catalogues]
        return Publisher(
            name=self.view["name"],
            centre=f"{self.view['name']} {self.words.say('nav.centre')}",
            language=self.language,
            source_language=self.brand.source_language,
            roots={language: f"{door}{language}/" for language in spoken},
            lasting=f"{self.brand.file.url}{self.language}/",
            door=door,
            site=self.brand.file.site,
            logo=self.view["logo"],
        )

    def brands_url(self) -> str | None:
        """The page of all brands lies above the portals only where the brands share one address."""
        is_shared = self.base is not None or self.brand.file.url.endswith(f"/{self.brand.folder}/")
        return "../../" if is_shared and len(self.centre.brands) > 1 else None

    @cached_property
    def view(self) -> dict[str, Any]:
        """What every page is told (docs/templates.md, `portal`)."""
        view = portal_view(self.brand, self.words, self.centre.catalogues)
        nav = [{"title": self.shelves.name_of(kind), "url": f"{kind}/", "kind": kind} for kind in self.shelves.kinds]
        nav.append({"title": self.words.say("nav.contact"), "url": f"{CONTACT}/", "kind": CONTACT})
        return view | {"nav": nav, "banner": self.shelves.banner(), "brands_url": self.brands_url(), "feed": FEED}

    # -- pages ---------------------------------------------------------------------------------------------------

    def home(self) -> Page:
        faq = [(folder, articles) for folder, articles in self.shelves.of_kind("faq") if folder != "faq"]
        pinned = [
            shown for _, articles in self.shelves.of_kind("faq") for shown in articles if shown.article.meta.pinned
        ]
        shelves = [self._shelf(kind) for kind in self.shelves.kinds if kind != "faq" or not faq]
        return Page(
            "index.md",
            "home.html",
            title=self.view["name"],
            summary=self.words.say("home.description", brand=self.view["name"]),
            meta=self._meta("home")
            | {
                "categories": [self._category(folder, articles) for folder, articles in faq],
                "popular": self.shelves.entries(pinned),
                "shelves": shelves,
                "forms": self.form_links(),
                "flows": self.guided.entries(),
            },
        )

    def _category(self, folder: str, articles: tuple[Shown, ...]) -> dict[str, Any]:
        count_text = self.words.say("home.articles", count=len(articles))
        section = self.shelves.section(folder, articles[:_FIRST_FEW])
        return section | {"count": len(articles), "count_text": count_text}

    def _shelf(self, kind: str) -> dict[str, Any]:
        articles = [shown for _, listed in self.shelves.of_kind(kind) for shown in listed][:_ON_A_SHELF]
        return {
            "kind": kind,
            "title": self.shelves.name_of(kind),
            "url": f"{kind}/",
            "entries": self.shelves.entries(articles),
        }

    def lists(self) -> Iterator[Page]:
        """A page for each kind, and one for each of its categories."""
        for kind in self.shelves.kinds:
            folders = self.shelves.of_kind(kind)
            sections = [
                self.shelves.section(folder, articles, title="" if folder == kind else None)
                for folder, articles in folders
            ]
            yield self._list(kind, sections, crumbs=[])
            for folder, articles in folders:
                if folder != kind:
                    crumbs = [{"title": self.shelves.name_of(kind), "url": f"{kind}/"}]
                    yield self._list(folder, [self.shelves.section(folder, articles, title="")], crumbs)

    def _list(self, folder: str, sections: list[dict[str, Any]], crumbs: list[dict[str, str]]) -> Page:
        index = self.selection.shown.get(f"{folder}/index")
        return Page(
            f"{folder}/index.md",
            "list.html",
            title=self.shelves.name_of(folder),
            summary=self.shelves.summary_of(folder),
            text=self.resolver.text(index.article) if index else "",
            meta=self._meta(folder.partition("/")[0], crumbs)
            | {
                "slug": folder.rpartition("/")[2],
                "text_language": index.article.text_language if index else self.language,
                "sections": sections,
                "is_entry": any(entry["language"] == self.language for part in sections for entry in part["entries"]),
            },
        )

    def articles(self) -> Iterator[Page]:
        for shown in self.selection.articles():
            if not shown.is_elsewhere:
                yield self._article(shown)

    def _article(self, shown: Shown) -> Page:
        article = shown.article
        entry = self.shelves.entry(shown)
        text = self.resolver.text(article)
        crumbs = [{"title": self.shelves.name_of(article.kind), "url": f"{article.kind}/"}]
        if article.folder != article.kind:
            crumbs.append({"title": self.shelves.name_of(article.folder), "url": f"{article.folder}/"})
        meta = self._meta(article.kind, crumbs) | {
            "slug": article.slug,
            **self._language(shown),
            "date": entry["date"],
            "date_iso": entry["date_iso"],
            **self._dates(article),
            "severity": entry["severity"],
            "platforms": list(article.meta.platform),
            "related": self.related(article),
            "flows": self.guided.of_article(article.id),
            "attachments": [
                {"title": name, "url": path, "size_text": _size_text(asset.size)}
                for name in article.meta.attachments
                for path, asset in self.resolver.assets(article)
                if path == f"{article.folder}/{name}"
            ],
            "contact": self._contact_link(article),
            "toc": sum(line.startswith("## ") for line in text.splitlines()) >= _HEADINGS_FOR_A_TOC,
            "search": {"keywords": list(article.meta.search.keywords), "exclude": self._is_hidden(shown)},
        }
        stale = self.stale_notice(article)
        return Page(f"{article.id}.md", "article.html", entry["title"], entry["summary"], text, {**meta, **stale})

    def _language(self, shown: Shown) -> dict[str, Any]:
        """Which language the text is in, and what readers are told where that is not theirs."""
        found = shown.article.text_language
        if found == UNKNOWN:  # it has no name to tell readers, and is no translation for machines
            return {"text_language": found, "fallback": None, "is_entry": False}
        notice = self.words.say("article.fallback", language=language_name(found, self.language))
        return {"text_language": found, "fallback": notice if shown.is_foreign(self.language) else None}

    def _is_hidden(self, shown: Shown) -> bool:
        """Whether searches leave it out: as its writer wants it, or the brand for texts of another language."""
        is_unwanted = shown.is_foreign(self.language) and self.brand.file.fallback_search == "out"
        return shown.article.meta.search.exclude or is_unwanted

    def stale_notice(self, article: Article) -> dict[str, Any]:
        """That the original has changed since this translation was made, where the brand tells its readers so."""
        made_from, source = article.meta.translates, self.brand.source_language
        if made_from is None or article.looks_like or article.language == source or not self.brand.file.features.stale:
            return {}
        original = self.translations.original(article.id)
        shared = original and self.centre.library.by_path[original.path]
        if shared is None or source_digest(shared) == made_from:
            return {}
        link = self.words.say("article.original", language=language_name(source, self.language))
        notice = {"text": self.words.say("article.stale"), "title": link, "language": source}
        return {"stale": notice | {"url": f"../{source}/{article.id}/"}}

    def _dates(self, article: Article) -> dict[str, str | None]:
        """When this version came out and was last changed, on the brand's clock, where that is known."""
        published, changed = self.selection.starts(article), self.centre.changed.get(article.path)
        if changed and changed > self.at:  # a look into the past does not know the future
            changed = None
        updated = max((moment for moment in (published, changed) if moment), default=None)
        return {
            "updated": self._updated(article, updated) if changed and updated else None,
            "published_iso": published.astimezone(self.brand.zone).isoformat() if published else None,
            "updated_iso": updated.astimezone(self.brand.zone).isoformat() if updated else None,
        }

    def _updated(self, article: Article, at: datetime) -> str | None:
        """The day in a sentence. News say when they came out instead."""
        if article.kind in DATED or not self.brand.file.features.updated:
            return None
        day = at.astimezone(self.brand.zone).date()
        return self.words.say("article.updated", date=long_date(day, self.language))

    def related(self, article: Article) -> list[dict[str, Any]]:
        """What the writer names; else what shares a tag; else its neighbours in the category."""
        shown = self.selection.shown
        named = [shown[article_id] for article_id in article.meta.related if article_id in shown]
        return self.shelves.entries((named or self.shelves.near(article, _FIRST_FEW))[:_FIRST_FEW])

    def _contact_link(self, article: Article) -> dict[str, str]:
        form = next((form for form in self.own_forms if form.name == article.meta.form), None)
        if form is None:
            return {"title": self.words.say("nav.contact"), "url": f"{CONTACT}/?from={article.id}/"}
        title = self.brand.say(form.file.title, self.language)
        return {"title": title, "url": f"{CONTACT}/{form.name}/?from={article.id}/"}

    def contact(self) -> Page:
        return Page(
            f"{CONTACT}/index.md",
            "contact.html",
            title=self.words.say("nav.contact"),
            summary=self.words.say("contact.summary"),
            meta=self._meta(CONTACT) | {"forms": self.form_links(), "flows": self.guided.entries()},
        )

    def form_links(self) -> list[dict[str, str]]:
        return [
            {
                "title": self.brand.say(form.file.title, self.language),
                "summary": self.brand.say(form.file.summary, self.language) if form.file.summary else "",
                "url": f"{CONTACT}/{form.name}/",
            }
            for form in self.own_forms
        ]

    def forms(self) -> Iterator[Page]:
        crumbs = [{"title": self.words.say("nav.contact"), "url": f"{CONTACT}/"}]
        for form in self.own_forms:
            view = self._form_view(form)
            meta = self._meta(CONTACT, crumbs) | {"form": view}
            yield Page(f"{CONTACT}/{form.name}.md", "form.html", view["title"], view["summary"], meta=meta)

    def _form_view(self, form: Form) -> dict[str, Any]:
        return form_view(form, self.brand, self.words, suggestions(form, self.shelves))

    def flows(self) -> Iterator[Page]:
        """Guided answers, each below the list of all."""
        listed = [{"title": self.words.say("flows.title"), "url": f"{FOLDER}/"}]
        for page in self.guided.pages():
            crumbs = listed if page.template != "flows.html" else []
            yield replace(page, meta={**self._meta(FOLDER, crumbs), **page.meta})

    def _sections(self) -> list[dict[str, Any]]:
        """Every article, in the order of the lists."""
        return [
            self.shelves.section(folder, articles)
            for kind in self.shelves.kinds
            for folder, articles in self.shelves.of_kind(kind)
        ]

    def all_articles(self) -> Page:
        return Page(
            "all.md",
            "all.html",
            title=self.words.say("list.all"),
            meta=self._meta("all") | {"sections": [*self.guided.sections(), *self._sections()]},
        )

    def search(self) -> Page:
        """Nobody is led here; what the search shows is drawn here once for all pages."""
        meta = self._meta("search") | {"is_entry": False}
        return Page("all/search.md", "search.html", title=self.words.say("search.label"), meta=meta)

    def redirects(self, taken: set[str]) -> Iterator[Page]:
        """Old addresses lead on, as long as no page has them now; anchors of theirs too, perhaps elsewhere."""
        moved: dict[str, list[tuple[OldAddress, dict[str, Any]]]] = {}
        for shown in self.selection.articles():
            for old in shown.article.meta.redirect_from:
                moved.setdefault(old.path, []).append((old, self.shelves.entry(shown)))
        for path, ways in moved.items():
            if f"{path}/" not in taken:
                whole = next((entry for old, entry in ways if not old.anchor), ways[0][1])
                anchors = [
                    {"anchor": old.anchor, "url": f"{entry['url']}#{old.to}" if old.to else entry["url"]}
                    for old, entry in ways
                    if old.anchor
                ]
                meta = self._meta("redirect") | {"target": whole["url"], "anchors": anchors}
                yield Page(f"{path}.md", MOVED, whole["title"], meta=meta)

    def withdrawn(self) -> Iterator[Page]:
        """At the address of a text that has run out: that it has, and where to go next. Nothing of the text itself."""
        for article in self.selection.withdrawn.values():
            is_listed = article.folder in self.resolver.folders
            category = {"title": self.shelves.name_of(article.folder), "url": f"{article.folder}/"}
            meta = self._meta(article.kind) | {
                "is_entry": False,
                "instead": self._instead(article),
                "category": category if is_listed else None,
            }
            yield Page(f"{article.id}.md", GONE, self.words.say("gone.title"), meta=meta)

    def _instead(self, article: Article) -> dict[str, Any] | None:
        """What the writer names instead, or what is named instead of that one where it has run out as well."""
        passed: set[str] = set()
        while article.meta.instead and article.meta.instead not in passed:
            passed.add(article.meta.instead)
            if shown := self.selection.shown.get(article.meta.instead):
                return self.shelves.entry(shown)
            article = self.selection.withdrawn.get(article.meta.instead, article)
        return None

    def files(self, pages: tuple[Page, ...]) -> dict[str, str]:
        """What lies beside the pages for machines."""
        publisher = self.publisher
        contact = {"title": self.words.say("nav.contact"), "url": f"{CONTACT}/"}
        return {
            "sitemap.xml": sitemap(pages),
            FEED: feed(pages, publisher, self.shelves.name_of("notices")),
            "llms.txt": llms(pages, publisher, self._sections(), contact),
            **dict(twins(pages, publisher)),
        }

    def assets(self) -> Iterator[tuple[str, Any]]:
        for shown in self.selection.shown.values():
            has_page = not shown.article.is_index or shown.article.folder in self.resolver.folders
            if has_page and not shown.is_elsewhere:
                yield from self.resolver.assets(shown.article)

    # -- what all pages have -------------------------------------------------------------------------------------

    def _meta(self, kind: str, crumbs: list[dict[str, str]] | None = None) -> dict[str, Any]:
        return {
            "kind": kind,
            "text_language": self.language,
            "fallback": None,
            "breadcrumbs": [{"title": self.words.say("nav.home"), "url": ""}, *(crumbs or [])]
            if kind != "home"
            else [],
        }


def _size_text(size: int) -> str:
    """A file's size for people: `340 kB`, `2.1 MB`."""
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1000))} kB"
