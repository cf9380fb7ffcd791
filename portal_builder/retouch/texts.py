"""Owns which texts changed since a command was carried out, in words alone or in their date. Refuses to judge words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from portal_builder.again import UNSETTLED, Asked, Record, Stamp, Stamps
from portal_builder.face import NO_FACE, Face, face
from portal_builder.history import committed
from portal_builder.search.memory import recall, remember
from portal_builder.yamlfile import read_text

if TYPE_CHECKING:  # whoever asks what changed has not read any article yet
    from portal_builder.article import Article

_AT_MOST = 100
"""With more texts that changed, everything is read."""

_Known: TypeAlias = "tuple[Stamp, tuple[bytes, bytes], str]"
"""A text's stamp, its face, and when it was committed; an empty face where a file is no article."""


@dataclass(frozen=True)
class Reworded:
    """What is another one in the texts of a help centre."""

    texts: Mapping[str, str]
    """Those with other words or another date, by path."""
    dates: Mapping[str, datetime]
    """When each of all texts was last changed, where git knows."""
    known: Mapping[str, _Known]
    """All texts as they are now."""

    @property
    def words(self) -> Mapping[str, tuple[bytes, str]]:
        """Of each text that is another one the digest of the whole, and its date."""
        return {path: (Face(*face).whole, date) for path, (_, face, date) in self.known.items() if path in self.texts}


def leave(
    known: Asked, record: Record, before: Stamps, articles: Iterable[Article], dates: Mapping[str, datetime]
) -> None:
    """Keep how the texts were that a command was carried out with."""
    faces = {article.path: article.face for article in articles}
    if all(date <= record.begins for date in dates.values()):  # else time alone would show another date
        told = before.texts.items()
        leave_again(
            known, record, {path: (stamp, _plain(faces.get(path, NO_FACE)), _iso(dates, path)) for path, stamp in told}
        )


def leave_again(known: Asked, record: Record, texts: Mapping[str, _Known]) -> None:
    """The same, of texts that were found to be so."""
    remember(_file(known), record.digest, dict(texts))


def reworded(known: Asked, record: Record, now: Stamps) -> Reworded | None:
    """What changed; None where it is more than words and dates."""
    told: Mapping[str, _Known] | None = recall(_file(known), record.digest)
    if told is None or told.keys() != now.texts.keys():
        return None
    dates = _dates(known, record, now, told)
    texts, all_texts = dict[str, str](), dict[str, _Known]()
    for path, stamp in now.texts.items():
        before, date = told[path], _iso(dates, path)
        if stamp != UNSETTLED and before[0] == stamp and before[2] == date:
            all_texts[path] = before
            continue
        text, faults = read_text(known.root / path, path)
        is_now, was = face(text), Face(*before[1])
        if faults or is_now.telling != was.telling:
            return None
        if is_now.whole != was.whole or before[2] != date:
            texts[path] = text
        all_texts[path] = stamp, _plain(is_now), date
    return Reworded(texts, dates, all_texts) if len(texts) <= _AT_MOST else None


def _dates(known: Asked, record: Record, now: Stamps, told: Mapping[str, _Known]) -> Mapping[str, datetime]:
    """Git is asked where its history has moved."""
    if now.history != record.history:
        return committed(known.root)
    return {path: datetime.fromisoformat(date) for path, (_, _, date) in told.items() if date}


def _plain(one: Face) -> tuple[bytes, bytes]:
    return one.telling, one.whole


def _iso(dates: Mapping[str, datetime], path: str) -> str:
    return dates[path].isoformat() if path in dates else ""


def _file(known: Asked) -> Path:
    return known.file.with_suffix(".texts")
