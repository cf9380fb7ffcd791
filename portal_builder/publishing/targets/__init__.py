"""Owns which targets there are: each file in this folder is one. Refuses to know what any of them does."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from types import ModuleType


def target_modules() -> Mapping[str, ModuleType]:
    """By what `to:` says."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return {name: importlib.import_module(f"{__name__}.{name}") for name in names}
