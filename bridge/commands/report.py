"""Owns `haedap-bridge report` (fixed): what helped and what was asked, by brand and period. Refuses to name anybody."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

import click

from bridge.commands.console import kindly, root_option
from bridge.datafolder import DataFolder
from bridge.feedback import REASONS
from bridge.records.export import safe_cell
from bridge.records.report import ENOUGH, Asking, Report, articles_of, asking_of
from bridge.records.zones import Zones, read_zones
from bridge.settingsfile import read_settings
from bridge.store import Store, open_store
from bridge.store.people import Choice, asked
from portal_builder.catalogue import Catalogue
from portal_builder.speech import table_lines


def report_command(words: Catalogue) -> click.Command:
    day = click.DateTime(["%Y-%m-%d"])
    params: list[click.Parameter] = [
        root_option(words),
        click.Option(["--brand"], help=words.say("bridge.help.report_brand")),
        click.Option(["--since"], type=day, metavar="DAY", help=words.say("bridge.help.since")),
        click.Option(["--until"], type=day, metavar="DAY", help=words.say("bridge.help.until")),
        click.Option(["--json", "as_json"], is_flag=True, help=words.say("bridge.help.json")),
        click.Option(["--csv", "as_csv"], is_flag=True, help=words.say("bridge.help.report_csv")),
    ]

    def run(
        root: Path | None,
        brand: str | None,
        since: datetime | None,
        until: datetime | None,
        as_json: bool,
        as_csv: bool,
    ) -> None:
        if as_json and as_csv:
            raise click.UsageError(words.say("bridge.report.one_format"))
        days = (since.date() if since else None, until.date() if until else None)
        with kindly(words):
            report = _read(root, brand, *days)
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # whatever the terminal believes
        if as_json:
            asked_for = {"brand": brand, "since": _iso(days[0]), "until": _iso(days[1])}
            click.echo(json.dumps(asked_for | report.tree(), ensure_ascii=False, indent=2))
        elif as_csv:
            _write_csv(report)
        else:
            click.echo("\n".join(_lines(report, words)))

    return click.Command("report", params=params, callback=run, help=words.say("bridge.help.report"))


def _read(root: Path | None, brand: str | None, since: date | None, until: date | None) -> Report:
    """Empty where nothing was ever taken in: looking must not make a database."""
    settings, zones = read_settings(root), read_zones(root or Path())
    where = settings.inbox(DataFolder(settings.data or (root or Path()) / "var").database)
    if isinstance(where, Path) and not where.is_file():
        return Report((), Asking())
    store = open_store(where, owner=False)
    try:
        return _counted(store, zones, brand, since, until)
    finally:
        store.close()


def _counted(store: Store, zones: Zones, brand: str | None, since: date | None, until: date | None) -> Report:
    begin, end = (zones.begin(since, brand) if since else None), (zones.end(until, brand) if until else None)
    chosen = asked(store.database, Choice(brand, begin, end))
    return Report(articles_of(store.feedback(brand, since, until)), asking_of(chosen, zones))


def _write_csv(report: Report) -> None:
    """It begins with the mark that makes Excel read Korean; no cell is a formula."""
    click.echo("\ufeff", nl=False)
    csv.writer(sys.stdout).writerows([safe_cell(cell) for cell in row] for row in report.table())


def _lines(report: Report, words: Catalogue) -> Iterator[str]:
    yield words.say("bridge.report.articles")
    yield from _articles(report, words)
    yield ""
    yield words.say("bridge.report.inquiries", count=report.asking.total)
    tree = report.asking.tree()
    for name, columns in (
        ("forms", ("brand", "language", "form", "count")),
        ("causes", ("brand", "cause", "polarity", "count")),
        ("days", ("day", "brand", "count")),
    ):
        if tree[name]:
            rows = [[_named(words, column, str(row[column])) for column in columns] for row in tree[name]]
            yield ""
            yield from table_lines(_head(words, columns), rows)


def _articles(report: Report, words: Catalogue) -> Iterator[str]:
    if not report.articles:
        yield words.say("bridge.report.no_answers")
        return
    yield words.say("bridge.report.order", count=ENOUGH)
    yield ""
    rows = []
    for article in report.articles:
        said = [str(article.said.get(answer, 0)) for answer in ("yes", "no")]
        why = [str(article.said.get(reason, 0)) for reason in REASONS]
        share = "-" if article.share is None else f"{article.share:.0%}"
        rows.append([share, *said, *why, article.brand, article.language, article.article])
    yield from table_lines(_head(words, ("share", "yes", "no", *REASONS, "brand", "language", "article")), rows)


def _head(words: Catalogue, names: Sequence[str]) -> list[str]:
    return [words.say(f"bridge.report.column.{name}") for name in names]


def _named(words: Catalogue, column: str, value: str) -> str:
    return words.say(f"bridge.report.polarity.{value}") if column == "polarity" else value


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
