"""Owns whether mails of a brand arrive: the DNS behind its From address, and the login at the mail server.

Refuses to send one. From is ours, so SPF, DKIM and DMARC of our own domain decide; the domain of From and that of the
envelope are the same here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import dns.exception
import dns.resolver

from bridge.centre import Centre
from bridge.doctor.findings import Finding, Level
from bridge.outside import Outside
from bridge.settings import Settings
from bridge.ways.doors import Door, Doors
from bridge.ways.mail import domain
from bridge.ways.mailservers import MailServers
from bridge.ways.parcel import SinkError

_SELECTORS = ("default", "google", "selector1", "selector2", "dkim", "mail", "s1", "k1", "works")
"""Names under which keys often stand; no list can be complete."""


class OfflineError(Exception):
    """No name server answers."""


class Names(Protocol):
    """The DNS, as far as it is needed."""

    def texts(self, name: str) -> Sequence[str]:
        """The TXT records; none where there are none. OfflineError where nobody answers."""

    def mail_hosts(self, name: str) -> Sequence[str]:
        """The hosts that take mail for a name."""


@dataclass(frozen=True)
class Resolver:
    """The name servers of this machine, or those that are given."""

    servers: tuple[str, ...] = ()
    port: int = 53

    def texts(self, name: str) -> Sequence[str]:
        return [b"".join(record.strings).decode("utf-8", "replace") for record in self._records(name, "TXT")]

    def mail_hosts(self, name: str) -> Sequence[str]:
        return [str(record.exchange) for record in self._records(name, "MX")]

    def _records(self, name: str, kind: str) -> Sequence[Any]:
        try:
            resolver = dns.resolver.Resolver(configure=not self.servers)
            if self.servers:
                resolver.nameservers, resolver.port = list(self.servers), self.port
            return list(resolver.resolve(name, kind, lifetime=5, raise_on_no_answer=False))
        except dns.resolver.NXDOMAIN:
            return []
        except (dns.exception.DNSException, OSError) as error:
            raise OfflineError(type(error).__name__) from error


class NoNames:
    """Nobody is asked."""

    def texts(self, name: str) -> Sequence[str]:
        raise OfflineError(name)

    def mail_hosts(self, name: str) -> Sequence[str]:
        raise OfflineError(name)


def mail_findings(centre: Centre, settings: Settings, names: Names) -> Iterator[Finding]:
    domains = sorted({domain(brand) for brand in centre.brands.values()})
    for one in domains:
        try:
            yield from _alignment(one, settings, names)
        except OfflineError as error:
            yield Finding("dns", "skip", "offline", {"domain": one, "why": error})
    yield from _login(settings)


def _alignment(name: str, settings: Settings, names: Names) -> Iterator[Finding]:
    if not names.mail_hosts(name):
        yield Finding("mx", "warn", "none", {"domain": name})
    yield _spf(name, names)
    yield _dkim(name, settings, names)
    yield _dmarc(name, names)


def _spf(name: str, names: Names) -> Finding:
    records = [text for text in names.texts(name) if text.lower().split(" ")[0] == "v=spf1"]
    values = {"domain": name, "count": len(records)}
    if len(records) != 1:
        return Finding("spf", "fail", "several" if records else "none", values)
    terms = records[0].lower().split()
    if "+all" in terms or "all" in terms:
        return Finding("spf", "warn", "everybody", values)
    return Finding("spf", "ok", "good", values)


def _dkim(name: str, settings: Settings, names: Names) -> Finding:
    selectors = (settings.dkim_selector,) if settings.dkim_selector else _SELECTORS
    for selector in selectors:
        if any("p=" in text.replace(" ", "") for text in names.texts(f"{selector}._domainkey.{name}")):
            return Finding("dkim", "ok", "good", {"domain": name, "selector": selector})
    if settings.dkim_selector:
        return Finding("dkim", "fail", "none", {"domain": name, "selector": settings.dkim_selector})
    return Finding("dkim", "warn", "unknown", {"domain": name})


def _dmarc(name: str, names: Names) -> Finding:
    """Of the domain, else of the ones above it that have a record: the organisation's counts for all below it."""
    labels = name.split(".")
    for at in range(len(labels) - 1):
        above = ".".join(labels[at:])
        records = [text for text in names.texts(f"_dmarc.{above}") if text.replace(" ", "").startswith("v=DMARC1")]
        if records:
            tags = dict(part.strip().partition("=")[::2] for part in records[0].split(";") if "=" in part)
            policy = tags.get("p", "").strip() or "none"
            level: Level = "ok" if policy in {"quarantine", "reject"} else "warn"
            return Finding("dmarc", level, "good" if level == "ok" else "weak", {"domain": above, "policy": policy})
    return Finding("dmarc", "warn", "none", {"domain": name})


def _login(settings: Settings) -> Iterator[Finding]:
    """Every mail server that the settings name."""
    if not settings.servers():
        yield Finding("smtp", "warn", "none")
    outside = Outside()
    servers = MailServers(settings.servers(), Doors(_NoBook(), "", outside), outside)
    for name, server in settings.servers().items():
        values = {"host": server.host, "port": server.usual_port}
        try:
            servers.try_login(name)
        except SinkError as error:
            yield Finding("smtp", "fail", "refused", values | {"why": error.message})
        else:
            yield Finding("smtp", "ok", "good" if server.user else "no_login", values)


class _NoBook:
    """Whoever asks the doctor wants an answer, whatever was refused before; and it counts as no refusal."""

    def doors(self) -> Mapping[str, Door]:
        return {}

    def note_door(self, name: str, door: Door) -> None: ...

    def forget_door(self, name: str) -> None: ...
