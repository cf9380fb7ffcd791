"""Owns the way from a source's file to its text: encodings, sizes. Refuses to guess what is broken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from portal_builder.importing.model import loss
from portal_builder.problem import ContentError, Problem

_BYTES_AT_MOST = 200_000_000
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_KOREAN = {"euc-kr": "cp949", "ks_c_5601-1987": "cp949", "euckr": "cp949"}
"""Windows writes more letters under these names than they have."""
_NOT_WRITTEN = frozenset({"node_modules", "_site", "__pycache__"})
"""Folders of programs, in which nobody writes."""


def text_of(file: Path, place: str) -> str:
    """The text of a file. Raises ContentError where it is none."""
    try:
        if file.stat().st_size > _BYTES_AT_MOST:
            raise ContentError([loss(place, "import.too_large")])
        content = file.read_bytes()
    except OSError as error:
        raise ContentError([loss(place, "file.unreadable", reason=error.strerror or "?")]) from None
    declared = _CHARSET.search(content[:2048]) if file.suffix.lower() in {".html", ".htm"} else None
    named = declared[1].decode().lower() if declared else ""
    for encoding in ("utf-8-sig", *(["utf-16"] if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else []), named):
        try:
            text = content.decode(_KOREAN.get(encoding, encoding) or "utf-8")
        except (UnicodeError, LookupError):
            continue
        if "\0" in text:
            raise ContentError([loss(place, "import.binary")])
        return text.replace("\r\n", "\n").replace("\r", "\n")
    raise ContentError([Problem.at(place, 1, "file.encoding")])


def files_below(folder: Path, *suffixes: str) -> Iterator[tuple[Path, str]]:
    """A folder's files with one of these endings, and their places; hidden ones and links out of it are left alone."""
    base = folder.resolve()
    for file in sorted(folder.rglob("*")):
        inner = file.relative_to(folder)
        is_hidden = any(part.startswith(".") or part in _NOT_WRITTEN for part in inner.parts)
        is_wanted = not is_hidden and file.suffix.lower() in suffixes and file.is_file()
        if is_wanted and file.resolve().is_relative_to(base):
            yield file, inner.as_posix()
