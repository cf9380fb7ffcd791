"""Owns the portal as Markdown for machines: each article's twin, and llms.txt that lists them. Refuses HTML."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from portal_builder.edition import Page, name_of, page_url
from portal_builder.links import Link, links_of, relink, resolve
from portal_builder.machines.head import has_twin
from portal_builder.machines.publisher import TWIN, Publisher

_SIZE = re.compile(r"(?<=\))\{ width=\d+ height=\d+ \}")
"""What the engine is told of a picture."""


def twins(pages: Iterable[Page], publisher: Publisher) -> Iterator[tuple[str, str]]:
    """The twin of every article, by portal-relative path."""
    for page in pages:
        if has_twin(page):
            yield page.url + TWIN, _twin(page, publisher)


def _twin(page: Page, publisher: Publisher) -> str:
    """The article as it was written, with the brand's words in it and links that lead somewhere from anywhere."""

    def change(link: Link) -> str:
        if not link.is_local:
            return link.destination
        path, fragment = resolve(link.destination, posixpath.dirname(page.source))
        target = page_url(path) if path.endswith(".md") else path or page.url
        return publisher.address(f"{target}#{fragment}" if fragment else target)

    head = [f"# {page.title}", *([f"> {page.summary}"] if page.summary else [])]
    facts = [publisher.address(page.url), *([page.meta["updated_iso"]] if page.meta.get("updated_iso") else [])]
    facts += [", ".join(page.meta["platforms"])] if page.meta.get("platforms") else []
    text = relink(page.text, links_of(page.text), change)
    text = (_SIZE.sub("", text) if "{ width=" in text else text).strip()
    return "\n\n".join([*head, " | ".join(facts), *([text] if text else [])]) + "\n"


def llms(
    pages: Sequence[Page], publisher: Publisher, sections: Iterable[Mapping[str, Any]], contact: Mapping[str, str]
) -> str:
    """What the portal holds, each line leading to an article's twin (llmstxt.org)."""
    home = next(page for page in pages if page.url == "")
    articles = {page.url: page for page in pages if has_twin(page)}
    lines = [f"# {publisher.centre}", "", f"> {home.summary}"]
    for section in sections:
        listed = [articles[entry["url"]] for entry in section["entries"] if entry["url"] in articles]
        if listed:
            lines += ["", f"## {section['title']}", ""]
            lines += [_line(name_of(page), publisher.address(page.url + TWIN), page.summary) for page in listed]
    lines += ["", f"## {contact['title']}", "", _line(contact["title"], publisher.address(contact["url"]), "")]
    return "\n".join(lines) + "\n"


def llms_of_brand(name: str, summary: str, portals: Iterable[tuple[str, str]]) -> str:
    """Above a brand's portals: each language's own list."""
    lines = [f"# {name}", "", f"> {summary}", "", f"## {name}", ""]
    return "\n".join([*lines, *(_line(language, address, "") for language, address in portals)]) + "\n"


def _line(title: str, address: str, summary: str) -> str:
    label = title.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    return f"- [{label}]({address})" + (f": {' '.join(summary.split())}" if summary else "")
