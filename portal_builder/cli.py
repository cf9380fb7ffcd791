"""Owns the `haedap` command: what is asked, what is answered, with which exit code. Refuses to do the work itself.

Exit codes: 0 done, 1 the content has problems, 2 wrong usage.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click

from portal_builder.agenda import next_changes
from portal_builder.audit.facts import KINDS
from portal_builder.audit.walk import Audit, audit
from portal_builder.build import WORK, Built, Order, build
from portal_builder.catalogue import Catalogue
from portal_builder.centre import Centre, UnknownPortalError, chosen_portals, load_centre
from portal_builder.check import check
from portal_builder.history import committed
from portal_builder.instant import instant, parse_moment
from portal_builder.press import PressError
from portal_builder.preview import serve_preview
from portal_builder.problem import ContentError
from portal_builder.speech import print_json, print_problems, table_lines, tool_words
from portal_builder.starter import NotEmptyError, write_starter
from portal_builder.status import portal_states, reviews_due

_WRITERS = ("content", "scheduled", "themes", "i18n")


class _Moment(click.ParamType[datetime]):
    """An instant as writers spell it."""

    name = "instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            return value if isinstance(value, datetime) else parse_moment(value)
        except ValueError:
            self.fail(_words().say("cli.moment", given=value), param, ctx)


def _words() -> Catalogue:
    return tool_words(os.environ)


ROOT = click.Path(path_type=Path, file_okay=False)


def _root_option(command: Callable[..., None]) -> Callable[..., None]:
    """Every command works on any help centre: `--root DIR`, the current folder without it."""

    @click.option("--root", type=ROOT, default=Path(), metavar="DIR")
    @wraps(command)
    def with_root(root: Path, **options: Any) -> None:
        if not (root / "content").is_dir() or not (root / "themes").is_dir():
            raise click.UsageError(_words().say("cli.no_centre", root=root.resolve()))
        try:
            command(root=root.resolve(), **options)
        except ContentError as error:
            print_problems(error.problems, _words())
            sys.exit(1)
        except UnknownPortalError as error:
            hint = error.nearest or ", ".join(error.known)
            raise click.UsageError(_words().say("cli.portal_unknown", name=error.name, nearest=hint)) from None
        except PressError as error:
            click.echo(_words().say("cli.engine", project=error.project, lines="\n  ".join(error.lines)), err=True)
            sys.exit(1)
        except OSError as error:
            click.echo(_words().say("cli.system", why=error.strerror or error, file=error.filename or ""), err=True)
            sys.exit(1)

    return with_root


class _Speaking(click.Group):
    """Commands and options are explained in the language of whoever asks."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        command = super().get_command(ctx, cmd_name)
        if command:
            _explain(command, _words())
        return command

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        self.help = _words().say("help.haedap")
        super().format_help(ctx, formatter)


def _explain(command: click.Command, words: Catalogue) -> None:
    command.help = words.say(f"help.{command.name}")
    for option in command.params:
        if isinstance(option, click.Option) and option.name != "help":
            option.help = words.say(f"help.option.{option.name}")


@click.group(cls=_Speaking, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="haedap")
def main() -> None:
    """Explained by `help.haedap` in `i18n/tool/<lang>.yml`, as every command is."""


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
def init(folder: Path) -> None:
    try:
        count = write_starter(folder)
    except OSError as error:
        click.echo(_words().say("cli.system", why=error.strerror or error, file=error.filename or folder), err=True)
        sys.exit(1)
    except NotEmptyError as error:
        click.echo(_words().say("init.not_empty", folder=folder, name=error.name), err=True)
        sys.exit(1)
    click.echo(_words().say("init.done", folder=folder, count=count, command=sys.argv[0]))


@main.command(name="check")
@_root_option
@click.option("--json", "as_json", is_flag=True)
def check_command(root: Path, as_json: bool) -> None:
    centre = load_centre(root)
    problems = check(centre)
    words = _words()
    if as_json:
        print_json(
            [{"path": p.path, "line": p.line, "key": p.key, "message": p.message(words.words)} for p in problems]
        )
    elif problems:
        print_problems(problems, words)
    else:
        click.echo(words.say("check.good", articles=len(centre.library.articles), portals=len(centre.portals())))
    sys.exit(1 if problems else 0)


@main.command(name="build")
@_root_option
@click.option("--portal", "portals", multiple=True, metavar="BRAND[/LANG]")
@click.option("--at", type=_Moment())
@click.option("--out", type=click.Path(path_type=Path, file_okay=False))
@click.option("--base", metavar="URL")
@click.option("--json", "as_json", is_flag=True)
def build_command(
    root: Path, portals: tuple[str, ...], at: datetime | None, out: Path | None, base: str | None, as_json: bool
) -> None:
    centre = load_centre(root, committed(root))
    words = _words()
    out = (out or root / "build/site").resolve()
    if out == root or any(out.is_relative_to(root / name) for name in (*_WRITERS, WORK)):
        raise click.UsageError(words.say("cli.out", out=out))
    total = len(chosen_portals(centre, portals))
    with click.progressbar(length=total, label=words.say("build.label"), hidden=not sys.stdout.isatty()) as bar:

        def tell(built: Built) -> None:
            bar.update(1)
            if not as_json and not sys.stdout.isatty():
                key = "build.portal" if built.is_new else "build.unchanged"
                click.echo(words.say(key, portal=built.portal, pages=built.pages))

        release = build(centre, Order(portals, at, base), out, datetime.now(UTC), tell)
    if as_json:
        print_json({"out": str(out), **asdict(release)})
        return
    click.echo(words.say("build.done", portals=total, out=_shown(out)))
    if release.next_change:
        click.echo(words.say("build.next", at=_local(release.next_change, centre)))


@main.command(name="audit")
@_root_option
@click.option("--portal", "portals", multiple=True, metavar="BRAND[/LANG]")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False))
@click.option("--json", "as_json", is_flag=True)
def audit_command(root: Path, portals: tuple[str, ...], out: Path | None, as_json: bool) -> None:
    words = _words()
    out = (out or root / "build/site").resolve()
    found = audit(root, out, map(str, chosen_portals(load_centre(root), portals)))
    if not found.portals:
        click.echo(words.say("audit.nothing", out=_shown(out)), err=True)
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


@main.command()
@_root_option
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--at", type=_Moment())
def serve(root: Path, host: str, port: int, at: datetime | None) -> None:
    try:
        serve_preview(root, host, port, at, lambda: datetime.now(UTC), _words())
    except OSError as error:
        key = "cli.port" if error.errno == errno.EADDRINUSE else "cli.system"
        values = {"host": host, "port": port, "why": error.strerror or error, "file": f"{host}:{port}"}
        click.echo(_words().say(key, **values), err=True)
        sys.exit(1)


@main.command(name="next")
@_root_option
@click.option("--at", "after", type=_Moment())
@click.option("--json", "as_json", is_flag=True)
def next_command(root: Path, after: datetime | None, as_json: bool) -> None:
    centre = load_centre(root)
    words = _words()
    _warn(centre, words)
    changes = next_changes(centre, _instant(centre, after))
    if as_json:
        print_json({"at": changes[0].at.isoformat() if changes else None, "changes": [_change(c) for c in changes]})
        return
    if not changes:
        click.echo(words.say("next.none"))
        return
    click.echo(_local(changes[0].at, centre))
    for change in changes:
        where = f"{change.brand}/{change.language}"
        click.echo("  " + words.say(f"next.{change.event}", portal=where, article=change.article, path=change.path))


@main.command()
@_root_option
@click.option("--out", type=click.Path(path_type=Path, file_okay=False))
@click.option("--json", "as_json", is_flag=True)
def status(root: Path, out: Path | None, as_json: bool) -> None:
    centre = load_centre(root, committed(root))
    words = _words()
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
            _local(state.built_at, centre) if state.built_at else "-",
        )
        for state in states
    ]
    for line in table_lines(head, rows):
        click.echo(line)
    due = centre.next_change(now)
    click.echo(words.say("build.next", at=_local(due, centre)) if due else words.say("next.none"))
    _warn(centre, words)
    for review in reviews:
        click.echo(words.say("status.review", path=review.path, owner=review.owner, day=review.review_by))


def _warn(centre: Centre, words: Catalogue) -> None:
    """What is told of a help centre with problems may lack what could not be read."""
    if problems := len(check(centre)):
        click.echo(words.say("status.problems", count=problems), err=True)


def _instant(centre: Centre, at: datetime | None) -> datetime:
    """The first of the instants that a moment means for the brands; now where none is given."""
    moments = [instant(at, brand.zone) for brand in centre.brands.values()] if at else []
    return min(moments, default=datetime.now(UTC))


def _change(change: Any) -> dict[str, Any]:
    return asdict(change) | {"at": change.at.isoformat()}


def _local(at: datetime, centre: Centre) -> str:
    """An instant on the clock of the (first) brand's customers, whatever this machine's zone is."""
    zone = next((brand.zone for brand in centre.brands.values()), None)
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M} ({zone or 'UTC'})"


def _shown(path: Path) -> str:
    """A path as short as it can be said."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
