"""Owns the documents that every generator gets: help-centre sized, the same on every run. Refuses to know a generator.

With a folder of real passages (`--data`, JSON lines with `title` and `body`) the text is theirs; without one it is made
of a small vocabulary. Nothing of a data folder is ever copied into the product.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SECTION = 10
"""Articles of one category."""
_PASSAGES = {"ko": ("seoul120",), "en": ("xquad-en",), "ja": ("jsquad",)}
_WORDS = {
    "ko": [
        "주문",
        "배송",
        "환불",
        "계정",
        "비밀번호",
        "결제",
        "카드",
        "영수증",
        "알림",
        "앱",
        "설정",
        "화면",
        "버튼",
        "고객",
        "상담",
        "접수",
        "확인",
        "변경",
        "취소",
        "반품",
        "교환",
        "회수",
        "기간",
        "안내",
    ],
    "en": [
        "order",
        "delivery",
        "refund",
        "account",
        "password",
        "payment",
        "card",
        "receipt",
        "notice",
        "app",
        "setting",
        "screen",
        "button",
        "customer",
    ],
    "ja": [
        "注文",
        "配送",
        "返金",
        "アカウント",
        "パスワード",
        "決済",
        "カード",
        "領収書",
        "通知",
        "アプリ",
        "設定",
        "画面",
        "ボタン",
        "お客様",
        "相談",
        "受付",
        "確認",
        "変更",
    ],
}
_ENDS = {"ko": "할 수 있습니다.", "en": "can be done.", "ja": "できます。"}


@dataclass(frozen=True)
class Text:
    """One document: plain CommonMark and tables, which every generator reads alike."""

    section: str
    slug: str
    title: str
    summary: str
    body: str
    next: str
    """The slug of its neighbour in the section, which it links to."""


def texts(count: int, language: str, data: Path | None, seed: int = 8) -> list[Text]:
    """So many documents in one language, 1 to 6 kB each."""
    dice = random.Random(f"{seed} {language}")  # noqa: S311 -- the same documents on every run
    passages = _passages(language, data, dice)
    return [_text(number, count, passages, dice) for number in range(count)]


def _text(number: int, count: int, passages: Sequence[tuple[str, str]], dice: random.Random) -> Text:
    title, lead = dice.choice(passages)
    section, place = f"area-{number // SECTION:03}", number % SECTION
    last = min(SECTION, count - number // SECTION * SECTION)
    neighbour = f"text-{number - place + (place + 1) % last:05}"
    parts = [lead] + [_part(passages, dice, part) for part in range(dice.randint(2, 5))]
    parts.append(f"[{title}]({neighbour}.md)")
    return Text(section, f"text-{number:05}", f"{title} {number}", lead[:80], "\n\n".join(parts), neighbour)


def _part(passages: Sequence[tuple[str, str]], dice: random.Random, number: int) -> str:
    (heading, first), (name, second) = dice.choice(passages), dice.choice(passages)
    steps = "\n".join(f"{step + 1}. {dice.choice(passages)[1][:60]}" for step in range(dice.randint(2, 4)))
    body = f"## {heading} {number}\n\n{first}\n\n{second[:200]} **{name}**, `{number}`.\n\n{steps}"
    if number == 1:
        body += f"\n\n| {heading[:12]} | {name[:12]} |\n|---|---|\n| {first[:20]} | {second[:20]} |\n| 1 | 2 |"
    return body


def _passages(language: str, data: Path | None, dice: random.Random) -> list[tuple[str, str]]:
    found = [*_read(data, language)] if data else []
    return found or [(_made(language, dice, 3), _made(language, dice, dice.randint(20, 60))) for _ in range(400)]


def _read(data: Path, language: str) -> Iterator[tuple[str, str]]:
    for name in _PASSAGES[language]:
        for line in (data / name / "docs.jsonl").read_text("utf-8").splitlines():
            entry = json.loads(line)
            body = _plain(entry["body"])
            yield _plain(entry["title"])[:60] or body[:30], body


def _plain(text: str) -> str:
    """Without characters that are markup to one generator and text to another."""
    return " ".join("".join(" " if mark in "<>[]{}()|*_`#:\\\"'&~!=^$" else mark for mark in text).split())


def _made(language: str, dice: random.Random, words: int) -> str:
    return " ".join(dice.choices(_WORDS[language], k=words)) + f" {_ENDS[language]}"
