"""Owns how a customer's way through a guided answer is told, and found again in an address. Builder and bridge call it
alike; it refuses articles, pages and HTML.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from portal_builder.brand import Brand
from portal_builder.flow import FOLDER, Flow, Turn
from portal_builder.links import with_terms
from portal_builder.schema import LocalText

_PAGE = re.compile(rf"(?:^|/){FOLDER}/(?P<flow>[a-z0-9-]+)(?P<key>(?:\.[a-z0-9_-]+)*)/?(?:[?#].*)?$")
Say = Callable[[LocalText], str]


def turn_address(flow: Flow, turn: Turn) -> str:
    """Where a turn's page lies in every portal."""
    return f"{FOLDER}/{flow.name}{turn.key}/"


def path_view(flow: Flow, turn: Turn, say: Say) -> list[dict[str, str]]:
    """What was answered, and where each question can be answered anew."""
    return [
        {
            "question": say(step.title),
            "answer": say(answer.label),
            "url": turn_address(flow, Turn(step, turn.path[:number])),
        }
        for number, (step, answer) in enumerate(turn.path)
    ]


def turn_of(page: str, flows: Iterable[Flow]) -> tuple[Flow, Turn] | None:
    """The turn whose page an address names; None where it names another page, or one that is no longer there."""
    named = _PAGE.search(page)
    flow = next((flow for flow in flows if named and flow.name == named["flow"]), None)
    if named is None or flow is None:
        return None
    turn = next((turn for turn in flow.turns() if turn.key == named["key"]), None)
    return (flow, turn) if turn else None


def speaker(brand: Brand, language: str) -> Say:
    """How a flow's texts read to the customers of a brand, its terms told."""

    def term(name: str) -> str | None:
        text = brand.term(name)
        return brand.say(text, language) if text else None

    return lambda text: with_terms(brand.say(text, language), term)
