"""Owns what a report counts: which articles helped, and what customers asked all the same. Refuses the database, the
terminal and everything that a customer typed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bridge.feedback import REASONS, Total
from bridge.records.zones import Zones
from bridge.store.people import Asked

ENOUGH = 5
"""Answers from which on a share says something; articles with fewer are listed behind those with more."""
COLUMNS = (
    "section", "brand", "language", "article", "form", "cause", "polarity", "day", "count",
    "yes", "no", "share", *REASONS,
)  # fmt: skip  # one row reads as one table
"""Of the table for spreadsheets."""


@dataclass(frozen=True)
class ArticleCount:
    """What readers said of an article in one language."""

    brand: str
    language: str
    article: str
    said: Mapping[str, int]

    @property
    def answers(self) -> int:
        """A reason comes on top of a `no`, and is no answer of its own."""
        return self.said.get("yes", 0) + self.said.get("no", 0)

    @property
    def share(self) -> float | None:
        """Of those who were helped; None where nobody said yes or no."""
        return round(self.said.get("yes", 0) / self.answers, 3) if self.answers else None

    def tree(self) -> dict[str, Any]:
        own = {"brand": self.brand, "language": self.language, "article": self.article}
        counts = {answer: self.said.get(answer, 0) for answer in ("yes", "no")}
        return own | counts | {"share": self.share} | {reason: self.said.get(reason, 0) for reason in REASONS}


@dataclass(frozen=True)
class Asking:
    """What customers asked, counted four ways. An inquiry without a tag is in no cause, one with two is in both."""

    total: int = 0
    forms: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    causes: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    days: Counter[tuple[str, str]] = field(default_factory=Counter)

    def tree(self) -> dict[str, Any]:
        return {
            "total": self.total,
            "forms": _rows(("brand", "language", "form"), self.forms.most_common()),
            "causes": _rows(("brand", "cause", "polarity"), self.causes.most_common()),
            "days": _rows(("day", "brand"), sorted(self.days.items())),
        }


@dataclass(frozen=True)
class Report:
    articles: tuple[ArticleCount, ...]
    asking: Asking

    def tree(self) -> dict[str, Any]:
        """As `report --json` prints it (fixed)."""
        return {"articles": [article.tree() for article in self.articles], "inquiries": self.asking.tree()}

    def table(self) -> Iterator[Sequence[str]]:
        """For spreadsheets: every figure in one table, whose first column says which kind of row it is."""
        tree = self.tree()
        inquiries = tree["inquiries"]
        sections = {"article": tree["articles"], **{name[:-1]: inquiries[name] for name in ("forms", "causes", "days")}}
        yield COLUMNS
        for section, rows in sections.items():
            for row in rows:
                cells = {"section": section} | row
                yield [_cell(cells.get(column)) for column in COLUMNS]


def articles_of(totals: Iterable[Total]) -> tuple[ArticleCount, ...]:
    """Where there is most to mend comes first: enough answers, the lowest share, the most answers."""
    said: dict[tuple[str, str, str], dict[str, int]] = {}
    for total in totals:
        said.setdefault((total.brand, total.language, total.article), {})[total.answer] = total.count
    found = [ArticleCount(*names, counts) for names, counts in said.items()]
    return tuple(sorted(found, key=_urgency))


def asking_of(asked: Iterable[Asked], zones: Zones) -> Asking:
    """Days are those of each brand's zone."""
    asking, total = Asking(), 0
    for one in asked:
        total += 1
        day = one.received_at.astimezone(zones.of(one.brand)).date().isoformat()
        asking.forms[one.brand, one.language, one.form] += 1
        asking.days[day, one.brand] += 1
        asking.causes.update({(one.brand, tag.cause, tag.polarity) for tag in one.tags})
    return Asking(total, asking.forms, asking.causes, asking.days)


def _urgency(article: ArticleCount) -> tuple[Any, ...]:
    share = 1.0 if article.share is None else article.share
    return (article.answers < ENOUGH, share, -article.answers, article.brand, article.article, article.language)


def _rows(names: Sequence[str], counts: Iterable[tuple[Sequence[str], int]]) -> list[dict[str, Any]]:
    return [dict(zip(names, key, strict=True)) | {"count": count} for key, count in counts]


def _cell(value: object) -> str:
    return "" if value is None else str(value)
