"""Owns the answer to a command that is asked again while nothing has changed. Refuses to look into any file.

Files are known by their stamps: path, size, times and inode. The record of a build says what it read by one digest of
all stamps, what lies in the output, until which instant it is right, and what the command would say if it were asked
again. Whatever differs, or cannot be known, makes it an unknown command. This module loads nothing that takes time.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from portal_builder.shipped import shipped

_FOLDER = "build/cache/again"
_READ = ("content", "scheduled", "themes", "i18n", "mkdocs.yml")
_SETTLED = 50_000_000
"""Nanoseconds: a file that changed so shortly before it was looked at may have changed again without a trace."""
_ELSEWHERE = {"GIT_DIR", "GIT_COMMON_DIR", "GIT_WORK_TREE", "GIT_NAMESPACE"}
"""With one of these, git's history is not where it is looked for here."""
_SPEAKING = ("HAEDAP_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


@dataclass(frozen=True)
class Asked:
    """A command, as it was asked."""

    root: Path
    words: Sequence[str]
    surroundings: Sequence[str]
    """Where it was asked, by whom, and in which language: what the answer depends on besides the files."""

    @property
    def file(self) -> Path:
        name = hashlib.sha256(json.dumps([*self.words, "", *self.surroundings]).encode()).hexdigest()[:24]
        return self.root / _FOLDER / f"{name}.json"


def asked(words: Sequence[str], environment: Mapping[str, str], *, is_terminal: bool) -> Asked | None:
    """The command `haedap build`, without the name of the program; None where it is another one."""
    if words[:1] != ["build"] or _ELSEWHERE & environment.keys():
        return None
    given = [words[at + 1] for at, word in enumerate(words[:-1]) if word == "--root"]
    joined = [word.partition("=")[2] for word in words if word.startswith("--root=")]
    root = Path((given + joined or ["."])[-1]).absolute()
    spoken = [f"{name}={environment.get(name, '')}" for name in _SPEAKING]
    return Asked(root, words, [str(Path.cwd()), sys.prefix, sys.version, str(is_terminal), *spoken])


def stamps(root: Path, clock: int) -> str | None:
    """One digest for everything that a build reads; None while something is still being written. `clock` as time_ns."""
    digest, newest = hashlib.blake2b(digest_size=16), 0
    for stamp in sorted(_stamps(root)):
        digest.update(repr(stamp).encode("utf-8", "surrogateescape"))
        newest = max(newest, stamp[1], stamp[2])
    return digest.hexdigest() if newest < clock - _SETTLED else None


def remember(known: Asked, before: str | None, out: Path, until: Sequence[datetime | None], text: str) -> None:
    """What the command would say if it were asked again. `before`: the stamps from before anything was read;
    `until`: from when on the output is right, and up to when."""
    begins, ends = until
    if before is None or begins is None:
        return
    record = {
        "stamps": before,
        "out": str(out),
        "above": _above(out),
        "begins": begins.isoformat(),
        "ends": ends.isoformat() if ends else None,
        "text": text,
    }
    known.file.parent.mkdir(parents=True, exist_ok=True)
    fresh = known.file.with_suffix(f".{os.getpid()}")
    fresh.write_text(json.dumps(record), "utf-8")
    fresh.replace(known.file)


def answer(known: Asked, now: datetime, clock: int) -> str | None:
    """What to say, where everything is as it was; None where the command has to be carried out."""
    try:
        record = json.loads(known.file.read_text("utf-8"))
        is_right = datetime.fromisoformat(record["begins"]) <= now and (
            record["ends"] is None or now < datetime.fromisoformat(record["ends"])
        )
        is_there = _above(Path(record["out"])) == record["above"]
        text = record["text"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    is_same = is_right and is_there and stamps(known.root, clock) == record["stamps"]
    return str(text) if is_same else None


def _above(out: Path) -> str:
    """What lies above the portals, the record of the release, and each portal's first page."""
    found: list[str] = []
    for file in [out / ".haedap/release.json", *sorted(out.glob("*")), *sorted(out.glob("*/*"))]:
        file = file / "index.html" if file.is_dir() else file  # noqa: PLW2901 -- a portal or a brand is known by its door
        found.append(f"{file} {_stamp(str(file))}" if file.is_file() else str(file))
    return hashlib.sha256("\n".join(found).encode("utf-8", "surrogateescape")).hexdigest()


def _stamps(root: Path) -> Iterator[tuple[str, int, int, int, int]]:
    for name in _READ:
        yield from _below(str(root / name))
    product = shipped()
    if product != root:
        for name in ("themes/_base", "i18n", "mkdocs.yml"):
            yield from _below(str(product / name))
    yield from _below(str(Path(__file__).parent))
    for entry in sys.path:  # a package that comes or goes changes its folder
        if entry and os.path.isdir(entry):  # noqa: PTH112 -- this is the path that must be quick
            yield _stamp(entry)
    yield from (_stamp(file) for file in _history(root))


def _below(path: str) -> Iterator[tuple[str, int, int, int, int]]:
    if not os.path.isdir(path):  # noqa: PTH112 -- this is the path that must be quick
        yield _stamp(path)
        return
    with os.scandir(path) as entries:
        for entry in entries:
            if entry.name == "__pycache__":
                continue
            if entry.is_dir():
                yield from _below(entry.path)
            else:
                yield _stamp(entry.path)


def _stamp(path: str) -> tuple[str, int, int, int, int]:
    try:
        found = os.stat(path)  # noqa: PTH116 -- thousands of them, and a Path costs more than the call
    except OSError:
        return path, 0, 0, 0, 0
    return path, found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino


def _history(root: Path) -> Iterable[str]:
    """The files by which git tells where its history stands."""
    top = next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), None)
    if top is None:
        return [str(folder / ".git") for folder in (root, *root.parents)]
    git = top / ".git"
    if git.is_file():
        git = top / git.read_text("utf-8").removeprefix("gitdir:").strip()
    common = git / (git / "commondir").read_text("utf-8").strip() if (git / "commondir").is_file() else git
    head = (git / "HEAD").read_text("utf-8") if (git / "HEAD").is_file() else ""
    named = [common / head.removeprefix("ref:").strip()] if head.startswith("ref:") else []
    return [str(file) for file in (git / "HEAD", common / "packed-refs", common / "shallow", *named)]
