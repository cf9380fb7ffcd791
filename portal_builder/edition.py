"""Owns what an edition is: one portal at one instant, as plain values. Refuses to compute any of it: see plan.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from portal_builder.project import Sheet

if TYPE_CHECKING:  # a page alone needs nothing of what is read
    from portal_builder.centre import Portal
    from portal_builder.library import Asset

GONE = "gone.html"
MOVED = "redirect.html"
"""Templates of pages that stand where a text was."""


@dataclass(frozen=True)
class Page:
    """One page before it is rendered. Its address is its source path without the ending."""

    source: str
    """Staged path under docs/, e.g. `faq/billing/refund.md`."""
    template: str
    title: str
    summary: str = ""
    text: str = ""
    """Markdown, every link resolved within this edition."""
    meta: Mapping[str, Any] = field(default_factory=dict)
    """What the template prints besides (docs/templates.md)."""

    @property
    def url(self) -> str:
        """The portal-relative address: `faq/billing/refund/`."""
        return page_url(self.source)

    @property
    def sheet(self) -> Sheet:
        """What an engine gets of it."""
        told = {"title": self.title, "template": self.template, "summary": self.summary, **self.meta}
        return Sheet(told, self.text.strip())


@dataclass(frozen=True)
class Edition:
    """One portal at one instant."""

    portal: Portal
    site_url: str
    name: str
    view: Mapping[str, Any]
    """`config.extra.portal` of the templates."""
    pages: tuple[Page, ...]
    assets: Mapping[str, Asset]
    """Pictures and attachments by portal-relative path: only those that a page of this edition shows."""
    files: Mapping[str, str] = field(default_factory=dict)
    """What lies beside the pages for machines, by portal-relative path: sitemap, feed, Markdown twins, llms.txt."""

    @property
    def gone(self) -> tuple[str, ...]:
        """The addresses of texts that were out once: a host that can answers with 410."""
        return tuple(page.url for page in self.pages if page.template == GONE)

    @property
    def redirects(self) -> Mapping[str, str]:
        """Old addresses and where they lead, portal-relative or absolute, for hosts that lead on by themselves.

        Without those whose anchors have ways of their own: browsers do not send anchors, the page's script knows them.
        """
        moved = (page for page in self.pages if page.template == MOVED and not page.meta["anchors"])
        return {page.url: page.meta["target"] for page in moved}

    def page(self, url: str) -> Page | None:
        return next((page for page in self.pages if page.url == url), None)


def name_of(page: Page) -> str:
    """Its title where pages stand beside each other: with the devices that it is for, if it is not for all."""
    devices = page.meta.get("platforms")
    return f"{page.title} ({', '.join(devices)})" if devices else page.title


def page_url(source: str) -> str:
    """Where MkDocs puts a source file with directory addresses.

    >>> page_url("faq/index.md"), page_url("index.md"), page_url("faq/refund.md")
    ('faq/', '', 'faq/refund/')
    """
    stem = source.removesuffix(".md")
    if stem == "index":
        return ""
    return stem.removesuffix("index") if stem.endswith("/index") else f"{stem}/"
