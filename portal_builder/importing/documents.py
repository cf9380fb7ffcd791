"""Owns Markdown files with front matter, as site generators keep them. Refuses to know which generator it was."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from portal_builder.importing.model import ImportedFolder, clean, loss, slug_of
from portal_builder.importing.reading import files_below, text_of
from portal_builder.instant import parse_moment
from portal_builder.problem import ContentError, Problem
from portal_builder.yamlfile import Tree, read_yaml

_FRONT = re.compile(r"\A---[ \t]*\n(?P<front>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_TITLE = re.compile(r"\A\s*#[ \t]+(?P<title>.+?)[ \t]*#*[ \t]*(?:\{[^}]*\})?[ \t]*(?:\n|\Z)")
_SET_OFF = re.compile(r"\A\s*(?P<title>[^\n#>|`-][^\n]*)\n=+[ \t]*(?:\n|\Z)")
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?")


@dataclass(frozen=True)
class Document:
    """One file."""

    place: str
    front: Mapping[str, Tree]
    text: str
    """Below its front matter, and below the heading that is its title."""
    heading: str
    """That heading."""
    has_front: bool

    def say(self, *names: str) -> str:
        """The first of these keys that says something."""
        return next((clean(value) for name in names if isinstance(value := self.front.get(name), str) and value), "")

    def names(self, *keys: str) -> tuple[str, ...]:
        """Keys that hold one name, several, or a list."""
        found: list[str] = []
        for key in keys:
            value = self.front.get(key)
            found += [clean(one) for one in value if isinstance(one, str)] if isinstance(value, list) else []
            found += re.split(r"\s*,\s*", clean(value)) if isinstance(value, str) else []
        return tuple(filter(None, found))

    def is_set(self, key: str, value: str = "true") -> bool:
        return self.say(key).lower() == value

    @property
    def title(self) -> str:
        return self.say("title") or self.heading

    @property
    def order(self) -> int | None:
        return whole(self.say("sidebar_position", "nav_order", "order", "weight"))


def documents(folder: Path, base: Path, *suffixes: str) -> Iterator[Document]:
    """Every file of a folder, places counted from the base. Raises ContentError for all that cannot be read."""
    problems: list[Problem] = []
    for file, inner in files_below(folder, *suffixes):
        place = (folder.relative_to(base) / inner).as_posix()
        try:
            yield _document(text_of(file, place), place)
        except ContentError as error:
            problems += error.problems
    if problems:
        raise ContentError(problems)


def settings(file: Path) -> Mapping[str, Tree]:
    """A YAML file's keys. Raises ContentError where it is none."""
    if not file.is_file():
        return {}
    return _mapping(text_of(file, file.name), file.name, 1)


def _mapping(text: str, place: str, first_line: int) -> Mapping[str, Tree]:
    source = read_yaml(text, place, first_line)
    if source.tree is None and source.problems:
        raise ContentError(source.problems)
    if source.tree is not None and not isinstance(source.tree, dict):
        raise ContentError([Problem.at(place, first_line, "yaml.not_mapping")])
    return source.tree or {}


def _document(text: str, place: str) -> Document:
    match = _FRONT.match(text)
    front = _mapping(match["front"], place, 2) if match else {}
    body = text[match.end() :] if match else text
    heading = _TITLE.match(body) or _SET_OFF.match(body)
    said = re.sub(r"[*`]|\[([^\]]*)\]\([^)]*\)", r"\1", heading["title"]) if heading else ""
    return Document(place, front, body[heading.end() :] if heading else body, clean(said), bool(match))


def whole(written: str) -> int | None:
    """A place among others; sidebars may say 1.5."""
    match = re.fullmatch(r"(\d{1,6})(?:\.\d+)?", written.strip())
    return int(match[1]) if match else None


def moment(written: str) -> str:
    """A date as articles write it; nothing for what is none."""
    match = _DATE.match(written)
    if not match:
        return ""
    day, time, offset = match.groups()
    zone = offset if not offset or offset == "Z" or ":" in offset else f"{offset[:3]}:{offset[3:]}"
    said = day if not time else f"{day}T{time}{zone}" if zone else f"{day} {time}"
    try:
        parse_moment(said)
    except ValueError:
        return ""
    return said


def unnumbered(name: str) -> str:
    """`01-first-steps` as `first-steps`: the number only says the order."""
    return re.sub(r"^\d+\s*[-_.]+\s*(?=[^\d\W]|\d*[^\W\d])", "", name)


def plain_folders(keys: Iterable[str]) -> Iterator[ImportedFolder]:
    """Categories that are called as their folder is."""
    for key in sorted(set(keys) - {""}):
        name = unnumbered(key)
        yield ImportedFolder(key, slug_of(name, "category"), {"": name.replace("-", " ").replace("_", " ")})


def nothing(path: Path) -> ContentError:
    return ContentError([loss(path.name, "import.nothing")])
