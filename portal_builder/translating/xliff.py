"""Owns texts as XLIFF 1.2, the format that translators' programs read and write. Only this module knows the library.

It is an extra, `pip install haedap[xliff]`: whoever exchanges Markdown needs none of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_SPACE = "urn:oasis:names:tc:xliff:document:1.2"


class XliffMissingError(Exception):
    """The extra is not installed."""


class XliffError(ValueError):
    """A file that is no XLIFF 1.2 of ours; says why."""


@dataclass(frozen=True)
class Unit:
    """One piece to translate: the title, the summary, or a block of the text."""

    id: str
    source: str
    target: str = ""


def written(original: str, source_language: str, language: str, units: Iterable[Unit]) -> str:
    """One text as XLIFF. What is known already stands in the targets, to be looked at."""
    try:
        from moz.l10n.formats import Format  # noqa: PLC0415 -- an extra
        from moz.l10n.formats.xliff.serialize import xliff_serialize  # noqa: PLC0415 -- an extra
        from moz.l10n.model import (  # noqa: PLC0415 -- an extra
            Comment,
            Entry,
            Metadata,
            PatternMessage,
            Resource,
            Section,
        )
    except ImportError as error:
        raise XliffMissingError from error
    entries: list[Entry[PatternMessage] | Comment] = [
        Entry(
            (unit.id,),
            meta=[
                Metadata("@xml:space", "preserve"),
                Metadata("source", unit.source),
                Metadata("target/@state", "needs-review-translation" if unit.target else "needs-translation"),
            ],
            value=PatternMessage([unit.target] if unit.target else []),
        )
        for unit in units
    ]
    languages = [Metadata("@source-language", source_language), Metadata("@target-language", language)]
    section = Section((original,), entries, meta=[*languages, Metadata("@datatype", "plaintext")])
    meta = [Metadata("@version", "1.2"), Metadata("@xmlns", _SPACE)]
    return "".join(xliff_serialize(Resource(Format.xliff, meta=meta, sections=[section])))


def read(text: str) -> Mapping[str, Unit]:
    """The units of one text by id; a target that nobody has written is empty."""
    try:
        from moz.l10n.formats.xliff.parse import xliff_parse  # noqa: PLC0415 -- an extra
        from moz.l10n.model import Entry, PatternMessage  # noqa: PLC0415 -- an extra
    except ImportError as error:
        raise XliffMissingError from error
    try:
        sections = xliff_parse(text).sections
    except Exception as error:  # every parser has faults of its own, and each means the same here
        raise XliffError(str(error)) from error
    units: dict[str, Unit] = {}
    for section in sections:
        for entry in section.entries:
            if not isinstance(entry, Entry):
                continue
            if not isinstance(entry.value, PatternMessage) or not all(isinstance(x, str) for x in entry.value.pattern):
                raise XliffError("/".join(entry.id))
            source = next((str(meta.value) for meta in entry.meta if meta.key == "source"), "")
            units[entry.id[-1]] = Unit(entry.id[-1], source, "".join(map(str, entry.value.pattern)))
    return units
