"""Makes a help centre of the shipped one that reads from right to left: its English in Arabic and in Hebrew letters.

What is said is nonsense of the same length. What counts is that every template meets it, with all that texts may hold.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from support import REPOSITORY

LETTERS = {"ar": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي", "he": "אבגדהוזחטיכלמנסעפצקרשת"}
_WORD = re.compile(r"\{[^{}]*\}|\{\{.*?\}\}|<[^>]*>|\S*[@:/_&]\S*|(?P<word>[A-Za-z]{2,})")
_KEPT = re.compile(r"^\s*(?:```|~~~|!!!|\?\?\?|===|\[|\|?\s*[-:|]+\s*\|?$)|\]\(|\{")
_DROPPED = (
    "brand:",
    "related:",
    "language:",
    "translates:",
    "redirect_from:",
    "tags:",
    "search:",
    "publish_at:",
    "expire_at:",
)


def in_letters(text: str, language: str) -> str:
    """Each word in other letters, as long as it was; addresses, tags and places for values stay."""
    letters = LETTERS[language]

    def change(match: re.Match[str]) -> str:
        word = match["word"]
        return "".join(letters[(ord(char) * 7) % len(letters)] for char in word.lower()) if word else match[0]

    return _WORD.sub(change, text)


def write_mirrored(root: Path) -> Path:
    """One brand a language, so that both are a source language; every form, every flow, every English article."""
    for language in LETTERS:
        _words(root, language)
        _brand(root, language)
    for folder in ("forms", "flows"):
        for file in (REPOSITORY / "content" / folder).glob("*.yml"):
            _write_yaml(root / f"content/{folder}/{file.name}", _spoken(_read_yaml(file)))
    for file in (REPOSITORY / "content").rglob("*.en.md"):
        for language in LETTERS:
            target = root / file.relative_to(REPOSITORY).parent / file.name.replace(".en.md", f".{language}.md")
            _write(target, _article(file.read_text("utf-8"), language))
    for file in (REPOSITORY / "content").rglob("*.svg"):
        _write(root / file.relative_to(REPOSITORY), file.read_text("utf-8"))
    return root


def _words(root: Path, language: str) -> None:
    words = _read_yaml(REPOSITORY / "i18n/en.yml")
    whole = {key: value if isinstance(value, str) else value["other"] for key, value in words.items()}
    _write_yaml(root / f"i18n/{language}.yml", {key: in_letters(value, language) for key, value in whole.items()})


def _brand(root: Path, language: str) -> None:
    tree = _spoken(_read_yaml(REPOSITORY / "themes/ondam/brand.yml"))
    channels = [{**channel, "languages": [language]} for channel in tree["channels"]]
    own = {"languages": [language], "channels": channels, "bridge": {"url": "/"}, "fallback": "notice"}
    url = f"https://{language}.example/"
    _write_yaml(root / f"themes/{language}/brand.yml", {**tree, **own, "url": url})
    for file in (REPOSITORY / "themes/ondam").glob("*.svg"):
        _write(root / f"themes/{language}/{file.name}", file.read_text("utf-8"))


def _spoken(value: Any) -> Any:
    """Every text in the two languages instead of its own."""
    if isinstance(value, dict) and {"ko", "en"} <= value.keys():
        return {language: in_letters(str(value["en"]), language) for language in LETTERS}
    if isinstance(value, dict) and not _is_translated(value.get("article", "")):
        value = {**value, "article": "faq/shipping/track"}
    if isinstance(value, dict):
        return {key: _spoken(inner) for key, inner in value.items() if key not in {"suggest", "related", "keywords"}}
    return [_spoken(inner) for inner in value] if isinstance(value, list) else value


def _is_translated(article: str) -> bool:
    return not article or (REPOSITORY / f"content/{article}.en.md").is_file()


def _article(source: str, language: str) -> str:
    _, front, text = source.split("---\n", 2)
    head = [line for line in front.splitlines() if line and not line.startswith((*_DROPPED, " ", "-"))]
    head = [_said(line, language) if line.startswith(("title:", "summary:")) else line for line in head]
    body = [line if _KEPT.search(line) else in_letters(line, language) for line in text.splitlines()]
    linked = re.sub(r"[\w-]+\.ko\.md", "index.en.md", "\n".join(body)).replace(".en.md", f".{language}.md")
    return "---\n" + "\n".join(head) + f"\n---\n{linked}\n"


def _said(line: str, language: str) -> str:
    key, _, text = line.partition(":")
    return f"{key}:{in_letters(text, language)}"


def _read_yaml(file: Path) -> Any:
    """Every scalar as it is written: `yes` is a word here."""
    return yaml.load(file.read_text("utf-8"), Loader=yaml.CBaseLoader)  # noqa: S506 -- makes nothing but texts


def _write_yaml(file: Path, tree: Any) -> None:
    _write(file, yaml.safe_dump(tree, allow_unicode=True, sort_keys=False))


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
