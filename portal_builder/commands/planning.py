"""Owns the commands that look ahead: `next`, `schedule` and `diff`. Refuses to change anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import click
from babel.dates import format_timedelta

from portal_builder.agenda import Change
from portal_builder.catalogue import Catalogue
from portal_builder.centre import Centre, chosen_portals, load_centre
from portal_builder.commands.frame import Moment, asked_instant, spoken, warn_of_problems, with_root_option
from portal_builder.compare import Difference, PageDifference, difference
from portal_builder.history import committed
from portal_builder.ics import calendar
from portal_builder.instant import instant
from portal_builder.plan import plan
from portal_builder.speech import print_json


@click.command(name="next")
@with_root_option
@click.option("--at", "after", type=Moment())
@click.option("--json", "as_json", is_flag=True)
@click.option("--ics", "as_ics", is_flag=True)
def next_command(root: Path, after: datetime | None, as_json: bool, as_ics: bool) -> None:
    centre = load_centre(root)
    words = spoken()
    warn_of_problems(centre, words)
    begin = asked_instant(centre, after)
    if as_ics:
        due = [change for changes in centre.agenda.after(begin) for change in changes]
        click.echo(calendar(due, datetime.now(UTC), words), nl=False)
        return
    changes = next(centre.agenda.after(begin), ())
    if as_json:
        print_json({"at": changes[0].at if changes else None, "changes": [asdict(change) for change in changes]})
        return
    if not changes:
        click.echo(words.say("next.none"))
        return
    _print_changes(centre, words, changes, None)


@click.command()
@with_root_option
@click.option("--portal", "portals", multiple=True, metavar="BRAND[/LANG]")
@click.option("--at", "after", type=Moment())
@click.option("--until", type=Moment())
@click.option("--json", "as_json", is_flag=True)
def schedule(
    root: Path, portals: tuple[str, ...], after: datetime | None, until: datetime | None, as_json: bool
) -> None:
    centre = load_centre(root)
    words = spoken()
    warn_of_problems(centre, words)
    begin = asked_instant(centre, after)
    end = asked_instant(centre, until) if until else None
    wanted = {str(portal) for portal in chosen_portals(centre, portals)}
    days = [
        shown
        for changes in centre.agenda.after(begin, end)
        if (shown := tuple(change for change in changes if change.portal in wanted))
    ]
    if as_json:
        print_json([{"at": changes[0].at, "changes": [asdict(change) for change in changes]} for changes in days])
        return
    for changes in days:
        _print_changes(centre, words, changes, begin)
    if not days:
        click.echo(words.say("next.none"))


@click.command()
@with_root_option
@click.option("--at", "instants", type=Moment(), multiple=True, required=True)
@click.option("--portal", "portals", multiple=True, metavar="BRAND[/LANG]")
@click.option("--json", "as_json", is_flag=True)
def diff(root: Path, instants: tuple[datetime, ...], portals: tuple[str, ...], as_json: bool) -> None:
    words = spoken()
    if len(instants) > 2:
        raise click.UsageError(words.say("diff.two"))
    centre = load_centre(root, committed(root))
    warn_of_problems(centre, words)
    early, late = instants if len(instants) == 2 else (datetime.now(UTC), *instants)
    found = [*_differences(centre, portals, early, late)]
    if as_json:
        print_json([asdict(one) for one in found])
        return
    for one in found:
        if not one.is_none:
            _print_difference(words, one)
    if all(one.is_none for one in found):
        click.echo(words.say("diff.none"))


def _differences(centre: Centre, portals: Iterable[str], early: datetime, late: datetime) -> Iterator[Difference]:
    for portal in chosen_portals(centre, portals):
        zone = centre.brands[portal.brand].zone
        yield difference(plan(centre, portal, instant(early, zone)), plan(centre, portal, instant(late, zone)))


def _print_difference(words: Catalogue, found: Difference) -> None:
    counts = {name: len(getattr(found, name)) for name in ("appear", "change", "go")}
    click.echo(words.say("diff.portal", portal=found.portal, **counts))
    if found.everywhere:
        click.echo("  " + words.say("diff.everywhere", parts=", ".join(found.everywhere)))
    for sign, pages in (("+", found.appear), ("~", found.change), ("-", found.go)):
        for page in pages:
            click.echo(f"  {sign} {page.url or '/'}  {page.title}{_parts(page)}")


def _parts(page: PageDifference) -> str:
    return f" ({', '.join(page.parts)})" if page.parts else ""


def _print_changes(centre: Centre, words: Catalogue, changes: Sequence[Change], begin: datetime | None) -> None:
    """An instant on the clocks of those whom it concerns, and what happens then: one line a text."""
    at = changes[0].at
    zones = dict.fromkeys(centre.brands[change.brand].zone for change in changes)
    clocks = ", ".join(f"{at.astimezone(zone):%Y-%m-%d %H:%M} ({zone})" for zone in zones)
    click.echo(f"{clocks}, {_distance(at - begin, words)}" if begin else clocks)
    for (event, article, path), group in groupby(sorted(changes, key=_text), key=_text):
        where = ", ".join(change.portal for change in group)
        click.echo("  " + words.say(f"next.{event}", portal=where, article=article, path=path))


def _text(change: Change) -> tuple[str, str, str]:
    return change.event, change.article, change.path


def _distance(distance: Any, words: Catalogue) -> str:
    return format_timedelta(distance, add_direction=True, locale=words.language)
