"""Owns `haedap-bridge route`: where an inquiry would go, and why. Refuses to send one, or to take anybody's turn."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from bridge.centre import Centre, load_centre
from bridge.commands.console import kindly, root_option
from bridge.datafolder import DataFolder
from bridge.intake.compose import tags_of
from bridge.routing.rules import Decision, Difference, Facts, Routing, decide
from bridge.settingsfile import read_settings
from bridge.store import open_store
from portal_builder.brand import Brand
from portal_builder.catalogue import Catalogue
from portal_builder.form import Form, forms_of

T = TypeVar("T")


def route_command(words: Catalogue) -> click.Command:
    def run(root: Path | None, as_json: bool, explain: bool, **asked: Any) -> None:
        with kindly(words):
            centre = load_centre((root or Path()).resolve())
            brand = _brand(words, centre, asked["brand"])
            facts = _facts(words, centre, brand, asked)
            turn = _turns(root)
        routing = centre.routing(brand)
        decision, to = decide(routing.rules, facts), routing.choose(facts, turn)
        if as_json:
            click.echo(json.dumps(_tree(brand, facts, decision, to), ensure_ascii=False, indent=2))
            return
        if explain:
            click.echo("\n".join(_explained(words, decision, routing, turn)))
        click.echo(words.say("bridge.route.to", to=", ".join(to)))

    params: list[click.Parameter] = [
        root_option(words),
        click.Option(["--json", "as_json"], is_flag=True, help=words.say("bridge.help.json")),
        click.Option(["--explain"], is_flag=True, help=words.say("bridge.help.route_explain")),
        click.Option(["--brand"], help=words.say("bridge.help.route_brand")),
        click.Option(["--form"], help=words.say("bridge.help.route_form")),
        click.Option(["--language"], help=words.say("bridge.help.route_language")),
        click.Option(["--field", "fields"], multiple=True, metavar="N=V", help=words.say("bridge.help.route_field")),
    ]
    return click.Command("route", params=params, callback=run, help=words.say("bridge.help.route"))


def _brand(words: Catalogue, centre: Centre, name: str | None) -> Brand:
    if name is None and len(centre.brands) == 1:
        return next(iter(centre.brands.values()))
    return _one(words, "no_brand", centre.brands, name)


def _facts(words: Catalogue, centre: Centre, brand: Brand, asked: Mapping[str, Any]) -> Facts:
    forms = {form.name: form for form in forms_of(centre.forms, brand)}
    form = _one(words, "no_form", forms, asked["form"] or next(iter(forms), None))
    languages = {language: language for language in brand.languages}
    language = _one(words, "no_language", languages, asked["language"] or brand.source_language)
    answers = _answers(words, form, asked["fields"])
    tags = tuple(tags_of(form.fields, answers))
    return Facts(form.name, language, answers, [tag.cause for tag in tags], [tag.polarity for tag in tags])


def _answers(words: Catalogue, form: Form, given: Sequence[str]) -> dict[str, tuple[str, ...]]:
    answers: dict[str, tuple[str, ...]] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals:
            raise click.UsageError(words.say("bridge.route.field_form", given=text))
        _one(words, "no_field", {field.name: field for field in form.fields}, name)
        answers[name] = (*answers.get(name, ()), value)
    return answers


def _one(words: Catalogue, key: str, known: Mapping[str, T], name: str | None) -> T:
    if name is None or name not in known:
        raise click.UsageError(words.say(f"bridge.route.{key}", name=name or "", known=", ".join(known)))
    return known[name]


def _turns(root: Path | None) -> Callable[[str, str], int]:
    """Whose turn it is, where there is an inbox that knows."""
    settings = read_settings(root)
    where = settings.inbox(DataFolder(settings.data or (root or Path()) / "var").database)
    if isinstance(where, Path) and not where.is_file():
        return lambda _brand, _rule: 0
    store = open_store(where, owner=False)

    def turn(brand: str, rule: str) -> int:
        return store.turn(brand, rule)

    return turn


def _explained(
    words: Catalogue, decision: Decision, routing: Routing, turn: Callable[[str, str], int]
) -> Sequence[str]:
    lines = []
    for verdict in decision.verdicts:
        why = "; ".join(_said(words, difference) for difference in verdict.differences)
        lines.append(words.say(f"bridge.route.{verdict.outcome}", rule=verdict.rule, why=why))
    lines += [
        words.say("bridge.route.turn", rule=pick.rule, to=routing.picked(pick, turn)[0])
        for pick in decision.picks
        if pick.turns
    ]
    return lines if decision.picks else [*lines, words.say("bridge.route.everywhere")]


def _said(words: Catalogue, difference: Difference) -> str:
    found = ", ".join(difference.found) or words.say("bridge.route.nothing")
    wanted = " | ".join(difference.wanted)
    return words.say("bridge.route.difference", what=difference.what, wanted=wanted, found=found)


def _tree(brand: Brand, facts: Facts, decision: Decision, to: Sequence[str]) -> Mapping[str, Any]:
    return {
        "brand": brand.folder,
        "form": facts.form,
        "language": facts.language,
        "to": list(to),
        "everywhere": not decision.picks,
        "rules": [
            {
                "rule": verdict.rule,
                "outcome": verdict.outcome,
                "differences": [
                    {"what": one.what, "wanted": list(one.wanted), "found": list(one.found)}
                    for one in verdict.differences
                ],
            }
            for verdict in decision.verdicts
        ],
    }
