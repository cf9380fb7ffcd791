"""Owns what can be wrong with a brand's rules, each with its line. Refuses to decide where an inquiry goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bridge.routing.rules import rule_name
from bridge.sinks import Route
from portal_builder.brand import Brand, Rule
from portal_builder.form import CHOICES, Form, FormField
from portal_builder.problem import Problem, nearest
from portal_builder.yamlfile import Loc

_PLACE: Loc = ("bridge", "routes")


def check_rules(brand: Brand, routes: Sequence[Route], forms: Mapping[str, Form]) -> tuple[Problem, ...]:
    """Names that lead nowhere, rules that nothing reaches, entries that nothing is sent to."""
    rules = brand.file.bridge.routes
    own = {name: form for name, form in forms.items() if form.for_brand(brand.folder)}
    problems = [problem for at, rule in enumerate(rules) for problem in _rule(brand, (*_PLACE, at), rule, routes, own)]
    problems += _unreached(brand, rules)
    if rules:
        used = {name for rule in rules for name in rule.to}
        problems += [
            brand.problem(("bridge", "deliver", route.at), "bridge.sink_unused", name=route.name)
            for route in routes
            if route.name not in used
        ]
    return tuple(problems)


def _unreached(brand: Brand, rules: Sequence[Rule]) -> Iterable[Problem]:
    """Behind a rule that fits everything, and is no `also`, nothing comes any more."""
    names = [rule_name(rule, at) for at, rule in enumerate(rules)]
    for at, name in enumerate(names):
        if name in names[:at]:
            yield brand.problem((*_PLACE, at), "bridge.rule_twice", rule=name)
    ends = next((at for at, rule in enumerate(rules) if not rule.also and not rule.when.model_fields_set), None)
    if ends is not None and ends + 1 < len(rules):
        yield brand.problem((*_PLACE, ends + 1), "bridge.rule_unreached", rule=names[ends + 1], by=names[ends])


def _rule(
    brand: Brand, place: Loc, rule: Rule, routes: Sequence[Route], forms: Mapping[str, Form]
) -> Iterable[Problem]:
    when = rule.when
    asked = [form for name, form in forms.items() if not when.form or name in when.form]
    causes = [option.tags.cause for form in asked for field in form.fields for option in field.options if option.tags]
    lists: tuple[tuple[Loc, Sequence[str], Sequence[str]], ...] = (
        (("to",), rule.to, [route.name for route in routes]),
        (("when", "form"), when.form, list(forms)),
        (("when", "language"), when.language, brand.languages),
        (("when", "polarity"), when.polarity, ("negative", "neutral", "positive")),
        (("when", "cause"), [cause for cause in when.cause if "*" not in cause], causes),
    )
    for loc, given, known in lists:
        for name in given:
            if name not in known:
                yield _unknown(brand, (*place, *loc), str(loc[-1]), name, known)
    for name, values in when.fields.items():
        fields = [field for form in asked if (field := form.field(name))]
        known_names = [field.name for form in asked for field in form.fields]
        if asked and not fields:
            yield _unknown(brand, (*place, "when", "fields", name), "fields", name, known_names)
        yield from _values(brand, (*place, "when", "fields", name), values, fields)


def _values(brand: Brand, place: Loc, values: Sequence[str], fields: Sequence[FormField]) -> Iterable[Problem]:
    """A value that no option has would never be answered."""
    if not fields or any(field.type not in CHOICES for field in fields):
        return
    known = [option.value for field in fields for option in field.options]
    for value in values:
        if "*" not in value and value not in known:
            yield _unknown(brand, place, str(place[-1]), value, known)


def _unknown(brand: Brand, place: Loc, key: str, name: str, known: Sequence[str]) -> Problem:
    guess = nearest(name, known) or next(iter(known), "")
    values = {"key": key, "name": name, "known": ", ".join(dict.fromkeys(known)), "nearest": guess}
    return brand.problem(place, "bridge.rule_unknown", **values)
