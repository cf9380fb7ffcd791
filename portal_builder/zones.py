"""Owns the world's time zones: those of the pinned `tzdata` package. Refuses the machine's own, which may be years old.

So a laptop, a server and a bare container mean the same instant by the same words, and `requirements.lock` says which.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

_PACKAGE = "tzdata"


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Every name of the IANA database, links of former names included."""
    return frozenset((files(_PACKAGE) / "zones").read_text("utf-8").split())


@lru_cache(maxsize=1024)
def zone_of(name: str) -> ZoneInfo:
    """The zone of a name that is known; the same value each time, because zones are compared by identity."""
    with (files(_PACKAGE) / "zoneinfo" / name).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)
