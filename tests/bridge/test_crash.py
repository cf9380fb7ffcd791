"""Nothing that was thanked for is lost or doubled, however the service dies. `make crash` is the long run."""

from __future__ import annotations

import pytest

from bench.bridge.crash import crash
from bench.bridge.powercut import find_compiler

needs_compiler = pytest.mark.skipif(
    find_compiler() is None, reason="power cuts are simulated by a small C library, and there is no compiler"
)


def test_killed_at_random_under_load() -> None:
    """Twenty kills of the process group with eight clients posting: each form is stored once, its file whole."""
    count = crash(20, 100, longest=0.5, forked=True)
    assert count.held, count
    assert count.kills >= 20
    assert count.accepted >= 100
    assert count.retried > 0


@needs_compiler
def test_without_power_what_was_thanked_for_is_there() -> None:
    """After each kill only what was fsynced remains."""
    count = crash(4, 50, power_cut=True, longest=0.5, forked=True)
    assert count.held, count
    assert count.accepted >= 50


@needs_compiler
@pytest.mark.parametrize("mutant", ["normal", "files-unsynced"])
def test_a_sync_left_out_would_be_noticed(mutant: str) -> None:
    """The count above can fail: without the fsync of a commit, or of the names of files, the same run finds losses."""
    count = crash(2, 150, power_cut=True, mutant=mutant, longest=0.5, forked=True)
    assert not count.held


def test_thanks_before_the_commit_would_be_noticed() -> None:
    """And so can the one of kills alone."""
    assert crash(2, 100, mutant="ack-first", longest=0.3, forked=True).lost > 0
