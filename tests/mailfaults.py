"""What tests of misbehaving mail servers share."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

from bridge.testing import House

ALARM = "bridge: {alarm: [{sink: smtp, to: chief@daon.example, servers: second}]}\n"
"""Troubles are told through another server than the one that has them."""


def second(port: int) -> dict[str, object]:
    """The settings of another mail server."""
    return {"smtp_servers": {"second": {"host": "127.0.0.1", "port": port, "security": "none"}}}


def states(house: House, *receipts: str) -> list[str]:
    return [delivery.state for receipt in receipts for delivery in house.deliveries(receipt).values()]


@contextmanager
def greeting(line: bytes) -> Iterator[tuple[int, list[int]]]:
    """A server that says one line and hangs up; its port, and a record of who came."""
    came: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def greet() -> None:
            while True:
                try:
                    connection, (_, port) = listening.accept()
                except OSError:
                    return
                with connection:
                    came.append(port)
                    connection.sendall(line)

        thread = threading.Thread(target=greet, daemon=True)
        thread.start()
        yield listening.getsockname()[1], came
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body()
    assert body is not None
    return str(body.get_content())
