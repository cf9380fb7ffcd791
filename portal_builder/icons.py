"""Owns what `:shortcodes:` in articles become: Material's icons drawn inline, emoji as characters. Refuses pictures
from another host, which Material's own generator uses for emoji."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element


def to_icon_or_character(index: str, shortname: str, alias: str, uc: str | None, *rest: Any) -> Element | str:
    """A generator as `pymdownx.emoji` calls it (its documentation, "Custom generators")."""
    from material.extensions.emoji import to_svg  # noqa: PLC0415 -- brings every emoji there is; few texts name one
    from pymdownx.emoji import to_alt  # noqa: PLC0415 -- as above

    found: Element | str = (to_alt if uc else to_svg)(index, shortname, alias, uc, *rest)
    return found
