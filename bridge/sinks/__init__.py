"""Owns what a sink is, and finds them: one file in this folder is one sink, by its name. Refuses to know any of them.

A sink's module holds two names: `Options`, a model of its entry in brand.yml (`bridge.deliver`, beside `sink:`), and
`connect(options, brand, settings) -> Sink`. Nothing else has to be touched to add one.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Protocol

from bridge.inquiry import Inquiry
from bridge.mail import AddressState
from bridge.settings import Settings
from portal_builder.brand import Brand
from portal_builder.catalogue import Catalogue
from portal_builder.problem import Problem, nearest
from portal_builder.schema import Strict, read_model
from portal_builder.yamlfile import Loc, Tree, YamlFile

_DELIVER: Loc = ("bridge", "deliver")


class SinkError(Exception):
    """A delivery failed. Raised again later, unless `permanent`: then only a person can mend it."""

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        self.message, self.permanent = message, permanent
        super().__init__(message)


@dataclass(frozen=True)
class Parcel:
    """What a sink is given: the inquiry, whose it is, and the bytes of its files, in order."""

    inquiry: Inquiry
    brand: Brand
    words: Catalogue
    """In the brand's source language."""
    contents: tuple[bytes, ...]
    address: AddressState = ""


class Sink(Protocol):
    """One place where a brand's inquiries go."""

    def send(self, parcel: Parcel) -> None:
        """Hand it over. Returning means that the other side has it; anything else is a SinkError."""


@dataclass(frozen=True)
class Route:
    """One entry of a brand's `bridge.deliver`, read and checked."""

    name: str
    """The sink's name; the second of a kind is `<name>-2`. Deliveries remember it."""
    module: ModuleType
    options: Strict

    def connect(self, brand: Brand, settings: Settings) -> Sink:
        sink: Sink = self.module.connect(self.options, brand, settings)
        return sink


def read_routes(brand: Brand) -> tuple[tuple[Route, ...], tuple[Problem, ...]]:
    """Where a brand's inquiries go: what brand.yml says, else by mail to the brand's own address."""
    routes: list[Route] = []
    problems: list[Problem] = []
    for at, entry in enumerate(brand.file.bridge.deliver or ({"sink": "smtp"},)):
        module, faults = _module(brand, at, entry)
        options, more = _options(brand, at, entry, module) if module else (None, ())
        problems += [*faults, *more]
        if module and options:
            earlier = sum(route.module is module for route in routes)
            kind = str(entry["sink"])
            routes.append(Route(f"{kind}-{earlier + 1}" if earlier else kind, module, options))
    return tuple(routes), tuple(problems)


def _known() -> list[str]:
    return [module.name for module in pkgutil.iter_modules(__path__)]


def _module(brand: Brand, at: int, entry: Mapping[str, Any]) -> tuple[ModuleType | None, Iterable[Problem]]:
    name, known = entry.get("sink"), _known()
    if name in known:
        return importlib.import_module(f"{__name__}.{name}"), ()
    values = {"name": name or "", "known": ", ".join(known), "nearest": nearest(str(name), known) or known[0]}
    return None, [brand.problem((*_DELIVER, at, "sink"), "bridge.sink_unknown", **values)]


def _options(
    brand: Brand, at: int, entry: Mapping[str, Any], module: ModuleType
) -> tuple[Strict | None, Iterable[Problem]]:
    """The entry without `sink`, as if it were a file of its own, so that each fault has its line in brand.yml."""
    tree: Tree = {key: value for key, value in entry.items() if key != "sink"}
    place = (*_DELIVER, at)
    lines = {loc[3:]: line for loc, line in brand.source.lines.items() if loc[:3] == place}
    model: type[Strict] = module.Options
    return read_model(model, YamlFile(brand.source.path, tree, lines))
