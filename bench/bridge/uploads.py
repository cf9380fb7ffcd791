"""Owns uploads that are slow and uploads that are large: whom they hold up, and how much memory they take."""

from __future__ import annotations

import http.client
import itertools
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.bridge.load import Load, fixed_rate
from bench.bridge.served import PATH, Served, form, form_with_files, post, served
from bridge.testing import FORM, mail_server, write_centre

LARGE = FORM.replace("max_files: 2, max_mb: 1", "max_files: 5, max_mb: 10").replace("_total_mb: 2", "_total_mb: 25")
"""The usual limits: 5 files, 10 MB each, 25 MB together."""


_EVERY = 5.0
"""Seconds between two morsels of a slow upload; the service gives up one that is silent for 30."""


@dataclass(frozen=True)
class Trickle:
    slow_uploads: int
    unloaded_p99_ms: float
    loaded_p99_ms: float
    ratio: float
    """To hold: 2."""
    refused: int

    @property
    def held(self) -> bool:
        return self.ratio <= 2 and not self.refused


def trickle(slow: int = 300, rounds: int = 5, seconds: float = 5.0, rate: float = 50.0) -> Trickle:
    """Other customers' p99 without and with so many uploads that send a morsel now and then, in turns."""
    without, beside = Load(), Load()
    with ExitStack() as stack:
        root = write_centre(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="haedap-bench-"))))
        service = stack.enter_context(served(root, "--no-courier"))
        fixed_rate(service.port, form, 2.0, rate)
        for _ in range(rounds):
            without.add(fixed_rate(service.port, form, seconds, rate))
            with trickling(service, slow):
                fixed_rate(service.port, form, 1.0, rate)  # until all have been let in
                beside.add(fixed_rate(service.port, form, seconds, rate))
    unloaded, loaded = without.percentile(0.99) * 1000, beside.percentile(0.99) * 1000
    refused = without.refused + beside.refused
    return Trickle(slow, round(unloaded, 1), round(loaded, 1), round(loaded / unloaded, 2), refused)


@contextmanager
def trickling(service: Served, many: int) -> Iterator[None]:
    """So many connections that have begun an upload and go on with it, each at a moment of its own."""
    body, kind = form_with_files({"사진.pdf": b"%PDF" + bytes(900_000)})
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    over = threading.Event()
    with ExitStack() as stack:
        clients = [
            stack.enter_context(closing(socket.create_connection(("127.0.0.1", service.port)))) for _ in range(many)
        ]
        for client in clients:
            client.sendall(head + body[:1000])

        def send() -> None:
            turns = itertools.cycle(clients)
            while clients and not over.wait(_EVERY / many):
                next(turns).sendall(bytes(10))

        sender = threading.Thread(target=send)
        sender.start()
        try:
            yield
        finally:
            over.set()
            sender.join()


@dataclass(frozen=True)
class Memory:
    uploads: int
    idle_mb: int
    taken_in_mb: int
    """At most, while all were taken in at once; to hold: 200."""
    delivered_mb: int
    """At most, when all had been sent on by mail as well."""

    @property
    def held(self) -> bool:
        return self.taken_in_mb <= 200


def memory(uploads: int = 8) -> Memory:
    """RAM of the service while uploads of 25 MB come at once, and after a courier has mailed them."""
    content = bytes(8_200_000)
    body, kind = form_with_files({f"사진{number}.pdf": b"%PDF" + content for number in range(3)})
    with ExitStack() as stack:
        root = write_centre(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="haedap-bench-"))), form=LARGE)
        service = stack.enter_context(served(root, "--no-courier"))
        _send(service, *form())
        idle = service.memory()
        with ThreadPoolExecutor(uploads) as threads:
            statuses = list(threads.map(lambda _: _send(service, body, kind), range(uploads)))
        if statuses != [202] * uploads:
            raise RuntimeError(f"not all were accepted: {statuses}")
        taken_in = service.memory()
        service.kill()
        delivered = _delivering(root, uploads)
    return Memory(uploads, *(round(size / 1_000_000) for size in (idle, taken_in, delivered)))


def _delivering(root: Path, uploads: int) -> int:
    with mail_server() as server:
        smtp = {"HAEDAP_SMTP_HOST": "127.0.0.1", "HAEDAP_SMTP_PORT": str(server.port), "HAEDAP_SMTP_SECURITY": "none"}
        with served(root, environment=smtp) as service:
            until = time.monotonic() + 120
            while len(server.taken) <= uploads and time.monotonic() < until:
                time.sleep(0.1)
            return service.memory()


def _send(service: Served, body: bytes, kind: str) -> int:
    with closing(http.client.HTTPConnection("127.0.0.1", service.port, timeout=120)) as connection:
        return post(connection, body, kind)[0]
