"""Owns how often forms may be posted: by one address, to one form, and in all. Refuses to hold or to throw away.

Counted in memory: exact where one process serves, and where several do, each counts for itself, so that the limits of
all together are so many times as wide. What must hold over all, the budgets of automatic replies, is in the store.
"""

from __future__ import annotations

import ipaddress
import time
from dataclasses import dataclass, field

from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter


@dataclass(frozen=True)
class Rates:
    """As the settings say: `20 per 10 minutes; 200 per day`."""

    address: str
    form: str
    everything: str


@dataclass(frozen=True)
class Verdict:
    wait: int = 0
    """Seconds until this address may post again; 0: now."""
    flood: bool = False
    """More comes to this form than ever: what comes now is kept, and looked at by a person first."""


def rates(text: str) -> tuple[RateLimitItem, ...]:
    """ValueError for what is no rate; none for `off`."""
    return () if text.strip().lower() == "off" else tuple(parse_many(text))


def _counter() -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(MemoryStorage())


@dataclass(frozen=True)
class Counters:
    """What came lately. They last as long as the process: brands and forms that are taken up anew change nothing."""

    forms: MovingWindowRateLimiter = field(default_factory=_counter)
    readers: MovingWindowRateLimiter = field(default_factory=_counter)
    """Of their own: who says what helped can still send an inquiry."""


@dataclass(frozen=True)
class Limits:
    rates: Rates
    _counter: MovingWindowRateLimiter

    def hit(self, address: str, form: str) -> Verdict:
        """Count one post. Someone who is over a limit does not use up the others."""
        who = network(address)
        for rate in rates(self.rates.address) if who else ():
            if not self._counter.hit(rate, "address", who):
                return Verdict(self._wait(rate, "address", who))
        for rate in rates(self.rates.everything):
            if not self._counter.hit(rate, "everything"):
                return Verdict(self._wait(rate, "everything"))
        return Verdict(flood=not self._fits(form))

    def _fits(self, form: str) -> bool:
        """Every rate is counted, whether or not another one is over already."""
        hits = [self._counter.hit(rate, "form", form) for rate in rates(self.rates.form)]
        return all(hits)

    def _wait(self, rate: RateLimitItem, *names: str) -> int:
        ends: float = self._counter.get_window_stats(rate, *names).reset_time
        return max(1, round(ends - time.time()))


def network(address: str) -> str:
    """Who is counted: an IPv4 address, or the /64 an IPv6 address is in, since each customer line has a whole one.

    Loopback is nobody: it is a proxy that the settings do not name, and all customers would be one.

    >>> network("2001:db8:1:2:3:4:5:6"), network("::ffff:192.0.2.7"), network("127.0.0.1"), network("?")
    ('2001:db8:1:2::/64', '192.0.2.7', '', '')
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    if parsed.is_loopback:
        return ""
    return str(parsed) if parsed.version == 4 else str(ipaddress.ip_network((parsed, 64), strict=False))
