"""Owns what durability costs: a service as it is, beside one that does everything but keep what it was sent.

Rounds take turns, so that whatever else the machine does hits both. Throughput is the median of the rounds, p99 that of
all their forms together.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
import uuid
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench.bridge.load import Load, fixed_rate, full_speed
from bench.bridge.served import Served, form, start
from bridge.testing import ANSWERS, write_centre

PARSE_ONLY = """
import bridge.store as store
store.Store.accept = lambda self, *given, **more: True
store.Store.receipt_for = lambda self, *given, **more: None
from bridge.cli import main
main()
"""
_MESSAGE = ANSWERS["message"] * 40
"""A form of some 3 kB."""


@dataclass(frozen=True)
class Figures:
    durable_per_second: float
    parse_only_per_second: float
    throughput: float
    """Durable against parse-only; to hold: 0.5."""
    durable_p99_ms: float
    parse_only_p99_ms: float
    tail: float
    """p99 at 50 forms a second, durable against parse-only; to hold: 2."""
    fsync_p99_ms: float
    """Of the disk alone, 4 kB at the same pace in the same rounds: no commit that waits for it can be sooner."""
    refused: int

    @property
    def held(self) -> bool:
        return self.throughput >= 0.5 and self.tail <= 2 and not self.refused


def body() -> tuple[bytes, str]:
    return form(_key=uuid.uuid4().hex, message=_MESSAGE)


def accept(rounds: int = 8, seconds: float = 4.0, rate: float = 50.0) -> Figures:
    with ExitStack() as stack:
        root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="haedap-bench-")))
        durable, parse_only = (
            _service(stack, root / "durable"),
            _service(stack, root / "parse-only", [sys.executable, "-c", PARSE_ONLY]),
        )
        rates: dict[Served, list[float]] = {durable: [], parse_only: []}
        tails: dict[Served, Load] = {durable: Load(), parse_only: Load()}
        refused = 0
        syncs: list[float] = []
        for service in (durable, parse_only):
            full_speed(service.port, body, 1.0)
        for _ in range(rounds):
            for service in (durable, parse_only):
                load = full_speed(service.port, body, seconds)
                rates[service].append(load.rate)
                refused += load.refused
            for service in (durable, parse_only):
                tails[service].add(fixed_rate(service.port, body, seconds, rate))
            syncs += sync_times(root, seconds / 2, rate)
    fast = [statistics.median(rates[service]) for service in (durable, parse_only)]
    steady = [tails[service].percentile(0.99) * 1000 for service in (durable, parse_only)]
    refused += sum(load.refused for load in tails.values())
    sync = sorted(syncs)[int(0.99 * len(syncs))] * 1000
    return _figures((fast[0], fast[1]), (steady[0], steady[1]), sync, refused)


def _figures(fast: tuple[float, float], steady: tuple[float, float], sync: float, refused: int) -> Figures:
    return Figures(
        durable_per_second=round(fast[0]),
        parse_only_per_second=round(fast[1]),
        throughput=round(fast[0] / fast[1], 2),
        durable_p99_ms=round(steady[0], 1),
        parse_only_p99_ms=round(steady[1], 1),
        tail=round(steady[0] / steady[1], 2),
        fsync_p99_ms=round(sync, 1),
        refused=refused,
    )


def sync_times(folder: Path, seconds: float, rate: float) -> list[float]:
    """How long the disk takes to make 4 kB durable, so many times a second."""
    taken = []
    with (folder / "sync").open("ab", buffering=0) as file:
        for _ in range(int(seconds * rate)):
            time.sleep(1 / rate)
            began = time.perf_counter()
            file.write(bytes(4096))
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - began)
    return taken


def _service(stack: ExitStack, root: Path, program: list[str] | None = None) -> Served:
    service = start(write_centre(root), "--no-courier", program=program)
    stack.callback(service.kill)
    return service
