"""Owns `haedap-bridge doctor` (fixed): prints what was found and what to do. Exit code 1 where something is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from bridge.commands.console import kindly, root_option
from bridge.datafolder import DataFolder
from bridge.doctor.checks import POOL, Place, examine
from bridge.doctor.findings import Finding
from bridge.doctor.mail import NoNames, Resolver
from bridge.settingsfile import read_settings
from portal_builder.catalogue import Catalogue
from portal_builder.speech import print_json

_MARKS = {"ok": "✓", "warn": "!", "fail": "✗", "skip": "-"}


def doctor_command(words: Catalogue) -> click.Command:
    params: list[click.Parameter] = [
        root_option(words),
        click.Option(["--offline"], is_flag=True, help=words.say("bridge.help.offline")),
        click.Option(["--json", "as_json"], is_flag=True, help=words.say("bridge.help.json")),
    ]

    def run(root: Path | None, offline: bool, as_json: bool) -> None:
        with kindly(words):
            settings = read_settings(root)
            data = DataFolder(settings.data or (root or Path()) / "var")
            names, ntp = (NoNames(), None) if offline else (Resolver(), POOL)
            report(words, examine(Place(root or Path(), settings, data, names, ntp)), as_json=as_json)

    return click.Command("doctor", params=params, callback=run, help=words.say("bridge.help.doctor"))


def report(words: Catalogue, findings: Iterable[Finding], *, as_json: bool) -> None:
    """One line a finding as soon as it is there, and what to do below it."""
    found: list[Finding] = []
    for finding in findings:
        found.append(finding)
        if not as_json:
            click.echo(f"{_MARKS[finding.level]} {text_of(words, finding)}")
    if as_json:
        print_json([_tree(words, finding) for finding in found])
    wrong = sum(finding.level == "fail" for finding in found)
    if not as_json:
        click.echo(words.say("doctor.wrong" if wrong else "doctor.fine", count=wrong))
    if wrong:
        raise SystemExit(1)


def text_of(words: Catalogue, finding: Finding) -> str:
    return words.say(f"doctor.{finding.check}.{finding.code}", **finding.values)


def _tree(words: Catalogue, finding: Finding) -> dict[str, object]:
    values = {name: str(value) for name, value in finding.values.items()}
    own = {"check": finding.check, "level": finding.level, "code": finding.code}
    return own | {"values": values, "text": text_of(words, finding)}
