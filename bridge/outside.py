"""Owns what nobody can compute: time and chance. Whatever needs them is given an `Outside`, so tests decide both."""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Outside:
    now: Callable[[], datetime] = _utc_now
    secret_bytes: Callable[[int], bytes] = secrets.token_bytes
    """What nobody may guess: receipt numbers, names of files on disk."""
    share: Callable[[], float] = random.random
    """Somewhere from 0 to 1: spreads retries, guards nothing."""
