"""Strangers' addresses by the hundred, through HTTP, the database and a mail server: the short run of bench/bridge."""

from __future__ import annotations

from bench.bridge.flood import flood


def test_a_flood_of_strangers_reaches_few_of_them() -> None:
    """Every inquiry is kept and reaches the team; replies end at the cap. `make flood` does it with ten thousand."""
    figures = flood(150)
    assert figures.is_held, figures
    assert 0 < figures.replies_sent < 150
