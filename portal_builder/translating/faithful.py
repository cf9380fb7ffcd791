"""Owns what a translation must have in common with its source: terms, links, headings, code, marks of brands and
devices. Refuses to judge its words.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator

from portal_builder.article import Article
from portal_builder.links import headings, terms_of
from portal_builder.problem import Problem
from portal_builder.schema import LANGUAGE

_MARK = re.compile(r"<!--[ \t]*(/?(?:brand|platform)\b[^>\n]*?)[ \t]*-->")
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
