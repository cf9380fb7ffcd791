"""Owns the commands `publish`, `rollback` and `releases`. Refuses to decide what is due."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from portal_builder.again import stamps
from portal_builder.brand import Brand
from portal_builder.catalogue import Catalogue
from portal_builder.commands.frame import local_time, short_path, spoken, with_root_option
from portal_builder.problem import ContentError
from portal_builder.publishing.late import LateCentre
from portal_builder.publishing.publish import due, prepare, reveal
from portal_builder.publishing.rebuilt import Tell
from portal_builder.publishing.send import Delivery, deliver, release_at, waiting
from portal_builder.publishing.settings import PublishSettings, load_settings
from portal_builder.publishing.shelf import Published, Shelf, ShelfError
from portal_builder.speech import print_json, table_lines


@click.command()
@with_root_option
@click.option("--due", "only_due", is_flag=True)
@click.option("--json", "as_json", is_flag=True)
def publish(root: Path, only_due: bool, as_json: bool) -> None:
    words = spoken()
    seen = stamps(root, time.time_ns())
    centre, settings = LateCentre(root), settings_of(root)
    shelf = Shelf(settings.folder)
    with _explained(words), shelf.held():
        repaired = shelf.repair()
        now = datetime.now(UTC)
        current = shelf.current()
        if only_due and (why := _reason_to_wait(shelf, settings, current, now)):
            if as_json:
                print_json({"is_new": False, "release": as_data(current) if current else None, "targets": []})
            else:
                click.echo(words.say(why))
            return
        prepared = prepare(centre, shelf, now, _teller(words, is_silent=as_json), seen)
        record = reveal(shelf, prepared, datetime.now(UTC), settings.keep) if prepared else shelf.current()
        if record is None:
            raise ShelfError("publish.lost", folder=settings.folder)  # somebody removed it meanwhile
        targets = waiting(shelf, settings.targets, record)
        sent = tuple(deliver(shelf, targets, record, centre.brands, datetime.now(UTC)))
    if as_json:
        print_json({"is_new": bool(prepared), "release": as_data(record), "targets": [asdict(one) for one in sent]})
    else:
        _print_published(words, centre.brands, settings, record, is_new=bool(prepared), repaired=repaired)
    print_sent(words, sent, quiet=as_json)
    sys.exit(1 if any(one.error for one in sent) else 0)


@click.command()
@with_root_option
@click.argument("number", type=click.IntRange(min=1), required=False)
def rollback(root: Path, number: int | None) -> None:
    words = spoken()
    brands, settings = LateCentre(root).brands, settings_of(root)
    shelf = Shelf(settings.folder)
    with _explained(words), shelf.held():
        shelf.repair()
        record = _earlier(shelf, number)
        shelf.pin()
        shelf.point_to(record.number)
        click.echo(words.say("publish.back", number=record.number, at=local_time(record.at, brands)))
        targets = waiting(shelf, settings.targets, record)
        sent = tuple(deliver(shelf, targets, record, brands, datetime.now(UTC)))
    print_sent(words, sent)
    sys.exit(1 if any(one.error for one in sent) else 0)


@click.command()
@with_root_option
@click.option("--json", "as_json", is_flag=True)
def releases(root: Path, as_json: bool) -> None:
    words = spoken()
    brands, settings = LateCentre(root).brands, settings_of(root)
    shelf = Shelf(settings.folder)
    with _explained(words):
        current = shelf.current()
    records = shelf.all()[::-1]
    places = {record.number: _places(shelf, settings, record) for record in records}
    if as_json:
        data = [as_data(one) | {"is_current": one == current, "targets": places[one.number]} for one in records]
        print_json({"folder": str(settings.folder), "is_held": shelf.is_pinned, "releases": data})
        return
    if not records:
        click.echo(words.say("publish.none"))
    head = [words.say(f"publish.column.{name}") for name in ("number", "published", "late", "pages", "targets")]
    rows = [
        (
            f"{'*' if one == current else ' '} {one.number}",
            local_time(one.published, brands),
            said_late(words, one),
            str(one.pages),
            ", ".join(places[one.number]) or "-",
        )
        for one in records
    ]
    for line in table_lines(head, rows) if rows else ():
        click.echo(line)
    if shelf.is_pinned:
        click.echo(words.say("publish.held"))


def settings_of(root: Path) -> PublishSettings:
    """What publish.yml says; ContentError with everything that is wrong with it."""
    settings, problems = load_settings(root, LateCentre(root).brands)
    if problems:
        raise ContentError(problems)
    return settings


def as_data(record: Published) -> dict[str, Any]:
    return asdict(record) | {"late": record.late}


def releases_of(root: Path) -> tuple[Published, ...]:
    """What was published, the oldest first; a publish.yml with faults is somebody else's to tell."""
    settings, _ = load_settings(root, LateCentre(root).brands)
    return tuple(Shelf(settings.folder).all())


def said_late(words: Catalogue, record: Published) -> str:
    """How late a release was; a dash where none was due."""
    if record.late is None:
        return "-"
    return words.say("publish.late", seconds=f"{record.late:.1f}")


def print_sent(words: Catalogue, sent: Iterable[Delivery], *, quiet: bool = False) -> None:
    for one in sent:
        if one.sent is None:
            click.echo(words.say("publish.refused", target=one.target, number=one.release, why=one.error), err=True)
        elif not quiet:
            values = {"target": one.target, "number": one.release}
            click.echo(words.say("publish.sent", written=one.sent.written, removed=one.sent.removed, **values))


class _explained:  # noqa: N801 -- it stands where a function of contextlib would
    """Ends the command with the words for a folder that cannot be worked with."""

    def __init__(self, words: Catalogue) -> None:
        self._words = words

    def __enter__(self) -> None:
        return None

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, ShelfError):
            click.echo(self._words.say(error.key, **error.values), err=True)
            sys.exit(1)


def _reason_to_wait(shelf: Shelf, settings: PublishSettings, current: Published | None, now: datetime) -> str | None:
    """Why nothing is to be done without being asked; the key of a sentence."""
    if shelf.is_pinned:
        return "publish.held"
    if current is None or due(current, now) or waiting(shelf, settings.targets, current):
        return None
    return "publish.not_due"


def _earlier(shelf: Shelf, number: int | None) -> Published:
    current = shelf.current()
    known = [one for one in shelf.all() if current is None or one.number != current.number]
    if number is None:
        known = [one for one in known if current is None or one.number < current.number]
    found = [one for one in known if number in (None, one.number)]
    if not found:
        others = ", ".join(str(one.number) for one in known) or "-"
        raise ShelfError("publish.no_release", known=others)
    return found[-1]


def _places(shelf: Shelf, settings: PublishSettings, record: Published) -> list[str]:
    return [target.name for target in settings.targets if release_at(shelf, target.name) == record.number]


def _teller(words: Catalogue, *, is_silent: bool) -> Tell:
    def tell(portal: str, pages: int) -> None:
        if not is_silent:
            click.echo(words.say("build.portal", portal=portal, pages=pages))

    return tell


def _print_published(
    words: Catalogue, brands: Mapping[str, Brand], settings: PublishSettings, record: Published, *, is_new: bool,
    repaired: tuple[str, ...],
) -> None:  # fmt: skip  # one line of arguments
    if repaired:
        click.echo(words.say("publish.repaired", names=", ".join(repaired)))
    key = "publish.done" if is_new else "publish.unchanged"
    click.echo(words.say(key, number=record.number, folder=short_path(settings.folder / "current/site")))
    if is_new and record.late is not None:
        click.echo(words.say("publish.was_due", at=local_time(record.planned or record.at, brands),
                             late=said_late(words, record)))  # fmt: skip  # one sentence
    if record.next_change:
        click.echo(words.say("build.next", at=local_time(record.next_change, brands)))
