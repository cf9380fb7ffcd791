"""Owns what the search knows of a page: plain values. Refuses to know HTML, files or the index."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Document:
    """One page that can be found."""

    id: str
    url: str
    """Relative to the portal: what a result leads to."""
    title: str
    text: str
    """What the page says besides its title, without markup: excerpts are cut from it."""
    kind: str = ""
    headings: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    """What customers type that the page does not say. Found, never shown."""
    language: str = ""
    """The language it is written in: a fallback article differs from its portal."""
