"""Owns the command `fold`. Refuses to decide what moves."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from portal_builder.catalogue import Catalogue
from portal_builder.centre import load_centre
from portal_builder.check import check
from portal_builder.commands.frame import Moment, asked_instant, spoken, with_root_option
from portal_builder.fold import Fold, fold_at
from portal_builder.folding import UncommittedError, carry_out
from portal_builder.problem import ContentError
from portal_builder.speech import print_json


@click.command()
@with_root_option
@click.option("--at", "current_at", type=Moment())
@click.option("--dry-run", "is_dry", is_flag=True)
@click.option("--json", "as_json", is_flag=True)
def fold(root: Path, current_at: datetime | None, is_dry: bool, as_json: bool) -> None:
    words, now = spoken(), datetime.now(UTC)
    centre = load_centre(root)
    problems = check(centre)
    if problems:
        raise ContentError(problems)
    at = asked_instant(centre, current_at) if current_at else now
    if at > now and not is_dry:  # the text that is shown until then would be lost
        raise click.UsageError(words.say("fold.future"))
    planned = fold_at(centre, at)
    if not is_dry:
        try:
            carry_out(root, planned)
        except UncommittedError as error:
            click.echo(words.say("fold.uncommitted", paths="\n  ".join(error.paths)), err=True)
            sys.exit(1)
    if as_json:
        print_json(asdict(planned))
    else:
        _print_fold(words, planned, is_dry=is_dry)


def _print_fold(words: Catalogue, planned: Fold, *, is_dry: bool) -> None:
    for source, target in (*planned.texts, *planned.pictures):
        click.echo(f"{source} -> {target}")
    for path in planned.removed:
        click.echo(words.say("fold.removed", path=path))
    for one in planned.staying:
        click.echo(words.say(f"fold.{one.why}", path=one.path, other=one.other))
    if not planned.touched:
        click.echo(words.say("fold.nothing"))
    else:
        click.echo(words.say("fold.dry" if is_dry else "fold.done", count=len(planned.texts)))
