"""Owns `haedap-bridge backup DIR`: a copy of the data folder, beside a running service. Refuses PostgreSQL's work."""

from __future__ import annotations

from pathlib import Path

import click

from bridge.commands.console import kindly, root_option
from bridge.datafolder import DataFolder
from bridge.records.backup import back_up
from bridge.settingsfile import read_settings
from portal_builder.catalogue import Catalogue


def backup_command(words: Catalogue) -> click.Command:
    def run(root: Path | None, folder: Path) -> None:
        with kindly(words):
            settings = read_settings(root)
            data = DataFolder(settings.data or (root or Path()) / "var")
            if settings.database:
                _refuse(words.say("bridge.backup_server"))
            if not data.database.is_file():
                _refuse(words.say("bridge.empty", folder=data.path))
            if folder.exists() and any(folder.iterdir()):
                _refuse(words.say("bridge.backup_not_empty", folder=folder))
            copied = back_up(data, folder)
        click.echo(words.say("bridge.backed_up", inquiries=copied.inquiries, files=copied.files, folder=folder))

    target = click.Argument(["folder"], metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
    return click.Command(
        "backup", params=[root_option(words), target], callback=run, help=words.say("bridge.help.backup")
    )


def _refuse(text: str) -> None:
    click.echo(text, err=True)
    raise SystemExit(1)
