"""Owns a help centre made of the documents: brands, languages, how many articles brands share. Refuses to build it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bench.build.corpus import Text, texts

_BRAND = """\
name: {name}
url: https://help.{name}.example/
zone: Asia/Seoul
languages: [{languages}]
email: help@{name}.example
colours: {{primary: "#1f6f54"}}
terms:
  app: {name} app
"""
_FORM = """\
title: Contact us
fields:
  - {name: email, type: email, required: true, label: E-mail}
  - {name: message, type: long_text, required: true, label: Message}
privacy: {purpose: To answer, items: E-mail and message, retention: 180 days, refusal: You may refuse}
"""


@dataclass(frozen=True)
class Shape:
    """How large a help centre is."""

    brands: int
    languages: tuple[str, ...]
    articles: int
    """Of each portal."""
    shared: float = 0.0
    """Which part of them all brands show."""


def write_centre(root: Path, shape: Shape, data: Path | None) -> Path:
    """A help centre with nothing in it but these articles."""
    names = [f"brand{number:02}" for number in range(shape.brands)]
    for name in names:
        _write(root / "themes" / name / "brand.yml", _BRAND.format(name=name, languages=", ".join(shape.languages)))
    _write(root / "content/forms/inquiry.yml", _FORM)
    common = round(shape.articles * shape.shared)
    for language in shape.languages:
        for text in texts(common, language, data, seed=1):
            _article(root, text, language, "all", "shared")
        for number, name in enumerate(names):
            for text in texts(shape.articles - common, language, data, seed=100 + number):
                _article(root, text, language, name, name)
    return root


def _article(root: Path, text: Text, language: str, brand: str, folder: str) -> None:
    front = f"---\ntitle: {text.title!r}\nsummary: {text.summary!r}\nbrand: {brand}\n---\n\n"
    body = text.body.replace(f"({text.next}.md)", f"({text.next}.{language}.md)")
    _write(root / "content/faq" / f"{folder}-{text.section}" / f"{text.slug}.{language}.md", front + body + "\n")


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
