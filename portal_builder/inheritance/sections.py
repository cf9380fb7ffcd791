"""Owns the sections of a text: a heading and what stands below it, found and replaced by anchor. Refuses files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal_builder.links import anchors


@dataclass(frozen=True)
class Section:
    """From a heading to the next one of its level or a higher one."""

    anchor: str
    line: int
    span: tuple[int, int]


def sections_of(text: str) -> tuple[Section, ...]:
    """Every section, those within others included, in the order of their headings."""
    starts = _line_starts(text)
    heads = [(line, anchor, starts[line - 1]) for line, anchor in anchors(text)]
    levels = [len(text[start:]) - len(text[start:].lstrip("#")) for _, _, start in heads]
    sections = []
    for at, (line, anchor, start) in enumerate(heads):
        after = (heads[later][2] for later in range(at + 1, len(heads)) if levels[later] <= levels[at])
        sections.append(Section(anchor, line, (start, next(after, len(text)))))
    return tuple(sections)


def outer_sections(text: str) -> tuple[Section, ...]:
    """The sections that lie in no other one."""
    outer: list[Section] = []
    for section in sections_of(text):
        if not outer or section.span[0] >= outer[-1].span[1]:
            outer.append(section)
    return tuple(outer)


def replaced_spans(text: str, wanted: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Where the sections with these anchors stand; those that are not there are left out."""
    found = {section.anchor: section.span for section in sections_of(text)}
    return {anchor: found[anchor] for anchor in wanted if anchor in found}


def with_sections(text: str, own: Mapping[str, str]) -> str:
    """The text with each of these sections in place of the one with the same anchor."""
    spans = replaced_spans(text, own)
    for anchor, (start, end) in sorted(spans.items(), key=lambda item: item[1], reverse=True):
        text = f"{text[:start]}{own[anchor].strip()}\n\n{text[end:]}"
    return text


def _line_starts(text: str) -> list[int]:
    starts = [0]
    for at, char in enumerate(text):
        if char == "\n":
            starts.append(at + 1)
    return starts
