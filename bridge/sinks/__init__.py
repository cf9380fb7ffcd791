"""Owns what a sink is, and finds them: one file in this folder is one sink, by its name. Refuses to know any of them.

A sink's module holds two names: `Options`, a model of its entry in brand.yml (`bridge.deliver`, beside `sink:`), and
`connect(options, brand, equipment) -> Sink`. One that can also tell a person of trouble says `CAN_TELL = True`, and its
sinks have `tell`. One that delivers to several separately has `parts(options)`. Nothing else has to be touched.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Protocol, cast

from bridge.ways.equipment import Equipment
from bridge.ways.parcel import Notice, Parcel, SinkError
from portal_builder.brand import Brand
from portal_builder.problem import Problem, nearest
from portal_builder.schema import Strict, read_model
from portal_builder.yamlfile import Loc, Tree, YamlFile

__all__ = ["Notice", "Parcel", "Route", "Sink", "SinkError", "Teller", "read_alarm", "read_routes"]

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_USUAL: Mapping[str, Any] = {"sink": "smtp"}


class Sink(Protocol):
    """One place where a brand's inquiries go."""

    def send(self, parcel: Parcel) -> None:
        """Hand it over. Returning means that the other side has it; anything else is a SinkError."""

    def doors(self) -> Sequence[str]:
        """What has to be open for it to work, one of them at least; nothing where it knocks at no door."""


class Teller(Protocol):
    """A way to tell a person that something is wrong."""

    def tell(self, notice: Notice) -> None:
        """Returning means that it is told; anything else is a SinkError."""


@dataclass(frozen=True)
class Route:
    """One entry of a brand's `bridge.deliver` or `bridge.alarm`, read and checked."""

    name: str
    """As `name:` says, else the sink's name; the second of a kind is `<name>-2`. Deliveries remember it."""
    module: ModuleType
    options: Strict
    at: int = 0
    """Its place in the list."""

    @property
    def deliveries(self) -> tuple[str, ...]:
        """The names of the deliveries that an inquiry gets here: one, or one for each recipient."""
        parts = getattr(self.module, "parts", None)
        several: Sequence[str] = parts(self.options) if parts else ()
        return tuple(f"{self.name}:{part}" for part in several) if len(several) > 1 else (self.name,)

    @property
    def kind(self) -> str:
        return self.module.__name__.rpartition(".")[2]

    def connect(self, brand: Brand, equipment: Equipment) -> Sink:
        return cast("Sink", self.module.connect(self.options, brand, equipment))

    def connect_teller(self, brand: Brand, equipment: Equipment) -> Teller:
        return cast("Teller", self.module.connect(self.options, brand, equipment))


def read_routes(brand: Brand) -> tuple[tuple[Route, ...], tuple[Problem, ...]]:
    """Where a brand's inquiries may go: what brand.yml says, else by mail to the brand's own address."""
    return _read(brand, ("bridge", "deliver"), brand.file.bridge.deliver or (_USUAL,))


def read_alarm(brand: Brand) -> tuple[tuple[Route, ...], tuple[Problem, ...]]:
    """How a person is told that an inquiry does not arrive."""
    place = ("bridge", "alarm")
    routes, problems = _read(brand, place, brand.file.bridge.alarm)
    mute = [
        brand.problem((*place, route.at, "sink"), "bridge.sink_mute", name=route.kind, known=", ".join(_tellers()))
        for route in routes
        if not _can_tell(route.module)
    ]
    return routes, (*problems, *mute)


def _read(
    brand: Brand, place: Loc, entries: Iterable[Mapping[str, Any]]
) -> tuple[tuple[Route, ...], tuple[Problem, ...]]:
    routes: list[Route] = []
    problems: list[Problem] = []
    for at, entry in enumerate(entries):
        module, faults = _module(brand, (*place, at), entry)
        options, more = _options(brand, (*place, at), entry, module) if module else (None, ())
        name, misnamed = _name(brand, (*place, at), entry, routes)
        problems += [*faults, *more, *misnamed]
        if module and options:
            routes.append(Route(name, module, options, at))
    return tuple(routes), tuple(problems)


def _name(brand: Brand, place: Loc, entry: Mapping[str, Any], routes: Sequence[Route]) -> tuple[str, Iterable[Problem]]:
    taken = {route.name for route in routes}
    given = entry.get("name")
    if given is None:
        kind = str(entry.get("sink"))
        names = (kind, *(f"{kind}-{number}" for number in range(2, 1_000)))
        return next(name for name in names if name not in taken), ()
    if not isinstance(given, str) or not _NAME.fullmatch(given):
        return "", [brand.problem((*place, "name"), "bridge.sink_name", name=given)]
    if given in taken:
        return given, [brand.problem((*place, "name"), "bridge.sink_twice", name=given)]
    return given, ()


def _known() -> list[str]:
    return [module.name for module in pkgutil.iter_modules(__path__)]


def _can_tell(module: ModuleType) -> bool:
    return bool(getattr(module, "CAN_TELL", False))


def _tellers() -> list[str]:
    return [name for name in _known() if _can_tell(importlib.import_module(f"{__name__}.{name}"))]


def _module(brand: Brand, place: Loc, entry: Mapping[str, Any]) -> tuple[ModuleType | None, Iterable[Problem]]:
    name, known = entry.get("sink"), _known()
    if name in known:
        return importlib.import_module(f"{__name__}.{name}"), ()
    values = {"name": name or "", "known": ", ".join(known), "nearest": nearest(str(name), known) or known[0]}
    return None, [brand.problem((*place, "sink"), "bridge.sink_unknown", **values)]


def _options(
    brand: Brand, place: Loc, entry: Mapping[str, Any], module: ModuleType
) -> tuple[Strict | None, Iterable[Problem]]:
    """The entry without `sink` and `name`, as if it were a file of its own, so that each fault has its line."""
    tree: Tree = {key: value for key, value in entry.items() if key not in {"sink", "name"}}
    lines = {loc[3:]: line for loc, line in brand.source.lines.items() if loc[:3] == place}
    model: type[Strict] = module.Options
    return read_model(model, YamlFile(brand.source.path, tree, lines))
