"""Owns the links and pictures of imported texts. Refuses the network, and files outside the source."""

from __future__ import annotations

import base64
import binascii
import hashlib
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from portal_builder.importing.model import Haul, address_of, clean, loss, slug_of
from portal_builder.importing.placing import Placed, Places
from portal_builder.library import is_fake_picture
from portal_builder.links import Link, anchors, links_of, relink
from portal_builder.problem import Problem

_PICTURES = (".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif")
_FILES = (".pdf", ".zip", ".txt", ".csv", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".hwp", ".hwpx")
_BYTES_AT_MOST = 10_000_000
_DATA = re.compile(r"data:image/(png|jpeg|gif|webp);base64,", re.IGNORECASE)


@dataclass(frozen=True)
class Linked:
    """A text with its links changed, the files it brings along by their place below content/, and what was lost."""

    text: str
    files: Mapping[str, Path | bytes]
    losses: tuple[Problem, ...]


@dataclass(frozen=True)
class Linker:
    """Every address of the source, and what stands there now."""

    haul: Haul
    places: Places
    texts: Mapping[str, str]
    """By path, each with its headings as they will be."""
    addresses: Mapping[str, str] = field(default_factory=dict)
    """By canonical old address or file of the source: an id, or `<folder>/index`."""

    @classmethod
    def of(cls, haul: Haul, places: Places, texts: Mapping[str, str]) -> Linker:
        known: dict[str, str] = {}
        for folder, path in places.folders:
            for address in folder.addresses:
                known.setdefault(haul.canonical(address_of(address)), f"{path}/index")
        for one in places.placed:
            for address in (one.article.place, *one.article.addresses):
                known.setdefault(haul.canonical(address_of(address)), one.id)
                known.setdefault(haul.canonical(clean(address)), one.id)
        return cls(haul, places, texts, known)

    def link(self, one: Placed) -> Linked:
        work = _Work(self, one)
        text = self.texts[one.path]
        changed = relink(text, links_of(text), work.change)
        return Linked(changed, work.files, tuple(dict.fromkeys(work.losses)))

    def files_named(self, one: Placed, path: str) -> Iterator[Path]:
        """Where a file may lie: beside the text, or where the old site had its top."""
        base = self.haul.root.resolve()
        beside = [] if path.startswith("/") else [posixpath.dirname(one.article.place)]
        for folder in dict.fromkeys((*beside, *self.haul.shelves)):
            file = base / folder / path.lstrip("/")
            if _is_within(file, base):
                yield file


@dataclass(frozen=True)
class _Work:
    """One text's links, one after another."""

    linker: Linker
    one: Placed
    files: dict[str, Path | bytes] = field(default_factory=dict)
    losses: list[Problem] = field(default_factory=list)

    def change(self, link: Link) -> str | None:
        """What the link says from now on; None leaves its words."""
        destination = link.destination
        try:
            parts = urlsplit(destination)
        except ValueError:
            return self._lost("import.link_broken", destination)
        if parts.scheme not in {"", "http", "https"}:
            return self._of_scheme(parts.scheme, destination)
        if parts.netloc and parts.netloc.lower() not in self.linker.haul.hosts:
            if link.is_image:
                self.losses.append(loss(self.one.article.place, "import.picture_network", name=destination))
            return destination if parts.scheme else f"https:{destination}"
        if not parts.path and not parts.query:
            return self._anchor(parts.fragment, self.one.id) if parts.fragment else None
        return self._within(link, parts)

    def _of_scheme(self, scheme: str, destination: str) -> str | None:
        if scheme in {"mailto", "tel"}:
            return destination
        if _DATA.match(destination):
            return self._embedded(destination)
        return self._lost("import.link_broken", destination)

    def _within(self, link: Link, parts: SplitResult) -> str | None:
        """A place of the old site."""
        path = unquote(parts.path)
        if not link.is_image and (found := self._article(path)):
            return self._to_article(found, parts.fragment)
        for file in self.linker.files_named(self.one, path):
            if file.suffix.lower() in (*_PICTURES, *_FILES) and _may_be_copied(file):
                return self._copied(file)
        if parts.netloc:
            self.losses.append(
                loss(
                    self.one.article.place,
                    "import.picture_network" if link.is_image else "import.old_site",
                    name=link.destination,
                )
            )
            return link.destination if parts.scheme else f"https:{link.destination}"
        return self._lost("import.picture_missing" if link.is_image else "import.link_missing", link.destination)

    def _article(self, path: str) -> str | None:
        known, canonical = self.linker.addresses, self.linker.haul.canonical
        article = self.one.article
        bases = [article.place, *article.addresses]
        written = [path.lstrip("/")] if path.startswith("/") else []
        written += [posixpath.normpath(posixpath.join(posixpath.dirname(base), path)) for base in bases if not written]
        for shelf in self.linker.haul.shelves:
            written += [posixpath.join(shelf, path.lstrip("/"))]
        for candidate in written:
            for form in (candidate, address_of(candidate), f"{candidate}.md", f"{candidate}.html"):
                if found := known.get(canonical(clean(form))):
                    return found
        return None

    def _to_article(self, target: str, fragment: str) -> str | None:
        versions = self.linker.places.by_id.get(target, ())
        if target == self.one.id:
            return self._anchor(fragment, target) if fragment else None
        if versions and all(one.article.hidden_because for one in versions):
            return self._lost("import.link_hidden", target)
        language = self.one.language
        if versions and all(one.language != language or one.article.hidden_because for one in versions):
            language = next(one.language for one in versions if not one.article.hidden_because)
        relative = posixpath.relpath(target, self.one.folder)
        return f"{relative}.{language}.md{self._anchor(fragment, target) or ''}"

    def _anchor(self, fragment: str, target: str) -> str | None:
        """A heading that is there, or none: the top of the page will do."""
        wanted = unquote(fragment)
        versions = (self.one,) if target == self.one.id else self.linker.places.by_id.get(target, ())
        if wanted and all(self._has_heading(one, wanted) for one in versions):
            return f"#{wanted}"
        return self._lost("import.anchor_missing", f"#{wanted}") if wanted else None

    def _has_heading(self, one: Placed, anchor: str) -> bool:
        """A reader gets a translation where there is one, so each of them has to have it."""
        return any(anchor == known for _, known in anchors(self.linker.texts[one.path]))

    def _embedded(self, destination: str) -> str | None:
        """A picture written into the page, as a file."""
        try:
            content = base64.b64decode(unquote(destination.partition(",")[2]), validate=True)
        except (binascii.Error, ValueError):
            return self._lost("import.picture_missing", destination[:40])
        kind = destination[11 : destination.index(";")].lower()
        name = f"images/{hashlib.sha256(content).hexdigest()[:12]}.{kind.replace('jpeg', 'jpg')}"
        self.files[f"{self.one.folder}/{name}"] = content
        return name

    def _copied(self, file: Path) -> str:
        folder = "images" if file.suffix.lower() in _PICTURES else "files"
        digest = hashlib.sha256(file.read_bytes()).hexdigest()[:8]
        name = f"{folder}/{slug_of(file.stem, 'file')}-{digest}{file.suffix.lower()}"
        self.files[f"{self.one.folder}/{name}"] = file
        return name

    def _lost(self, key: str, name: str) -> str | None:
        """None, which leaves only the words of a link; and why."""
        self.losses.append(loss(self.one.article.place, key, name=clean(name)[:200]))
        return None


def _is_within(file: Path, base: Path) -> bool:
    """Whether a file is there and, links of the file system followed, lies below the folder."""
    try:
        real = file.resolve()
        return real.is_relative_to(base) and real.is_file()
    except (OSError, ValueError, RuntimeError):
        return False


def _may_be_copied(file: Path) -> bool:
    return file.stat().st_size <= _BYTES_AT_MOST and not (file.suffix.lower() in _PICTURES and is_fake_picture(file))
