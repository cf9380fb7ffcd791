"""Owns in which zone a person is told a moment: that of the brand it is about. Refuses to stop at broken files: whoever
looks something up is not mending brands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from pathlib import Path

from portal_builder.brand import load_brands


@dataclass(frozen=True)
class Zones:
    by_brand: Mapping[str, tzinfo] = field(default_factory=dict)

    def of(self, brand: str) -> tzinfo:
        return self.by_brand.get(brand, self.first)

    @property
    def first(self) -> tzinfo:
        """That of the first brand, for what is about several."""
        return next(iter(self.by_brand.values()), UTC)

    def text(self, moment: datetime, brand: str) -> str:
        """`2026-11-21 12:04 KST`."""
        return f"{moment.astimezone(self.of(brand)):%Y-%m-%d %H:%M %Z}"

    def begin(self, day: date, brand: str | None) -> datetime:
        """The first moment of a day."""
        zone = self.of(brand) if brand else self.first
        return datetime.combine(day, time(), zone)

    def end(self, day: date, brand: str | None) -> datetime:
        """The first moment after a day."""
        return self.begin(day + timedelta(days=1), brand)


def read_zones(root: Path) -> Zones:
    brands, _ = load_brands(root)
    return Zones({brand.folder: brand.zone for brand in brands.values()})
