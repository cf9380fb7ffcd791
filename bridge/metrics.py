"""Owns what is counted and measured, for Prometheus. Refuses anything about a person: names of sinks, states, sizes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bridge.inquiry import STATES
from bridge.store import Store
from bridge.store.outbox import Depth

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


@dataclass(frozen=True)
class Metrics:
    """Counts of this process; the queue is counted in the database when somebody asks."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    posts: Counter = field(init=False)
    attempts: Counter = field(init=False)
    accepting: Histogram = field(init=False)

    def __post_init__(self) -> None:
        registry = self.registry
        posts = Counter(
            "haedap_posts", "Forms that were posted, by how they were answered.", ["outcome"], registry=registry
        )
        attempts = Counter(
            "haedap_delivery_attempts",
            "Attempts to deliver, by how they ended.",
            ["sink", "outcome"],
            registry=registry,
        )
        accepting = Histogram(
            "haedap_accept_seconds",
            "From a form's last byte to its receipt number on disk.",
            buckets=_SECONDS,
            registry=registry,
        )
        for name, value in (("posts", posts), ("attempts", attempts), ("accepting", accepting)):
            object.__setattr__(self, name, value)

    def attempted(self, sink: str, outcome: str) -> None:
        self.attempts.labels(sink, outcome).inc()

    def watch(self, store: Store, now: Callable[[], datetime]) -> None:
        """Tell of the queue of this store too."""
        self.registry.register(_Queue(store, now))

    def text(self) -> bytes:
        return generate_latest(self.registry)


@dataclass(frozen=True, eq=False)  # the registry keeps it by what it is
class _Queue(Collector):
    store: Store
    now: Callable[[], datetime]

    def describe(self) -> Iterator[Metric]:
        """Nothing: describing would ask a database that may be away."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        depth: Depth = self.store.depth()
        waiting = GaugeMetricFamily("haedap_deliveries", "Deliveries, by state.", labels=["state"])
        for state in STATES:
            waiting.add_metric([state], depth.by_state.get(state, 0))
        yield waiting
        late = (self.now() - depth.oldest_due).total_seconds() if depth.oldest_due else 0.0
        yield GaugeMetricFamily(
            "haedap_oldest_due_seconds", "How long the oldest due delivery is late.", max(late, 0.0)
        )
        yield GaugeMetricFamily("haedap_inquiries", "Inquiries that are kept.", depth.inquiries)
        at = depth.purged_at.timestamp() if depth.purged_at else 0.0
        yield GaugeMetricFamily("haedap_last_purge_timestamp_seconds", "When the last purge ran; 0 for never.", at)
