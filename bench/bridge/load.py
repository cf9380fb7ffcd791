"""Owns load on a service: as much as it takes, or so many forms a second. Refuses answers other than 202.

At a fixed rate a form counts from the moment it was due, so that a service that stalls pays for all that waited.
"""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count

from bench.bridge.served import post

Body = Callable[[], tuple[bytes, str]]


@dataclass
class Load:
    """What came of it: seconds that each answer took, and requests that were not accepted."""

    taken: list[float] = field(default_factory=list)
    refused: int = 0
    seconds: float = 0.0

    def add(self, other: Load) -> None:
        self.taken += other.taken
        self.refused += other.refused
        self.seconds += other.seconds

    @property
    def rate(self) -> float:
        return len(self.taken) / self.seconds

    def percentile(self, share: float) -> float:
        ordered = sorted(self.taken)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def full_speed(port: int, body: Body, seconds: float, clients: int = 8) -> Load:
    """Each client sends its next form as soon as the last one is answered."""
    until = time.perf_counter() + seconds

    def due() -> Iterator[float]:
        while (now := time.perf_counter()) < until:
            yield now

    return _run(port, body, [due() for _ in range(clients)])


def fixed_rate(port: int, body: Body, seconds: float, rate: float, clients: int = 10) -> Load:
    """A form every 1/rate seconds, whether the last one is answered or not."""
    began, numbers, lock = time.perf_counter() + 0.1, count(), threading.Lock()

    def due() -> Iterator[float]:
        while True:
            with lock:
                at = began + next(numbers) / rate
            if at >= began + seconds:
                return
            time.sleep(max(0.0, at - time.perf_counter()))
            yield at

    return _run(port, body, [due() for _ in range(clients)])


def _run(port: int, body: Body, schedules: list[Iterator[float]]) -> Load:
    load = Load()
    began = time.perf_counter()
    threads = [threading.Thread(target=_client, args=(port, body, schedule, load)) for schedule in schedules]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    load.seconds = time.perf_counter() - began
    return load


def _client(port: int, body: Body, schedule: Iterator[float], load: Load) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        for at in schedule:
            try:
                status, _ = post(connection, *body())
            except (OSError, http.client.HTTPException):
                status = 0
                connection.close()
            if status == 202:
                load.taken.append(time.perf_counter() - at)
            else:
                load.refused += 1
