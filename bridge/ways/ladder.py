"""Owns when a failed delivery is tried again. Refuses to know why it failed.

Now, 1 minute, 5 minutes, 30 minutes, 2 hours, 5 hours, then every 5 hours until a mail is 7 days old and a webhook 3:
what FreeScout and Standard Webhooks do, and what RFC 5321 (4.5.4.1) asks of a mail queue.
"""

from __future__ import annotations

from datetime import datetime, timedelta

STEPS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=5))
GIVES_UP_AFTER = timedelta(days=7)
SOONER = timedelta(days=3)
"""For what is of no use later: webhooks and notices."""
SPREAD = 0.1
"""Each wait is up to this share longer or shorter, so that a returning mail server is not stormed."""
_WISHES = (timedelta(minutes=1), timedelta(days=1))
"""Between these the other side may choose: it must not make us hammer it, or forget the inquiry."""


def next_attempt(
    attempts: int,
    queued_at: datetime,
    now: datetime,
    share: float,
    *,
    gives_up_after: timedelta = GIVES_UP_AFTER,
    retry_after: timedelta | None = None,
) -> datetime | None:
    """When to try again after so many failed attempts, or None when it is time to tell a person instead.

    `share` is somewhere from 0 to 1. `retry_after` is what the other side asked for: never sooner, hardly later.
    """
    if retry_after is None:
        wait = STEPS[min(attempts, len(STEPS)) - 1] * (1 - SPREAD + 2 * SPREAD * share)
    else:
        wait = min(max(retry_after, _WISHES[0]), _WISHES[1]) * (1 + SPREAD * share)
    return now + wait if now + wait <= queued_at + gives_up_after else None
