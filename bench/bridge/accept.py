"""Owns what durability costs: a service as it is, beside one that does everything but keep what it was sent.

Rounds take turns, so that whatever else the machine does hits both; each figure is the median of its rounds.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import uuid
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench.bridge.load import fixed_rate, full_speed
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
    refused: int

    @property
    def held(self) -> bool:
        return self.throughput >= 0.5 and self.tail <= 2 and not self.refused


def body() -> tuple[bytes, str]:
    return form(_key=uuid.uuid4().hex, message=_MESSAGE)


def accept(rounds: int = 3, seconds: float = 6.0, rate: float = 50.0) -> Figures:
    with ExitStack() as stack:
        root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="haedap-bench-")))
        durable, parse_only = (
            _service(stack, root / "durable"),
            _service(stack, root / "parse-only", [sys.executable, "-c", PARSE_ONLY]),
        )
        rates: dict[Served, list[float]] = {durable: [], parse_only: []}
        tails: dict[Served, list[float]] = {durable: [], parse_only: []}
        refused = 0
        for service in (durable, parse_only):
            full_speed(service.port, body, 1.0)
        for _ in range(rounds):
            for service in (durable, parse_only):
                load = full_speed(service.port, body, seconds)
                rates[service].append(load.rate)
                refused += load.refused
            for service in (durable, parse_only):
                load = fixed_rate(service.port, body, seconds, rate)
                tails[service].append(load.percentile(0.99) * 1000)
                refused += load.refused
    fast = [statistics.median(rates[service]) for service in (durable, parse_only)]
    steady = [statistics.median(tails[service]) for service in (durable, parse_only)]
    return _figures(fast[0], fast[1], steady[0], steady[1], refused)


def _figures(durable: float, parse_only: float, durable_p99: float, parse_only_p99: float, refused: int) -> Figures:
    return Figures(
        round(durable), round(parse_only), round(durable / parse_only, 2),
        round(durable_p99, 1), round(parse_only_p99, 1), round(durable_p99 / parse_only_p99, 2), refused,
    )  # fmt: skip  # as the fields stand


def _service(stack: ExitStack, root: Path, program: list[str] | None = None) -> Served:
    service = start(write_centre(root), "--no-courier", program=program)
    stack.callback(service.kill)
    return service
