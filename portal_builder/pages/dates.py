"""Owns when an article came out and was last changed, as its page tells it. Refuses to know articles and brands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, tzinfo


def dates(
    published: datetime | None, changed: datetime | None, zone: tzinfo, say: Callable[[date], str] | None
) -> dict[str, str | None]:
    """The instants on a brand's clock, and the day of the last change in a sentence, where the page says it."""
    updated = max((moment for moment in (published, changed) if moment), default=None)
    return {
        "updated": say(updated.astimezone(zone).date()) if changed and updated and say else None,
        "published_iso": published.astimezone(zone).isoformat() if published else None,
        "updated_iso": updated.astimezone(zone).isoformat() if updated else None,
    }
