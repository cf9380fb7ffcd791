"""Owns the one way out by HTTP: a public address, looked up once, no redirects, an end to every wait and every answer.

Refuses hosts inside our own network unless the settings name them: an address in brand.yml, or a name server that
changes its mind between two look-ups, must not make the bridge knock at doors that only it can reach.
"""

from __future__ import annotations

import hashlib
import http.client
import ipaddress
import json
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Self
from urllib.parse import urlsplit

from bridge.wording import one_line

WITHIN = 15.0
"""Seconds from the first packet to the last, unless a large file is on its way."""
LONGEST_ANSWER = 64 * 1024


class OutgoingError(Exception):
    """No answer: refused by us, or the other side is away."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    """By lower-case name."""
    body: bytes
    """Its beginning, where it is long."""

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300

    def tree(self) -> Any:
        """The body as JSON, None where it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def retry_after(self, now: datetime) -> timedelta | None:
        """What the other side asks for: seconds or a moment (RFC 9110, 10.2.3)."""
        given = self.headers.get("retry-after", "").strip()
        if given.isdecimal() and len(given) < 8:
            return timedelta(seconds=int(given))
        try:
            moment = parsedate_to_datetime(given)
        except ValueError:
            return None
        return max((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now, timedelta())


@dataclass(frozen=True)
class Outgoing:
    private_hosts: Sequence[str] = ()
    """Hosts that may have a private address."""

    def ask(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None = None,
        *,
        within: float = WITHIN,
        longest: int = LONGEST_ANSWER,
    ) -> Answer:
        """One request, one answer, cut where it is too long. OutgoingError where there is none."""
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
            raise OutgoingError("the address is no web address")
        try:
            connection = self._connection(parts.scheme, parts.hostname.lower(), parts.port, within)
            with closing(connection), _Deadline(connection, within) as deadline:
                path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
                connection.request(method, path, body, {"User-Agent": "haedap-bridge", **headers})
                answer = connection.getresponse()
                read = answer.read(longest)
            if deadline.is_over:  # what came before it looks like a whole answer, and is none
                raise OutgoingError(f"no answer within {within:.0f} seconds")
        except (OSError, http.client.HTTPException, UnicodeError) as error:
            raise OutgoingError(f"{type(error).__name__}: {one_line(str(error))}") from error
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, read)

    def _connection(self, scheme: str, host: str, port: int | None, within: float) -> http.client.HTTPConnection:
        port = port or {"http": 80, "https": 443}[scheme]
        address = self._address(host, port)
        if scheme == "https":
            return _HttpsTo(address, host, port, timeout=within, context=ssl.create_default_context())
        if host not in self.private_hosts:
            raise OutgoingError("a password is not sent in the clear; use https")
        return _HttpTo(address, host, port, timeout=within)

    def _address(self, host: str, port: int) -> str:
        """Looked up once; what is connected to is what was looked at."""
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        if host not in self.private_hosts:
            for address in addresses:
                if not is_public(address):
                    raise OutgoingError(f"{host} has a private address; HAEDAP_PRIVATE_HOSTS would have to name it")
        return addresses[0]


def is_public(address: str) -> bool:
    """Whether anybody on the internet would reach the same machine there.

    >>> [is_public(one) for one in ("1.1.1.1", "10.0.0.1", "::ffff:127.0.0.1", "169.254.169.254", "64:ff9b::7f00:1")]
    [True, False, False, False, False]
    """
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = parsed.ipv4_mapped or parsed.sixtofour or _nat64(parsed) or (parsed.teredo and parsed.teredo[1])
        if inner:
            return is_public(str(inner))
    return parsed.is_global and not parsed.is_multicast


def _nat64(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    return ipaddress.IPv4Address(address.packed[-4:]) if address in ipaddress.ip_network("64:ff9b::/96") else None


class _HttpTo(http.client.HTTPConnection):
    """Connects to the address that was looked at; the host's name is for the other side."""

    def __init__(self, address: str, host: str, port: int, *, timeout: float) -> None:
        super().__init__(host, port, timeout=timeout)
        self._address = address

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), self.timeout)


class _HttpsTo(http.client.HTTPSConnection):
    def __init__(self, address: str, host: str, port: int, *, timeout: float, context: ssl.SSLContext) -> None:
        super().__init__(host, port, timeout=timeout, context=context)
        self._address, self._tls = address, context

    def connect(self) -> None:
        bare = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = self._tls.wrap_socket(bare, server_hostname=self.host)


class _Deadline:
    """Ends a conversation that drips: the timeout of a socket bounds one read, and there may be many."""

    def __init__(self, connection: http.client.HTTPConnection, within: float) -> None:
        self._connection = connection
        self._timer = threading.Timer(within, self._end)
        self._timer.daemon = True
        self.is_over = False

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def _end(self) -> None:
        self.is_over = True
        if sock := self._connection.sock:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return


@dataclass(frozen=True)
class FormPart:
    """One part of `multipart/form-data`; with a file name, a file."""

    name: str
    content: bytes
    file: str = ""


def form_data(parts: Sequence[FormPart]) -> tuple[str, bytes]:
    """Content type and body (RFC 7578): names of files in UTF-8, as browsers send them."""
    digest = hashlib.sha256(b"".join(part.content for part in parts)).hexdigest()[:40]
    boundary = f"haedap-{digest}"
    lines: list[bytes] = []
    for part in parts:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{_quoted(part.name)}"'
        if part.file:
            head += f'; filename="{_quoted(part.file)}"\r\nContent-Type: application/octet-stream'
        lines += [head.encode(), b"\r\n\r\n", part.content, b"\r\n"]
    lines.append(f"--{boundary}--\r\n".encode())
    return f"multipart/form-data; boundary={boundary}", b"".join(lines)


def _quoted(text: str) -> str:
    return one_line(text).replace('"', "%22")
