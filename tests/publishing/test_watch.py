"""`haedap watch` keeps time: on the second, each instant once, whatever the clock does. `make watch` runs longer."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bench.publishing.watch import keep_time
from portal_builder.publishing.shelf import Published, Shelf
from portal_builder.publishing.watch import Clock, Told, Watch
from support import SMALL, article, write_tree

DUE = datetime(2026, 12, 1, 0, 0, tzinfo=UTC)
NOTICE = "content/notices/soon.ko.md"
SOON = {NOTICE: article("곧", publish_at=DUE.isoformat())}
REFUND = "content/faq/billing/refund.ko.md"


def test_texts_come_out_after_their_instant_each_once() -> None:
    """The real clock: a reader sees each text, none before its instant, none twice. `make watch` says how late."""
    count = keep_time(2)
    assert (count.early, count.missing, count.twice, count.code) == (0, 0, 0, 0), count


class Ended(Exception):  # noqa: N818 -- no error: the test has seen enough
    """More turns than a test needs."""


class Hands:
    """A clock that only the waiting moves, and whoever winds it."""

    def __init__(self, now: datetime, *events: Callable[[Hands], bool | None]) -> None:
        self.time, self._events = now, list(events)
        self.waited = 0

    def now(self) -> datetime:
        return self.time

    def wait(self, seconds: float) -> bool:
        """The time goes on by so much; then the next event happens if it is ready (it says True when it is done)."""
        self.time += timedelta(seconds=seconds)
        self.waited += 1
        if self.waited > 2000:
            raise Ended
        while self._events and self._events[0](self):
            self._events.pop(0)
        return not self._events


def kept(root: Path, hands: Hands) -> tuple[list[Published], list[Told]]:
    """What was published until the clock's events were over."""
    told: list[Told] = []
    Watch(root, Clock(hands.now, hands.wait), told.append).run()
    return [one.published for one in told if one.published], told


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_tree(tmp_path / "centre", {**SMALL, **SOON, "publish.yml": "every: 60\n"})


def page(root: Path) -> Path:
    return root / "build/public/current/site/daon/ko/notices/soon/index.html"


def after(moment: datetime) -> Callable[[Hands], bool]:
    return lambda hands: hands.time >= moment


def test_an_instant_is_met_exactly_and_once(root: Path) -> None:
    """By a clock that is right: the release is published at the instant itself, and no other one follows."""
    seen: list[bool] = []

    def look(hands: Hands) -> bool:
        if hands.time < DUE:
            seen.append(page(root).exists())
        return hands.time >= DUE + timedelta(minutes=5)

    published, _ = kept(root, Hands(DUE - timedelta(minutes=3), look))
    assert not any(seen)
    assert [one.at for one in published] == [DUE - timedelta(minutes=3), DUE]
    assert published[1].planned == published[1].published == DUE
    assert page(root).exists()


def test_a_machine_that_slept_publishes_when_it_wakes(root: Path) -> None:
    """The clock jumps over the instant: one release at once, and it says how late it is."""

    def sleep_over_it(hands: Hands) -> bool:
        hands.time += timedelta(hours=5)
        return True

    start = DUE - timedelta(hours=2)
    published, _ = kept(root, Hands(start, after(start + timedelta(seconds=30)), sleep_over_it,
                                    after(DUE + timedelta(hours=3, minutes=10))))  # fmt: skip  # one clock
    assert len(published) == 2
    assert published[1].planned == DUE
    assert (
        timedelta(hours=3).total_seconds() <= (published[1].late or 0) < timedelta(hours=3, minutes=2).total_seconds()
    )


def test_a_clock_that_is_set_back_takes_nothing_away(root: Path) -> None:
    """Readers keep what came out, an edit comes out all the same, and the instant is not met a second time."""

    def set_back(hands: Hands) -> bool:
        hands.time -= timedelta(hours=1)
        write_tree(root, {REFUND: article(body="고친 글")})
        return True

    published, _ = kept(root, Hands(DUE - timedelta(seconds=90), after(DUE + timedelta(seconds=5)), set_back,
                                    after(DUE + timedelta(minutes=2))))  # fmt: skip  # one clock
    assert [one.planned for one in published] == [None, DUE, None]
    assert published[-1].at == DUE
    assert page(root).exists()
    assert "고친 글" in (root / "build/public/current/site/daon/ko/faq/billing/refund/index.html").read_text("utf-8")


def test_what_is_wrong_is_told_once_and_mended_at_the_next_look(root: Path) -> None:
    """A broken text over many looks: one message, readers keep what they have; mended, it comes out late but comes."""
    broken = {REFUND: article(sumary="x")}
    start = DUE - timedelta(minutes=2)

    def break_it(_: Hands) -> bool:
        write_tree(root, broken)
        return True

    def mend_it(_: Hands) -> bool:
        write_tree(root, SMALL)
        return True

    published, told = kept(root, Hands(start, after(start + timedelta(seconds=20)), break_it,
                                       after(DUE + timedelta(minutes=8)), mend_it,
                                       after(DUE + timedelta(minutes=12))))  # fmt: skip  # one clock
    assert len([one for one in told if one.error]) == 1
    assert len(published) == 2
    assert timedelta(minutes=8) <= published[1].published - DUE < timedelta(minutes=11)
    assert not Shelf(root / "build/public").is_pinned


def test_it_pulls_what_was_pushed(root: Path, tmp_path: Path) -> None:
    """A checkout with an upstream: what was pushed comes out at the next look; where git is away, nothing stops."""

    def git(*words: str, at: Path) -> None:
        who = ("-c", "user.name=T", "-c", "user.email=t@daon.example")
        subprocess.run(["git", "-C", str(at), *who, *words], check=True, capture_output=True)

    write_tree(root, {".gitignore": "/build/\n"})
    git("init", "-q", "-b", "main", at=root)
    git("add", ".", at=root)
    git("commit", "-qm", "first", at=root)
    git("clone", "-q", "--bare", str(root), str(tmp_path / "bare.git"), at=tmp_path)
    git("clone", "-q", str(tmp_path / "bare.git"), str(tmp_path / "writer"), at=tmp_path)
    git("remote", "add", "origin", str(tmp_path / "bare.git"), at=root)
    git("fetch", "-q", at=root)
    git("branch", "-q", "--set-upstream-to=origin/main", at=root)
    start = DUE - timedelta(days=1)

    def push(_: Hands) -> bool:
        write_tree(tmp_path / "writer", {REFUND: article(body="받아 온 글")})
        git("commit", "-qam", "edit", at=tmp_path / "writer")
        git("push", "-q", at=tmp_path / "writer")
        return True

    def lose_it(_: Hands) -> bool:
        (tmp_path / "bare.git").rename(tmp_path / "away.git")
        return True

    published, told = kept(root, Hands(start, after(start + timedelta(seconds=20)), push,
                                       after(start + timedelta(minutes=3)), lose_it,
                                       after(start + timedelta(minutes=6))))  # fmt: skip  # one clock
    assert len(published) == 2
    assert not [one for one in told if one.error]
    assert "받아 온 글" in (root / "build/public/current/site/daon/ko/faq/billing/refund/index.html").read_text("utf-8")
