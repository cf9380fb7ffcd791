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
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from portal_builder.shipped import shipped

_FOLDER = "build/cache/again"
_PROGRAM = str(Path(__file__).parent)
_READ = ("content", "scheduled", "themes", "i18n", "mkdocs.yml")
_TEXTS = ("content/", "scheduled/")
_SETTLED = 50_000_000
"""Nanoseconds: a file that changed so shortly before it was looked at may have changed again without a trace."""
_ELSEWHERE = {"GIT_DIR", "GIT_COMMON_DIR", "GIT_WORK_TREE", "GIT_NAMESPACE"}
"""With one of these, git's history is not where it is looked for here."""
_SPEAKING = ("HAEDAP_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
EVER = datetime.min.replace(tzinfo=UTC)
"""From when on the output of a build for a given instant is right."""

Stamp = tuple[int, ...]
"""When a file was written, when it was changed in any way, its size and its inode."""
UNSETTLED: Stamp = ()
"""Of a text that may change again without a trace: it is no text's stamp, not even that of another unsettled one."""


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


@dataclass(frozen=True)
class Stamps:
    """Everything that a build reads, at one moment."""

    texts: Mapping[str, Stamp]
    """Of each file that may be a text, by its path below the root; UNSETTLED for one that was written just now."""
    rest: str
    """One digest for all other files."""
    history: str
    """One for where git's history stands."""

    @cached_property
    def digest(self) -> str:
        """One for everything."""
        told = [f"{path} {stamp}" for path, stamp in sorted(self.texts.items())]
        return _digest([self.rest, self.history, *told])


@dataclass(frozen=True)
class Said:
    """What a command said, in parts, so that it can be said again of other portals."""

    portals: Mapping[str, tuple[str, str]]
    """By `brand/lang`, what is said of one that was made anew and of one that stays as it is."""
    end: str

    def text(self, anew: Iterable[str] = ()) -> str:
        """The whole, where these portals were made anew."""
        made = {*anew}
        return "".join(lines[name not in made] for name, lines in self.portals.items()) + self.end


@dataclass(frozen=True)
class Record:
    """What is known of a command that was carried out before."""

    digest: str
    rest: str
    history: str
    contents: str
    """What `contents` says of the rest."""
    out: Path
    above: str
    begins: datetime
    ends: datetime | None
    said: Said

    def is_right(self, now: datetime) -> bool:
        """Whether its output shows what is out now, and lies where it was left."""
        return self.begins <= now and (self.ends is None or now < self.ends) and _above(self.out) == self.above


def stamps(root: Path, clock: int) -> Stamps | None:
    """What a build reads; None while anything but texts is still being written, or where git's history lies elsewhere.
    `clock` as time_ns."""
    if _ELSEWHERE & os.environ.keys():
        return None
    texts: dict[str, Stamp] = {}
    rest: list[str] = []
    newest, below, settled = 0, len(f"{root}/"), clock - _SETTLED
    for path, *stamp in _stamps(root):
        if _is_text(path, root):
            texts[path[below:]] = tuple(stamp) if max(stamp[:2]) < settled else UNSETTLED
        else:
            newest = max(newest, *stamp[:2])
            rest.append(f"{path} {stamp}")
    history = [f"{_stamp(file)}" for file in _history(root)]
    return Stamps(texts, _digest(sorted(rest)), _digest(history)) if newest < settled else None


def is_as_seen(root: Path, seen: Stamps | None) -> bool:
    """Whether nobody has written since to anything but texts (those are read once): what was made is of these."""
    now = stamps(root, sys.maxsize) if seen else None
    return bool(seen and now and now.rest == seen.rest)


def is_rest_known(record: Record, seen: Stamps, root: Path) -> bool:
    """Whether all that a build reads besides texts and history is as it was: by stamps, else by contents, as after a
    checkout."""
    return seen.rest == record.rest or contents(root) == record.contents


def contents(root: Path) -> str:
    """One digest of what stands in all files that are no texts, and of which packages are installed."""
    digest = hashlib.blake2b(digest_size=16)
    for path in other_files(root):
        digest.update(standing_in(path))
    return digest.hexdigest()


def other_files(root: Path) -> Iterator[str]:
    """What a build reads besides texts: files, and the folders of packages, in order."""
    return (path for path, *_ in sorted(_stamps(root)) if not _is_text(path, root))


def standing_in(path: str) -> bytes:
    """What such a file is called, and what stands in it; of a folder of packages, which ones are installed."""
    if os.path.isdir(path):  # noqa: PTH112 -- thousands of them
        told = "\n".join(sorted(name for name in os.listdir(path) if name.endswith("-info"))).encode()  # noqa: PTH208 -- as above
    else:
        told = Path(path).read_bytes() if os.path.isfile(path) else b""  # noqa: PTH113 -- as above
    return f"{path}\0{len(told)}\0".encode("utf-8", "surrogateescape") + told


def _is_text(path: str, root: Path) -> bool:
    return path.endswith(".md") and path[len(f"{root}/") :].startswith(_TEXTS)


def remember(
    known: Asked, before: Stamps | None, out: Path, until: Sequence[datetime | None], said: Said, told: str = ""
) -> Record | None:
    """What the command would say if it were asked again. `before`: the stamps from before anything was read;
    `until`: from when on the output is right, and up to when; `told`: what `contents` says, where that is known.
    Nothing is remembered where somebody wrote to something meanwhile."""
    begins, ends = until
    if before is None or begins is None:
        return None
    if not told:
        told = contents(known.root)
        if not is_as_seen(known.root, before):
            return None
    record = Record(before.digest, before.rest, before.history, told, out, _above(out), begins, ends, said)
    plain = asdict(record) | {"out": str(out), "begins": begins.isoformat(), "ends": ends.isoformat() if ends else None}
    known.file.parent.mkdir(parents=True, exist_ok=True)
    fresh = known.file.with_suffix(f".{os.getpid()}")
    fresh.write_text(json.dumps(plain), "utf-8")
    fresh.replace(known.file)
    return record


def recall(known: Asked) -> Record | None:
    """The record of a command; None where there is none that can be read."""
    try:
        plain = json.loads(known.file.read_text("utf-8"))
        said = Said({name: (new, same) for name, (new, same) in plain["said"]["portals"].items()}, plain["said"]["end"])
        times = [datetime.fromisoformat(plain[name]) if plain[name] else None for name in ("begins", "ends")]
        begins, ends = times[0] or EVER, times[1]
        digest, rest, history, told = (str(plain[name]) for name in ("digest", "rest", "history", "contents"))
        return Record(digest, rest, history, told, Path(plain["out"]), plain["above"], begins, ends, said)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def answer(record: Record | None, now: datetime, seen: Stamps | None) -> str | None:
    """What to say, where everything is as it was; None where the command has to be carried out."""
    if record is None or seen is None or UNSETTLED in seen.texts.values():
        return None
    if seen.digest != record.digest or not record.is_right(now):
        return None
    return record.said.text()


def _digest(told: Iterable[str]) -> str:
    text = "\n".join(told)
    return hashlib.blake2b(text.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


def _above(out: Path) -> str:
    """What lies above the portals, the record of the release, and each portal's first page."""
    found: list[str] = []
    for file in [out / ".haedap/release.json", *sorted(out.glob("*")), *sorted(out.glob("*/*"))]:
        file = file / "index.html" if file.is_dir() else file  # noqa: PLW2901 -- a portal or a brand is known by its door
        _, written, _, size, _ = _stamp(str(file))  # what a cache that is restored leaves as it was
        found.append(f"{file} {written} {size}")
    return hashlib.sha256("\n".join(found).encode("utf-8", "surrogateescape")).hexdigest()


def _stamps(root: Path) -> Iterator[tuple[str, int, int, int, int]]:
    for name in _READ:
        yield from _below(str(root / name))
    product = shipped()
    if product != root:
        for name in ("themes/_base", "i18n", "mkdocs.yml"):
            yield from _below(str(product / name))
    yield from _below(_PROGRAM)
    for entry in sys.path:  # a package that comes or goes changes its folder
        if entry and os.path.isdir(entry):  # noqa: PTH112 -- this is the path that must be quick
            yield _stamp(entry)


def _below(path: str) -> Iterator[tuple[str, int, int, int, int]]:
    if not os.path.isdir(path):  # noqa: PTH112 -- this is the path that must be quick
        yield _stamp(path)
        return
    with os.scandir(path) as entries:
        for entry in entries:
            if entry.name == "__pycache__" and path.startswith(_PROGRAM):
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
