"""Owns who gets an automatic reply, and how many may go out. Pure: refuses to count, to read a clock and to send.

A form that answers to any address typed into it can be used to bomb strangers (January 2026, by way of Zendesk). So
replies hold nothing that was typed, and budgets end them long before they hurt anybody.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
ADDRESS_PAUSE = timedelta(minutes=10)
PER_ADDRESS_AND_DAY = 3
PER_DOMAIN_AND_HOUR = 30
PER_BRAND_AND_HOUR = 60
SURGE = 5
"""So many times a brand's usual hour (of the last seven days) is no usual hour any more."""
FLOOR = 20
"""A quiet brand has a busy hour now and then; this many are no surge. While the breaker is open, it is the budget."""
BREAKER_STAYS_OPEN = timedelta(hours=24)
TOO_LATE = timedelta(hours=24)
"""A reply that could not be sent for so long says nothing new any more."""

FREEMAIL = frozenset({
    "naver.com", "hanmail.net", "daum.net", "kakao.com", "nate.com", "korea.com", "gmail.com", "googlemail.com",
    "outlook.com", "outlook.kr", "outlook.jp", "hotmail.com", "hotmail.co.kr", "hotmail.co.jp", "live.com",
    "live.co.kr", "live.jp", "msn.com", "yahoo.com", "yahoo.co.kr", "yahoo.co.jp", "ymail.com", "icloud.com",
    "me.com", "mac.com", "proton.me", "protonmail.com", "gmx.com", "gmx.de", "gmx.net", "web.de", "aol.com",
    "docomo.ne.jp", "ezweb.ne.jp", "au.com", "softbank.ne.jp", "i.softbank.jp", "rakuten.jp", "qq.com",
    "163.com", "126.com", "zoho.com",
})  # fmt: skip  # a list of names
_ROLES = frozenset({
    "noreply", "donotreply", "noresponse", "mailerdaemon", "postmaster", "hostmaster", "webmaster", "abuse",
    "security", "noc", "root", "daemon", "nobody", "bounce", "bounces", "bounced", "mailer", "list", "lists",
    "listserv", "majordomo", "info", "help", "support", "sales", "marketing", "admin", "administrator",
    "usenet", "news", "uucp", "ftp", "www", "spam", "devnull", "autoreply", "autoresponder", "notification",
    "notifications", "alert", "alerts",
})  # fmt: skip  # a list of names
"""RFC 2142, and the names machines use. Whoever reads there is a help desk, a list or nobody."""


class SkippedError(Exception):
    """A reply that is not sent, on purpose; the code says why (`bridge.skipped.<code>`)."""


@dataclass(frozen=True)
class ReplyPlan:
    """A reply somebody might get."""

    brand: str
    address_hash: str
    domain: str
    skip: str = ""
    """Why it must not be sent, whatever the budgets say."""

    @property
    def is_freemail(self) -> bool:
        return self.domain in FREEMAIL


def plan_reply(brand: str, address: str, secret: str, ours: Collection[str]) -> ReplyPlan:
    local, _, domain = address.lower().rpartition("@")
    skip = "own_address" if address.lower() in ours else "role_address" if is_role(local) else ""
    return ReplyPlan(brand, address_hash(address, secret), domain, skip)


def is_role(local: str) -> bool:
    """
    >>> [is_role(name) for name in ("no-reply", "do_not_reply.17", "postmaster", "list-request", "gildong", "helpme")]
    [True, True, True, True, False, False]
    """
    plain = re.sub(r"[^a-z]", "", local.partition("+")[0].lower())
    return plain in _ROLES or local.lower().endswith(("-request", "-owner", "-bounces")) or local.startswith("owner-")


def address_hash(address: str, secret: str) -> str:
    """The same for all spellings that reach one person; says nothing without our secret."""
    local, _, domain = address.strip().lower().rpartition("@")
    local = local.partition("+")[0]
    if domain in {"gmail.com", "googlemail.com"}:
        local, domain = local.replace(".", ""), "gmail.com"
    return hmac.new(f"reply:{secret}".encode(), f"{local}@{domain}".encode(), hashlib.sha256).hexdigest()


def allowed_in_an_hour(last_week: int, *, breaker_open: bool) -> int:
    """How many replies of a brand may go out within an hour.

    >>> allowed_in_an_hour(0, breaker_open=False), allowed_in_an_hour(168 * 8, breaker_open=False)
    (20, 40)
    >>> allowed_in_an_hour(168 * 100, breaker_open=False), allowed_in_an_hour(168 * 100, breaker_open=True)
    (60, 20)
    """
    usual = last_week / (WEEK / HOUR)
    return FLOOR if breaker_open else min(PER_BRAND_AND_HOUR, max(FLOOR, int(SURGE * usual)))
