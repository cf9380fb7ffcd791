"""Owns in which language the commands speak, and the shape of what they print. Refuses to decide what is said."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

import click

from portal_builder.catalogue import Catalogue, load_tool_words
from portal_builder.problem import Problem


def tool_words(environment: Mapping[str, str]) -> Catalogue:
    """Korean where HAEDAP_LANG, LC_ALL, LC_MESSAGES or LANG (the first that is set) says so, else English."""
    names = ("HAEDAP_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    chosen = next((environment[name] for name in names if environment.get(name)), "")
    return load_tool_words("ko" if chosen.lower().startswith("ko") else "en")


def print_problems(problems: Iterable[Problem], words: Catalogue) -> None:
    """One line each, on standard error's neighbour: what and where, then how many."""
    listed = tuple(problems)
    for problem in listed:
        click.echo(problem.text(words.words))
    click.echo(words.say("check.count", count=len(listed)), err=True)


def print_json(value: object) -> None:
    click.echo(json_text(value))


def json_text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=_json)


def _json(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def table_lines(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Columns as wide as their widest cell; a Hangul syllable is two cells wide."""
    table = [tuple(head), *(tuple(row) for row in rows)]
    widths = [max(_width(row[column]) for row in table) for column in range(len(head))]
    for row in table:
        cells = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
