"""Owns a help centre as a preview shows it: what changed is read again, and what is looked at is planned and drawn.

Refuses to build what nobody looks at. The search needs all pages, and so does what only MkDocs can draw: then a portal
is built whole, as `haedap build` would.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from portal_builder.build_portal import finish
from portal_builder.centre import Centre, Portal, load_centre
from portal_builder.check import check
from portal_builder.edition import Edition
from portal_builder.engines import LEAN, glance, press_with
from portal_builder.history import committed
from portal_builder.instant import instant
from portal_builder.lean.kept import recall
from portal_builder.pages.context import Context
from portal_builder.places import CONVERSIONS
from portal_builder.plan import assets, edition, glimpse
from portal_builder.portal_place import PortalPlace
from portal_builder.press import PressError
from portal_builder.problem import Problem
from portal_builder.project import Content
from portal_builder.release import swap_in
from portal_builder.reread import Reread
from portal_builder.stage import look_files, project_of
from portal_builder.watcher import News, Version

_WORK = "build/preview"
_LOST = "404.html"


@dataclass
class _State:
    """The files as they were at one version, and what was made of them since."""

    changed: int
    reread: Reread
    centre: Centre
    problems: tuple[Problem, ...]
    looks: dict[str, Mapping[str, Content]]
    contexts: dict[Portal, Context] = field(default_factory=dict)
    editions: dict[Portal, Edition] = field(default_factory=dict)
    assets: dict[Portal, Mapping[str, Path]] = field(default_factory=dict)
    built: dict[Portal, str] = field(default_factory=dict)
    """What the engine said of each portal that was built whole; empty where all is well."""


@dataclass
class Previewed:
    """The help centre as it is now; one thread at a time, and a page does not wait for a portal that is built whole."""

    root: Path
    base: str
    at: datetime | None
    clock: Callable[[], datetime]
    version: Version = field(default_factory=Version)
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _building: threading.Lock = field(default_factory=threading.Lock)
    _state: _State | None = None
    _shown: int = 0

    @property
    def shown(self) -> int:
        """The number of the version that was looked at last: anything beyond is news."""
        return self._shown

    def centre(self) -> Centre:
        """The files as they are now; those that changed are read again."""
        return self._current().centre

    def problems(self) -> tuple[tuple[Problem, ...], tuple[str, ...]]:
        """The writers', and what engines said."""
        with self._lock:
            state = self._current()
            return state.problems, tuple(said for said in tuple(state.built.values()) if said)

    def look_over(self) -> None:
        """Find what is wrong between files: that takes longer than a page, which does not wait for it."""
        state = self._current()
        problems = check(state.centre)
        with self._lock:
            if state is self._state and problems != state.problems:
                state.problems = problems
                self.version.tell()

    def page(self, portal: Portal, url: str) -> str | None:
        """The HTML at an address of the portal; nothing where it has no page there."""
        with self._lock:
            state = self._current()
            seen = glimpse(self._context(state, portal), url)
            if not seen.pages and (other := self._edition(state, portal).page(url)):
                seen = replace(seen, pages=(other,))
            if not seen.pages:
                return None
            html = self._drawn(state, seen, seen.pages[0].source)
            return html if html is not None else self._built_text(state, portal, f"{url}index.html")

    def lost(self, portal: Portal) -> str | None:
        """The HTML for addresses that have no page."""
        with self._lock:
            state = self._current()
            html = self._drawn(state, glimpse(self._context(state, portal), _LOST), None)
            return html if html is not None else self._built_text(state, portal, _LOST)

    def file(self, portal: Portal, path: str) -> Content | None:
        """What lies beside the pages: styles, pictures, lists for machines, the search."""
        if path.startswith("search/"):
            file = self._built(self._current(), portal) / path
            return file if file.is_file() else None
        with self._lock:
            state = self._current()
            if path.startswith("static/"):
                return self._look(state, portal.brand).get(f"docs/{path}")
            if portal not in state.assets:
                found = assets(self._context(state, portal))
                state.assets[portal] = {name: asset.file for name, asset in found}
            if path in state.assets[portal]:
                return state.assets[portal][path]
            text = self._edition(state, portal).files.get(path)
            return None if text is None else text.encode()

    def _current(self) -> _State:
        with self._lock:
            news, paths = self.version.take()
            self._shown = news.number
            before, self._state = self._state, None  # whatever goes wrong while files are read, they are read again
            if before and before.changed == news.changed:
                self._state = before
            else:
                known = paths is not None and before and before.reread.after(before.centre, paths)
                self._state = _after(before, known, news) if before and known else self._read(news)
            return self._state

    def _read(self, news: News) -> _State:
        centre = load_centre(self.root, committed(self.root))
        return _State(news.changed, Reread(centre), centre, centre.problems, {})

    def _context(self, state: _State, portal: Portal) -> Context:
        if portal not in state.contexts:
            brand = state.centre.brands[portal.brand]
            at = instant(self.at, brand.zone) if self.at else self.clock()
            state.contexts[portal] = Context(state.centre, brand, portal.language, at, self.base)
        return state.contexts[portal]

    def _edition(self, state: _State, portal: Portal) -> Edition:
        if portal not in state.editions:
            state.editions[portal] = edition(self._context(state, portal))
        return state.editions[portal]

    def _look(self, state: _State, brand: str) -> Mapping[str, Content]:
        if brand not in state.looks:
            state.looks[brand] = look_files(self.root, state.centre.brands[brand])
        return state.looks[brand]

    def _drawn(self, state: _State, seen: Edition, source: str | None) -> str | None:
        """One page, where the engine can draw it alone."""
        project = project_of(state.centre, seen, self._look(state, seen.portal.brand))
        return glance(project, source, self.root / CONVERSIONS)

    def _built(self, state: _State, portal: Portal) -> Path:
        """The folder of the whole portal, built now if it is not yet."""
        out = self.root / _WORK / "site" / str(portal)
        with self._building:
            state = self._state or state  # others may have been built meanwhile, of newer files
            if portal not in state.built:
                folder = self.root / _WORK / "stage" / str(portal)
                state.built[portal] = _press(state.centre, self._edition(state, portal), folder, out)
                if state.built[portal]:
                    self.version.tell()
        return out

    def _built_text(self, state: _State, portal: Portal, path: str) -> str | None:
        file = self._built(state, portal) / path
        return file.read_text("utf-8") if file.is_file() else None


def _after(before: _State, centre: Centre, news: News) -> _State:
    """After texts changed: what is known of everything else stays, problems between files until they are looked for."""
    old, new = set(before.centre.problems), set(centre.problems)
    was, now = before.centre.library.by_path, centre.library.by_path
    changed = {path for path in was.keys() | now.keys() if was.get(path) is not now.get(path)}
    kept = {problem for problem in before.problems if problem.path not in changed} - (old - new)
    return _State(news.changed, before.reread, centre, tuple(sorted(kept | new)), before.looks)


def _press(centre: Centre, edition: Edition, folder: Path, out: Path) -> str:
    try:
        place = PortalPlace(centre.root, str(edition.portal), out)
        project, kept = project_of(centre, edition), recall(place.pages, out)
        site = press_with(LEAN, project, folder, centre.root / CONVERSIONS, kept)
        swap_in(finish(centre, edition, project, site, out), out)
        kept.leave(out)
    except PressError as error:
        return "\n".join(error.lines)
    return ""
