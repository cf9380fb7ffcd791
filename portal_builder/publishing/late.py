"""Owns a help centre's folder of which no more is read than is asked for. Refuses to judge what is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from portal_builder.brand import Brand, load_brands

if TYPE_CHECKING:  # loading what reads texts takes longer than most releases
    from portal_builder.centre import Centre


@dataclass(frozen=True)
class LateCentre:
    """A help centre; where words alone changed, nobody asks for more than its brands."""

    root: Path

    @cached_property
    def brands(self) -> Mapping[str, Brand]:
        """By folder, those that can be read; what is wrong with the others is said by whoever builds."""
        return load_brands(self.root)[0]

    @cached_property
    def whole(self) -> Centre:
        """All of it, with when git says that each text was changed."""
        from portal_builder.centre import load_centre  # noqa: PLC0415 -- as above
        from portal_builder.history import committed  # noqa: PLC0415 -- as above

        return load_centre(self.root, committed(self.root))
