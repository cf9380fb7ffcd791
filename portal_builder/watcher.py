"""Owns noticing that writers' files changed. Refuses to know what is in them."""

from __future__ import annotations

import threading
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

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


def watch(root: Path, version: Version) -> Observer:  # type: ignore[valid-type]  # watchdog's Observer is a variable
    """Start watching a help centre; the caller stops what is returned."""
    observer = Observer()
    handler = _Settled(version)
    for name in _WATCHED:
        if (root / name).is_dir():
            observer.schedule(handler, str(root / name), recursive=True)
    observer.start()
    return observer
