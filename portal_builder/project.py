"""Owns what an engine gets: a project as values. Refuses to know editions, disks and engines."""

from __future__ import annotations

import hashlib
import marshal
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

Content: TypeAlias = bytes | Path
"""What a staged file holds: bytes of ours, or a file to copy."""

_TEMPLATES = "overrides/"
_PLAIN = 2
"""The format of marshal that knows no references: equal values are equal bytes, in a third of the time of JSON."""
BESIDE = "beside"
"""Below the project: what lies beside the pages for machines. The engine would take a Markdown twin for a page."""


@dataclass(frozen=True)
class Sheet:
    """One page: what its template is told, and its Markdown."""

    meta: Mapping[str, Any]
    text: str

    @cached_property
    def digest(self) -> str:
        return _digest([self.meta, self.text])


@dataclass(frozen=True)
class Templates:
    """The templates of a project, by name; equal where their texts are."""

    digest: str
    files: Mapping[str, Content] = field(compare=False)


@dataclass(frozen=True)
class Project:
    """One portal's project."""

    settings: Mapping[str, Any]
    """What `mkdocs.yml` says."""
    base: str
    """What it inherits, as text."""
    pages: Mapping[str, Sheet]
    """By path below `docs/`."""
    files: Mapping[str, Content]
    """Every other file, by path within the project."""

    @cached_property
    def templates(self) -> Templates:
        files = {
            path.removeprefix(_TEMPLATES): file for path, file in self.files.items() if path.startswith(_TEMPLATES)
        }
        return Templates(_digest({path: self.digests[f"{_TEMPLATES}{path}"] for path in sorted(files)}), files)

    @cached_property
    def frame(self) -> str:
        """Digest of what every page depends on: settings, dialect and templates."""
        return _digest([self.settings, self.base, self.templates.digest])

    @cached_property
    def digest(self) -> str:
        """Of everything: the same digest, the same portal."""
        return digest_of(self.frame, {source: sheet.digest for source, sheet in self.pages.items()}, self.digests)

    @cached_property
    def digests(self) -> dict[str, str]:
        return {path: digest_of_file(self.files[path]) for path in sorted(self.files)}


def digest_of(frame: str, pages: Mapping[str, str], files: Mapping[str, str]) -> str:
    """A project's digest, of those of its parts."""
    return _digest([frame, pages, files])


def digest_of_file(content: Content) -> str:
    return hashlib.sha256(bytes_of(content)).hexdigest()


def bytes_of(content: Content) -> bytes:
    return content.read_bytes() if isinstance(content, Path) else content


def _digest(value: Any) -> str:
    return hashlib.sha256(marshal.dumps(value, _PLAIN)).hexdigest()
