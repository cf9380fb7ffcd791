"""Owns the mail server of `serve --catch-mail`: real SMTP on loopback, kept in a Maildir. Refuses to pass any on."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox

from bridge.settings import MAIN_SERVER, Settings, SmtpServer

_LARGEST = 200_000_000
"""More than any form may bring, so that nothing is refused here that a real server would take."""


class OnSocket(Controller):
    """Listens on a socket that is bound already: a port that was looked up first may be taken a moment later."""

    def __init__(self, handler: object, bound: socket.socket, **options: Any) -> None:
        host, port = bound.getsockname()
        super().__init__(handler, hostname=host, port=port, **{"data_size_limit": _LARGEST, **options})
        self._bound = bound

    def _create_server(self) -> Awaitable[asyncio.AbstractServer]:
        return self.loop.create_server(self._factory_invoker, sock=self._bound, ssl=self.ssl_context)


@contextmanager
def catching(folder: Path) -> Iterator[int]:
    """Mail for `127.0.0.1:<port>` lands in the Maildir `folder` until the end of the block."""
    bound = socket.create_server(("127.0.0.1", 0))
    controller = OnSocket(Mailbox(folder), bound)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def caught(settings: Settings, port: int, names: Iterable[str] = ()) -> Settings:
    """The same settings with our own mail server in place of theirs, under these names too."""
    ours = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none", "smtp_user": None}
    server = SmtpServer(host="127.0.0.1", port=port, security="none")
    servers = {name: server for name in (*settings.smtp_servers, *names) if name != MAIN_SERVER}
    return settings.model_copy(update=ours | {"smtp_servers": servers})
