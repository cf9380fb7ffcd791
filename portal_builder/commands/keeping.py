"""Owns the commands `watch`, `watchdog` and `ci`. Refuses to know when anything is due."""

from __future__ import annotations

import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from portal_builder.catalogue import Catalogue
from portal_builder.centre import Centre, load_centre
from portal_builder.commands.frame import local_time, short_path, spoken, with_root_option
from portal_builder.commands.publishing import print_sent, said_late, settings_of
from portal_builder.history import committed
from portal_builder.press import PressError
from portal_builder.problem import ContentError
from portal_builder.publishing.mailing import MailError, mail
from portal_builder.publishing.shelf import Shelf, ShelfError
from portal_builder.publishing.watch import Clock, Told, Watch
from portal_builder.publishing.watchdog import Overdue, Shown, overdue, shown_at, shown_on
from portal_builder.publishing.workflows import GITHUB, GITLAB, github, gitlab
from portal_builder.speech import print_json, print_problems

_SPAN = re.compile(r"(\d{1,5})\s*([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


class Span(click.ParamType[timedelta]):
    """A length of time: `90s`, `10m`, `2h`, `1d`."""

    name = "span"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        if isinstance(value, timedelta):
            return value
        match = _SPAN.fullmatch(str(value).strip())
        if match is None:
            self.fail(spoken().say("watchdog.span", given=value), param, ctx)
        return timedelta(**{_UNITS[match[2]]: int(match[1])})


@click.command()
@with_root_option
def watch(root: Path) -> None:
    words = spoken()
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    click.echo(words.say("watch.ready", root=root))
    Watch(root, Clock(lambda: datetime.now(UTC), ended.wait), _teller(words)).run()
    click.echo(words.say("serve.stopped"))


def _teller(words: Catalogue) -> Callable[[Told], None]:
    def tell(told: Told) -> None:
        if told.key:
            click.echo(words.say(told.key))
        if told.published and told.brands:
            one = told.published
            click.echo(words.say("status.release", number=one.number, at=local_time(one.published, told.brands),
                                 late=said_late(words, one)))  # fmt: skip  # one sentence
            if one.next_change:
                click.echo(words.say("build.next", at=local_time(one.next_change, told.brands)))
        print_sent(words, told.sent)
        if told.error:
            _explain(words, told.error)

    return tell


def _explain(words: Catalogue, error: Exception) -> None:
    if isinstance(error, ContentError):
        print_problems(error.problems, words)
    elif isinstance(error, PressError):
        click.echo(words.say("cli.engine", project=error.project, lines="\n  ".join(error.lines)), err=True)
    elif isinstance(error, ShelfError):
        click.echo(words.say(error.key, **error.values), err=True)
    elif isinstance(error, OSError):
        click.echo(words.say("cli.system", why=error.strerror or error, file=error.filename or ""), err=True)
    click.echo(words.say("watch.again"), err=True)


@click.command()
@with_root_option
@click.option("--grace", type=Span(), default="10m", show_default=True)
@click.option("--online", is_flag=True)
@click.option("--site", metavar="URL")
@click.option("--mail", "mail_to", metavar="ADDRESS")
@click.option("--json", "as_json", is_flag=True)
def watchdog(root: Path, grace: timedelta, online: bool, site: str | None, mail_to: str | None, as_json: bool) -> None:
    words = spoken()
    centre = load_centre(root, committed(root))
    now = datetime.now(UTC)
    places = tuple(_places(centre, site, online=online))
    silent = [place for place in places if place.at is None]
    late = [one for place in places if place.at for one in overdue(centre, place, now, grace)]
    lines = [words.say("watchdog.silent", place=place.place, why=place.why or "-") for place in silent]
    lines += [_said_overdue(words, centre, one) for one in late]
    if as_json:
        print_json({"overdue": [_as_data(one) for one in late], "silent": [place.place for place in silent]})
    else:
        for line in lines:
            click.echo(line, err=True)
        if not lines:
            click.echo(words.say("watchdog.good"))
    if lines and mail_to:
        _mail_once(root, words, mail_to, lines, {*(str(one.due) for one in late), *(one.place for one in silent)})
    sys.exit(1 if lines else 0)


def _places(centre: Centre, site: str | None, *, online: bool) -> Iterator[Shown]:
    brands = tuple(centre.brands.values())
    if site:
        yield shown_at(site, brands)
    if online:
        yield from (shown_at(brand.file.url, (brand,)) for brand in brands)
    if not site and not online:
        yield shown_on(Shelf(settings_of(centre.root).folder), brands)


def _said_overdue(words: Catalogue, centre: Centre, one: Overdue) -> str:
    minutes = f"{one.late.total_seconds() / 60:.0f}"
    texts = ", ".join(one.texts)
    due = local_time(one.due, centre.brands)
    return words.say("watchdog.late", place=one.place, at=due, minutes=minutes, texts=texts)


def _as_data(one: Overdue) -> dict[str, Any]:
    return asdict(one) | {"late": one.late.total_seconds()}


def _mail_once(root: Path, words: Catalogue, to: str, lines: Sequence[str], about: set[str]) -> None:
    """The same trouble is mailed once, however often somebody looks."""
    note = root / "build/watchdog.told"
    told = set(note.read_text("utf-8").splitlines()) if note.is_file() else set()
    if about <= told:
        return
    try:
        mail(os.environ, to, words.say("watchdog.subject", count=len(lines)), "\n".join(lines) + "\n")
    except MailError as error:
        click.echo(words.say("watchdog.unmailed", why=error), err=True)
        return
    note.parent.mkdir(parents=True, exist_ok=True)
    note.write_text("\n".join(sorted(about)), "utf-8")


@click.command()
@with_root_option
@click.argument("host", type=click.Choice(["github", "gitlab"]))
@click.option("--every", type=click.IntRange(5, 60), default=15, show_default=True)
@click.option("--install", metavar="COMMAND")
@click.option("--print", "only_print", is_flag=True)
def ci(root: Path, host: str, every: int, install: str | None, only_print: bool) -> None:
    words = spoken()
    centre = load_centre(root)
    targets = settings_of(root).targets
    extra = "[s3]" if any(target.kind == "s3" for target in targets) else ""
    install = install or f'pip install "haedap{extra}=={version("haedap")}"'
    make, name = (github, GITHUB) if host == "github" else (gitlab, GITLAB)
    text = make(root.name, install, every, targets, list(centre.brands))
    if only_print:
        click.echo(text, nl=False)
        return
    if (root / name).exists():
        click.echo(words.say("ci.there", file=short_path(root / name)), err=True)
        sys.exit(1)
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text, "utf-8")
    click.echo(words.say("ci.done", file=short_path(root / name)))
    for target in targets:
        for secret in target.module.SECRETS:
            click.echo(words.say("ci.secret", name=secret, target=target.name))
