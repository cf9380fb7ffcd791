"""Owns what a reader may say of an article, and how often it was said. Refuses to know who said it."""

from __future__ import annotations

from dataclasses import dataclass

REASONS = ("unclear", "wrong", "other")
"""Why an article did not help; said after `no`, and counted beside it."""
ANSWERS = ("yes", "no", *REASONS)
LONGEST_ARTICLE = 180
"""Characters of an article's id."""


@dataclass(frozen=True)
class Total:
    """How often one answer was given to one article."""

    brand: str
    language: str
    article: str
    answer: str
    count: int
