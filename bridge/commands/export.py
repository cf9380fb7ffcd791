"""Owns `haedap-bridge export` (fixed): everything of one person, or of a brand and a period. Refuses to overwrite."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Literal

import click

from bridge.archive import Archive, open_archive
from bridge.commands.console import kindly, root_option, say
from bridge.datafolder import DataFolder
from bridge.outside import Outside
from bridge.records.export import csv_lines, json_lines, write_zip
from bridge.records.zones import read_zones
from bridge.settingsfile import read_settings
from bridge.store.people import Choice, field_names, only, records, traces
from portal_builder.catalogue import Catalogue

Format = Literal["json", "csv"]


def export_command(words: Catalogue) -> click.Command:
    day = click.DateTime(["%Y-%m-%d"])
    params: list[click.Parameter] = [
        root_option(words),
        click.Option(["--email"], metavar="ADDRESS", help=words.say("bridge.help.export_email")),
        click.Option(["--brand"], help=words.say("bridge.help.brand")),
        click.Option(["--since"], type=day, metavar="DAY", help=words.say("bridge.help.since")),
        click.Option(["--until"], type=day, metavar="DAY", help=words.say("bridge.help.until")),
        click.Option(
            ["--format", "form"],
            type=click.Choice(("json", "csv")),
            default="json",
            help=words.say("bridge.help.format"),
        ),
        click.Option(["--out"], type=click.Path(path_type=Path, dir_okay=False), help=words.say("bridge.help.out")),
    ]

    def run(
        root: Path | None,
        email: str | None,
        brand: str | None,
        since: datetime | None,
        until: datetime | None,
        form: Format,
        out: Path | None,
    ) -> None:
        if email and out is None:
            raise click.UsageError(words.say("bridge.export.needs_out"))
        with kindly(words):
            settings, zones = read_settings(root), read_zones(root or Path())
            data = DataFolder(settings.data or (root or Path()) / "var")
            begin = zones.begin(since.date(), brand) if since else None
            end = zones.end(until.date(), brand) if until else None
            with open_archive(data, Outside(), settings.inbox(data.database)) as archive:
                if archive is None:
                    click.echo(words.say("bridge.empty", folder=data.path), err=True)
                elif email and out:
                    _person(words, archive, email, out)
                else:
                    _everything(words, archive, Choice(brand, begin, end), form, out)

    return click.Command("export", params=params, callback=run, help=words.say("bridge.help.export"))


def _person(words: Catalogue, archive: Archive, email: str, out: Path) -> None:
    found = traces(archive.store.database, email)
    with _private(out) as target:
        inquiries, files = write_zip(target, records(archive.store.database, only(found.own)), archive.vault)
    say(words, "export.done", count=inquiries, files=files, out=out)
    if found.mentioned:
        say(words, "erase.mentioned", receipts=", ".join(found.mentioned))


def _everything(words: Catalogue, archive: Archive, choice: Choice, form: Format, out: Path | None) -> None:
    database = archive.store.database
    chosen = records(database, choice)
    lines = csv_lines(chosen, field_names(database, choice)) if form == "csv" else json_lines(chosen)
    if out is None:
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # whatever the terminal believes
        for line in lines:
            click.echo(line, nl=False)
        return
    with _private(out) as target:
        for line in lines:
            target.write(line.encode("utf-8"))
    click.echo(words.say("bridge.export.written", out=out), err=True)


@contextmanager
def _private(out: Path) -> Iterator[IO[bytes]]:
    """A new file that its owner alone may read; gone again where the export fails."""
    descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as target:
            yield target
    except BaseException:
        out.unlink(missing_ok=True)
        raise
