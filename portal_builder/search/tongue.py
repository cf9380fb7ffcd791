"""Owns what every speaker knows and no article says, as tongue.txt lists it. Refuses to hold words of any subject."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("tongue.txt")


def endings(language: str) -> tuple[str, ...]:
    """Particles and endings: attached behind a stem, they count for nothing."""
    return _lists().get(f"{language} endings", ())


def idle(language: str) -> tuple[str, ...]:
    """Words of questions: found in no article for their own sake."""
    own = _lists().get(f"{language} idle", ())
    if language != "en":
        return own
    from lunr.stop_word_filter import WORDS  # noqa: PLC0415 -- takes longer to load than an index to update

    return (*sorted(WORDS), *own)


@cache
def _lists() -> dict[str, tuple[str, ...]]:
    lists: dict[str, tuple[str, ...]] = {}
    name = ""
    for line in _FILE.read_text("utf-8").splitlines():
        if line.startswith("["):
            name = line.strip("[]")
        elif not line.startswith("#"):
            lists[name] = (*lists.get(name, ()), *line.split())
    return lists
