"""Owns the files that an import makes: planned as a whole, then written one by one, never over another. Refuses to
leave the help centre's content/.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from portal_builder.article import is_address
from portal_builder.importing.linking import Linker
from portal_builder.importing.model import Haul, ImportedFolder, address_of, clean, clean_text, loss
from portal_builder.importing.placing import Placed, Places, Wish, place, spoken_as
from portal_builder.library import Library
from portal_builder.links import anchors, scripts_in, spaced_links
from portal_builder.plan import OURS
from portal_builder.problem import Problem

_TITLE_LENGTH = 300


@dataclass(frozen=True)
class Plan:
    """What will stand where, and what was lost on the way."""

    files: Mapping[str, bytes | Path]
    """By path below the root."""
    losses: tuple[Problem, ...]


@dataclass(frozen=True)
class Outcome:
    """What became of each file."""

    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    """It was there already, with the same content."""
    kept: tuple[str, ...]
    """Something else was there, and stays."""


def plan_import(haul: Haul, wish: Wish, library: Library) -> Plan:
    """The whole import as a value."""
    places = place(haul, wish, _folders(library))
    texts = {one.path: _mended(one.article.text) for one in places.placed}
    linker = Linker.of(haul, places, texts)
    files: dict[str, bytes | Path] = {}
    losses = [*haul.losses, *places.losses]
    claims = _claims(places, library)
    for one in places.placed:
        linked = linker.link(one)
        old = _old_addresses(one)
        front = _front_matter(one, wish, [address for address in old if _answers(one, address, claims)])
        files[one.path] = f"---\n{front}---\n\n{linked.text.strip()}\n".encode()
        files |= {f"content/{path}": content for path, content in linked.files.items()}
        losses += linked.losses
        lost = (address for address in old if not _answers(one, address, claims))
        losses += [loss(one.article.place, "import.address", name=address) for address in lost]
        if one.article.hidden_because:
            losses.append(loss(one.article.place, one.article.hidden_because, path=one.path))
    files |= {path: content for folder, at in places.folders for path, content in _index(folder, at, places, wish)}
    return Plan(files, tuple(dict.fromkeys(losses)))


def carry_out(root: Path, plan: Plan, *, is_dry: bool) -> Outcome:
    """Write what is not there yet."""
    fates: dict[str, list[str]] = {"written": [], "unchanged": [], "kept": []}
    for path, planned in sorted(plan.files.items()):
        target = root / path
        content = planned.read_bytes() if isinstance(planned, Path) else planned
        fate = _fate(root, target, content)
        if fate == "written" and not is_dry:
            _write(target, content)
        fates[fate].append(path)
    return Outcome(*(tuple(paths) for paths in fates.values()))


def _fate(root: Path, target: Path, content: bytes) -> str:
    inside = (root / "content").resolve()
    if not target.resolve().is_relative_to(inside):
        return "kept"  # a link of the file system leads out of the help centre
    if target.is_file():
        return "unchanged" if target.read_bytes() == content else "kept"
    is_blocked = target.is_symlink() or target.exists() or any(up.is_file() for up in target.parents)
    return "kept" if is_blocked else "written"


def _write(target: Path, content: bytes) -> None:
    """Whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{os.getpid()}.importing")
    try:
        fresh.write_bytes(content)
        fresh.rename(target)
    finally:
        fresh.unlink(missing_ok=True)


def _folders(library: Library) -> frozenset[str]:
    return frozenset({article.folder for article in library.articles} | {article.kind for article in library.articles})


def _mended(text: str) -> str:
    """What `haedap check` would refuse: headings without an anchor, spaces in links, scripts, foreign terms."""
    text = re.sub(r"\{\{(?=\s*brand\.)", "&#123;&#123;", clean_text(text))
    for _, destination in spaced_links(text):
        text = text.replace(f"]({destination})", f"](<{destination}>)")
    lines = text.split("\n")
    for line in scripts_in(text):
        lines[line - 1] = re.sub(r"<(?=script\b|\w+\s[^>]*\bon\w+\s*=)", "&lt;", lines[line - 1], flags=re.IGNORECASE)
    for number, (line, anchor) in enumerate(anchors("\n".join(lines)), start=1):
        if anchor == "" or anchor.startswith("_"):
            lines[line - 1] = re.sub(r"\s*(\{[^}]*\})?\s*#*\s*$", f" {{#part-{number}}}", lines[line - 1])
    return "\n".join(lines)


def _claims(places: Places, library: Library) -> dict[str, str]:
    """By address, the id that answers to it: pages first, then what the help centre has, then the first that asks."""
    claims = {article_id: article_id for article_id in (*library.by_id, *places.ids.values())}
    for article in library.articles:
        for old in article.meta.redirect_from:
            claims.setdefault(old.path, article.id)
    for one in places.placed:
        for written in _old_addresses(one):
            claims.setdefault(written, one.id)
    return claims


def _old_addresses(one: Placed) -> tuple[str, ...]:
    written = dict.fromkeys(map(address_of, one.article.addresses))
    return tuple(address for address in written if address and address != one.id)


def _answers(one: Placed, address: str, claims: Mapping[str, str]) -> bool:
    """Whether an old address can lead to this article and to no other."""
    is_ours = address.partition("/")[0].lower() in OURS
    is_sound = is_address(address) and ".." not in address and "#" not in address
    return is_sound and not is_ours and claims[address] == one.id


def _front_matter(one: Placed, wish: Wish, redirect_from: Sequence[str]) -> str:
    article = one.article
    keys: dict[str, object] = {
        "title": clean(article.title)[:_TITLE_LENGTH],
        "summary": clean(article.summary),
        "brand": list(wish.brands),
        "publish_at": article.publish_at,
        "order": article.order,
        "pinned": article.is_pinned or None,
        "tags": _names(article.tags),
        "redirect_from": list(redirect_from),
        "search": {"keywords": _names(article.keywords)} if _names(article.keywords) else None,
    }
    return _yaml({key: value for key, value in keys.items() if value not in (None, "", [])})


def _names(written: Sequence[str]) -> list[str]:
    return [name for name in dict.fromkeys(map(clean, written)) if name]


def _index(folder: ImportedFolder, at: str, places: Places, wish: Wish) -> Iterator[tuple[str, bytes]]:
    """The file that names a category, in each language that an article of it has."""
    languages = {one.language for one in places.placed if one.folder == at}
    titles = {spoken_as(tag, wish): tag for tag in reversed(list(folder.titles))}
    for language in sorted(languages & titles.keys()) or sorted(titles.keys() - {""})[:1]:
        tag = titles[language]
        keys: dict[str, object] = {"title": clean(folder.titles[tag])[:_TITLE_LENGTH] or folder.slug}
        if summary := clean(folder.summaries.get(tag, "")):
            keys["summary"] = summary
        if folder.order is not None:
            keys["order"] = folder.order
        yield posixpath.join("content", at, f"index.{language}.md"), f"---\n{_yaml(keys)}---\n".encode()


def _yaml(keys: Mapping[str, object]) -> str:
    foreign = re.compile(r"\{\{(?=\s*brand\.)")  # a term of ours that the writer never meant
    said = {key: foreign.sub("{ {", value) if isinstance(value, str) else value for key, value in keys.items()}
    return yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=1_000_000)
