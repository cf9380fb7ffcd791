"""Owns what a log line may say of an error: its kind and its way. Refuses its text, which may quote a customer."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path


def trail(error: BaseException) -> str:
    """`ValueError at mail.py:31 < courier.py:77`: what happened and where, with nothing that anybody wrote."""
    frames = reversed(traceback.extract_tb(error.__traceback__)[-6:])
    way = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames)
    return f"{type(error).__name__} at {way or '?'}"


def start_logging() -> None:
    """Lines for people and for journald, on standard error."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd, which logs addresses
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # warns of every short queue
