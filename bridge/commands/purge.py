"""Owns `haedap-bridge purge` and `erase` (fixed): asks, calls and prints. Refuses to judge what is over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from bridge.archive import Archive, open_archive
from bridge.centre import load_centre
from bridge.commands.console import kindly, root_option, say
from bridge.datafolder import DataFolder
from bridge.inquiry import Entry
from bridge.outside import Outside
from bridge.records.retention import Report, rules_of
from bridge.settings import Settings
from bridge.settingsfile import read_settings
from bridge.store.people import traces
from bridge.store.retention import verify
from portal_builder.catalogue import Catalogue
from portal_builder.speech import print_json

BY_HAND = "by_hand"
_LISTED = 20


def purge_command(words: Catalogue) -> click.Command:
    params: list[click.Parameter] = [
        root_option(words),
        click.Option(["--dry-run"], is_flag=True, help=words.say("bridge.help.dry_run")),
        click.Option(["--verify"], is_flag=True, help=words.say("bridge.help.verify")),
        click.Option(["--json", "as_json"], is_flag=True, help=words.say("bridge.help.json")),
    ]

    def run(root: Path | None, dry_run: bool, verify: bool, as_json: bool) -> None:
        with kindly(words):
            settings, data = _place(root)
            with open_archive(data, Outside(), settings.inbox(data.database)) as archive:
                if archive is None:
                    say(words, "empty", folder=data.path)
                elif verify:
                    _verify(words, archive, as_json=as_json)
                else:
                    rules, now = rules_of(load_centre(root or Path()), settings), archive.outside.now()
                    work = archive.purge()
                    report = work.overdue(rules, now) if dry_run else work.run(rules, now, BY_HAND)
                    _tell(words, report, done=not dry_run, as_json=as_json)

    return click.Command("purge", params=params, callback=run, help=words.say("bridge.help.purge"))


def erase_command(words: Catalogue) -> click.Command:
    params: list[click.Parameter] = [
        root_option(words),
        click.Option(["--email"], required=True, metavar="ADDRESS", help=words.say("bridge.help.email")),
        click.Option(["--yes"], is_flag=True, help=words.say("bridge.help.yes")),
        click.Option(["--json", "as_json"], is_flag=True, help=words.say("bridge.help.json")),
    ]

    def run(root: Path | None, email: str, yes: bool, as_json: bool) -> None:
        with kindly(words):
            settings, data = _place(root)
            with open_archive(data, Outside(), settings.inbox(data.database)) as archive:
                if archive is None:
                    say(words, "empty", folder=data.path)
                else:
                    _erase(words, archive, email, yes=yes, as_json=as_json)

    return click.Command("erase", params=params, callback=run, help=words.say("bridge.help.erase"))


def _place(root: Path | None) -> tuple[Settings, DataFolder]:
    settings = read_settings(root)
    return settings, DataFolder(settings.data or (root or Path()) / "var")


def _verify(words: Catalogue, archive: Archive, *, as_json: bool) -> None:
    with archive.store.database.reading() as connection:
        count, wrong = verify(connection)
    if as_json:
        print_json({"rows": count, "wrong": wrong or None})
    elif wrong:
        click.echo(words.say(f"bridge.purge_log.{wrong}", row=count + 1), err=True)
    else:
        say(words, "purge_log.good", count=count)
    if wrong:
        raise SystemExit(1)


def _tell(words: Catalogue, report: Report, *, done: bool, as_json: bool) -> None:
    if as_json:
        print_json(_tree(report))
        return
    counts = {"inquiries": len(report.gone), "files": report.files}
    say(words, "purged" if done else "purge_would", **counts)
    if not done:
        for line in _some(f"  {receipt}  {words.say(f'bridge.why.{why}')}" for receipt, why in report.gone):
            click.echo(line)
    if report.held_back:
        click.echo(words.say("bridge.held_back", count=len(report.held_back)), err=True)
        for line in _some(f"  {receipt}" for receipt in report.held_back):
            click.echo(line, err=True)
    if done:
        say(words, "swept", kept=report.kept_files, leftovers=report.leftovers)
        say(words, "cleaned" if report.cleaned else "cleaned_soon")
        say(words, "proof", proof=report.proof)


def _erase(words: Catalogue, archive: Archive, email: str, *, yes: bool, as_json: bool) -> None:
    found = traces(archive.store.database, email)
    entries = [entry for receipt in found.own if (entry := archive.store.entry(receipt))]
    if not as_json:
        for line in _found_lines(words, entries, found.mentioned):
            click.echo(line)
    if not entries:
        if as_json:
            print_json({"erased": [], "mentioned": found.mentioned, "delivered": []})
        return
    if not yes:
        click.confirm(words.say("bridge.erase.sure", count=len(entries)), abort=True, err=True)
    report = archive.purge().erase(found.own, archive.outside.now())
    delivered = [
        {"receipt": entry.inquiry.receipt, "sink": delivery.sink}
        for entry in entries
        for delivery in entry.deliveries
        if delivery.state == "delivered"
    ]
    if as_json:
        print_json(_tree(report) | {"mentioned": found.mentioned, "delivered": delivered})
        return
    say(words, "erase.done", count=len(report.gone), files=report.files)
    if delivered:
        say(words, "erase.delivered")
        for way in delivered:
            click.echo(f"  {way['receipt']}  {way['sink']}")
    say(words, "erase.elsewhere")
    say(words, "cleaned" if report.cleaned else "cleaned_soon")
    say(words, "proof", proof=report.proof)


def _found_lines(words: Catalogue, entries: Sequence[Entry], mentioned: Sequence[str]) -> Iterable[str]:
    yield words.say("bridge.erase.found", count=len(entries))
    for entry in entries:
        inquiry = entry.inquiry
        state = words.say(f"bridge.state.{entry.state}")
        yield f"  {inquiry.receipt}  {inquiry.received_at:%Y-%m-%d}  {inquiry.brand}/{inquiry.form}  {state}"
    if mentioned:
        yield words.say("bridge.erase.mentioned", receipts=", ".join(mentioned))


def _some(lines: Iterable[str]) -> Iterable[str]:
    listed = list(lines)
    yield from listed[:_LISTED]
    if len(listed) > _LISTED:
        yield f"  … +{len(listed) - _LISTED}"


def _tree(report: Report) -> dict[str, object]:
    return asdict(report) | {"gone": [{"receipt": receipt, "why": why} for receipt, why in report.gone]}
