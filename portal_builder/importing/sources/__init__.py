"""Owns which sources can be brought over: each file in this folder is one. Refuses to know what any of them reads."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from pathlib import Path

from portal_builder.importing.model import Source


def source_names() -> tuple[str, ...]:
    """What `--from` may say."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


def sources() -> Mapping[str, Source]:
    return {name: importlib.import_module(f"{__name__}.{name}").SOURCE for name in source_names()}


def recognised(path: Path) -> tuple[str, ...]:
    """The sources that this file or folder may be, those that are surest of it."""
    sure = {name: source.recognises(path) for name, source in sources().items()}
    best = max(sure.values(), default=0)
    return tuple(name for name, how in sure.items() if how == best and best)
