"""Owns which inquiry goes where: the rules of `bridge.routes`, decided and explained. Pure: refuses disk and clock.

The first rule that fits decides; one with `also` lets later ones add to it. What no rule takes goes everywhere: too
many readers are a nuisance, none is a lost inquiry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from bridge.inquiry import Inquiry
from portal_builder.brand import Rule, When

Outcome = Literal["fits", "differs", "unreached"]


@dataclass(frozen=True)
class Facts:
    """What rules look at."""

    form: str
    language: str
    answers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    causes: Sequence[str] = ()
    polarities: Sequence[str] = ()


@dataclass(frozen=True)
class Difference:
    """Why a rule does not fit: what it wants, and what there is."""

    what: str
    wanted: Sequence[str]
    found: Sequence[str]


@dataclass(frozen=True)
class Verdict:
    """What became of one rule."""

    rule: str
    outcome: Outcome
    differences: Sequence[Difference] = ()


@dataclass(frozen=True)
class Pick:
    """Where a rule that fits sends the inquiry: to all of these, or to the one whose turn it is."""

    rule: str
    to: Sequence[str]
    turns: bool


@dataclass(frozen=True)
class Decision:
    verdicts: tuple[Verdict, ...]
    picks: tuple[Pick, ...]
    """Empty where no rule fits: then it goes everywhere."""


def facts_of(inquiry: Inquiry) -> Facts:
    return Facts(
        inquiry.form,
        inquiry.language,
        {answer.name: answer.values for answer in inquiry.answers},
        tuple(tag.cause for tag in inquiry.tags),
        tuple(tag.polarity for tag in inquiry.tags),
    )


def decide(rules: Sequence[Rule], facts: Facts) -> Decision:
    verdicts: list[Verdict] = []
    picks: list[Pick] = []
    decided = False
    for at, rule in enumerate(rules):
        name = rule_name(rule, at)
        if decided:
            verdicts.append(Verdict(name, "unreached"))
            continue
        differences = tuple(_differences(rule.when, facts))
        verdicts.append(Verdict(name, "differs" if differences else "fits", differences))
        if not differences:
            picks.append(Pick(name, rule.to, rule.turns))
            decided = not rule.also
    return Decision(tuple(verdicts), tuple(picks))


def rule_name(rule: Rule, at: int) -> str:
    return rule.name or f"#{at + 1}"


@dataclass(frozen=True)
class Routing:
    """The rules of one brand over the deliveries that its sinks make."""

    brand: str
    rules: Sequence[Rule]
    deliveries: Mapping[str, Sequence[str]]
    """By name of the entry: one, or one for each recipient."""

    def choose(self, facts: Facts, turn: Callable[[str, str], int]) -> tuple[str, ...]:
        """The deliveries of an inquiry; `turn` says whose turn it is, by brand and rule."""
        picks = decide(self.rules, facts).picks
        if not picks:
            return self._expanded(self.deliveries)
        return tuple(dict.fromkeys(way for pick in picks for way in self.picked(pick, turn)))

    def picked(self, pick: Pick, turn: Callable[[str, str], int]) -> tuple[str, ...]:
        """The deliveries of one rule."""
        ways = self._expanded(pick.to)
        return (ways[turn(self.brand, pick.rule) % len(ways)],) if pick.turns else ways

    def _expanded(self, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(way for name in names for way in self.deliveries[name]))


def _differences(when: When, facts: Facts) -> Iterable[Difference]:
    asked: tuple[tuple[str, Sequence[str], Sequence[str]], ...] = (
        ("form", when.form, (facts.form,)),
        ("language", when.language, (facts.language,)),
        ("cause", when.cause, facts.causes),
        ("polarity", when.polarity, facts.polarities),
        *((f"fields.{name}", wanted, facts.answers.get(name, ())) for name, wanted in when.fields.items()),
    )
    for what, wanted, found in asked:
        if wanted and not any(_fits(pattern, value) for pattern in wanted for value in found):
            yield Difference(what, tuple(wanted), tuple(found))


def _fits(pattern: str, value: str) -> bool:
    """`text` is the whole answer, `text*` its beginning, `*text` its end, `*text*` stands in it, `*` is any answer.

    >>> [_fits(pattern, "VIP-7 Kim") for pattern in ("*", "vip-*", "*kim", "*7*", "kim", "*x*")]
    [True, True, True, True, False, False]
    """
    text, value = pattern.strip("*").casefold(), value.casefold()
    if pattern.startswith("*") and pattern.endswith("*"):
        return bool(value.strip()) and text in value
    if pattern.startswith("*"):
        return value.endswith(text)
    return value.startswith(text) if pattern.endswith("*") else value == text
