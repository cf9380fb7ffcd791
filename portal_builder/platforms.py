"""Owns for which devices an article or part of it is: `platform:` and `<!-- platform: ios --> ... <!-- /platform -->`.
Refuses to choose for a reader: every page holds all parts, each below its name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from textwrap import indent
from typing import TYPE_CHECKING

from portal_builder.inheritance.marks import Part, names_of, parts_of
from portal_builder.problem import Problem, nearest

if TYPE_CHECKING:  # a text is cut up without knowing what an article is
    from portal_builder.article import Article

PLATFORMS = ("ios", "android", "web", "windows", "mac", "pc")
"""Every device that there is a word for (`platform.<name>` in i18n/), in the order of readers' choices."""
_WITHIN = {"windows": "pc", "mac": "pc"}
"""A computer of one system is a computer."""
_WORD = "platform"


def in_order(names: Iterable[str]) -> list[str]:
    """Those that are known, each once."""
    found = set(names)
    return [name for name in PLATFORMS if name in found]


def offered(text: str) -> list[str]:
    """The devices that have parts of their own in a text."""
    return in_order(name for part in parts_of(text, _WORD)[0] for name in names_of(part.written))


def with_names(text: str, say: Callable[[str], str]) -> str:
    """The text with each part as a box below the names of its devices, where it stands, in a list as well."""
    for part in reversed(parts_of(text, _WORD)[0]):
        names = in_order(names_of(part.written))
        box = _box(text, part, names, ", ".join(map(say, names))) if names else text[slice(*part.inner)]
        text = f"{text[: part.outer[0]]}{box}{text[part.outer[1] :]}"
    return text


def _box(text: str, part: Part, names: Iterable[str], title: str) -> str:
    first = text[part.outer[0] : part.inner[0]]
    margin = first[: len(first) - len(first.lstrip(" \t"))]
    classes = " ".join((_WORD, *(f"{_WORD}-{name}" for name in names)))
    inner = indent(text[slice(*part.inner)].strip("\n"), "    ")
    return f'\n{margin}!!! {classes} "{title}"\n{inner}\n\n' if inner.strip() else ""


def platform_problems(article: Article) -> Iterator[Problem]:
    """Devices that nobody knows."""
    for name in article.meta.platform:
        if name not in PLATFORMS:
            yield article.problem((_WORD,), "platform.unknown", name=name, nearest=nearest(name, PLATFORMS))


def part_problems(article: Article) -> Iterator[Problem]:
    """Parts without an end, for no device, or for one that nobody knows or that the article is not for."""
    parts, wrong = parts_of(article.text, _WORD)
    for mark in wrong:
        yield article.text_problem(mark.line, f"platform.{mark.fault}")
    for part in parts:
        yield from _faults(article, part)


def _faults(article: Article, part: Part) -> Iterator[Problem]:
    names = names_of(part.written)
    if not names:
        yield article.text_problem(part.line, "platform.nobody")
    if not part.has_own_lines:
        yield article.text_problem(part.line, "platform.line")
    for name in names:
        if name not in PLATFORMS:
            guess = nearest(name, PLATFORMS)
            yield article.text_problem(part.line, "platform.unknown", name=name, nearest=guess)
        elif not _is_for(article, name):
            yield article.text_problem(part.line, "platform.never", name=name)


def _is_for(article: Article, name: str) -> bool:
    """Whether the readers of an article may have such a device."""
    wanted = article.meta.platform
    return not wanted or any(name in (one, _WITHIN.get(one)) or _WITHIN.get(name) == one for one in wanted)
