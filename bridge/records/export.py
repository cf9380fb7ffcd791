"""Owns inquiries on their way out of the house: JSON and CSV line by line, everything of one person as a zip.

Refuses to hold more than a page of inquiries in memory. A cell that a spreadsheet would take for a formula begins with
an apostrophe: whoever writes `=HYPERLINK(...)` into a form must not reach the team's machine.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, Any, Protocol

from bridge.records.inbox import full_tree
from bridge.store.people import Record

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_COLUMNS = ("receipt", "received_at", "brand", "language", "form", "state", "email", "subject", "page", "tags", "files")
_CHUNK = 256 * 1024


class ByteSource(Protocol):
    """Where the bytes of attachments are."""

    def read(self, name: str) -> bytes: ...


def record_tree(record: Record) -> dict[str, Any]:
    """One inquiry with all that is kept about it, as exports write it (fixed)."""
    return full_tree(record.entry) | {
        "consents": [
            {
                "field": consent.field,
                "basis": consent.basis,
                "given": consent.given,
                "version": consent.version,
                "language": consent.language,
                "text": consent.text,
                "text_hash": consent.text_hash,
            }
            for consent in record.consents
        ]
    }


def json_lines(records: Iterable[Record]) -> Iterator[str]:
    """A JSON list, one inquiry a line."""
    yield "["
    between = "\n"
    for record in records:
        yield between + json.dumps(record_tree(record), ensure_ascii=False)
        between = ",\n"
    yield "\n]\n"


def csv_lines(records: Iterable[Record], names: Sequence[str]) -> Iterator[str]:
    """A table for spreadsheets: one line an inquiry, one column a question. It begins with the mark that makes Excel
    read Korean."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)

    def line(cells: Iterable[str]) -> str:
        writer.writerow(safe_cell(cell) for cell in cells)
        text = buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        return text

    yield "\ufeff" + line((*_COLUMNS, *(f"answer.{name}" for name in names)))
    for record in records:
        yield line(_cells(record, names))


def safe_cell(text: str) -> str:
    """The text as no spreadsheet computes it.

    >>> safe_cell("=1+1"), safe_cell(" @SUM(A1)"), safe_cell("언제 오나요")
    ("'=1+1", "' @SUM(A1)", '언제 오나요')
    """
    return f"'{text}" if text.lstrip(" \n").startswith(_FORMULA) or text.startswith(("\n", "'")) else text


def write_zip(target: IO[bytes], records: Iterable[Record], source: ByteSource) -> tuple[int, int]:
    """`inquiries.json` and every file below its receipt number. Returns how many inquiries and files."""
    trees: list[dict[str, Any]] = []
    count = 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for record in records:
            trees.append(record_tree(record))
            inquiry = record.entry.inquiry
            for at, file in enumerate(inquiry.files, 1):
                archive.writestr(f"{inquiry.receipt}/{at}-{file.name}", source.read(file.id))
                count += 1
        archive.writestr("inquiries.json", json.dumps(trees, ensure_ascii=False, indent=2) + "\n")
    return len(trees), count


def _cells(record: Record, names: Sequence[str]) -> Iterator[str]:
    inquiry, state = record.entry.inquiry, record.entry.state
    answers = {answer.name: "; ".join(answer.shown) for answer in inquiry.answers}
    yield from (inquiry.receipt, inquiry.received_at.isoformat(timespec="seconds"), inquiry.brand, inquiry.language)
    yield from (inquiry.form, state, inquiry.email, inquiry.subject, inquiry.page)
    yield "; ".join(tag.cause for tag in inquiry.tags)
    yield "; ".join(file.name for file in inquiry.files)
    yield from (answers.get(name, "") for name in names)


def write_lines(target: IO[str], lines: Iterable[str], told: Callable[[], None] = lambda: None) -> None:
    for line in lines:
        target.write(line)
        told()
