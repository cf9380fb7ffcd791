"""Owns `haedap-bridge doctor` (fixed): prints what was found and what to do. Exit code 1 where something is wrong."""

from __future__ import annotations

from pathlib import Path

import click

from bridge.console import kindly, root_option
from bridge.datafolder import DataFolder
from bridge.doctor import Place, examine
from bridge.doctor_mail import Names, Resolver
from bridge.findings import Finding
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
            names: Names = Resolver()
            place = Place(root or Path(), settings, data, names)
            report(words, Place(*_nearby(place)) if offline else place, as_json=as_json)

    return click.Command("doctor", params=params, callback=run, help=words.say("bridge.help.doctor"))
