"""Owns reading built HTML into what the audit knows of it. Refuses to judge. The only module that knows selectolax."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from portal_builder.audit.facts import (
    BuiltPortal,
    Control,
    InquiryForm,
    Link,
    Page,
    Picture,
    Role,
    Table,
    Text,
)

_BREAKS = "ul, ol, dl, table, img, details, .admonition, .tabbed-set, pre, blockquote"
_LOADS = ("script[src]", "img[src]", "iframe[src]", "link[rel=stylesheet][href]", "link[rel=icon][href]", "video[src]")
_PHONE = 320
_WIDTH = re.compile(r"(?:^|[;\s])(?:min-)?width\s*:\s*(\d+)px")


def read_portal(folder: Path, name: str) -> BuiltPortal:
    """Everything below `<out>/<brand>/<lang>`."""
    files = {file.relative_to(folder).as_posix(): file for file in sorted(folder.rglob("*")) if file.is_file()}
    sizes = {path: file.stat().st_size for path, file in files.items()}
    pages = {}
    for path, file in files.items():
        if path.endswith("index.html") or path == "404.html":
            page = _Reader(file.read_text("utf-8"), path, name, sizes).page()
            pages[page.url] = page
    return BuiltPortal(name, pages, frozenset(files))


def read_ways(folder: Path, path: str) -> tuple[tuple[str, str], ...]:
    """Where a page's links lead within its portal: each address as it is written, and the file."""
    reader = _Reader((folder / path).read_text("utf-8"), path, folder.name, {})
    return tuple(sorted({(link.href, link.target) for link in reader.links() if link.target}))


def width_of(text: str) -> int:
    """How long a text is on the page: a Hangul syllable or a kanji is as wide as two letters.

    >>> width_of("환불 ok")
    7
    """
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


class _Reader:
    """One page while it is read."""

    def __init__(self, source: str, path: str, portal: str, sizes: dict[str, int]) -> None:
        self._tree = LexborHTMLParser(source)
        self._path, self._portal, self._sizes = path, portal, sizes
        self._weight = len(source.encode())
        self._written = self._one("main .text:not(.intro)")

    def page(self) -> Page:
        html, viewport = self._one("html"), self._one("meta[name=viewport]")
        url = self._path.removesuffix("index.html") if self._path != "404.html" else self._path
        form = self._one(
            "main form[method=post]:not(.helpful)"
        )  # what is sent to people; "did this help?" is no inquiry
        return Page(
            file=f"{self._portal}/{self._path}",
            url=url,
            role=self._role(url, form),
            language=(html.attributes.get("lang") or "") if html else "",
            weight=self._weight,
            has_summary=self._one("main .lead") is not None,
            has_search=self._one("form[role=search]") is not None,
            has_promise=self._one("main .promise") is not None,
            viewport=viewport.attributes.get("content") or "" if viewport else None,
            links=tuple(self.links()),
            text=self._text(),
            pictures=tuple(self._pictures()),
            tables=tuple(self._tables()),
            lists=tuple(len(rows.css("li")) for rows in self._tree.css("main ul.rows")),
            form=self._form(form) if form else None,
            channels=tuple(link.attributes.get("href") or "" for link in self._tree.css("main .channels a[href]")),
            suggestions=len(self._tree.css("main .suggest a[href]")),
            strangers=tuple(_strangers(self._tree)),
            inline=tuple(self._inline()),
            too_wide=tuple(self._too_wide()),
        )

    def _one(self, selector: str) -> LexborNode | None:
        return self._tree.css_first(selector)

    def _role(self, url: str, form: LexborNode | None) -> Role:
        fixed: dict[str, Role] = {
            "": "home",
            "contact/": "contact",
            "all/": "index",
            "404.html": "unknown",
            "flows/": "list",
        }
        if url in fixed or self._one("body.gone"):
            return fixed.get(url, "gone")
        if self._one("#target") and self._one("noscript meta[http-equiv=refresh]"):
            return "redirect"
        if form:
            return "form"
        if self._one("[data-flow]"):
            return "flow"
        if self._one("main article") or self._one("body.reading"):
            return "article"
        return "list" if self._one("main .rows") else "other"

    # -- links ---------------------------------------------------------------------------------------------------

    def links(self) -> Iterator[Link]:
        inside = {link.mem_id for link in self._written.css("a[href]")} if self._written else set()
        for link in self._tree.css("a[href]"):
            if "headerlink" not in (link.attributes.get("class") or ""):
                href = link.attributes.get("href") or ""
                yield Link(href, _name(link), self._target(href), link.mem_id in inside)

    def _target(self, href: str) -> str | None:
        """The file within this portal that an address leads to."""
        try:
            parts = urlsplit(href)
        except ValueError:
            return None
        if parts.scheme or parts.netloc or href.startswith("/"):
            return None
        path = posixpath.normpath(posixpath.join(posixpath.dirname(self._path), unquote(parts.path)))
        if path.startswith(".."):
            return None
        if not parts.path or parts.path.endswith("/") or path == ".":
            return self._path if not parts.path else posixpath.normpath(posixpath.join(path, "index.html"))
        return path

    # -- what a writer wrote -------------------------------------------------------------------------------------

    def _text(self) -> Text | None:
        text = self._written
        if text is None:
            return None
        paragraphs = [_words(node) for node in text.css("p")]
        longest = max(paragraphs, key=width_of, default="")
        return Text(
            language=text.attributes.get("lang") or "",
            length=width_of(_words(text)),
            headings=len(text.css("h2, h3")),
            breaks=len(text.css(_BREAKS)),
            longest_paragraph=(width_of(longest), longest[:30]),
        )

    def _pictures(self) -> Iterator[Picture]:
        for picture in self._tree.css("main img"):
            source = picture.attributes.get("src") or ""
            yield _picture(picture, self._sizes.get(self._target(source) or "", 0))

    def _tables(self) -> Iterator[Table]:
        for table in self._tree.css("main table"):
            rows = table.css("tr")
            yield Table(max((len(row.css("th, td")) for row in rows), default=0), len(rows))

    # -- forms ---------------------------------------------------------------------------------------------------

    def _form(self, form: LexborNode) -> InquiryForm:
        labelled = {label.attributes.get("for") for label in self._tree.css("label[for]")}
        inside = {node.mem_id for node in form.css("label input, label select, label textarea")}
        shown = [
            node
            for node in form.css("input, select, textarea")
            if (node.attributes.get("type") or "") not in {"hidden", "submit", "reset", "button"}
        ]
        return InquiryForm(
            action=form.attributes.get("action") or "",
            method=(form.attributes.get("method") or "get").lower(),
            takes_files=any(node.attributes.get("type") == "file" for node in shown),
            is_multipart=form.attributes.get("enctype") == "multipart/form-data",
            controls=tuple(
                Control(
                    name=node.attributes.get("name") or "",
                    kind=node.attributes.get("type") or node.tag or "",
                    has_label=node.attributes.get("id") in labelled
                    or node.mem_id in inside
                    or bool(node.attributes.get("aria-label") or node.attributes.get("aria-labelledby")),
                    is_required="required" in node.attributes or node.attributes.get("aria-required") == "true",
                )
                for node in shown
            ),
            has_status=form.css_first("[role=status]") is not None,
            has_privacy=form.css_first(".privacy") is not None,
        )

    # -- what a phone or a policy stumbles over ------------------------------------------------------------------

    def _inline(self) -> Iterator[str]:
        for script in self._tree.css("script"):
            kind = script.attributes.get("type") or ""
            if "src" not in script.attributes and kind in {"", "module", "text/javascript"}:
                yield f"<script>{script.text()[:30]}"
        for node in self._tree.css("main *"):
            yield from (f"{name}=" for name in node.attributes if name.startswith("on"))

    def _too_wide(self) -> Iterator[str]:
        """In what a writer wrote; a picture shrinks by itself."""
        return _too_wide(self._written) if self._written else iter(())


@dataclass(frozen=True)
class Markup:
    """What HTML that stands in a text brings along."""

    too_wide: tuple[str, ...]
    strangers: tuple[str, ...]
    pictures: tuple[Picture, ...]


def read_markup(text: str) -> Markup:
    """The HTML within a Markdown text; what is no tag is read as words."""
    body = LexborHTMLParser(text).body
    if body is None:
        return Markup((), (), ())
    pictures = tuple(_picture(node, 0) for node in body.css("img"))
    return Markup(tuple(_too_wide(body)), tuple(_strangers(body)), pictures)


def _picture(node: LexborNode, weight: int) -> Picture:
    width, height = node.attributes.get("width"), node.attributes.get("height")
    is_art = "hero-art" in (node.attributes.get("class") or "")  # its place is set by our own styles
    return Picture(
        src=node.attributes.get("src") or "",
        alt=node.attributes.get("alt") if "alt" in node.attributes else None,
        has_size=bool(width and height) or is_art,
        weight=weight,
    )


def _too_wide(text: LexborNode) -> Iterator[str]:
    for node in text.css("[width], [style]"):
        if node.tag == "img":
            continue
        width = node.attributes.get("width") or ""
        styled = [int(found) for found in _WIDTH.findall(node.attributes.get("style") or "")]
        if max([int(width) if width.isdecimal() else 0, *styled]) > _PHONE:
            yield f"<{node.tag}>"


def _strangers(root: LexborHTMLParser | LexborNode) -> Iterator[str]:
    for selector in _LOADS:
        for node in root.css(selector):
            address = node.attributes.get("src") or node.attributes.get("href") or ""
            if urlsplit(address.strip()).netloc:
                yield address


def _words(node: LexborNode) -> str:
    return " ".join(node.text(separator=" ").split())


def _name(node: LexborNode) -> str:
    """What is read out of a link: its label, its words, or its picture's."""
    said = node.attributes.get("aria-label") or _words(node) or node.attributes.get("title")
    return said or " ".join(picture.attributes.get("alt") or "" for picture in node.css("img")).strip()
