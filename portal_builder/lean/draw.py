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
from portal_builder.lean.parts import SEAT, PartTemplate, Seat, parts_of
from portal_builder.look import material_templates
from portal_builder.project import Templates, bytes_of

_OF_MAPS = frozenset(dir(dict))
_ANY_PAGE = "\0/"
"""Stands for each page of a folder; no file has such a name."""


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
        self._portal, self._drawn = config.extra.get("portal", {}), dict[tuple[Any, ...], str]()
        unknown = ("nav", "pages", "extra_css", "extra_javascript", "mkdocs_version", "build_date_utc")
        self._common: dict[str, Any] = dict.fromkeys(unknown, _Unknown()) | {"config": self._told}

    def page(self, meta: Mapping[str, Any], conversion: Conversion, url: str) -> str:
        """One page."""
        leaf = Leaf(meta, conversion, url, self._site_url)
        template = self._env.get_template(meta.get("template", "main.html"))
        seat = Seat(leaf.url, meta, self._portal, self._drawn)
        return template.render(self._common | {SEAT: seat}, page=leaf, base_url=relative(".", leaf.url))

    def lost(self) -> str:
        """The page for unknown addresses: its links begin at the root, as it is shown at any depth."""
        return self._env.get_template("404.html").render(
            self._common | {SEAT: None}, page=None, base_url=urlsplit(self._site_url or "/").path
        )


class _Environment(Environment):
    """Looks a name up in a plain map at once. Jinja asks for an attribute first, and most names are in maps."""

    template_class = PartTemplate
    parts: frozenset[str] = frozenset()

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is not dict or attribute in _OF_MAPS:
            return super().getattr(obj, attribute)
        return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)


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
        cache_size=-1,  # as many as there are files; a smaller one is put in order again at each use
        bytecode_cache=compiled,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_null_translations()  # type: ignore[attr-defined]  # the extension adds it
    env.filters["url"] = _url
    env.parts = parts_of(templates.files)
    return env


@pass_context
def _url(context: Context, value: object) -> str:
    """An address of the portal as it is written on this page."""
    path, place = _portal_address(str(value))
    if place is None:
        return path
    seat: Seat | None = context[SEAT]
    if seat is None:
        return posixpath.join(context["base_url"], path)
    seat.asked.append(place)
    return _from(path, seat.url if place.startswith(seat.url) else f"{seat.folder}{_ANY_PAGE}")


@lru_cache(maxsize=2**14)
def _portal_address(path: str) -> tuple[str, str | None]:
    """An address, and the place in the portal that it leads to, where that is one."""
    if "\\" in path:
        raise BeyondLeanError(path)
    path = path or "."
    parts = urlsplit(path)
    is_ours = not (parts.scheme or parts.netloc or path.startswith(("/", "#")))
    return path, f"{posixpath.normpath(f'/{path}')}/".lstrip("/") if is_ours else None


@lru_cache(maxsize=2**14)
def _from(path: str, page: str) -> str:
    """An address as a page writes it: what is not below the page itself, as every page of its folder does."""
    norm, up = f"{posixpath.normpath(path)}/", 0
    while norm.startswith("../", up * 3):
        up += 1
    return "../" * up + relative(path, page)
