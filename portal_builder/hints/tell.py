"""Owns which hints a help centre gets, and at which file and line each stands. Refuses to stop anything for one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from portal_builder.audit.facts import BuiltPortal, Finding, Kind
from portal_builder.audit.rules import Rule, bare, hidden, links, lost, phone, wall
from portal_builder.centre import Centre, Portal
from portal_builder.hints.planned import planned_portal
from portal_builder.hints.written import written_page
from portal_builder.places import TREES
from portal_builder.plan import plan
from portal_builder.tongues.scripts import UNKNOWN

_TEXT_RULES = (links, wall, phone)
_PORTAL_RULES = (hidden, bare, wall, lost)
_OF_THE_BRAND = {"no_promise": "promise", "no_channel": "channels", "channel_broken": "channels"}
"""What is mended in brand.yml, and under which key."""


@dataclass(frozen=True, order=True)
class Hint:
    """Something that makes a help centre hard to use, and that does not keep it from being built."""

    path: str
    line: int
    kind: Kind
    rule: str
    values: tuple[tuple[str, str], ...]
    portals: tuple[str, ...]
    """`brand/lang` of each portal it was found in; none for what a text says by itself."""

    def message(self, words: Mapping[str, str]) -> str:
        """What is hard, and what to do."""
        return words[f"audit.{self.rule}"].format_map(dict(self.values))

    def text(self, words: Mapping[str, str]) -> str:
        """`path:line: type. what, and what to do (where)`."""
        where = f" ({', '.join(self.portals)})" if self.portals else ""
        return f"{self.path}:{self.line}: {self.kind}. {self.message(words)}{where}"


def hints(centre: Centre, at: datetime, *, is_sound: bool) -> tuple[Hint, ...]:
    """What the sources say of the audit's findings, in the order of files and lines.

    Texts are judged whenever they are out, portals as they are at `at`; and portals only where `check` finds nothing
    wrong, since a help centre that was half read would seem to lack what could not be read.
    """
    return tuple(sorted([*_text_hints(centre), *(_portal_hints(centre, at) if is_sound else ())]))


def _text_hints(centre: Centre) -> Iterator[Hint]:
    spoken = {language for brand in centre.brands.values() for language in brand.languages}
    texts = [article for article in centre.library.articles if not article.is_index and article.language in spoken]
    pages = {article.path: written_page(article, centre.library) for article in texts}
    for one in _judged(BuiltPortal("", pages, frozenset()), _TEXT_RULES):
        yield Hint(one.url, one.line, one.kind, one.rule, one.values, ())
    for text in texts:
        if text.looks_like:
            said = (("claimed", text.language), ("found", text.looks_like))
            rule = "in_no_known_language" if text.looks_like == UNKNOWN else "in_name_only"
            yield Hint(text.path, text.first_line, "E", rule, said, ())


def _portal_hints(centre: Centre, at: datetime) -> Iterator[Hint]:
    """One hint for all portals that have it."""
    found: dict[tuple[str, int, Kind, str, tuple[tuple[str, str], ...]], list[str]] = {}
    for portal in centre.portals():
        edition = plan(centre, portal, at)
        for one in _judged(planned_portal(edition), _PORTAL_RULES):
            path, line = _source(centre, portal, one)
            found.setdefault((path, line, one.kind, one.rule, one.values), []).append(str(portal))
    for key, portals in found.items():
        yield Hint(*key, tuple(dict.fromkeys(portals)))


def _judged(portal: BuiltPortal, rules: tuple[Rule, ...]) -> Iterator[Finding]:
    yield from sorted({one for rule in rules for one in rule(portal)})


def _source(centre: Centre, portal: Portal, one: Finding) -> tuple[str, int]:
    """The file to mend: a brand's, a form's, an article's, or the folder in which one is missing."""
    brand = centre.brands[portal.brand]
    if key := _OF_THE_BRAND.get(one.rule):
        return brand.source.path, brand.source.line((key,))
    if one.rule == "area":
        return f"content/faq/{dict(one.values)['name']}", 1
    stem = one.url.rstrip("/")
    name = stem.rpartition("/")[2]
    if name in centre.forms and stem not in centre.library.by_id:
        return centre.forms[name].source.path, 1
    versions = centre.library.by_id.get(stem, {}).get(portal.language, ())
    return (versions[0].path if versions else f"{TREES[0]}/{stem}"), 1
