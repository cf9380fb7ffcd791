"""Owns what a check found. Refuses wording: its words are `doctor.<check>.<code>` of the tool's catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Level = Literal["ok", "warn", "fail", "skip"]


@dataclass(frozen=True)
class Finding:
    check: str
    level: Level
    code: str
    values: Mapping[str, object] = field(default_factory=dict)
