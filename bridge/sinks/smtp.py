"""Owns handing an inquiry to a mail server. Refuses to call it sent before the server has said so."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

from bridge.mail import build_mail, domain, sender
from bridge.settings import Settings, SettingsError, variable
from bridge.sinks import Parcel, SinkError
from bridge.wording import one_line
from portal_builder.brand import Brand, Mailboxes
from portal_builder.schema import Strict

_OURS_TO_MEND = {530, 534, 535, 538}
"""Answers to a login that is missing or wrong: a person mends the settings, and every mail waits for that."""
_CHUNK = 64 * 1024


class _InChunks(smtplib.SMTP):
    """Sends a large mail in parts: the timeout of a socket bounds one call, and 35 MB may honestly take longer."""

    def send(self, s: Any) -> None:
        for start in range(0, len(s), _CHUNK):
            super().send(s[start : start + _CHUNK])


class _InChunksTls(_InChunks, smtplib.SMTP_SSL):
    pass


class Options(Strict):
    """`{sink: smtp, to: help@brand.example}`; without `to` the brand's own address."""

    to: Mailboxes = ()


@dataclass(frozen=True)
class Smtp:
    to: Sequence[str]
    sender: str
    domain: str
    settings: Settings

    def send(self, parcel: Parcel) -> None:
        self.hand_over(build_mail(parcel.inquiry, parcel.brand, parcel.words, self.to, parcel.contents, parcel.address))

    def hand_over(self, mail: EmailMessage) -> None:
        """Give any mail to the server, for those this sink is for."""
        data = mail.as_bytes()
        with self._connection() as server:
            _step("MAIL FROM", *server.mail(self.sender))
            refused = self._offer(server)
            _step("DATA", *_given(server, data))
        if refused:  # the others have it; trying again would only bring it to them twice
            raise SinkError(f"delivered, but refused for: {'; '.join(refused)}", permanent=True)

    def _offer(self, server: smtplib.SMTP) -> list[str]:
        """Name every recipient. Those refused for good, where at least one was taken."""
        answers = [(address, *server.rcpt(address)) for address in self.to]
        refused = [(address, code, text) for address, code, text in answers if not _is_yes(code)]
        for _, code, text in refused:
            if code < 500 or len(refused) == len(answers):
                _step("RCPT TO", code, text)
        return [f"{address} ({_said(code, text)})" for address, code, text in refused]

    @contextmanager
    def _connection(self) -> Iterator[smtplib.SMTP]:
        """A session, logged in where the settings say so; every failure of it as a SinkError."""
        try:
            server = self._connect()
            try:
                self._log_in(server)
                yield server
            finally:
                with suppress(smtplib.SMTPException, OSError):  # what was taken is taken, however they part
                    server.quit()
        except smtplib.SMTPResponseException as error:  # before any mail was named: no fault of this one
            raise SinkError(f"{type(error).__name__}: {_said(error.smtp_code, error.smtp_error)}") from error
        except (smtplib.SMTPException, OSError) as error:
            raise SinkError(f"{type(error).__name__}: {one_line(str(error))}") from error

    def _connect(self) -> smtplib.SMTP:
        settings = self.settings
        # Our own name is given because finding it out asks DNS, which may be what is broken.
        host, port, name, timeout = settings.smtp_host or "", settings.port, self.domain, settings.smtp_timeout
        if settings.smtp_security == "tls":
            return _InChunksTls(host, port, name, timeout=timeout, context=ssl.create_default_context())
        return _InChunks(host, port, name, timeout=timeout)

    def _log_in(self, server: smtplib.SMTP) -> None:
        if self.settings.smtp_security == "starttls":
            server.starttls(context=ssl.create_default_context())
        server.ehlo_or_helo_if_needed()
        if self.settings.smtp_user:
            server.login(self.settings.smtp_user, self.settings.password() or "")


def connect(options: Options, brand: Brand, settings: Settings) -> Smtp:
    if not settings.smtp_host:
        raise SettingsError({variable("smtp_host"): "not set"})
    return Smtp(options.to or (brand.file.email,), sender(brand), domain(brand), settings)


def probe(settings: Settings, name: str) -> None:
    """Log in and go again, without a mail. SinkError where that is not possible."""
    with Smtp((), "", name, settings)._connection() as server:  # noqa: SLF001 -- of this module
        _step("NOOP", *server.noop())


def _given(server: smtplib.SMTP, data: bytes) -> tuple[int, bytes | str]:
    """The answer to the mail itself, or to the wish to send it."""
    try:
        return server.data(data)
    except smtplib.SMTPDataError as error:
        return error.smtp_code, error.smtp_error


def _is_yes(code: int) -> bool:
    return 200 <= code < 300


def _step(name: str, code: int, text: bytes | str) -> None:
    """4xx: not now. 5xx: never, except where our login is wrong. Below 100 smtplib means a broken session."""
    if not _is_yes(code):
        raise SinkError(f"{name}: {_said(code, text)}", permanent=code >= 500 and code not in _OURS_TO_MEND)


def _said(code: int, text: bytes | str) -> str:
    return f"{code} {one_line(text.decode('utf-8', 'replace') if isinstance(text, bytes) else text)}"
