"""Owns looking the bridge over: each check is a function that gives findings, and each says what to do.

Refuses to mend anything, and to guess: what cannot be looked at (no network, no server) is said to be skipped.
"""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import stat
import struct
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bridge.centre import Centre, load_centre
from bridge.datafolder import DataFolder
from bridge.doctor.findings import Finding, Level
from bridge.doctor.mail import Names, mail_findings
from bridge.settings import Settings
from bridge.store import CorruptError, StoreError, VersionError, open_store
from portal_builder.problem import ContentError

_SMALL, _FULL = 1_000_000_000, 200_000_000
_SLOW_CLOCK = 5.0
"""Seconds two clocks may differ: a signature's window is five minutes, a mail's Date is read by people."""
POOL = ("pool.ntp.org", 123)
_NTP_EPOCH = 2_208_988_800
"""Seconds from 1900 to 1970."""
_WAL_RESET = ((3, 7, 0), (3, 51, 3))
"""SQLite from the first to before the second can lose a commit where two connections checkpoint at once."""
_MENDED = ((3, 44, 6), (3, 50, 7))
"""Where that was mended in an older line: this version and later ones of the same line."""


@dataclass(frozen=True)
class Place:
    """What is looked at."""

    root: Path
    settings: Settings
    data: DataFolder
    names: Names
    ntp: tuple[str, int] | None
    """None: no clock beyond this machine is asked."""


def examine(place: Place) -> Iterator[Finding]:
    """Everything, in the order in which it has to be mended."""
    centre: Centre | None = None
    try:
        centre = load_centre(place.root)
        yield Finding("content", "ok", "good", {"brands": len(centre.brands), "forms": len(centre.forms)})
    except ContentError as error:
        yield Finding("content", "fail", "wrong", {"count": len(error.problems)})
    yield from _folder(place.data.path)
    yield from _disk(place.data.path)
    yield from _database(place)
    yield from _clock(place)
    if centre:
        yield from mail_findings(centre, place.settings, place.names)


def _folder(folder: Path) -> Iterator[Finding]:
    """Only its owner may look in, and we may write."""
    if not folder.is_dir():
        yield Finding("folder", "skip", "none", {"folder": folder})
        return
    mode = stat.S_IMODE(folder.stat().st_mode)
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield Finding("folder", "fail", "open", {"folder": folder, "mode": f"{mode:03o}"})
    elif not os.access(folder, os.W_OK | os.X_OK):
        yield Finding("folder", "fail", "locked", {"folder": folder})
    else:
        yield Finding("folder", "ok", "good", {"folder": folder})


def _disk(folder: Path) -> Iterator[Finding]:
    existing = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.is_dir())
    free = shutil.disk_usage(existing).free
    level: Level = "fail" if free < _FULL else "warn" if free < _SMALL else "ok"
    yield Finding("disk", level, "good" if level == "ok" else "small", {"free": f"{free / 1e9:.1f}"})


def _database(place: Place) -> Iterator[Finding]:
    where = place.settings.inbox(place.data.database)
    if isinstance(where, Path):
        yield sqlite_finding(sqlite3.sqlite_version_info)
        if not where.is_file():
            yield Finding("database", "skip", "none", {"file": where})
            return
    try:
        store = open_store(where, owner=False)
        try:
            dead, version = store.count("dead"), store.database.version
            yield Finding("database", "ok", "good", {"version": version})
            yield Finding("deliveries", "warn" if dead else "ok", "dead" if dead else "good", {"count": dead})
            if store.database.is_shared:
                yield _differing("database_clock", (store.database.now() - datetime.now(UTC)).total_seconds())
        finally:
            store.close()
    except CorruptError:
        yield Finding("database", "fail", "corrupt")
    except VersionError as error:
        yield Finding("database", "fail", "version", {"version": error})
    except StoreError as error:
        yield Finding("database", "fail", "away", {"why": error})


def sqlite_finding(version: tuple[int, int, int]) -> Finding:
    """Whether this SQLite has the bug; our one writer keeps clear of it, other programs on the file do not."""
    mended = any(version[:2] == line[:2] and version >= line for line in _MENDED)
    affected = _WAL_RESET[0] <= version < _WAL_RESET[1] and not mended
    said = ".".join(map(str, version))
    return Finding("sqlite", "warn" if affected else "ok", "affected" if affected else "good", {"version": said})


def _clock(place: Place) -> Iterator[Finding]:
    """The disk's clock (it may be another machine's), and the world's."""
    if place.data.path.is_dir() and os.access(place.data.path, os.W_OK):
        with tempfile.TemporaryFile(dir=place.data.path) as file:
            file.write(b"x")
            file.flush()
            yield _differing("disk_clock", os.fstat(file.fileno()).st_mtime - time.time())
    if place.ntp is None:
        return
    try:
        offset = ntp_offset(*place.ntp, time.time)
    except OSError:
        yield Finding("clock", "skip", "offline")
    else:
        yield _differing("clock", offset)


def _differing(check: str, seconds: float) -> Finding:
    wrong = abs(seconds) > _SLOW_CLOCK
    return Finding(check, "warn" if wrong else "ok", "differs" if wrong else "good", {"seconds": f"{seconds:+.1f}"})


def ntp_offset(host: str, port: int, clock: Callable[[], float]) -> float:
    """How many seconds that clock is ahead of ours (SNTP, RFC 4330)."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(2)
        asking.connect((host, port))
        sent = clock()
        asking.send(b"\x23" + bytes(47))
        answer = asking.recv(48)
        received = clock()
    if len(answer) < 48:
        raise OSError("too short an answer")
    seconds, share = struct.unpack("!II", answer[40:48])
    theirs = seconds - _NTP_EPOCH + share / 2**32
    return float(theirs - (sent + received) / 2)
