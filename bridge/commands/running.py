"""Owns `haedap-bridge serve` and `work` (fixed): their options, and what they say. Refuses to run the service."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from bridge.commands.console import FOLDER, kindly, root_option, say
from bridge.logs import start_logging
from bridge.outside import Outside
from bridge.run import Run, ServeOptions, Started, serve, work
from bridge.settingsfile import read_settings
from portal_builder.catalogue import Catalogue


def serve_command(words: Catalogue) -> click.Command:
    def run(root: Path | None, **options: Any) -> None:
        with kindly(words):
            serve(_run(root), ServeOptions(**options), lambda started: _tell(words, started))
            say(words, "stopped")

    port = click.IntRange(0, 65535)
    params: list[click.Parameter] = [
        root_option(words),
        click.Option(["--host"], default="127.0.0.1", show_default=True, help=words.say("bridge.help.host")),
        click.Option(["--port"], type=port, default=8000, show_default=True, help=words.say("bridge.help.port")),
        click.Option(["--site"], type=FOLDER, metavar="DIR", help=words.say("bridge.help.site")),
        click.Option(["--catch-mail"], is_flag=True, help=words.say("bridge.help.catch_mail")),
        click.Option(["--no-courier"], is_flag=True, help=words.say("bridge.help.no_courier")),
    ]
    return click.Command("serve", params=params, callback=run, help=words.say("bridge.help.serve"))


def work_command(words: Catalogue) -> click.Command:
    def run(root: Path | None, once: bool) -> None:
        with kindly(words):
            worked = work(_run(root), once=once, tell=lambda: say(words, "working"))
            say(words, "worked", count=worked.made) if once else say(words, "stopped")
        if worked.is_all_dead:
            click.echo(words.say("bridge.all_dead"), err=True)
            raise SystemExit(1)

    params: list[click.Parameter] = [
        root_option(words),
        click.Option(["--once"], is_flag=True, help=words.say("bridge.help.once")),
    ]
    return click.Command("work", params=params, callback=run, help=words.say("bridge.help.work"))


def _run(root: Path | None) -> Run:
    settings = read_settings(root)
    start_logging(settings.log_format)
    return Run((root or Path()).resolve(), settings, Outside())


def _tell(words: Catalogue, started: Started) -> None:
    """Every address, where mails go, and how to stop."""
    say(words, "serving", url=started.address)
    for brand in started.centre.brands.values():
        name = brand.say(brand.file.name, words.language)
        for language in brand.languages:
            place = f"{brand.folder}/{language}"
            path = f"/{place}/" if started.options.site else f"/f/{place}/<form>"
            click.echo(f"  {name} [{language}]  {started.address}{path}")
    if started.options.catch_mail:
        say(words, "mail_caught", folder=started.data.mail)
    elif started.options.no_courier:
        say(words, "mail_waits")
    else:
        for server in started.settings.servers().values():
            say(words, "mail_sent", host=server.host, port=server.usual_port)
    say(words, "data", folder=started.data.path)
    say(words, "stop")
