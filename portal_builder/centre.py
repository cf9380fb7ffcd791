"""Owns a help centre as its writers left it: everything read once, every problem kept. Refuses to plan or render."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from portal_builder.agenda import Agenda
from portal_builder.brand import Brand, load_brands
from portal_builder.catalogue import Catalogue, load_catalogues
from portal_builder.flow import Flow, load_flows
from portal_builder.form import Form, load_forms
from portal_builder.inheritance.overrides import Override, Overrides, library_of, load_overrides
from portal_builder.library import Library, load_library
from portal_builder.problem import Problem, UnknownPortalError
from portal_builder.shipped import shipped
from portal_builder.synonyms import load_synonyms
from portal_builder.tongues.claims import as_they_are
from portal_builder.yamlfile import read_text


@dataclass(frozen=True, order=True)
class Portal:
    """One brand in one language: the unit that is built and deployed."""

    brand: str
    language: str

    def __str__(self) -> str:
        return f"{self.brand}/{self.language}"


@dataclass(frozen=True)
class Centre:
    """A help centre's folder, read."""

    root: Path
    library: Library
    brands: Mapping[str, Brand]
    forms: Mapping[str, Form]
    catalogues: Mapping[str, Catalogue]
    engine_config: str
    """The text of the mkdocs.yml that every staged portal inherits."""
    synonyms: Mapping[Portal, tuple[tuple[str, ...], ...]]
    """By portal, the words that mean the same to customers."""
    problems: tuple[Problem, ...]
    changed: Mapping[str, datetime] = field(default_factory=dict)
    """When each text was last changed, by its path, where that is known (`history.py`)."""
    flows: Mapping[str, Flow] = field(default_factory=dict)
    overrides: Overrides = field(default_factory=dict)
    """What brands say differently from the shared articles."""

    def library_of(self, brand: str) -> Library:
        """The articles as one brand shows them: its blocks, its sections, its pictures."""
        if brand not in self._libraries:
            self._libraries[brand] = library_of(self.library, brand, self.overrides.get(brand, Override()))
        return self._libraries[brand]

    @cached_property
    def _libraries(self) -> dict[str, Library]:
        """Made when they are first asked for. Two threads that ask at once make the same value twice, and one stays."""
        return {}

    def portals(self) -> tuple[Portal, ...]:
        """Every portal that can be built: brands in order of their folders, languages in the brand's order."""
        return tuple(
            Portal(brand.folder, language)
            for brand in self.brands.values()
            for language in brand.languages
            if language in self.catalogues
        )

    @cached_property
    def agenda(self) -> Agenda:
        """What is due in the portals that can be built."""
        return Agenda(self.library, tuple((self.brands[name.brand], name.language) for name in self.portals()))

    def next_change(self, at: datetime) -> datetime | None:
        """The first instant after `at` at which any portal changes."""
        return self.agenda.next_change(at)


def load_centre(root: Path, changed: Mapping[str, datetime] = MappingProxyType({})) -> Centre:
    """Read everything below `root`. What cannot be read is named in `problems` and left out.

    `changed`: when each text was last changed, where readers are to see it (history.py).
    """
    written, library_problems = load_library(root)
    brands, brand_problems = load_brands(root)
    forms, form_problems = load_forms(root)
    flows, flow_problems = load_flows(root)
    shelf = load_catalogues(root)
    library = replace(written, articles=as_they_are(written.articles, shelf.catalogues, root))
    config = root / "mkdocs.yml"
    config = config if config.is_file() else shipped() / "mkdocs.yml"
    engine_config, config_problems = read_text(config, "mkdocs.yml")
    portals = [Portal(brand.folder, language) for brand in brands.values() for language in brand.languages]
    synonyms = {portal: load_synonyms(root, portal.brand, portal.language) for portal in portals}
    problems = {*library_problems, *brand_problems, *form_problems, *shelf.problems, *config_problems}
    overrides, override_problems = load_overrides(root, brands, library)
    problems |= {*flow_problems, *override_problems}
    problems |= {problem for found in synonyms.values() for problem in found.problems}
    groups = {portal: found.groups for portal, found in synonyms.items()}
    said = tuple(sorted(problems))
    return Centre(
        root, library, brands, forms, shelf.catalogues, engine_config, groups, said, changed, flows, overrides
    )


def chosen_portals(centre: Centre, names: Iterable[str]) -> tuple[Portal, ...]:
    """The portals named `brand/lang` or `brand` (all of its languages); all of them where none is named."""
    portals = centre.portals()
    chosen: list[Portal] = []
    for name in names:
        matching = [portal for portal in portals if name in (str(portal), portal.brand)]
        if not matching:
            raise UnknownPortalError(name, (*map(str, portals), *centre.brands))
        chosen += matching
    return tuple(dict.fromkeys(chosen)) or portals
