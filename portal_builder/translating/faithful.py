"""Owns what a translation must have in common with its source: terms, links, headings, code, rows of tables, steps,
points of lists, boxes, marks of brands and devices. Refuses to judge its words.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

from portal_builder.article import Article
from portal_builder.links import headings, prose_of, terms_of
from portal_builder.problem import Problem
from portal_builder.schema import LANGUAGE

_MARK = re.compile(r"<!--[ \t]*(/?(?:brand|platform)\b[^>\n]*?)[ \t]*-->")
_SHAPES = {
    "take.rows": re.compile(r"^[ \t]*\|.*\|[ \t]*$", re.MULTILINE),
    "take.steps": re.compile(r"^[ \t]*\d+[.)][ \t]", re.MULTILINE),
    "take.points": re.compile(r"^[ \t]*[-*+][ \t]+(?![-*+ \t]*$)", re.MULTILINE),
    "take.boxes": re.compile(r"^[ \t]*(?:!!!|\?\?\?\+?|===)[ \t]", re.MULTILINE),
}
"""What a translation has as many of as its source."""
_FENCE = re.compile(r"^[ \t]*(?:`{3,}|~{3,})", re.MULTILINE)


def unfaithful(source: Article, translation: Article) -> Iterator[Problem]:
    """Everything that one has and the other has not, each with its name."""
    for key, wanted, found in (
        ("take.term", _terms(source), _terms(translation)),
        ("take.link", _links(source), _links(translation)),
        ("take.mark", Counter(_MARK.findall(source.text)), Counter(_MARK.findall(translation.text))),
    ):
        for name in sorted((wanted - found).keys()):
            yield Problem.at(translation.path, 1, f"{key}_missing", name=name)
        for name in sorted((found - wanted).keys()):
            yield Problem.at(translation.path, 1, f"{key}_added", name=name)
    levels = [" ".join("#" * level + anchor for level, anchor in headings(text.text)) for text in (source, translation)]
    if levels[0] != levels[1]:
        yield Problem.at(translation.path, 1, "take.headings", wanted=levels[0] or "-", found=levels[1] or "-")
    if len(_FENCE.findall(source.text)) != len(_FENCE.findall(translation.text)):
        yield Problem.at(translation.path, 1, "take.code")
    for key, pattern in _SHAPES.items():
        counts = [len(pattern.findall(prose_of(text.text))) for text in (source, translation)]
        if counts[0] != counts[1]:
            yield Problem.at(translation.path, 1, key, wanted=counts[0], found=counts[1])


def left_behind(source: Article, translation: Article, speaks: Callable[[Article], bool]) -> Iterator[Problem]:
    """Lines that still are the source's, and in no word of the translation's language."""
    lines = {line.strip() for line in prose_of(source.text).splitlines()}
    if translation.meta.title == source.meta.title and not _is_spoken(translation, source.meta.title, speaks):
        yield Problem.at(translation.path, 1, "take.left", text=source.meta.title)
    for number, line in enumerate(prose_of(translation.text).splitlines(), 1):
        if line.strip() in lines and not _is_spoken(translation, line, speaks):
            yield translation.text_problem(number, "take.left", text=line.strip()[:60])


def _is_spoken(translation: Article, text: str, speaks: Callable[[Article], bool]) -> bool:
    alone = translation.meta.model_copy(update={"title": "", "summary": ""})
    return not text.strip() or speaks(replace(translation, meta=alone, text=text))


def _terms(article: Article) -> Counter[str]:
    texts = (article.meta.title, article.meta.summary, article.text)
    return Counter(f"{{{{ brand.{name} }}}}" for text in texts for name, _ in terms_of(text))


def _links(article: Article) -> Counter[str]:
    return Counter(_target(link.destination) for link in article.links)


def _target(destination: str) -> str:
    """Where a link leads whatever the language: headings are called otherwise, files have another ending."""
    path, mark, fragment = destination.partition("#")
    if "://" in path or destination.startswith("mailto:"):
        return destination
    stem, ending = posixpath.splitext(path)
    shorter, _, language = stem.rpartition(".")
    named = f"{shorter}{ending}" if ending == ".md" and shorter and LANGUAGE.fullmatch(language) else path
    return named or f"{mark}{'' if fragment else fragment}"
