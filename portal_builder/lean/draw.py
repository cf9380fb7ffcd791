"""Owns drawing a page's template as MkDocs with Material would. Refuses what templates are not promised
(docs/templates.md): whoever asks for MkDocs's own navigation gets MkDocs."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin, urlsplit

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, FunctionLoader, pass_context
from jinja2.runtime import Context

from portal_builder.lean.beyond import BeyondLeanError
from portal_builder.lean.compiled import Compiled
from portal_builder.lean.config import Config
from portal_builder.lean.convert import Conversion, relative
from portal_builder.look import material_templates
from portal_builder.project import Templates, bytes_of

_OF_MAPS = frozenset(dir(dict))


class _Known:
    """What templates may ask; anything else is the reference engine's."""

    def __getattr__(self, name: str) -> Any:
        raise BeyondLeanError(name)


class _Unknown:
    """A variable of MkDocs's that is not promised: using it at all is beyond this engine."""

    def _refuse(self, *_: object) -> Any:
        raise BeyondLeanError("variable")

    __getattr__ = __getitem__ = __iter__ = __len__ = __bool__ = __str__ = __html__ = __eq__ = __call__ = _refuse
    __hash__ = object.__hash__


class Told(_Known):
    """`config`, as templates see it."""

    def __init__(self, config: Config) -> None:
        self.site_name, self.site_url, self.extra = config.site_name, config.site_url, config.extra


class Leaf(_Known):
    """`page`, as templates see it."""

    def __init__(self, meta: Mapping[str, Any], conversion: Conversion, url: str, site_url: str) -> None:
        if "title" not in meta:
            raise BeyondLeanError("title")
        self.meta, self.title, self.content = meta, meta["title"], conversion.html
        self.toc = _toc(conversion.toc)
        self.url = "" if url == "./" else url
        self.canonical_url = urljoin(site_url if site_url.endswith("/") else f"{site_url}/", self.url)


@dataclass
class Anchor:
    """One line of `page.toc`."""

    title: str
    id: str
    level: int
    children: list[Anchor]

    @property
    def url(self) -> str:
        return f"#{self.id}"


def _toc(tokens: Sequence[Mapping[str, Any]]) -> list[Anchor]:
    return [Anchor(token["name"], token["id"], token["level"], _toc(token["children"])) for token in tokens]


class Drawing:
    """The templates of one project."""

    def __init__(self, templates: Templates, config: Config, compiled: Compiled | None = None) -> None:
        self._env = _environment(templates, compiled)
        self._site_url, self._told = config.site_url, Told(config)
        unknown = ("nav", "pages", "extra_css", "extra_javascript", "mkdocs_version", "build_date_utc")
        self._common: dict[str, Any] = dict.fromkeys(unknown, _Unknown()) | {"config": self._told}

    def page(self, meta: Mapping[str, Any], conversion: Conversion, url: str) -> str:
        """One page."""
        leaf = Leaf(meta, conversion, url, self._site_url)
        template = self._env.get_template(meta.get("template", "main.html"))
        return template.render(self._common, page=leaf, base_url=relative(".", leaf.url))

    def lost(self) -> str:
        """The page for unknown addresses: its links begin at the root, as it is shown at any depth."""
        return self._env.get_template("404.html").render(
            self._common, page=None, base_url=urlsplit(self._site_url or "/").path
        )


class _Environment(Environment):
    """Looks a name up in a plain map at once. Jinja asks for an attribute first, and most names are in maps."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is dict and attribute in obj and attribute not in _OF_MAPS:
            return obj[attribute]
        return super().getattr(obj, attribute)


@lru_cache(maxsize=8)
def _environment(templates: Templates, compiled: Compiled | None) -> Environment:
    """Where a project's templates are found, compiled once for all portals that have the same ones."""
    if any(name.startswith("locales/") for name in templates.files):
        raise BeyondLeanError("locales")

    def own(name: str) -> tuple[str, str, None] | None:
        content = templates.files.get(name)
        return None if content is None else (bytes_of(content).decode(), name, None)

    env = _Environment(
        loader=ChoiceLoader([FunctionLoader(own), FileSystemLoader(material_templates())]),
        auto_reload=False,
        bytecode_cache=compiled,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_null_translations()  # type: ignore[attr-defined]  # the extension adds it
    env.filters["url"] = _url
    return env


@pass_context
def _url(context: Context, value: object) -> str:
    """An address of the portal as it is written on this page."""
    path, is_ours = _portal_address(str(value))
    if not is_ours:
        return path
    page = context["page"]
    return posixpath.join(context["base_url"], path) if page is None else _from(path, page.url)


@lru_cache(maxsize=2**12)
def _portal_address(path: str) -> tuple[str, bool]:
    if "\\" in path:
        raise BeyondLeanError(path)
    path = path or "."
    parts = urlsplit(path)
    return path, not (parts.scheme or parts.netloc or path.startswith(("/", "#")))


@lru_cache(maxsize=2**14)
def _from(path: str, page: str) -> str:
    norm, up = f"{posixpath.normpath(path)}/", 0
    while norm.startswith("../", up * 3):
        up += 1
    return "../" * up + relative(path, page)
