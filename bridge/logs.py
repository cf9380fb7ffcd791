"""Owns what a log line may say: ids, names of fields, sizes, places in the code. Refuses what anybody wrote.

An error's text may quote a customer, so its kind and its way are logged instead (`trail`). What libraries log is cut to
where they logged it and to their own words, without the values they fill in. Our own lines with a mapping behind them
(`log.info("delivered %(receipt)s", {...})`) keep its names as fields of the JSON.
"""

from __future__ import annotations

import hmac
import json
import logging
import re
import sys
import threading
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Literal

_OURS = ("bridge", "portal_builder")
_NOISY = {"alembic": logging.WARNING, "mail.log": logging.WARNING, "waitress.queue": logging.ERROR}
"""Libraries that tell of every step; aiosmtpd logs addresses besides."""
_REASON = re.compile(r"\w+ at \w+\.py:\d+( < \w+\.py:\d+)*|[A-Za-z][\w ]{0,40}(: \d{3}( \d\.\d{1,3}\.\d{1,3})?)?")

log = logging.getLogger(__name__)


def trail(error: BaseException) -> str:
    """`ValueError at mail.py:31 < courier.py:77`: what happened and where, with nothing that anybody wrote."""
    frames = reversed(traceback.extract_tb(error.__traceback__)[-6:])
    way = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames)
    return f"{type(error).__name__} at {way or '?'}"


def reason(error: str) -> str:
    """Of what another server answered, the step and the code: its words may quote the mail.

    >>> reason("RCPT TO: 550 5.1.1 <hong@example.com> unknown"), reason("SMTPServerDisconnected: Connection closed")
    ('RCPT TO: 550 5.1.1', 'SMTPServerDisconnected')
    """
    match = _REASON.match(error)
    return match[0].strip() if match else "?"


def address_mark(address: str, secret: str, at: datetime) -> str:
    """Tells apart who sends, within one day, without saying who it is."""
    day = f"{at.astimezone(UTC):%Y-%m-%d}"
    return hmac.digest(f"{secret}{day}".encode(), address.encode("utf-8", "surrogatepass"), "sha256").hex()[:12]


class Lines(logging.Formatter):
    """One record as one line, for people or as JSON."""

    def __init__(self, form: Literal["text", "json"]) -> None:
        super().__init__()
        self.form = form

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        event = _event(record)
        if self.form == "text":
            return f"{at} {record.levelname} {record.name}: {event}"
        own = {"at": at, "level": record.levelname.lower(), "logger": record.name, "event": event}
        return json.dumps({**_fields(record), **own}, ensure_ascii=False, default=str)


def _fields(record: logging.LogRecord) -> Mapping[str, object]:
    """What a line of ours is filled with: by its names, else in its order."""
    if not record.args or not _is_ours(record):
        return {}
    return record.args if isinstance(record.args, Mapping) else {"args": list(record.args)}


def _event(record: logging.LogRecord) -> str:
    if _is_ours(record):
        event = record.getMessage()
    else:
        words = str(record.msg) if record.args else ""  # without values to fill in they may be filled in already
        event = f"{Path(record.pathname).name}:{record.lineno} {words}".strip()
    error = record.exc_info[1] if record.exc_info else None
    return " ".join(f"{event} | {trail(error)}".split()) if error else event.replace("\n", " ")


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] in _OURS


def start_logging(form: Literal["text", "json"] = "text") -> None:
    """Lines on standard error, for journald and containers; what nobody caught is one of them, not a traceback."""
    handler = logging.StreamHandler()
    handler.setFormatter(Lines(form))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name, level in _NOISY.items():
        logging.getLogger(name).setLevel(level)
    sys.excepthook = _uncaught
    threading.excepthook = lambda args: _uncaught(args.exc_type, args.exc_value, args.exc_traceback)


def _uncaught(kind: type[BaseException], error: BaseException | None, way: TracebackType | None) -> None:
    if error is None or issubclass(kind, KeyboardInterrupt):
        return
    log.critical("not caught: %(trail)s", {"trail": trail(error.with_traceback(way))})
