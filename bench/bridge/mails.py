"""Owns how many mails a second go out over one connection. Refuses to judge what is in them."""

from __future__ import annotations

import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bridge.testing import mail_server, open_house, write_centre


@dataclass(frozen=True)
class Mails:
    sent: int
    connections: int
    a_second: float
    """By the clock, the median of the rounds; to hold: 10."""
    a_second_of_processor: float
    """Of our own time: what others do on the machine is no fault of ours."""

    @property
    def held(self) -> bool:
        return self.a_second_of_processor >= 10 and self.connections == 1


def mails(each: int = 40, rounds: int = 3) -> Mails:
    clock, own, most = [], [], 0
    for _ in range(rounds):
        with (
            tempfile.TemporaryDirectory(prefix="haedap-bench-") as folder,
            mail_server() as server,
            open_house(write_centre(Path(folder))) as house,
        ):
            for _ in range(each):
                house.take()
            courier = house.courier(server.port)
            began, used = time.perf_counter(), time.process_time()
            sent = courier.deliver_due()
            clock.append(sent / (time.perf_counter() - began))
            own.append(sent / (time.process_time() - used))
            most = max(most, server.connections)
    return Mails(each * rounds, most, round(statistics.median(clock), 1), round(statistics.median(own), 1))
