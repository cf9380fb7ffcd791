"""Owns which texts changed since a command was carried out, and whether in words alone. Refuses to judge words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from portal_builder.again import Asked, Record, Stamps
from portal_builder.face import face
from portal_builder.search.memory import recall, remember
from portal_builder.yamlfile import read_text

if TYPE_CHECKING:  # whoever asks what changed has not read any article yet
    from portal_builder.article import Article

_AT_MOST = 100
"""With more texts that changed, everything is read."""
_NO_TEXT = b""
"""The face of a file that is no article."""


def leave(known: Asked, record: Record, before: Stamps, articles: Iterable[Article]) -> None:
    """Keep how the texts were that a command was carried out with."""
    faces = {article.path: article.face for article in articles}
    _leave(known, record, {path: (stamp, faces.get(path, _NO_TEXT)) for path, stamp in before.texts.items()})


def leave_again(known: Asked, record: Record, now: Stamps, before: Record) -> None:
    """The same after a command that found all faces as they were before."""
    told = recall(_file(known), before.digest) or {}
    _leave(known, record, {path: (stamp, told[path][1]) for path, stamp in now.texts.items()})


def _leave(known: Asked, record: Record, told: Mapping[str, tuple[tuple[int, ...], bytes]]) -> None:
    remember(_file(known), record.digest, dict(told))


def reworded(known: Asked, record: Record, now: Stamps) -> Mapping[str, str] | None:
    """The new texts of files whose words changed, by path; None where there are none, or where more changed."""
    told = recall(_file(known), record.digest)
    if told is None or now.rest != record.rest or told.keys() != now.texts.keys():
        return None
    changed = [path for path, stamp in now.texts.items() if told[path][0] != stamp]
    if not 0 < len(changed) <= _AT_MOST:
        return None
    texts: dict[str, str] = {}
    for path in changed:
        texts[path], faults = read_text(known.root / path, path)
        if faults or told[path][1] != face(texts[path]):
            return None
    return texts


def _file(known: Asked) -> Path:
    return known.file.with_suffix(".texts")
