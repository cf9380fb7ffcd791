"""Owns what the pages of one portal are made of: one brand, language and instant, and what follows. Refuses pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from portal_builder.article import Article
from portal_builder.brand import Brand
from portal_builder.catalogue import Catalogue
from portal_builder.centre import Centre
from portal_builder.flow import flows_of
from portal_builder.form import Form, forms_of
from portal_builder.form_view import form_view
from portal_builder.guided import Guided
from portal_builder.library import Library
from portal_builder.machines.publisher import FEED, Publisher, brand_address
from portal_builder.platforms import with_names
from portal_builder.portal_view import portal_view
from portal_builder.resolve import CONTACT, Resolver
from portal_builder.selection import Selection
from portal_builder.shelves import Shelves
from portal_builder.suggestions import suggestions
from portal_builder.translations import Translations


@dataclass(frozen=True)
class Context:
    """The arguments of one plan, and what several pages need of them, each made once."""

    centre: Centre
    brand: Brand
    language: str
    at: datetime
    base: str | None

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
        forms = frozenset(form.name for form in self.forms)
        return Resolver(self.library, self.brand, self.language, self.selection.shown, forms)

    @cached_property
    def shelves(self) -> Shelves:
        return Shelves(self.selection, self.resolver, self.words)

    @cached_property
    def forms(self) -> tuple[Form, ...]:
        """Those of this brand."""
        return forms_of(self.centre.forms, self.brand)

    def form_view(self, form: Form) -> dict[str, Any]:
        return form_view(form, self.brand, self.words, suggestions(form, self.shelves))

    @cached_property
    def guided(self) -> Guided:
        forms = {form.name: form for form in self.forms}
        flows = flows_of(self.centre.flows, self.brand)
        return Guided(flows, self.shelves, self.resolver, forms, self.form_view)

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

    @cached_property
    def view(self) -> dict[str, Any]:
        """What every page is told (docs/templates.md, `portal`)."""
        view = portal_view(self.brand, self.words, self.centre.catalogues)
        nav = [self.folder_link(kind) | {"kind": kind} for kind in self.shelves.kinds]
        nav.append(self.contact_link() | {"kind": CONTACT})
        return view | {"nav": nav, "banner": self.shelves.banner(), "brands_url": self._brands_url(), "feed": FEED}

    def _brands_url(self) -> str | None:
        """The page of all brands lies above the portals only where the brands share one address."""
        is_shared = self.base is not None or self.brand.file.url.endswith(f"/{self.brand.folder}/")
        return "../../" if is_shared and len(self.centre.brands) > 1 else None

    @cached_property
    def sections(self) -> list[dict[str, Any]]:
        """Every article, in the order of the lists."""
        return [
            self.shelves.section(folder, articles)
            for kind in self.shelves.kinds
            for folder, articles in self.shelves.of_kind(kind)
        ]

    def text(self, article: Article) -> str:
        """As it is staged; what is for some devices is named in the text's own language."""
        words = self.centre.catalogues.get(article.text_language, self.words)
        return with_names(self.resolver.text(article), lambda name: words.say(f"platform.{name}"))

    def meta(self, kind: str, crumbs: Iterable[dict[str, str]] = ()) -> dict[str, Any]:
        """What a page of any sort says of itself; `crumbs` are the pages between it and the home page."""
        return {
            "kind": kind,
            "text_language": self.language,
            "fallback": None,
            "breadcrumbs": [{"title": self.words.say("nav.home"), "url": ""}, *crumbs],
        }

    def folder_link(self, folder: str) -> dict[str, str]:
        return {"title": self.shelves.name_of(folder), "url": f"{folder}/"}

    def contact_link(self) -> dict[str, str]:
        return {"title": self.words.say("nav.contact"), "url": f"{CONTACT}/"}
