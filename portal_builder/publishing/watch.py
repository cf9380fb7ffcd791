"""Owns keeping time: sleeps to the next instant, publishes on it, and looks in between at what was written.

Refuses to trust a clock: it is asked again every few seconds, so that a machine that was suspended or set is noticed.
What comes out at an instant is built before it, privately, so that only a rename is left to do on it.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from portal_builder.again import stamps
from portal_builder.brand import Brand
from portal_builder.press import PressError
from portal_builder.problem import ContentError
from portal_builder.publishing.late import LateCentre
from portal_builder.publishing.parcel import TargetError
from portal_builder.publishing.publish import prepare, reveal
from portal_builder.publishing.send import Delivery, deliver, waiting
from portal_builder.publishing.settings import FILE, PublishSettings, load_settings
from portal_builder.publishing.shelf import Published, Shelf, ShelfError

_CHUNK = 5.0
"""Seconds after which the clock is asked again."""
_LEAD = timedelta(seconds=10)
"""So long before an instant its release is begun, at least."""
_WRITERS = ("content", "scheduled", "themes", "i18n", "mkdocs.yml", FILE)
_PULL_SECONDS = 120


@dataclass(frozen=True)
class Clock:
    """The time, and waiting for it."""

    now: Callable[[], datetime]
    wait: Callable[[float], bool]
    """So many seconds; True as soon as somebody wants it to end."""


@dataclass(frozen=True)
class Told:
    """What happened, for people."""

    brands: Mapping[str, Brand] | None
    published: Published | None = None
    sent: tuple[Delivery, ...] = ()
    error: Exception | None = None
    key: str = ""
    """A sentence without values."""


class Watch:
    """Keeps one help centre current until it is told to stop."""

    def __init__(self, root: Path, clock: Clock, tell: Callable[[Told], None]) -> None:
        self._root, self._clock, self._tell = root, clock, tell
        self._lead = _LEAD
        self._took = timedelta(0)
        """By the last release."""
        self._pulled = datetime.min.replace(tzinfo=UTC)
        self._seen: object = None
        """The writers' files as they were last published."""
        self._last_said = ""
        self._failed = False

    def run(self) -> None:
        """One turn after the other: what was written, or what is due."""
        while not self._clock.wait(0):
            began = self._clock.now()
            settings = self._turn()
            if self._sleep(began, settings):
                return

    def _turn(self) -> PublishSettings:
        """Publish what there is to publish, and say what stops it."""
        settings = PublishSettings(self._root / "build/public")
        self._failed = True
        with self._saying():
            settings = self._settings()
            shelf = Shelf(settings.folder)
            with shelf.held():
                shelf.repair()
                self._with_shelf(shelf, settings)
            self._failed = False
        return settings

    def _settings(self) -> PublishSettings:
        settings, problems = load_settings(self._root, LateCentre(self._root).brands)
        if problems:
            raise ContentError(problems)
        return settings

    def _with_shelf(self, shelf: Shelf, settings: PublishSettings) -> None:
        if shelf.is_pinned:
            self._say_once(Told(None, key="publish.held"))
            return
        current, now = shelf.current(), self._clock.now()
        if current and current.next_change and now < current.next_change <= now + self._lead:
            self._on_the_second(shelf, settings, current.next_change)
            return
        if settings.pull and not now - timedelta(seconds=settings.every) < self._pulled <= now:
            self._pulled = now
            pull(self._root)
        if current and current.next_change and current.next_change <= now:
            self._on_the_second(shelf, settings, max(now, current.at))
            return
        written = written_by(self._root)
        if current is None or written != self._seen:
            self._publish(shelf, settings, max(now, current.at) if current else now)
        elif targets := waiting(shelf, settings.targets, current):
            brands = LateCentre(self._root).brands
            sent = tuple(deliver(shelf, targets, current, brands, self._clock.now()))
            self._say_once(Told(brands, sent=sent))
        self._seen = written

    def _on_the_second(self, shelf: Shelf, settings: PublishSettings, instant: datetime) -> None:
        """Everything before the instant, the rename on it.

        Instants that pass while this is built belong to it: else each would wait for this build and then for its own.
        """
        began = time.monotonic()
        centre = LateCentre(self._root)
        horizon = self._clock.now() + self._took
        while (following := centre.whole.next_change(instant)) and following <= horizon:
            instant = following
        prepared = prepare(centre, shelf, instant)
        self._took = timedelta(seconds=time.monotonic() - began)
        self._lead = max(_LEAD, 3 * self._took)
        if prepared and self._wait_until(instant):
            self._made_current(centre, shelf, settings, reveal(shelf, prepared, self._clock.now(), settings.keep))

    def _publish(self, shelf: Shelf, settings: PublishSettings, at: datetime) -> None:
        """`at` never lies before what readers have: a clock that was set back takes nothing away from them."""
        seen = stamps(self._root, time.time_ns())
        centre = LateCentre(self._root)
        prepared = prepare(centre, shelf, at, seen=seen)
        if prepared:
            self._made_current(centre, shelf, settings, reveal(shelf, prepared, self._clock.now(), settings.keep))

    def _made_current(self, centre: LateCentre, shelf: Shelf, settings: PublishSettings, record: Published) -> None:
        self._tell(Told(centre.brands, published=record))
        self._last_said = ""
        if settings.targets:
            sent = tuple(deliver(shelf, settings.targets, record, centre.brands, self._clock.now()))
            self._tell(Told(centre.brands, sent=sent))

    # -- time

    def _wait_until(self, instant: datetime) -> bool:
        """Whether it has come; not where somebody wants the end, or the clock was set back."""
        while (left := instant - self._clock.now()) > timedelta(0):
            if left > self._lead + timedelta(minutes=1) or self._clock.wait(min(left.total_seconds(), _CHUNK)):
                return False
        return True

    def _sleep(self, began: datetime, settings: PublishSettings) -> bool:
        """Until the next look, or until it is time to begin the next release; whether somebody wants the end."""
        look = began + timedelta(seconds=settings.every)
        wake = look
        with self._saying():
            current = Shelf(settings.folder).current()
            if current and current.next_change and not self._failed and not Shelf(settings.folder).is_pinned:
                wake = min(look, current.next_change - self._lead)
        while began <= (now := self._clock.now()) < wake:
            if self._clock.wait(min((wake - now).total_seconds(), _CHUNK)):
                return True
        return False

    # -- what went wrong

    @contextmanager
    def _saying(self) -> Iterator[None]:
        """What can be wrong with texts, the engine, the disk: told, and tried again at the next look."""
        try:
            yield
        except (ContentError, PressError, ShelfError, TargetError, BrokenProcessPool, OSError) as error:
            self._seen = None
            self._say_once(Told(None, error=error))

    def _say_once(self, told: Told) -> None:
        """The same trouble is told once, not every minute."""
        said = f"{told.key} {told.error!r} {told.sent}"
        if said != self._last_said:
            self._tell(told)
        self._last_said = said


def pull(root: Path) -> bool:
    """Bring a git checkout up to date; whether that went well. Nothing where it is none, or follows no branch."""
    git = ["git", "-C", str(root)]
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}

    def run(*words: str) -> bool:
        return subprocess.run(  # noqa: S603 -- no shell, our own words
            [*git, *words], env=environment, capture_output=True, check=True, timeout=_PULL_SECONDS
        ).returncode == 0  # fmt: skip  # one question

    try:
        run("rev-parse", "--abbrev-ref", "@{upstream}")
        return run("pull", "--ff-only", "--quiet")
    except (OSError, subprocess.SubprocessError):
        return False


def written_by(root: Path) -> object:
    """The writers' files by name, size and time: equal where nobody wrote."""
    found: list[tuple[str, int, int]] = []
    for name in _WRITERS:
        for folder, folders, files in os.walk(root / name):
            folders.sort()
            for file in sorted(files):
                stat = (Path(folder) / file).lstat()
                found.append((f"{folder}/{file}", stat.st_mtime_ns, stat.st_size))
        if (root / name).is_file():
            stat = (root / name).lstat()
            found.append((name, stat.st_mtime_ns, stat.st_size))
    return tuple(found)
