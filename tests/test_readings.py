"""Articles that are remembered are those that would be read: after edits, touches, damage, and with every key."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from portal_builder import library
from portal_builder.article import Article, read_article
from portal_builder.library import load_library
from portal_builder.readings import READINGS
from support import article, write_tree

EVERY_KEY = """---
title: "{{ brand.name }}: 글"
summary: 한 줄
brand: [daon, "010"]
language: ko
publish_at: 2026-12-01 09:00
expire_at: "2027-01-01T00:00:00+09:00"
instead: faq/b
order: 010
pinned: yes
tags: a, b
related: [faq/b]
form: inquiry
redirect_from: [faq/old, "faq/older#part", {faq/oldest#part: heading}]
platform: ios
severity: outage
owner: "@team"
review_by: 2027-05-01
translates: 0123
search: {keywords: [말, 글], exclude: yes}
attachments: a.pdf
---

## 절 *하나* {#own}

본문 [b](b.ko.md) ![그림](<a b.png>)

## 절
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    files = {f"content/faq/{name}.ko.md": article(f"글 {name}", "본문") for name in "abcdef"}
    return write_tree(tmp_path, {**files, "content/faq/every.ko.md": EVERY_KEY})


def read_anew(root: Path) -> tuple[Article, ...]:
    """What a help centre without a memory reads."""
    files = sorted((root / "content").rglob("*.md"))
    found = [read_article(file.read_text("utf-8"), file.relative_to(root).as_posix())[0] for file in files]
    return tuple(one for one in found if one)


def settled(root: Path) -> None:
    """Files that were written long before anybody remembered them."""
    for file in (root / "content").rglob("*.md"):
        os.utime(file, (1_700_000_000, 1_700_000_000))
    shelves = (root / READINGS).iterdir() if (root / READINGS).is_dir() else ()
    for shelf in shelves:
        os.utime(shelf, (4_000_000_000, 4_000_000_000))


def test_what_is_remembered_is_what_would_be_read(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By stamp and by text; every key of the front matter; and nothing is parsed for it."""
    settled(root)
    first = load_library(root)[0].articles
    settled(root)
    parsed: list[str] = []

    def counted(text: str, path: str) -> object:
        parsed.append(path)
        return read_article(text, path)

    monkeypatch.setattr(library, "read_article", counted)
    again = load_library(root)[0].articles
    assert again == first == read_anew(root)
    assert [(one.anchors, one.links) for one in again] == [(one.anchors, one.links) for one in read_anew(root)]
    assert parsed == []
    for file in (root / "content").rglob("*.md"):
        os.utime(file)
    assert load_library(root)[0].articles == first
    assert parsed == [], "a check-out writes files anew, with the same in them"
    write_tree(root, {"content/faq/a.ko.md": article("글 neu", "본문"), "content/faq/g.ko.md": article("글 g", "본문")})
    (root / "content/faq/b.ko.md").unlink()
    assert load_library(root)[0].articles == read_anew(root)
    assert sorted(parsed) == ["content/faq/a.ko.md", "content/faq/g.ko.md"]


@pytest.mark.parametrize("keep", [0, 20, -3])
def test_a_damaged_memory_is_none(keep: int, root: Path) -> None:
    """Files of it that are cut, or of which a byte is another one."""
    load_library(root)
    for shelf in (root / READINGS).iterdir():
        data = bytearray(shelf.read_bytes())
        data[len(data) // 2] ^= 1
        shelf.write_bytes(bytes(data) if keep < 0 else bytes(data[:keep]))
    assert load_library(root)[0].articles == read_anew(root)


def test_a_fault_is_told_every_time(root: Path) -> None:
    """A file with a problem is read each time: what is wrong with it is not remembered, and not forgotten."""
    write_tree(root, {"content/faq/x.ko.md": "---\ntitel: x\n---\nx"})
    problems = load_library(root)[1]
    assert problems
    assert load_library(root)[1] == problems
