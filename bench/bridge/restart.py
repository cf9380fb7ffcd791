"""Owns how soon the service is there again with a long queue. Refuses to judge how fast the queue is sent."""

from __future__ import annotations

import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.bridge.queue import fill
from bench.bridge.served import start
from bridge.testing import write_centre


@dataclass(frozen=True)
class Restart:
    queued: int
    seconds: float
    """From the command to the first answer it can give, the median; to hold: 5."""
    empty_seconds: float
    """The same with an empty inbox."""

    @property
    def held(self) -> bool:
        return self.seconds <= 5


def restart(queued: int = 10_000, rounds: int = 3) -> Restart:
    with tempfile.TemporaryDirectory(prefix="haedap-bench-") as folder:
        full, empty = write_centre(Path(folder) / "full"), write_centre(Path(folder) / "empty")
        fill(full / "var/inbox.sqlite", queued)
        seconds: dict[Path, list[float]] = {full: [], empty: []}
        for _ in range(rounds):
            for root, taken in seconds.items():
                began = time.perf_counter()
                start(root, "--no-courier").kill()
                taken.append(time.perf_counter() - began)
        return Restart(queued, *(round(statistics.median(taken), 2) for taken in seconds.values()))
