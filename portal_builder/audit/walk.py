"""Owns the audit of an output folder: every built portal, what was found, and which of the writers' files it is about.

Refuses to build: what lies in the folder is what people get.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from portal_builder.audit.facts import BuiltPortal, Finding, Kind, Page
from portal_builder.audit.read import read_portal
from portal_builder.audit.rules import RULES
from portal_builder.library import is_file
from portal_builder.places import TREES


@dataclass(frozen=True, order=True)
class Report:
    """One finding, wherever it stands: a text that several portals show is one thing to mend."""

    kind: Kind
    path: str
    """The file to mend: the writer's where it is known, else the built one, below the output folder."""
    rule: str
    values: tuple[tuple[str, str], ...]
    pages: tuple[str, ...]
    """Built files, below the output folder."""

    def message(self, words: Mapping[str, str]) -> str:
        """What is wrong, and what to do."""
        return words[f"audit.{self.rule}"].format_map(dict(self.values))

    def text(self, words: Mapping[str, str]) -> str:
        more = f" (+{len(self.pages) - 1})" if len(self.pages) > 1 else ""
        return f"{self.path}{more}: {self.message(words)}"


@dataclass(frozen=True)
class Audit:
    portals: tuple[str, ...]
    pages: int
    reports: tuple[Report, ...]


def audit(root: Path, out: Path, portals: Iterable[str]) -> Audit:
    """Walk the portals (`brand/lang`) that lie in `out`; those that are not built are left out."""
    found: dict[tuple[Kind, str, str, tuple[tuple[str, str], ...]], list[str]] = {}
    walked: list[str] = []
    count = 0
    for name in portals:
        if not (out / name / "index.html").is_file():
            continue
        portal = read_portal(out / name, name)
        walked.append(name)
        count += len(portal.pages)
        for one in sorted(set(_findings_of(portal))):
            page = portal.pages[one.url]
            key = (one.kind, _source(root, page) or page.file, one.rule, one.values)
            found.setdefault(key, []).append(page.file)
    reports = sorted(Report(*key, tuple(pages)) for key, pages in found.items())
    return Audit(tuple(walked), count, tuple(reports))


def _findings_of(portal: BuiltPortal) -> Iterator[Finding]:
    for rule in RULES:
        yield from rule(portal)


def _source(root: Path, page: Page) -> str | None:
    """The writer's file that a page shows: an article's, in the language of its text or its portal, or a form's."""
    if page.role == "form":
        name = f"content/forms/{page.url.rstrip('/').rpartition('/')[2]}.yml"
        return name if is_file(root / name) else None
    if page.role != "article" or page.text is None:
        return None
    stem = page.url.rstrip("/")
    languages = (page.text.language, page.language)  # the second: its words may be in another one than its name says
    endings = (f".{languages[0]}.md", ".md", f".{languages[1]}.md")
    names = (f"{tree}/{stem}{ending}" for ending in endings for tree in TREES)
    return next((name for name in names if is_file(root / name)), None)
