"""Owns the commands of writers: `init`, `check` and `audit`. Refuses to find anything wrong by itself."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from portal_builder.audit.facts import KINDS
from portal_builder.audit.walk import Audit, audit
from portal_builder.catalogue import Catalogue
from portal_builder.centre import chosen_portals, load_centre
from portal_builder.check import check
from portal_builder.commands.frame import short_path, spoken, with_root_option
from portal_builder.hints.tell import Hint, hints
from portal_builder.problem import Problem
from portal_builder.speech import print_json, print_problems
from portal_builder.starter import NotEmptyError, write_starter


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def init(folder: Path) -> None:
    try:
        count = write_starter(folder)
    except OSError as error:
        click.echo(spoken().say("cli.system", why=error.strerror or error, file=error.filename or folder), err=True)
        sys.exit(1)
    except NotEmptyError as error:
        click.echo(spoken().say("init.not_empty", folder=folder, name=error.name), err=True)
        sys.exit(1)
    click.echo(spoken().say("init.done", folder=folder, count=count, command=sys.argv[0]))


@click.command(name="check")
@with_root_option
@click.option("--strict", is_flag=True)
@click.option("--json", "as_json", is_flag=True)
def check_command(root: Path, strict: bool, as_json: bool) -> None:
    centre = load_centre(root)
    problems = check(centre)
    told = hints(centre, datetime.now(UTC), is_sound=not problems)
    words = spoken()
    if as_json:
        print_json([*(_problem_tree(one, words) for one in problems), *(_hint_tree(one, words) for one in told)])
    else:
        if problems:
            print_problems(problems, words)
        else:
            click.echo(words.say("check.good", articles=len(centre.library.articles), portals=len(centre.portals())))
        _print_hints(told, words)
    sys.exit(1 if problems or (strict and told) else 0)


def _print_hints(told: Sequence[Hint], words: Catalogue) -> None:
    if told:
        click.echo(words.say("check.hints", count=len(told)), err=True)
    for one in told:
        click.echo(one.text(words.words))


def _problem_tree(one: Problem, words: Catalogue) -> dict[str, object]:
    return {
        "level": "problem",
        "path": one.path,
        "line": one.line,
        "key": one.key,
        "message": one.message(words.words),
    }


def _hint_tree(one: Hint, words: Catalogue) -> dict[str, object]:
    message = one.message(words.words)
    where = {"path": one.path, "line": one.line, "key": f"audit.{one.rule}", "message": message}
    return {"level": "hint", **where, "kind": one.kind, "portals": one.portals}


@click.command(name="audit")
@with_root_option
@click.option("--portal", "portals", multiple=True, metavar="BRAND[/LANG]")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False))
@click.option("--json", "as_json", is_flag=True)
def audit_command(root: Path, portals: tuple[str, ...], out: Path | None, as_json: bool) -> None:
    words = spoken()
    out = (out or root / "build/site").resolve()
    found = audit(root, out, map(str, chosen_portals(load_centre(root), portals)))
    if not found.portals:
        click.echo(words.say("audit.nothing", out=short_path(out)), err=True)
        sys.exit(1)
    if as_json:
        print_json(
            {
                "portals": found.portals,
                "pages": found.pages,
                "found": [
                    asdict(one) | {"values": dict(one.values), "message": one.message(words.words)}
                    for one in found.reports
                ],
            }
        )
    else:
        _print_audit(found, words)
    sys.exit(1 if found.reports else 0)


def _print_audit(found: Audit, words: Catalogue) -> None:
    """The five kinds one after another, each with what was found of it."""
    counts = {"pages": found.pages, "portals": len(found.portals)}
    for kind in KINDS:
        reports = [report for report in found.reports if report.kind == kind]
        if reports:
            click.echo(words.say(f"audit.kind.{kind}"))
        for report in reports:
            click.echo(f"  {report.text(words.words)}")
    if found.reports:
        click.echo(words.say("audit.count", count=len(found.reports), **counts), err=True)
    else:
        click.echo(words.say("audit.good", **counts))
