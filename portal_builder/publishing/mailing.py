"""Owns one mail to the team, by the same settings as the bridge's. Refuses to mail anybody else, and to try twice.

The bridge has its own way to mail servers, with retries; this one is for a program that runs every few minutes.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path

_SECONDS = 30
_PORTS = {"none": 25, "starttls": 587, "tls": 465}


class MailError(Exception):
    """The mail did not leave; the message says why."""


def mail(environment: Mapping[str, str], to: str, subject: str, text: str) -> None:
    """Hand it to the mail server of `HAEDAP_SMTP_HOST`."""
    host = environment.get("HAEDAP_SMTP_HOST", "")
    security = environment.get("HAEDAP_SMTP_SECURITY") or "starttls"
    if not host or security not in _PORTS:
        raise MailError("HAEDAP_SMTP_HOST" if not host else f"HAEDAP_SMTP_SECURITY: {security}")
    try:
        port = int(environment.get("HAEDAP_SMTP_PORT") or _PORTS[security])
        with _connected(host, port, security) as server:
            if user := environment.get("HAEDAP_SMTP_USER"):
                server.login(user, _password(environment))
            server.send_message(_message(to, subject, text))
    except (OSError, ValueError, smtplib.SMTPException) as error:
        raise MailError(f"{host}: {error}") from error


def _connected(host: str, port: int, security: str) -> smtplib.SMTP:
    trust = ssl.create_default_context()
    if security == "tls":
        return smtplib.SMTP_SSL(host, port, timeout=_SECONDS, context=trust)
    server = smtplib.SMTP(host, port, timeout=_SECONDS)
    if security == "starttls":
        server.starttls(context=trust)
    return server


def _password(environment: Mapping[str, str]) -> str:
    file = environment.get("HAEDAP_SMTP_PASSWORD_FILE")
    return Path(file).read_text("utf-8").strip() if file else environment.get("HAEDAP_SMTP_PASSWORD", "")


def _message(to: str, subject: str, text: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = message["To"] = to
    message["Subject"] = subject
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = make_msgid(domain="haedap.invalid")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message
