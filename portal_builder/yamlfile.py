"""Owns reading YAML as text with line numbers. Refuses YAML's guesses: every value stays the text that was written.

YAML 1.1 reads `10:00` as 600, `no` as false, `1.10` as 1.1 and `010` as 8. Here the schema that wants a number, a
truth value or a time converts the text itself, so each of them means what its writer meant.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import yaml

from portal_builder.problem import Problem

Tree: TypeAlias = "str | list[Tree] | dict[str, Tree] | None"
Loc: TypeAlias = tuple[str | int, ...]

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where the wheel has it: ten times faster
_NULLS = {"", "~", "null"}
_NODES_AT_MOST = 50_000  # aliases can blow a small file up without end


@dataclass(frozen=True)
class YamlFile:
    """The tree of one YAML text, and the line on which each of its places stands."""

    path: str
    tree: Tree
    lines: Mapping[Loc, int]
    problems: tuple[Problem, ...] = ()

    def line(self, loc: Loc) -> int:
        """The line of a place, or of the nearest place around it that exists; the first line for the file itself."""
        while loc and loc not in self.lines:
            loc = loc[:-1]
        return self.lines[loc] if loc else 1


def read_text(file: Path, path: str) -> tuple[str, tuple[Problem, ...]]:
    """A file's text, and what is wrong with its encoding or with the spelling of its name."""
    problems: list[Problem] = []
    if unicodedata.normalize("NFC", path) != path:
        problems.append(Problem.at(path, 1, "file.decomposed", name=unicodedata.normalize("NFC", file.name)))
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problems.append(Problem.at(path, line, "file.encoding"))
        return "", tuple(problems)
    except OSError as error:
        problems.append(Problem.at(path, 1, "file.unreadable", reason=error.strerror or "?"))
        return "", tuple(problems)
    return text.replace("\r\n", "\n").replace("\r", "\n"), tuple(problems)


def read_yaml(text: str, path: str, first_line: int = 1) -> YamlFile:
    """Parse one document; `first_line` is where the text begins in its file (front matter begins on line 2)."""
    lines: dict[Loc, int] = {}
    problems: list[Problem] = []
    try:
        node = yaml.compose(text, Loader=_LOADER)
        tree = _walk(node, (), lines, problems, path, first_line) if node else None
    except yaml.MarkedYAMLError as error:
        line = (error.problem_mark.line if error.problem_mark else 0) + first_line
        return YamlFile(path, None, {}, (Problem.at(path, line, "yaml.broken", reason=error.problem or "?"),))
    except (yaml.YAMLError, _TooLargeError, RecursionError):
        return YamlFile(path, None, {}, (Problem.at(path, first_line, "yaml.unreadable"),))
    return YamlFile(path, tree, lines, tuple(problems))


class _TooLargeError(Exception):
    """More nodes than a person writes."""


def _walk(
    node: yaml.Node, loc: Loc, lines: dict[Loc, int], problems: list[Problem], path: str, first_line: int
) -> Tree:
    if len(lines) > _NODES_AT_MOST:
        raise _TooLargeError
    lines.setdefault(loc, node.start_mark.line + first_line)
    if isinstance(node, yaml.ScalarNode):
        return None if node.style is None and node.value.lower() in _NULLS else str(node.value)
    if isinstance(node, yaml.SequenceNode):
        return [_walk(item, (*loc, at), lines, problems, path, first_line) for at, item in enumerate(node.value)]
    tree: dict[str, Tree] = {}
    for key, value in node.value:
        name = str(key.value) if isinstance(key, yaml.ScalarNode) else "?"
        line = key.start_mark.line + first_line
        if name in tree:
            problems.append(Problem.at(path, line, "yaml.twice", name=name, first=lines[*loc, name]))
            continue
        lines[*loc, name] = line
        tree[name] = _walk(value, (*loc, name), lines, problems, path, first_line)
    return tree
