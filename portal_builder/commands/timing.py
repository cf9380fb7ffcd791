"""Owns the command that tells what is built and whether it is still right: `status`. Refuses to change anything."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from portal_builder.catalogue import Catalogue
from portal_builder.centre import Centre, load_centre
from portal_builder.check import check
from portal_builder.commands.frame import local_time, spoken, warn_of_problems, with_root_option
from portal_builder.commands.publishing import as_data, releases_of, said_late
from portal_builder.history import committed
from portal_builder.speech import print_json, table_lines
from portal_builder.status import portal_states, reviews_due

_SHOWN = 3
"""So many of the last releases are told."""


@click.command()
@with_root_option
@click.option("--out", type=click.Path(path_type=Path, file_okay=False))
@click.option("--json", "as_json", is_flag=True)
def status(root: Path, out: Path | None, as_json: bool) -> None:
    centre = load_centre(root, committed(root))
    words = spoken()
    now = datetime.now(UTC)
    states = portal_states(centre, (out or root / "build/site").resolve(), now)
    reviews = reviews_due(centre, now)
    if as_json:
        due = centre.next_change(now)
        print_json(
            {
                "portals": [asdict(state) for state in states],
                "problems": len(check(centre)),
                "next_change": due.isoformat() if due else None,
                "reviews_due": [asdict(review) for review in reviews],
                "releases": [as_data(one) for one in releases_of(centre.root)[::-1]],
            }
        )
        return
    _print_status(centre, words, now, states, reviews)


def _print_status(centre: Centre, words: Catalogue, now: datetime, states: Any, reviews: Any) -> None:
    head = [words.say(f"status.{name}") for name in ("portal", "pages", "state", "built")]
    rows = [
        (
            state.portal,
            str(state.pages or "-"),
            words.say(f"status.{state.state}"),
            local_time(state.built_at, centre.brands) if state.built_at else "-",
        )
        for state in states
    ]
    for line in table_lines(head, rows):
        click.echo(line)
    due = centre.next_change(now)
    click.echo(words.say("build.next", at=local_time(due, centre.brands)) if due else words.say("next.none"))
    for one in releases_of(centre.root)[: -_SHOWN - 1 : -1]:
        click.echo(words.say("status.release", number=one.number, at=local_time(one.published, centre.brands),
                             late=said_late(words, one)))  # fmt: skip  # one sentence
    warn_of_problems(centre, words)
    for review in reviews:
        click.echo(words.say("status.review", path=review.path, owner=review.owner, day=review.review_by))
