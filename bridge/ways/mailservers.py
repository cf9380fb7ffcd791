"""Owns talking to mail servers: connections kept open for many mails, the next server where one is away, logins.

Refuses to call a mail sent before a server has said so, and to knock again at once where nobody answered.
"""

from __future__ import annotations

import smtplib
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bridge.outside import Outside
from bridge.settings import SmtpServer
from bridge.ways.doors import Doors
from bridge.ways.parcel import SinkError
from bridge.wording import one_line

REST = timedelta(seconds=30)
"""So long a server that did not answer is left alone; the ladder's first step is longer."""
_WRONG_LOGIN = {530, 534, 535, 538}
"""Answers to a login that is missing or wrong: a person mends the settings, and every mail waits for that."""
_REFUSED_LOGIN = {534, 535, 538}
_TOO_LARGE = {523, 552}
_CLOSING = 421
_CHUNK = 64 * 1024
_PATIENCE = 600
"""Seconds a server may think about a mail it has got (RFC 5321, 4.5.3.2.6): who asks sooner makes doubles."""


@dataclass(frozen=True)
class Letter:
    """A mail to be handed over."""

    sender: str
    domain: str
    """Our own name. Given because finding it out asks DNS, which may be what is broken."""
    to: Sequence[str]
    write: Callable[[int | None], bytes]
    """The mail, of at most so many bytes where there is a limit."""


class _UnreachableError(Exception):
    """A server does not talk to us now; it has nothing of the mail, so that another one may be asked."""


class _InChunks(smtplib.SMTP):
    """Sends a large mail in parts: the timeout of a socket bounds one call, and 35 MB may honestly take longer."""

    def send(self, s: Any) -> None:
        for start in range(0, len(s), _CHUNK):
            super().send(s[start : start + _CHUNK])

    def data(self, msg: Any) -> tuple[int, bytes]:
        """With patience for the answer that matters."""
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        usual = self.sock.gettimeout()
        self.sock.settimeout(max(usual or 0, min(10 * (usual or _PATIENCE), _PATIENCE)))
        try:
            return super().data(msg)
        except smtplib.SMTPDataError as error:  # the answer to the wish to send it
            return error.smtp_code, error.smtp_error if isinstance(error.smtp_error, bytes) else b""
        finally:
            if self.sock:
                self.sock.settimeout(usual)


class _InChunksTls(_InChunks, smtplib.SMTP_SSL):
    pass


class MailServers:
    """Every mail server of the settings, by name."""

    def __init__(self, servers: Mapping[str, SmtpServer], doors: Doors, outside: Outside) -> None:
        self._doors = doors
        self._lines = {name: _Line(server, doors, outside) for name, server in servers.items()}

    def send(self, names: Sequence[str], letter: Letter) -> None:
        """Through the first of these servers that talks to us. Anything but success is a SinkError."""
        faults = []
        for name in names:
            try:
                self._lines[name].send(letter)
            except _UnreachableError as error:
                faults.append(f"{name}: {error}" if len(names) > 1 else str(error))
            else:
                return
        raise SinkError("; ".join(faults))

    def knows(self, name: str) -> bool:
        return name in self._lines

    def doors(self, names: Sequence[str]) -> tuple[str, ...]:
        """The doors of these servers; while all are shut there is no use in trying."""
        return tuple(self._lines[name].door() for name in names if name in self._lines)

    def rest(self) -> None:
        """Say goodbye where nothing is to be sent."""
        for line in self._lines.values():
            line.rest()

    def try_login(self, name: str) -> None:
        """Connect, log in, say goodbye; SinkError where that fails."""
        try:
            self._lines[name].try_login()
        except _UnreachableError as error:
            raise SinkError(str(error)) from None


class _Line:
    """One server: its idle sessions, and when it was last away."""

    def __init__(self, server: SmtpServer, doors: Doors, outside: Outside) -> None:
        self._server, self._doors, self._outside = server, doors, outside
        self._idle: list[_Session] = []
        self._lock, self._knocking = threading.Lock(), threading.Lock()
        self._away: tuple[datetime, str] | None = None

    def door(self) -> str:
        server = self._server
        return self._doors.name("smtp", server.host, str(server.usual_port), server.user, server.secret())

    def send(self, letter: Letter) -> None:
        session = self._reused()
        if session:
            try:
                return self._through(session, letter)
            except _UnreachableError:  # it had hung up meanwhile, or has had enough mails: that is no fault
                pass
        session = self._opened(letter.domain)
        try:
            self._through(session, letter)
        except _UnreachableError as error:
            self._away = self._outside.now(), str(error)
            raise

    def rest(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for session in idle:
            session.close()

    def try_login(self) -> None:
        self._opened("localhost").close()

    def _through(self, session: _Session, letter: Letter) -> None:
        try:
            session.hand_over(letter)
        finally:
            if session.is_alive:
                with self._lock:
                    self._idle.append(session)
            else:
                session.close()

    def _reused(self) -> _Session | None:
        while True:
            with self._lock:
                session = self._idle.pop() if self._idle else None
            if session is None or session.is_ready():
                return session
            session.close()

    def _opened(self, domain: str) -> _Session:
        """One at a time: a server that is away costs one wait, and a wrong password no more than three tries."""
        with self._knocking:
            if self._away and timedelta() <= self._outside.now() - self._away[0] < REST:
                raise _UnreachableError(self._away[1])
            door = self.door()
            if self._doors.is_shut(door):
                raise _UnreachableError("our login was refused; it is tried again when the settings change")
            try:
                session = _Session.open(self._server, domain)
            except _LoginError as error:
                self._doors.refused(door, str(error))
                raise _UnreachableError(str(error)) from None
            except _UnreachableError as error:
                self._away = self._outside.now(), str(error)
                raise
            self._away = None
            self._doors.passed(door)
            return session


class _LoginError(_UnreachableError):
    """Our password is wrong."""


class _Session:
    """A connection, logged in, that takes one mail after the other."""

    def __init__(self, server: smtplib.SMTP) -> None:
        self._server = server
        self.is_alive = True

    @classmethod
    def open(cls, server: SmtpServer, domain: str) -> _Session:
        try:
            connection = _connected(server, domain)
            try:
                _log_in(connection, server)
            except BaseException:
                connection.close()
                raise
        except smtplib.SMTPAuthenticationError as error:
            kind = _LoginError if error.smtp_code in _REFUSED_LOGIN else _UnreachableError
            raise kind(f"{type(error).__name__}: {_said(error.smtp_code, error.smtp_error)}") from error
        except smtplib.SMTPResponseException as error:
            raise _UnreachableError(f"{type(error).__name__}: {_said(error.smtp_code, error.smtp_error)}") from error
        except (smtplib.SMTPException, OSError) as error:
            raise _UnreachableError(f"{type(error).__name__}: {one_line(str(error))}") from error
        return cls(connection)

    def is_ready(self) -> bool:
        """Whether it still talks to us; whatever was left of the mail before is forgotten."""
        try:
            code, _ = self._server.rset()
        except (smtplib.SMTPException, OSError):
            code = 0
        return _is_yes(code)

    def hand_over(self, letter: Letter) -> None:
        """Returning means that the server has it, for every recipient it did not refuse for good."""
        data = letter.write(self._limit())  # what goes wrong here is no fault of the session
        refused, code, text = self._once(letter, data)
        if code in _TOO_LARGE and len(smaller := letter.write(0)) < len(data):
            with self._talking():
                self._server.rset()
            refused, code, text = self._once(letter, smaller)
        self._step("DATA", code, text)
        if refused:  # the others have it; trying again would only bring it to them twice
            raise SinkError(f"delivered, but refused for: {'; '.join(refused)}", permanent=True)

    @contextmanager
    def _talking(self) -> Iterator[None]:
        """Before the mail itself: whatever breaks, the server has nothing yet."""
        try:
            yield
        except (smtplib.SMTPException, OSError) as error:
            self.is_alive = False
            raise _UnreachableError(f"{type(error).__name__}: {one_line(str(error))}") from error

    def close(self) -> None:
        self.is_alive = False
        with suppress(smtplib.SMTPException, OSError):  # what was taken is taken, however they part
            if self._server.sock:
                self._server.sock.settimeout(5)
            self._server.quit()
        self._server.close()

    def _limit(self) -> int | None:
        """What the server said it takes at most; 0 is its word for no limit (RFC 1870)."""
        announced = self._server.esmtp_features.get("size", "")
        return int(announced) or None if announced.isdecimal() else None

    def _once(self, letter: Letter, data: bytes) -> tuple[list[str], int, bytes]:
        """One attempt in this session: who was refused, and the answer to the mail."""
        options = [f"size={len(data)}"] if self._server.has_extn("size") else []
        with self._talking():
            code, text = self._server.mail(letter.sender, options)
            if code in _TOO_LARGE:
                return [], code, text
            self._step("MAIL FROM", code, text)
            refused = self._offer(letter.to)
        try:
            return refused, *self._server.data(data)
        except (smtplib.SMTPException, OSError) as error:  # it may have the mail: no other server is asked now
            self.is_alive = False
            raise SinkError(f"{type(error).__name__}: {one_line(str(error))}") from error

    def _offer(self, to: Sequence[str]) -> list[str]:
        """Name every recipient. Those refused for good, where at least one was taken."""
        answers = [(address, *self._server.rcpt(address)) for address in to]
        refused = [(address, code, text) for address, code, text in answers if not _is_yes(code)]
        for _, code, text in refused:
            if code < 500 or len(refused) == len(answers):
                self._step("RCPT TO", code, text)
        return [f"{address} ({_said(code, text)})" for address, code, text in refused]

    def _step(self, name: str, code: int, text: bytes) -> None:
        """4xx: not now. 5xx: never, except where our login is wrong. Below 100 smtplib means a broken session."""
        if _is_yes(code):
            return
        if code == _CLOSING or code < 100:
            self.is_alive = False
            raise _UnreachableError(f"{name}: {_said(code, text)}")
        raise SinkError(f"{name}: {_said(code, text)}", permanent=code >= 500 and code not in _WRONG_LOGIN)


def _connected(server: SmtpServer, domain: str) -> smtplib.SMTP:
    if server.security == "tls":
        context = ssl.create_default_context()
        return _InChunksTls(server.host, server.usual_port, domain, timeout=server.timeout, context=context)
    return _InChunks(server.host, server.usual_port, domain, timeout=server.timeout)


def _log_in(connection: smtplib.SMTP, server: SmtpServer) -> None:
    if server.security == "starttls":
        connection.starttls(context=ssl.create_default_context())
    connection.ehlo_or_helo_if_needed()
    if server.user:
        offered = connection.esmtp_features.get("auth", "").upper().split()
        one = next((way for way in ("PLAIN", "LOGIN", "CRAM-MD5") if way in offered), None)
        if one:  # smtplib would try one after the other, and each counts as a wrong password
            connection.esmtp_features["auth"] = one
        connection.login(server.user, server.secret() or "")


def _is_yes(code: int) -> bool:
    return 200 <= code < 300


def _said(code: int, text: bytes | str) -> str:
    return f"{code} {one_line(text.decode('utf-8', 'replace') if isinstance(text, bytes) else text)}"
