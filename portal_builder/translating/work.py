"""Owns the work folder of a translator: what goes out, and what may come back. Refuses to overwrite newer work unasked.

`work.json` holds, for each text, the digest of the source that went out and what the translation's file held then.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

from portal_builder.article import Article, read_article
from portal_builder.places import TREES
from portal_builder.problem import Problem
from portal_builder.translating import xliff
from portal_builder.translating.digest import source_digest
from portal_builder.translating.faithful import left_behind, unfaithful
from portal_builder.translating.segments import Block, blocks_of, joined, reusable
from portal_builder.translating.stamp import stamped
from portal_builder.yamlfile import read_text

LIST, README = "work.json", "README.md"
ORIGINALS, CHANGES = "originals", "changes"
_FRONT = re.compile(r"\A(-{3,}[ \t]*\n)(.*?)(^-{3,}[ \t]*\n?)", re.DOTALL | re.MULTILINE)
_OWN_KEYS = ("translates", "language")


@dataclass(frozen=True)
class Job:
    """One text that goes out."""

    path: str
    """The translation's file, which may not be there yet."""
    source: str
    digest: str
    before: str | None
    """SHA-256 of the translation as it was, if it was there."""
    given: str | None
    """SHA-256 of the Markdown that the translator began with."""


@dataclass(frozen=True)
class Order:
    """One text to translate, with what is known of it."""

    source: Article
    language: str
    translation: Article | None
    past: Article | None
    """The source that the translation was made from."""
    changes: tuple[str, ...]


def target_path(source: Article, language: str) -> str:
    """Where the translation of a text lies."""
    tree = source.path.partition("/")[0]
    return f"{tree}/{source.id}.{language}.md"


def write_work(root: Path, folder: Path, orders: Iterable[Order], *, as_xliff: bool, readme: str) -> list[Job]:
    """Fill an empty folder with what a translator needs; without a text to translate it is not made."""
    jobs: list[Job] = []
    for order in orders:
        path = order.translation.path if order.translation else target_path(order.source, order.language)
        if as_xliff:
            _write(folder / f"{path}.xlf", _as_xliff(order))
        else:
            _write(folder / path, _beginning(root, order, path))
        jobs.append(Job(path, order.source.path, source_digest(order.source), _sha(root / path), _sha(folder / path)))
        _write(folder / ORIGINALS / order.source.path, (root / order.source.path).read_text("utf-8-sig"))
        if order.changes:
            _write(folder / CHANGES / f"{path}.txt", "\n".join(order.changes) + "\n")
    if not jobs:
        return jobs
    _write(folder / README, readme)
    told = {"format": "xliff" if as_xliff else "markdown", "texts": [asdict(job) for job in jobs]}
    _write(folder / LIST, json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    return jobs


def _beginning(root: Path, order: Order, path: str) -> str:
    """The translation as it is; where there is none, the source without what is its own."""
    if order.translation:
        return (root / path).read_text("utf-8-sig")
    return _with_keys((root / order.source.path).read_text("utf-8-sig"), dict.fromkeys(_OWN_KEYS))


def _as_xliff(order: Order) -> str:
    known = reusable(order.past.text, order.translation.text) if order.past and order.translation else {}
    same_title = order.past and order.past.meta.title == order.source.meta.title
    units = [xliff.Unit("title", order.source.meta.title, _title(order.translation) if same_title else "")]
    if order.source.meta.summary:
        same = order.past and order.past.meta.summary == order.source.meta.summary
        units.append(xliff.Unit("summary", order.source.meta.summary, _summary(order.translation) if same else ""))
    units += [
        xliff.Unit(f"b{place}", block.text, known.get(block.text, ""))
        for place, block in enumerate(blocks_of(order.source.text))
        if block.is_words
    ]
    return xliff.written(order.source.path, order.source.language, order.language, units)


def _title(article: Article | None) -> str:
    return article.meta.title if article else ""


def _summary(article: Article | None) -> str:
    return article.meta.summary if article else ""


# -- and back ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Taken:
    """What became of one text: `taken`, `untouched`, `newer` (somebody wrote it meanwhile) or `refused`."""

    path: str
    outcome: str
    problems: tuple[Problem, ...] = ()
    is_stale: bool = False
    """Whether the source has changed since it went out."""


def take_work(
    root: Path, folder: Path, sources: Mapping[str, Article], speaks: Callable[[Article], bool], *, overwrite: bool
) -> Iterator[Taken]:
    """Take back what is done, each text by itself."""
    told = json.loads((folder / LIST).read_text("utf-8"))
    for entry in told["texts"]:
        job = Job(**entry)
        if _is_within(job.path) and _is_within(job.source):
            yield _taken(root, folder, job, sources, speaks, as_xliff=told["format"] == "xliff", overwrite=overwrite)


def _is_within(path: str) -> bool:
    """A list that came back from elsewhere may name anything; only articles are written."""
    parts = PurePosixPath(path).parts
    return len(parts) > 1 and parts[0] in TREES and ".." not in parts and path.endswith(".md")


class _LeftError(Exception):
    """A text that is not taken, and why."""

    def __init__(self, outcome: str, *problems: Problem) -> None:
        self.outcome, self.problems = outcome, problems
        super().__init__(outcome)


def _taken(
    root: Path,
    folder: Path,
    job: Job,
    sources: Mapping[str, Article],
    speaks: Callable[[Article], bool],
    *,
    as_xliff: bool,
    overwrite: bool,
) -> Taken:
    try:
        source = _original(folder, job)
        answer = _came_back(root, folder, job, source, as_xliff=as_xliff)
        _judge(job, source, answer, speaks)
        _keep_newer(root, job, overwrite=overwrite)
        _write(root / job.path, stamped(answer.encode(), job.digest).decode())
    except _LeftError as left:
        return Taken(job.path, left.outcome, left.problems)
    now = sources.get(job.source)
    return Taken(job.path, "taken", is_stale=now is None or source_digest(now) != job.digest)


def _original(folder: Path, job: Job) -> Article:
    """The source as it went out; what was translated is known by its digest alone."""
    text, faults = read_text(folder / ORIGINALS / job.source, job.source)
    source = None if faults else read_article(text, job.source)[0]
    if source is None or source_digest(source) != job.digest:
        raise _LeftError("refused", Problem.at(f"{ORIGINALS}/{job.source}", 1, "take.original"))
    return source


def _judge(job: Job, source: Article, answer: str, speaks: Callable[[Article], bool]) -> None:
    translation, problems = read_article(answer, job.path)
    if translation is None:
        raise _LeftError("refused", *problems)
    said, original = (f"{one.meta.title}\n{one.text.strip()}" for one in (translation, source))
    if said == original:
        raise _LeftError("untouched")
    problems = (*problems, *unfaithful(source, translation))
    if not speaks(translation):
        problems = (*problems, Problem.at(job.path, 1, "take.language", name=translation.language))
    else:
        problems = (*problems, *left_behind(source, translation, speaks))
    if problems:
        raise _LeftError("refused", *problems)


def _keep_newer(root: Path, job: Job, *, overwrite: bool) -> None:
    if _sha(root / job.path) != job.before and not overwrite:
        raise _LeftError("newer")


def _came_back(root: Path, folder: Path, job: Job, source: Article, *, as_xliff: bool) -> str:
    """The translation as one file, once something of it has been done."""
    file = folder / (f"{job.path}.xlf" if as_xliff else job.path)
    if not file.is_file() or (not as_xliff and _sha(file) == job.given):
        raise _LeftError("untouched")
    text, faults = read_text(file, file.relative_to(folder).as_posix())
    if faults:
        raise _LeftError("refused", *faults)
    if not as_xliff:
        return text
    try:
        return _composed(root, folder, job, source, xliff.read(text))
    except xliff.XliffError as error:
        problem = Problem.at(f"{job.path}.xlf", 1, "take.xliff", reason=str(error)[:200])
        raise _LeftError("refused", problem) from error


def _composed(root: Path, folder: Path, job: Job, source: Article, units: Mapping[str, xliff.Unit]) -> str:
    blocks = blocks_of(source.text)
    wanted = _wanted(source, blocks)
    if any(units.get(name, xliff.Unit(name, "")).source != said for name, said in wanted.items()):
        raise _LeftError("refused", Problem.at(f"{job.path}.xlf", 1, "take.units"))
    if not all(units[name].target.strip() for name in wanted):
        raise _LeftError("untouched")
    said = {int(name[1:]): units[name].target.strip("\n") for name in wanted if name[0] == "b"}
    existing = root / job.path
    front = (existing if existing.is_file() else folder / ORIGINALS / job.source).read_text("utf-8-sig")
    keys: dict[str, str | None] = {} if existing.is_file() else dict.fromkeys(_OWN_KEYS)
    keys |= {name: units[name].target.strip() for name in ("title", "summary") if name in wanted}
    match = _FRONT.match(_with_keys(front, keys))
    return f"{match[0] if match else ''}\n{joined(blocks, said).strip()}\n"


def _wanted(source: Article, blocks: tuple[Block, ...]) -> dict[str, str]:
    """What a translator was given, by the unit's id."""
    wanted = {"title": source.meta.title}
    wanted |= {"summary": source.meta.summary} if source.meta.summary else {}
    return wanted | {f"b{place}": block.text for place, block in enumerate(blocks) if block.is_words}


def _with_keys(text: str, keys: Mapping[str, str | None]) -> str:
    """A file with these keys of its front matter set, or left out; all others as they were written."""
    match = _FRONT.match(text)
    if match is None:
        return text
    front = match[2]
    for name, value in keys.items():
        line = "" if value is None else f"{name}: {json.dumps(value, ensure_ascii=False)}\n"
        key = re.compile(rf"^{name}[ \t]*:.*\n(?:[ \t]+.*\n|[ \t]*\n(?=[ \t]))*", re.MULTILINE)
        front, count = key.subn(lambda _, line=line: line, front, count=1)
        if not count and line:
            front = front + line
    return f"{match[1]}{front}{match[3]}{text[match.end() :]}"


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())


def _sha(file: Path) -> str | None:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else None
