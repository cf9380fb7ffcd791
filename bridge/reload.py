"""Owns taking up changed brands, forms, words and templates while the service runs. Refuses to take up wrong ones: then
the old go on, and the log says what to mend.

Everything that stands on them is made anew and then put in place at once, so that no post sees half of a change.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from bridge.centre import Centre, load_centre
from bridge.keeper import Chore
from bridge.settings import SettingsError
from portal_builder.problem import ContentError

_WATCHED = ("themes/*/*.yml", "themes/*/templates/**/*", "themes/*/static/**/*", "content/forms/*.yml", "i18n/*.yml")
_EVERY = 2.0
"""Seconds between two looks. Asking each file works on every disk and inside every container."""

log = logging.getLogger(__name__)

Fingerprint = tuple[tuple[str, int, int], ...]


class Current:
    """The application of this moment; a request that has begun ends with the one it began with."""

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return self.app(environ, start_response)


@dataclass
class Reload:
    """Looks at a help centre's files, and hands what it reads to `take_up`."""

    root: Path
    take_up: Callable[[Centre], None]
    asked: threading.Event = field(default_factory=threading.Event)
    _taken: Fingerprint = field(init=False)
    _seen: Fingerprint = field(init=False)

    def __post_init__(self) -> None:
        self._taken = self._seen = fingerprint(self.root)

    def chore(self) -> Chore:
        return Chore("reload", _EVERY, self.look)

    def look(self) -> None:
        """Take up what changed, once it has stopped changing: an editor or a `git pull` writes file after file."""
        now = fingerprint(self.root)
        settled, self._seen = now == self._seen, now
        if self.asked.is_set() or (now != self._taken and settled):
            self.asked.clear()
            self._taken = now
            self._load()

    def _load(self) -> None:
        try:
            self.take_up(load_centre(self.root))
        except ContentError as error:
            for problem in error.problems:
                where = {"path": problem.path, "line": problem.line, "problem": problem.key}
                log.error("not taken up, the old go on: %(path)s:%(line)d: %(problem)s", where)  # noqa: TRY400 -- as below
        except SettingsError as error:
            log.error("not taken up, the old go on: %(settings)s", {"settings": ", ".join(error.faults)})  # noqa: TRY400 -- one line says it
        else:
            log.info("brands, forms and words were taken up anew")


def fingerprint(root: Path) -> Fingerprint:
    """Changes whenever one of the files does; a file that goes away meanwhile is none."""
    found: list[tuple[str, int, int]] = []
    for pattern in _WATCHED:
        for file in root.glob(pattern):
            try:
                status = file.stat()
            except OSError:
                continue
            found.append((str(file), status.st_mtime_ns, status.st_size))
    return tuple(sorted(found))


@contextmanager
def asked_by_signal(asked: threading.Event) -> Iterator[None]:
    """SIGHUP asks for it too."""

    def ask(number: int, frame: FrameType | None) -> None:
        del number, frame
        asked.set()

    before = signal.signal(signal.SIGHUP, ask)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)
