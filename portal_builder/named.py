"""Owns folders whose YAML files are known by their names: forms, guided answers. Refuses to know what they mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol, TypeVar

from portal_builder.brand import NAME
from portal_builder.problem import Problem
from portal_builder.schema import Strict, read_file
from portal_builder.yamlfile import YamlFile

M = TypeVar("M", bound=Strict)


class Named(Protocol):
    """A file under its name."""

    @property
    def name(self) -> str: ...
    @property
    def file(self) -> Any: ...


N = TypeVar("N", bound=Named)


def read_folder(
    root: Path, folder: str, model: type[M], made: Callable[[str, M, YamlFile], N]
) -> tuple[Mapping[str, N], tuple[Problem, ...]]:
    """Every file of the folder by its name, in the order that each gives itself; and all that is wrong with them."""
    found: list[N] = []
    problems: list[Problem] = []
    for file in sorted((root / folder).glob("*.yml")):
        path = f"{folder}/{file.name}"
        if not NAME.fullmatch(file.stem):
            problems.append(Problem.at(path, 1, "name.address", name=file.stem))
            continue
        value, source, faults = read_file(model, file, path)
        problems += faults
        if value is not None:
            found.append(made(file.stem, value, source))
    found.sort(key=lambda one: (one.file.order, one.name))
    return {one.name: one for one in found}, tuple(problems)
