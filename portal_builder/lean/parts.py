"""Owns the parts of a page that are the same on others of its portal: drawn once, then put in as text. Refuses to know
what they say.

A part is a template that says nothing of the page it stands on, but for its addresses, which begin at that page. Pages
of one folder write them alike, so a part is drawn once for each folder. Where a writer's template has another idea of
what parts are made of, they are drawn on each page, as they are written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from types import CodeType
from typing import Any

from jinja2 import Environment, Template
from jinja2.runtime import Context

PARTS: Mapping[str, str | None] = {
    "partials/policy.html": None,
    "partials/look.html": None,
    "partials/banner.html": None,
    "partials/kinds.html": "kind",
    "partials/search_button.html": None,
    "partials/brightness.html": None,
    "partials/helpful_ask.html": None,
    "partials/footer.html": None,
}
"""Each with the one thing of `page.meta` that it goes by, if any."""
_MACROS = "partials/parts.html"
_MADE_OF = (*PARTS, _MACROS, "partials/search.html", "partials/hours.html")
"""What parts are drawn with: where one of them is a writer's, it may say anything. Icons are in the style sheet."""
SEAT = "where the page is"
"""What a context holds the page's seat by; no template can name it."""
_OF_NO_FOLDER = "./"
"""Where the home page lies: it writes addresses as no other page does."""

Draw = Callable[[Context], Iterator[str]]


@dataclass
class Seat:
    """The page that is being drawn, as far as parts and addresses go by it."""

    url: str
    meta: Mapping[str, Any]
    portal: Mapping[str, Any]
    drawn: dict[tuple[Any, ...], str]
    """The parts of this portal that are drawn already."""
    folder: str = field(init=False)
    """The address right above it."""
    asked: list[str] = field(default_factory=list)
    """The places that addresses on it lead to, as whole addresses from the portal's root."""

    def __post_init__(self) -> None:
        self.folder = self.url[: self.url.rstrip("/").rfind("/") + 1] if self.url else _OF_NO_FOLDER


class PartTemplate(Template):
    """A template that knows whether it is a part."""

    @classmethod
    def from_code(
        cls,
        environment: Environment,
        code: CodeType,
        globals: Any,  # noqa: A002 -- Jinja's name
        uptodate: Any = None,
    ) -> Template:
        template = super().from_code(environment, code, globals, uptodate)
        if template.name and template.name in getattr(environment, "parts", ()):
            template.root_render_func = partial(_drawn_once, template.name, template.root_render_func)
        return template


def parts_of(templates: Mapping[str, object]) -> frozenset[str]:
    """The parts among a project's templates, by name."""
    is_replaced = any(f"_base/{name}" in templates for name in _MADE_OF)
    return frozenset() if is_replaced else frozenset(PARTS)


def _drawn_once(name: str, draw: Draw, context: Context) -> Iterator[str]:
    """The part as text, from the first page in the folder that has it."""
    seat: Seat | None = context[SEAT]
    if seat is None or not _is_as_ever(context, seat):
        yield from draw(context)
        return
    differs = PARTS[name]
    key = name, seat.folder, seat.meta.get(differs) if differs else None
    text = seat.drawn.get(key)
    if text is None:
        asked = len(seat.asked)
        text = "".join(draw(context))
        if not any(is_within(place, seat.folder) for place in seat.asked[asked:]):
            seat.drawn[key] = text
    yield text


def _is_as_ever(context: Context, seat: Seat) -> bool:
    """Whether the names that parts use mean what the frame makes them mean."""
    portal, macros = context.resolve("portal"), context.resolve("parts")
    return (
        portal is seat.portal
        and context.resolve("t") is portal["t"]
        and context.resolve("meta") is seat.meta
        and getattr(macros, "__name__", "") == _MACROS
    )


def is_within(place: str, folder: str) -> bool:
    """Whether a place lies in a folder: pages of this folder may then see it differently.

    >>> is_within("faq/", "faq/"), is_within("faq/refund/", "faq/"), is_within("static/a.css", "")
    (False, True, True)
    """
    return place != folder and place.startswith(folder)
