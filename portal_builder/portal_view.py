"""Owns what every page's template is told of its brand (docs/templates.md, `portal`). Refuses articles and HTML."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import time
from typing import Any
from urllib.parse import urlsplit

from portal_builder.brand import Brand, Channel
from portal_builder.catalogue import Catalogue
from portal_builder.hours import Calendar, Spans, grouped
from portal_builder.localised import direction, hours_span, weekdays
from portal_builder.look import STYLED_ICONS, picture_path
from portal_builder.promise import promise

_LIVE = ("phone", "chat")
"""Channels where somebody has to be there."""


def portal_view(brand: Brand, words: Catalogue, catalogues: Mapping[str, Catalogue]) -> dict[str, Any]:
    """The brand in one language, ready to print; the builder adds navigation and banner of its edition."""
    language = words.language
    file = brand.file
    return {
        "brand": brand.folder,
        "language": language,
        "dir": direction(language),
        "name": brand.say(file.name, language),
        "site": file.site,
        "t": dict(words.words),
        "plurals": {key: dict(forms) for key, forms in words.plurals.items()},
        "logo": picture_path(file.logo),
        "favicon": picture_path(file.favicon),
        "hero": picture_path(file.hero),
        "icons": list(STYLED_ICONS),
        "nav": [],
        "languages": [
            {
                "code": code,
                "name": catalogues[code].say("language.name"),
                "url": f"../{code}/",
                "current": code == language,
            }
            for code in file.languages
        ],
        "brands_url": None,
        "banner": None,
        "channels": [_channel(channel, brand, words) for channel in _spoken(file.channels, language)],
        "hours": _hours(file.hours, words),
        "opening": _opening(brand.calendar),
        "hours_note": words.say("hours.holidays") if file.holidays else None,
        "promise": promise(brand, words) or None,
        "helpful": f"{file.bridge.url}helpful/{brand.folder}/{language}" if file.features.helpful else None,
        "policy": _policy(brand),
        "company": brand.say(file.company, language).strip().splitlines() if file.company else [],
        "email": file.email,
        "features": file.features.model_dump(),
    }


def _policy(brand: Brand) -> str:
    """What a page may load and run (CSP 3): scripts of the portal alone, none within a page; writers' own styles and
    films may stay. It stands in every page, so that it holds on hosts that cannot set headers."""
    address = urlsplit(brand.file.bridge.url)
    bridge = f" {address.scheme}://{address.netloc}" if address.netloc else ""
    return (
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: https:; "
        f"media-src 'self' https:; frame-src https:; connect-src 'self'{bridge}; form-action 'self'{bridge}; "
        "object-src 'none'; base-uri 'none'"
    )


def _spoken(channels: Iterable[Channel], language: str) -> Iterable[Channel]:
    return (channel for channel in channels if not channel.languages or language in channel.languages)


def _channel(channel: Channel, brand: Brand, words: Catalogue) -> dict[str, Any]:
    language = words.language
    address = channel.address or ""
    href = {
        "form": f"contact/{channel.form}/",
        "email": f"mailto:{address}",
        "phone": f"tel:{address.replace(' ', '')}",
    }.get(channel.kind, address)
    return {
        "kind": channel.kind,
        "label": brand.say(channel.label, language) if channel.label else words.say(f"channel.{channel.kind}"),
        "value": address if channel.kind != "form" else "",
        "href": href,
        "use_for": brand.say(channel.use_for, language),
        "hours": _hours(channel.hours, words) if channel.hours else [],
        "opening": _opening(replace(brand.calendar, week=channel.hours or brand.calendar.week))
        if channel.hours or channel.kind in _LIVE
        else None,
    }


def _opening(calendar: Calendar) -> str | None:
    """The hours as open-now.js reads them, or none: a page that is read at any hour cannot know more by itself."""
    if not calendar.is_known:
        return None
    days = {day.isoformat(): _clocks(calendar.spans(day)) for day in {*calendar.holidays, *calendar.overrides}}
    week = [_clocks(spans) for spans in calendar.week]
    return json.dumps({"zone": str(calendar.zone), "week": week, "days": dict(sorted(days.items()))})


def _clocks(spans: Spans) -> list[list[str]]:
    return [[f"{opening:%H:%M}", _closing(closing)] for opening, closing in spans]


def _hours(week: tuple[Spans, ...], words: Catalogue) -> list[dict[str, str]]:
    """Days with the same hours on one line; days without are left out."""
    if week[0] and all(spans == week[0] for spans in week):
        return [{"days": words.say("hours.daily"), "times": _times(week[0], words.language)}]
    names = weekdays(words.language)
    return [
        {
            "days": names[first] if first == last else f"{names[first]}–{names[last]}",
            "times": _times(spans, words.language),
        }
        for first, last, spans in grouped(week)
        if spans
    ]


def _times(spans: Spans, language: str) -> str:
    """A break in the middle of the day is what stands between two spans."""
    return ", ".join(hours_span(opening, closing, language) for opening, closing in spans)


def _closing(closing: time) -> str:
    return "24:00" if closing == time(0) else f"{closing:%H:%M}"
