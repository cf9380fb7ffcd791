"""Readers get whole releases however often publishing is killed. `make publish-crash` is the long run."""

from __future__ import annotations

from bench.publishing.crash import crash


def test_killed_at_random_while_somebody_reads() -> None:
    """No read finds two releases or none, and each next run repairs what was left."""
    count = crash(5)
    assert count.held, count.faults
    assert count.kills >= 3
    assert count.while_making >= 1
    assert count.reads > 100


def test_a_release_changed_in_place_would_be_noticed() -> None:
    """The count above can fail: the same run finds mixed pages where files are replaced one by one."""
    count = crash(1, "in-place")
    assert not count.held
