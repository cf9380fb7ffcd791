"""Owns what the service reads of a help centre: brands, forms, words, and where each brand's inquiries go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bridge.routing.check import check_rules
from bridge.routing.rules import Routing
from bridge.sinks import Route, read_alarm, read_routes
from portal_builder.brand import Brand, load_brands
from portal_builder.catalogue import REFERENCE, Catalogue, load_catalogues
from portal_builder.flow import Flow, flows_of, load_flows
from portal_builder.form import Form, load_forms
from portal_builder.problem import ContentError, Problem


@dataclass(frozen=True)
class Place:
    """Where a customer is: one form of one brand in one language."""

    brand: Brand
    words: Catalogue
    form: Form

    @property
    def scope(self) -> str:
        """Tells this form from all others, in any language."""
        return f"{self.brand.folder}/{self.form.name}"

    @property
    def log_name(self) -> str:
        return f"{self.brand.folder}/{self.words.language}/{self.form.name}"


@dataclass(frozen=True)
class Centre:
    root: Path
    brands: Mapping[str, Brand]
    forms: Mapping[str, Form]
    catalogues: Mapping[str, Catalogue]
    routes: Mapping[str, tuple[Route, ...]]
    """Where inquiries may go, by brand."""
    alarms: Mapping[str, tuple[Route, ...]]
    """How a person is told of trouble, by brand."""
    flows: Mapping[str, Flow]
    """Guided answers, as far as they can be read: a form is told of the way to it, and works without."""

    def flows_of(self, brand: Brand) -> tuple[Flow, ...]:
        return flows_of(self.flows, brand)

    def routing(self, brand: Brand) -> Routing:
        """Which inquiry goes where."""
        ways = {route.name: route.deliveries for route in self.routes[brand.folder]}
        return Routing(brand.folder, brand.file.bridge.routes, ways)

    def place(self, brand: str, language: str, form: str) -> Place | None:
        """None where there is no such form, or it is not this brand's, or not in this language."""
        found, asked = self.brands.get(brand), self.forms.get(form)
        if not found or not asked or language not in found.languages or not asked.for_brand(brand):
            return None
        return Place(found, self.catalogues[language], asked)

    def source_words(self, brand: Brand) -> Catalogue:
        """The words the team of a brand reads."""
        return self.catalogues[brand.source_language]

    def default_words(self) -> Catalogue:
        return self.catalogues[REFERENCE]

    @property
    def mail_servers(self) -> frozenset[str]:
        """Every mail server that a brand names."""
        routes = [route for own in (self.routes, self.alarms) for entries in own.values() for route in entries]
        named = [name for route in routes for name in getattr(route.options, "servers", ())]
        return frozenset([*named, *(name for brand in self.brands.values() for name in brand.file.bridge.servers)])

    @property
    def largest_form(self) -> int:
        """Bytes of files that the most generous form takes."""
        return max((form.file.max_total_mb for form in self.forms.values()), default=0) * 1_000_000


def load_centre(root: Path) -> Centre:
    """Read it once, at start; ContentError with everything that is wrong, because a form half read loses answers."""
    brands, problems = load_brands(root)
    forms, form_problems = load_forms(root)
    shelf = load_catalogues(root)
    faults: list[Problem] = [*problems, *form_problems, *shelf.problems]
    routes: dict[str, tuple[Route, ...]] = {}
    alarms: dict[str, tuple[Route, ...]] = {}
    for brand in brands.values():
        routes[brand.folder], more = read_routes(brand)
        alarms[brand.folder], further = read_alarm(brand)
        faults += [*more, *further, *check_rules(brand, routes[brand.folder], forms)]
        faults += [
            brand.problem(("languages",), "bridge.no_words", language=language)
            for language in brand.languages
            if language not in shelf.catalogues
        ]
    if faults:
        raise ContentError(sorted(set(faults)))
    flows, _ = load_flows(root)
    return Centre(root, brands, forms, shelf.catalogues, routes, alarms, flows)
