"""Owns what every speaker knows and no article says, as tongue.txt lists it. Refuses to hold words of any subject."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from portal_builder.search.words import Rules

_FILE, _STEMS = (Path(__file__).with_name(name) for name in ("tongue.txt", "stems.txt"))


def endings(language: str) -> tuple[str, ...]:
    """Particles and endings: attached behind a stem, they count for nothing."""
    return _lists().get(f"{language} endings", ())


def spoken(language: str) -> str:
    """The language of a tag: `zh` of `zh-TW`."""
    return language.partition("-")[0]


def stemming(language: str) -> Rules:
    """How words become stems, as stems.txt lists it; English ones are the product's own, and need no list."""
    lines, rules = _STEMS.read_text("utf-8").splitlines(), []
    wanted = ""
    for line in lines:
        if line.startswith("["):
            wanted = line.strip("[]")
        elif line and not line.startswith("#") and wanted == language:
            pattern, _, to = line.partition(" > ")
            rules.append((pattern.strip(), to.strip()))
    return tuple(rules)


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
