"""Owns what nobody can compute: time and chance. Whatever needs them is given an `Outside`, so tests decide both."""

from __future__ import annotations

import random
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Counts on while the machine sleeps; elsewhere than on Linux it may not."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Steady:
    """A clock that nobody sets: it goes on from the time it was made at, whatever happens to the machine's.

    A machine's clock that jumps would make every lease expire at once, or every retry wait for a day.
    """

    began: datetime = field(default_factory=_utc_now)
    _mark: float = field(default_factory=lambda: time.clock_gettime(_CLOCK))

    def __call__(self) -> datetime:
        return self.began + timedelta(seconds=time.clock_gettime(_CLOCK) - self._mark)


@dataclass(frozen=True)
class Outside:
    now: Callable[[], datetime] = field(default_factory=Steady)
    secret_bytes: Callable[[int], bytes] = secrets.token_bytes
    """What nobody may guess: receipt numbers, names of files on disk."""
    share: Callable[[], float] = random.random
    """Somewhere from 0 to 1: spreads retries, guards nothing."""
