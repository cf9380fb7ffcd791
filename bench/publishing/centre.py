"""Owns the help centre that the figures of publishing are measured with: small, each page says which edit it shows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bridge import testing

PAGE = "faq/billing/refund/index.html"
"""Where a portal shows the stamp."""


def write_centre(root: Path, stamp: int = 0, more: Mapping[str, str] | None = None) -> Path:
    """One brand in two languages."""
    files = {
        **{f"content/faq/billing/refund.{language}.md": article(stamp) for language in ("ko", "en")},
        **(more or {}),
    }
    testing.write_centre(root)
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
