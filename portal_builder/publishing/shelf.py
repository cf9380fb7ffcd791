"""Owns a folder of releases: made privately, made current with one rename, kept, thinned out. Refuses to build.

    <folder>/current -> releases/12      what readers get; replaced by one rename
    <folder>/releases/12/site/           the files, unchanged ones hard-linked to those of the release before
    <folder>/releases/12/release.json    what it is, and when it was due and came out
    <folder>/releases/12/files.json      each file's digest, and in stamps.json when it was written, and its size
    <folder>/releases/.13.making/        not finished; the next run takes it away
    <folder>/.spare/                     one that is not kept any more: the next is made of it

A number among `releases/` is always a whole release: it gets its name by a rename when everything in it is on the disk,
and loses it by one before anything of it is removed.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from portal_builder.publishing.tree import NOTHING, Laid, Tree

CURRENT = "current"
_RELEASES, _RECORD, _FILES, _STAMPS, _SITE = "releases", "release.json", "files.json", "stamps.json", "site"
_FSYNC_FROM = getattr(os, "O_DIRECTORY", 0)


class ShelfError(Exception):
    """The folder cannot be worked with; `key` says why in `i18n/tool/<lang>.yml`."""

    def __init__(self, key: str, **values: object) -> None:
        self.key, self.values = key, values
        super().__init__(f"{key} {values}")


@dataclass(frozen=True)
class Published:
    """One release on the shelf."""

    number: int
    at: datetime
    """The instant whose texts it shows."""
    published: datetime
    """When readers first got it."""
    planned: datetime | None
    """When it had been due, where it was due and not only changed."""
    next_change: datetime | None
    """When it is out of date by itself."""
    digest: str
    """Of every path and byte."""
    pages: int
    took: float = 0.0
    """Seconds that it took to make."""
    gone: tuple[str, ...] = ()
    """Paths below `site/` of pages that only say that a text was withdrawn."""
    redirects: Mapping[str, str] = field(default_factory=dict)
    """By old path below `site/`, where it leads on: a path below `site/` or an address."""

    @property
    def late(self) -> float | None:
        """Seconds between what was planned and what was."""
        return max(0.0, (self.published - self.planned).total_seconds()) if self.planned else None


class Shelf:
    """Releases below one folder. Nothing is written but within `held`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._releases, self._spare = folder / _RELEASES, folder / ".spare"

    @contextmanager
    def held(self, *, waiting: bool = True) -> Iterator[None]:
        """One publisher at a time; the system lets go of the lock however a process ends."""
        self._releases.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | (0 if waiting else fcntl.LOCK_NB))
            except BlockingIOError:
                raise ShelfError("publish.busy", folder=self.folder) from None
            yield

    def repair(self) -> tuple[str, ...]:
        """Take away what a run that was killed left half made or half removed; what was taken away."""
        left = [*self._releases.glob(".*.making"), *self._releases.glob(".*.going")]
        for folder in left:
            shutil.rmtree(folder)
        (self.folder / f".{CURRENT}.new").unlink(missing_ok=True)
        return tuple(folder.name for folder in left)

    def numbers(self) -> tuple[int, ...]:
        """The releases that are there, the oldest first."""
        if not self._releases.is_dir():
            return ()
        return tuple(sorted(int(entry.name) for entry in self._releases.iterdir() if entry.name.isdecimal()))

    def current(self) -> Published | None:
        """What readers get; None where nothing was published or the link leads nowhere."""
        link = self.folder / CURRENT
        if not link.is_symlink():
            if link.exists():
                raise ShelfError("publish.in_the_way", folder=link)
            return None
        name = link.readlink().name
        return self.read(int(name)) if name.isdecimal() else None

    def read(self, number: int) -> Published | None:
        """One release's record; None where there is none that can be read."""
        try:
            return _read(json.loads((self._path(number) / _RECORD).read_text("utf-8")))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def all(self) -> tuple[Published, ...]:
        """The oldest first."""
        return tuple(record for number in self.numbers() if (record := self.read(number)))

    def site(self, number: int) -> Path:
        """Where a release's files lie."""
        return self._path(number) / _SITE

    def laid(self, number: int) -> Laid:
        """A release's files as they were left; none where that is not known."""
        digests, stamps = (_known(self._path(number) / name) for name in (_FILES, _STAMPS))
        is_whole = all(isinstance(one, str) for one in digests.values())
        marks = {path: tuple(mark) for path, mark in stamps.items() if isinstance(mark, list)}
        return Laid(self.site(number), digests if is_whole else {}, marks)

    def next_number(self) -> int:
        return max(self.numbers(), default=0) + 1

    def make(self, tree: Tree, record: Published) -> Path:
        """A new release, whole and on the disk, that no reader sees yet."""
        making = self._releases / f".{record.number}.making"
        shutil.rmtree(making, ignore_errors=True)
        with suppress(FileNotFoundError):
            self._spare.rename(making)
        (making / _SITE).mkdir(parents=True, exist_ok=True, mode=0o755)
        making.chmod(0o700)  # a text may be in it that is not out yet
        before = self.current()
        stamps = tree.write(making / _SITE, self.laid(before.number) if before else NOTHING)
        _write(making / _FILES, json.dumps(dict(tree.digests), ensure_ascii=False))
        _write(making / _STAMPS, json.dumps(stamps, ensure_ascii=False))
        _write(making / _RECORD, _text(record))
        return making

    def reveal(self, making: Path, record: Published) -> None:
        """Make a finished release current: readers get all of it from one moment to the next."""
        _write(making / _RECORD, _text(record))
        making.chmod(0o755)
        making.rename(self._path(record.number))
        _sync_folder(self._releases)
        self.point_to(record.number)

    def point_to(self, number: int) -> None:
        """The one step that readers notice."""
        fresh = self.folder / f".{CURRENT}.new"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(Path(_RELEASES) / str(number))
        fresh.replace(self.folder / CURRENT)
        _sync_folder(self.folder)

    def note_next(self, record: Published, next_change: datetime | None) -> None:
        """The files are the same, but another instant is the next: a text that is not out yet has come or gone."""
        if record.next_change != next_change:
            _write(self._path(record.number) / _RECORD, _text(replace(record, next_change=next_change)))

    def thin_out(self, keep: int) -> tuple[int, ...]:
        """Remove all but the newest ones and the current one; which ones. One stays aside, where nobody looks for it:
        the next release is that with what has changed since."""
        current = self.current()
        old = [number for number in self.numbers()[:-keep] if current is None or number != current.number]
        for number in old:
            going = self._releases / f".{number}.going" if self._spare.exists() else self._spare
            self._path(number).rename(going)
            going.chmod(0o700)
            if going != self._spare:
                shutil.rmtree(going)
        return tuple(old)

    def _path(self, number: int) -> Path:
        return self._releases / str(number)

    # -- what somebody holds on to: after going back, only a person goes forward again

    @property
    def is_pinned(self) -> bool:
        return (self.folder / ".pinned").exists()

    def pin(self) -> None:
        _write(self.folder / ".pinned", "")

    def unpin(self) -> None:
        (self.folder / ".pinned").unlink(missing_ok=True)


def _read(record: Mapping[str, object]) -> Published:
    moments = {name: _moment(record[name]) for name in ("at", "published", "planned", "next_change")}
    gone, redirects = record.get("gone", ()), record.get("redirects", {})
    if not isinstance(gone, list) or not isinstance(redirects, dict):
        raise TypeError(record)
    at, published = moments["at"], moments["published"]
    if at is None or published is None:
        raise ValueError(record)
    return Published(
        number=int(str(record["number"])),
        at=at,
        published=published,
        planned=moments["planned"],
        next_change=moments["next_change"],
        digest=str(record["digest"]),
        pages=int(str(record["pages"])),
        took=float(str(record.get("took", 0))),
        gone=tuple(gone),
        redirects=redirects,
    )


def _known(file: Path) -> dict[str, Any]:
    """What is written there by path; nothing where that cannot be read."""
    try:
        known = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _moment(value: object) -> datetime | None:
    return datetime.fromisoformat(str(value)) if value else None


def _text(record: Published) -> str:
    return json.dumps(asdict(record), default=lambda value: value.isoformat(), ensure_ascii=False, indent=2)


def _write(file: Path, text: str) -> None:
    """Replace a file in one step, with everything on the disk."""
    fresh = file.with_name(f".{file.name}.new")
    with fresh.open("w", encoding="utf-8") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())
    fresh.replace(file)
    _sync_folder(file.parent)


def _sync_folder(folder: Path) -> None:
    """A rename is on the disk when its folder is."""
    opened = os.open(folder, os.O_RDONLY | _FSYNC_FROM)
    try:
        with suppress(OSError):  # some network file systems cannot; the rename is atomic all the same
            os.fsync(opened)
    finally:
        os.close(opened)
