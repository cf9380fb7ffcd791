"""Owns running the application under waitress and stopping it by a signal. Refuses to know what it serves.

Waitress takes a whole request in before a thread sees it, so slow uploads hold up nobody (reference: 40 that trickle
block gunicorn's threads for good).
"""

from __future__ import annotations

import errno
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Protocol
from wsgiref.types import WSGIApplication

import waitress  # type: ignore[import-untyped]  # ships no types


class _Adjustments(Protocol):
    """Its settings, some of which may change while it runs."""

    max_request_body_size: int


class Server(Protocol):
    """What waitress makes."""

    effective_listen: list[tuple[str, int]]
    adj: _Adjustments

    def run(self) -> None: ...
    def close(self) -> None: ...


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Ctrl-C and SIGTERM end the block; a second one does not cut off the tidying up after it."""
    signals = (signal.SIGINT, signal.SIGTERM)

    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 -- as signal calls it
        for known in signals:
            signal.signal(known, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {known: signal.signal(known, stop) for known in signals}
    try:
        yield
    except KeyboardInterrupt:
        pass
    finally:
        for known, handler in before.items():
            signal.signal(known, handler)


def stop_when(event: threading.Event) -> None:
    """As a SIGTERM from outside, as soon as the event is set."""

    def wait() -> None:
        event.wait()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="stop-when", daemon=True).start()


def make_server(app: WSGIApplication, host: str, port: int, *, largest_body: int, behind_proxy: bool) -> Server:
    """Bound and listening; OSError where the port is taken or the host is none of this machine's."""
    try:
        server: Server = waitress.create_server(
            app,
            host=host,
            port=port,
            threads=8,
            connection_limit=2000,
            asyncore_use_poll=True,
            channel_timeout=30,
            max_request_body_size=largest_body,
            clear_untrusted_proxy_headers=not behind_proxy,
            ident=None,
        )
    except ValueError as error:  # waitress's word for a host that it cannot look up
        raise OSError(errno.EADDRNOTAVAIL, str(error), f"{host}:{port}") from error
    if not hasattr(server, "effective_listen"):  # one socket; several have a list
        server.effective_listen = [(server.effective_host, server.effective_port)]  # type: ignore[attr-defined]
    return server


def address_of(server: Server) -> str:
    """Where a browser on this machine finds it."""
    host, port = server.effective_listen[0]
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 -- compared, not bound
    return f"http://{host}:{port}"
