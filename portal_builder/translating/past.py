"""Owns the earlier versions of a text, as git remembers them under whatever name it had. Refuses to guess: a version is
found by its digest, or it is not found.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path

from portal_builder.article import Article, read_article
from portal_builder.history import git
from portal_builder.places import TREES
from portal_builder.translating.digest import source_digest

_LOG = (
    "log",
    "--format=%H",
    "--raw",
    "--no-abbrev",
    "--relative",
    "--find-renames",
    "--diff-merges=first-parent",
    "--",
    *TREES,
)
_NOTHING = "0" * 40


def past_versions(root: Path, wanted: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], Article]:
    """By today's path and a digest, the version of that text with that digest, where git has one."""
    asked = {(path, digest) for path, digest in wanted if digest}
    if not asked:
        return {}
    found: dict[tuple[str, str], Article] = {}
    try:
        names = _blobs(git(root, *_LOG).decode("utf-8", "replace").splitlines())
        _search(root, asked, found, names)
        if asked - found.keys():  # git takes a file that was moved and rewritten at once for two files
            every = tuple(dict.fromkeys(blob for blobs in names.values() for blob in blobs))
            _search(root, asked - found.keys(), found, dict.fromkeys((path for path, _ in asked), every))
    except (OSError, subprocess.SubprocessError):
        return found
    return found


def _search(
    root: Path,
    asked: AbstractSet[tuple[str, str]],
    found: dict[tuple[str, str], Article],
    names: Mapping[str, Iterable[str]],
) -> None:
    """Read what these files have held, each content once, and keep what was asked for."""
    paths_of: dict[str, list[str]] = {}
    for path in dict.fromkeys(path for path, _ in sorted(asked)):
        for blob in names.get(path, ()):
            paths_of.setdefault(blob, []).append(path)
    for blob, text in _texts(root, paths_of):
        article = _read(text, paths_of[blob][0])
        digest = source_digest(article) if article else ""
        for path in paths_of[blob]:
            if article and (path, digest) in asked:
                found.setdefault((path, digest), article)


def _read(text: str, path: str) -> Article | None:
    """A text of the past, read under the name it has now."""
    return read_article(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"), path)[0]


def _blobs(lines: Iterable[str]) -> dict[str, list[str]]:
    """From a log that begins with the newest commit: what a file has held, by the name it has now."""
    found: dict[str, dict[str, None]] = {}
    now_called: dict[str, str] = {}
    for line in lines:
        if not line.startswith(":"):
            continue
        facts, *paths = line.split("\t")
        _, _, old, new, status = facts.split(" ")
        name = now_called.get(paths[-1], paths[-1])
        if status.startswith("R"):
            now_called[paths[0]] = name
        found.setdefault(name, {}).update(dict.fromkeys(blob for blob in (new, old) if blob != _NOTHING))
    return {name: list(blobs) for name, blobs in found.items()}


def _texts(root: Path, blobs: Iterable[str]) -> Iterator[tuple[str, str]]:
    answer = git(root, "cat-file", "--batch", told="".join(f"{blob}\n" for blob in blobs))
    at = 0
    while at < len(answer):
        head = answer[at : answer.index(b"\n", at)]
        blob, kind, *size = head.decode().split(" ")
        at += len(head) + 1
        if kind == "blob":
            yield blob, answer[at : at + int(size[0])].decode("utf-8", "replace")
            at += int(size[0]) + 1
