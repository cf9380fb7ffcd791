"""Owns noticing that writers' files changed, and which. Refuses to know what is in them."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from pathlib import Path

from watchdog.events import DirModifiedEvent, FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch

_WATCHED = ("content", "scheduled", "themes", "i18n")
_QUIET = 0.12  # seconds; an editor that saves touches a file several times
_CLOSED = 0.02  # seconds; a file that its writer has closed or put in place is whole, others may follow


@dataclass(frozen=True)
class News:
    """What readers of a version are told."""

    number: int
    """Grows with everything that is new."""
    changed: int
    """The number that it had when files changed last."""


class Version:
    """A number that grows with every change; readers wait for the next one."""

    def __init__(self) -> None:
        self._news = News(1, 1)
        self._paths: frozenset[Path] | None = None
        self._grown = threading.Condition()

    @property
    def changed(self) -> int:
        return self._news.changed

    def grow(self, paths: frozenset[Path] | None = None) -> None:
        """Files changed: these, or nobody knows which."""
        with self._grown:
            self._paths = None if paths is None or self._paths is None else self._paths | paths
            self._news = News(self._news.number + 1, self._news.number + 1)
            self._grown.notify_all()

    def tell(self) -> None:
        """There is something else to be told, of the same files."""
        with self._grown:
            self._news = News(self._news.number + 1, self._news.changed)
            self._grown.notify_all()

    def take(self) -> tuple[News, frozenset[Path] | None]:
        """What is known now, and the files that changed since this was asked last; none where nobody knows which."""
        with self._grown:
            paths, self._paths = self._paths, frozenset()
            return self._news, paths

    def wait_change(self, changed: int, timeout: float) -> int:
        """The number of the last change of files, as soon as it is greater than this one or the time is over."""
        with self._grown:
            self._grown.wait_for(lambda: self._news.changed > changed, timeout)
            return self._news.changed

    def wait_beyond(self, number: int, timeout: float) -> News:
        """What is new, as soon as there is something beyond this number or the time (in seconds) is over."""
        with self._grown:
            self._grown.wait_for(lambda: self._news.number > number, timeout)
            return self._news


class _Settled(FileSystemEventHandler):
    """Lets the version grow once a burst of changes is over."""

    def __init__(self, version: Version) -> None:
        self._version = version
        self._timer: threading.Timer | None = None
        self._paths: set[Path] = set()
        self._lock = threading.Lock()

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in {"opened", "closed_no_write"} or isinstance(event, DirModifiedEvent):
            return  # a folder changes with each file in it, which says so itself
        with self._lock:
            if self._timer:
                self._timer.cancel()
            self._paths |= {Path(os.fsdecode(path)) for path in (event.src_path, event.dest_path) if path}
            self._timer = threading.Timer(_CLOSED if event.event_type in {"closed", "moved"} else _QUIET, self._grow)
            self._timer.daemon = True
            self._timer.start()

    def _grow(self) -> None:
        with self._lock:
            paths, self._paths = frozenset(self._paths), set()
        if paths:
            self._version.grow(paths)


class _Folders(FileSystemEventHandler):
    """Keeps watch over the writers' folders, also over one taken away and made again, as a git checkout does."""

    def __init__(self, root: Path, settled: _Settled, observer: BaseObserver) -> None:
        self._root, self._settled, self._observer = root, settled, observer
        self._watches: dict[str, ObservedWatch] = {}
        for name in _WATCHED:
            self._watch(name)

    def on_any_event(self, event: FileSystemEvent) -> None:
        names = {Path(os.fsdecode(path)).name for path in (event.src_path, event.dest_path) if path}
        if event.event_type in {"created", "moved"}:
            for name in names & set(_WATCHED):
                self._watch(name)
        if names & {*_WATCHED, "mkdocs.yml"}:
            self._settled.on_any_event(event)

    def _watch(self, name: str) -> None:
        if old := self._watches.pop(name, None):
            self._observer.unschedule(old)
        if (self._root / name).is_dir():
            self._watches[name] = self._observer.schedule(self._settled, str(self._root / name), recursive=True)


def watch(root: Path, version: Version) -> BaseObserver:
    """Start watching a help centre; the caller stops what is returned."""
    observer = Observer()
    observer.schedule(_Folders(root, _Settled(version), observer), str(root), recursive=False)
    observer.start()
    return observer
