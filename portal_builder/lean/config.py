"""Owns a staged project's configuration as far as the lean engine goes. Refuses every key and value beyond it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from typing import Any

import yaml

from portal_builder.lean.beyond import BeyondLeanError
from portal_builder.project import Project

_BUILT_IN = ("toc", "tables", "fenced_code")
"""Extensions that MkDocs loads before those that are named."""
_FIXED: Mapping[str, Any] = {
    "docs_dir": "docs",
    "use_directory_urls": True,
    "strict": True,
    "plugins": [],
    "validation": {
        "nav": {"omitted_files": "ignore", "not_found": "warn"},
        "links": {
            "not_found": "warn",
            "anchors": "warn",
            "absolute_links": "ignore",
            "unrecognized_links": "warn",
        },
    },
}
_LARGE = frozenset({"material.extensions.emoji.twemoji"})
"""Its module brings every emoji there is, which takes as long as some hundred texts; few texts name one."""
_ANY = object()
"""A function."""
_SHIPPED: Mapping[str, Mapping[str, object]] = {
    "toc": {"permalink": "#", "slugify": _ANY},
    "tables": {"use_align_attribute": True},
    "fenced_code": {},
    "abbr": {},
    "admonition": {},
    "attr_list": {},
    "def_list": {},
    "footnotes": {},
    "md_in_html": {},
    "pymdownx.caret": {},
    "pymdownx.details": {},
    "pymdownx.emoji": {"emoji_index": _ANY, "emoji_generator": _ANY, "options": {"alt": "unicode"}},
    "pymdownx.keys": {},
    "pymdownx.mark": {},
    "pymdownx.superfences": {},
    "pymdownx.tabbed": {"alternate_style": True, "slugify": _ANY},
    "pymdownx.tasklist": {"custom_checkbox": True},
}
"""The extensions of the shipped `mkdocs.yml` with their options, in their order."""
_FREE = frozenset({"site_name", "site_url", "extra", "markdown_extensions", "theme", "INHERIT"})
_THEME = {"name": "material", "custom_dir": "overrides", "font": False}


@dataclass(frozen=True)
class Dialect:
    """How Markdown is to be read."""

    digest: str
    """Of what it was read from: the same digest, the same HTML of the same text."""
    extensions: tuple[str, ...] = field(compare=False)
    configs: Mapping[str, Mapping[str, Any]] = field(compare=False)


def is_shipped(dialect: Dialect) -> bool:
    """Whether it has the extensions and options of the shipped `mkdocs.yml`, whatever functions it names."""
    return [
        (name, {key: _ANY if callable(value) else value for key, value in dialect.configs.get(name, {}).items()})
        for name in dialect.extensions
    ] == [*_SHIPPED.items()]


@dataclass(frozen=True)
class Config:
    """What templates and pages need of the configuration."""

    site_name: str
    site_url: str
    extra: Mapping[str, Any]
    dialect: Dialect


def config_of(project: Project) -> Config:
    """`mkdocs.yml` with what it inherits."""
    own = project.settings
    base, dialect = _base(project.base)
    merged = _merged(base, own)
    theme = {name: value for name, value in merged.get("theme", {}).items() if name != "language"}
    if theme != _THEME or "markdown_extensions" in own or not isinstance(merged.get("extra", {}), dict):
        raise BeyondLeanError("theme")
    return Config(str(merged["site_name"]), str(merged.get("site_url") or ""), merged.get("extra", {}), dialect)


@dataclass(frozen=True)
class _Late:
    """A function by its name, imported when it is called."""

    name: str

    def __call__(self, *arguments: Any) -> Any:
        module, _, function = self.name.rpartition(".")
        return getattr(import_module(module), function)(*arguments)


class _Loader(yaml.Loader):
    """MkDocs's own, but for functions whose modules are large."""


def _named(loader: _Loader, name: str, node: yaml.Node) -> Any:
    if name in _LARGE:
        return _Late(name)
    return loader.construct_python_name(name, node)  # type: ignore[attr-defined]  # the stubs leave it out


_Loader.add_multi_constructor("tag:yaml.org,2002:python/name:", _named)


@lru_cache(maxsize=4)
def _base(text: str) -> tuple[Mapping[str, Any], Dialect]:
    """The inherited file: the same for every portal, so read once a process. Its tags name Python objects, as MkDocs's
    own loader allows; it is the help centre's own file."""
    base = yaml.load(text, _Loader)  # noqa: S506 -- MkDocs reads it so, too
    if not isinstance(base, dict) or base.keys() - _FIXED.keys() - _FREE:
        raise BeyondLeanError("base.yml")
    if {name: base[name] for name in _FIXED if name in base} != _FIXED:
        raise BeyondLeanError("base.yml")
    named = base.get("markdown_extensions", {})
    if not isinstance(named, dict):
        raise BeyondLeanError("markdown_extensions")
    extensions = tuple(dict.fromkeys((*_BUILT_IN, *named)))
    configs = {name: dict(options) for name, options in named.items() if options}
    return base, Dialect(hashlib.sha256(text.encode()).hexdigest(), extensions, configs)


def _merged(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Maps are merged, everything else is replaced."""
    merged = dict(base)
    for name, value in own.items():
        if name not in _FREE:
            raise BeyondLeanError(name)
        before = merged.get(name)
        merged[name] = _deep(before, value) if isinstance(before, dict) and isinstance(value, dict) else value
    return merged


def _deep(before: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(before)
    for name, value in own.items():
        old = merged.get(name)
        merged[name] = _deep(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged
