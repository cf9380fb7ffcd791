"""Owns the help centre that the figures of publishing are measured with: small, each page says which edit it shows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

_BRAND = """\
name: {ko: 다온, en: Daon}
url: https://help.daon.example/
zone: Asia/Seoul
languages: [ko, en]
email: help@daon.example
colours: {primary: "#1f6f54"}
"""
_FORM = """\
title: {ko: 문의하기, en: Contact us}
fields:
  - {name: email, type: email, required: true, label: {ko: 이메일, en: E-mail}}
  - {name: message, type: long_text, required: true, label: {ko: 내용, en: Message}}
privacy:
  purpose: {ko: 답변, en: To answer}
  items: {ko: "이메일, 내용", en: E-mail and message}
  retention: {ko: 180일, en: 180 days}
  refusal: {ko: 거부할 수 있어요, en: You may refuse}
"""
PAGE = "faq/billing/refund/index.html"
"""Where a portal shows the stamp."""


def write_centre(root: Path, stamp: int = 0, more: Mapping[str, str] | None = None) -> Path:
    """One brand in two languages."""
    files = {
        "themes/daon/brand.yml": _BRAND,
        "content/forms/inquiry.yml": _FORM,
        **{f"content/faq/billing/refund.{language}.md": article(stamp) for language in ("ko", "en")},
        **(more or {}),
    }
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    return root


def article(stamp: int, **keys: str) -> str:
    front = "".join(f"{name}: {value}\n" for name, value in keys.items())
    return f"---\ntitle: Refund\n{front}---\n\nstamp-{stamp}-end\n"


def stamp_in(text: str) -> int | None:
    """The edit that a page shows."""
    _, found, rest = text.partition("stamp-")
    return int(rest.partition("-end")[0]) if found else None
