"""Owns noticing that writers' files changed. Refuses to know what is in them."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch

_WATCHED = ("content", "scheduled", "themes", "i18n")
_QUIET = 0.12  # seconds; an editor that saves touches a file several times


class Version:
    """A number that grows with every change; readers wait for the next one."""

    def __init__(self) -> None:
        self._number = 1
        self._grown = threading.Condition()

    @property
    def number(self) -> int:
        return self._number

    def grow(self) -> None:
        with self._grown:
            self._number += 1
            self._grown.notify_all()

    def wait_beyond(self, number: int, timeout: float) -> int:
        """The current number, as soon as it is greater than this one or the time (in seconds) is over."""
        with self._grown:
            self._grown.wait_for(lambda: self._number > number, timeout)
            return self._number


class _Settled(FileSystemEventHandler):
    """Lets the version grow once a burst of changes is over."""

    def __init__(self, version: Version) -> None:
        self._version = version
        self._timer: threading.Timer | None = None
        self._lock = threading.Lock()

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in {"opened", "closed_no_write"}:
            return
        with self._lock:
            if self._timer:
                self._timer.cancel()
            self._timer = threading.Timer(_QUIET, self._version.grow)
            self._timer.daemon = True
            self._timer.start()


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
