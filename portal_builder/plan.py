"""Owns the plan of a portal: from everything that was read to one Edition. Refuses I/O, clocks and randomness.

Read `plan` from top to bottom: it is the table of contents of a portal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from portal_builder.article import Article
from portal_builder.brand import Brand
from portal_builder.catalogue import Catalogue
from portal_builder.centre import Centre, Portal
from portal_builder.edition import Edition, Page
from portal_builder.form import Form, forms_of
from portal_builder.form_view import form_view
from portal_builder.portal_view import portal_view
from portal_builder.resolve import CONTACT, Resolver
from portal_builder.selection import Selection, Shown
from portal_builder.shelves import DATED, Shelves
from portal_builder.suggestions import suggestions

OURS = frozenset({CONTACT, "all", "static", "search", "assets", "sitemap.xml", "404.html"})
"""Addresses of a portal that no kind may have."""
_FIRST_FEW = 3
_ON_A_SHELF = 4
_HEADINGS_FOR_A_TOC = 3


def plan(centre: Centre, portal: Portal, at: datetime, base: str | None = None) -> Edition:
    """The edition of one portal at one instant. The same arguments give the same edition.

    `base` replaces the brand's own address, for a portal that is looked at on another host: `<base>/<brand>/`.
    """
    planner = _Planner(centre, centre.brands[portal.brand], portal.language, at, base)
    pages = [
        planner.home(),
        *planner.lists(),
        *planner.articles(),
        planner.contact(),
        *planner.forms(),
        planner.all_articles(),
    ]
    pages += planner.redirects({page.url for page in pages})
    return Edition(
        portal=portal,
        site_url=f"{base.rstrip('/')}/{portal}/" if base else f"{planner.brand.file.url}{portal.language}/",
        name=planner.view["name"],
        view=planner.view,
        pages=tuple(planner.with_alternates(page) for page in pages),
        assets=dict(planner.assets()),
    )


@dataclass(frozen=True)
class _Planner:
    """The arguments of one plan, and what several pages need of them."""

    centre: Centre
    brand: Brand
    language: str
    at: datetime
    base: str | None

    @cached_property
    def words(self) -> Catalogue:
        return self.centre.catalogues[self.language]

    @cached_property
    def selection(self) -> Selection:
        return Selection(self.centre.library, self.brand, self.language, self.at)

    @cached_property
    def resolver(self) -> Resolver:
        return Resolver(
            self.centre.library,
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
        return view | {"nav": nav, "banner": self.shelves.banner(), "brands_url": self.brands_url()}

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
            | {"slug": folder.rpartition("/")[2], "sections": sections},
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
        fallback = self.words.say("article.fallback", language=self._language_name(article.language))
        meta = self._meta(article.kind, crumbs) | {
            "slug": article.slug,
            "text_language": article.language,
            "fallback": fallback if shown.is_fallback else None,
            "date": entry["date"],
            "date_iso": entry["date_iso"],
            **self.shelves.updated(article),
            "severity": entry["severity"],
            "platforms": list(article.meta.platform),
            "related": self.related(article),
            "attachments": [
                {"title": name, "url": path, "size_text": _size_text(asset.size)}
                for name in article.meta.attachments
                for path, asset in self.resolver.assets(article)
                if path == f"{article.folder}/{name}"
            ],
            "contact": self._contact_link(article),
            "toc": sum(line.startswith("## ") for line in text.splitlines()) >= _HEADINGS_FOR_A_TOC,
            "search": {"keywords": list(article.meta.search.keywords), "exclude": article.meta.search.exclude},
        }
        return Page(f"{article.id}.md", "article.html", entry["title"], entry["summary"], text, meta)

    def related(self, article: Article) -> list[dict[str, Any]]:
        """What the writer names; else what shares a tag; else its neighbours in the category."""
        shown = self.selection.shown
        named = [shown[article_id] for article_id in article.meta.related if article_id in shown]
        tags = set(article.meta.tags)
        others = [other for other in self.selection.articles() if other.article.id != article.id]
        by_tag = [other for other in others if tags & set(other.article.meta.tags)]
        nearby = [other for other in others if other.article.folder == article.folder and article.kind not in DATED]
        return self.shelves.entries((named or by_tag or sorted(nearby, key=self.shelves.place))[:_FIRST_FEW])

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
            meta=self._meta(CONTACT) | {"forms": self.form_links()},
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
            view = form_view(form, self.brand, self.words, suggestions(form, self.shelves))
            meta = self._meta(CONTACT, crumbs) | {"form": view}
            yield Page(f"{CONTACT}/{form.name}.md", "form.html", view["title"], view["summary"], meta=meta)

    def all_articles(self) -> Page:
        sections = [
            self.shelves.section(folder, articles)
            for kind in self.shelves.kinds
            for folder, articles in self.shelves.of_kind(kind)
        ]
        return Page(
            "all.md",
            "all.html",
            title=self.words.say("list.all"),
            meta=self._meta("all") | {"sections": sections},
        )

    def redirects(self, taken: set[str]) -> Iterator[Page]:
        """Old addresses lead on, as long as no page has them now."""
        for shown in self.selection.articles():
            for old in shown.article.meta.redirect_from:
                if f"{old}/" not in taken and not shown.is_elsewhere:
                    taken.add(f"{old}/")
                    entry = self.shelves.entry(shown)
                    meta = self._meta("redirect") | {"target": entry["url"]}
                    yield Page(f"{old}.md", "redirect.html", entry["title"], meta=meta)

    def assets(self) -> Iterator[tuple[str, Any]]:
        for shown in self.selection.shown.values():
            if not shown.is_elsewhere:
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

    def with_alternates(self, page: Page) -> Page:
        """The page, knowing where the same page stands in the brand's other languages."""
        alternates = [
            {
                "code": language,
                "name": self._language_name(language),
                "url": f"../{language}/{page.url if self._exists_in(language, page) else ''}",
            }
            for language in self.brand.languages
            if language != self.language and language in self.centre.catalogues
        ]
        return Page(
            page.source, page.template, page.title, page.summary, page.text, {**page.meta, "alternates": alternates}
        )

    def _exists_in(self, language: str, page: Page) -> bool:
        if page.template in {"home.html", "contact.html", "form.html", "all.html"}:
            return True
        other = self._selections[language]
        if page.template == "list.html":
            return any(f"{shown.article.folder}/".startswith(page.url) for shown in other.articles())
        shown = other.shown.get(page.source.removesuffix(".md"))
        return shown is not None and not shown.is_elsewhere

    @cached_property
    def _selections(self) -> dict[str, Selection]:
        """The same brand in its other languages."""
        return {
            language: Selection(self.centre.library, self.brand, language, self.at) for language in self.brand.languages
        }

    def _language_name(self, language: str) -> str:
        catalogue = self.centre.catalogues.get(language)
        return catalogue.say("language.name") if catalogue else language


def _size_text(size: int) -> str:
    """A file's size for people: `340 kB`, `2.1 MB`."""
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1000))} kB"
