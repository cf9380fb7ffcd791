"""Owns the command `build`. Refuses to build."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from portal_builder.again import EVER, Said, asked, remember, stamps
from portal_builder.build import build
from portal_builder.build_portal import Built, Order
from portal_builder.catalogue import Catalogue
from portal_builder.centre import Centre, Portal, chosen_portals, load_centre
from portal_builder.commands.frame import Moment, local_time, short_path, spoken, with_root_option
from portal_builder.engines import ENGINES, LEAN
from portal_builder.history import committed
from portal_builder.places import WORK
from portal_builder.release import Release
from portal_builder.retouch.texts import leave
from portal_builder.speech import json_text

_WRITERS = ("content", "scheduled", "themes", "i18n")


@click.command(name="build")
@with_root_option
@click.option("--portal", "portals", multiple=True, metavar="BRAND[/LANG]")
@click.option("--at", type=Moment())
@click.option("--out", type=click.Path(path_type=Path, file_okay=False))
@click.option("--base", metavar="URL")
@click.option("--engine", type=click.Choice(ENGINES), default=LEAN, show_default=True)
@click.option("--json", "as_json", is_flag=True)
def build_command(
    root: Path,
    portals: tuple[str, ...],
    at: datetime | None,
    out: Path | None,
    base: str | None,
    engine: str,
    as_json: bool,
) -> None:
    gc.disable()  # what is read stays in use to the end; build() looks for garbage between portals
    known = asked(sys.argv[1:], os.environ, is_terminal=sys.stdout.isatty())
    before = stamps(root, time.time_ns())
    dates = committed(root)
    centre = load_centre(root, dates)
    words = spoken()
    out = (out or root / "build/site").resolve()
    if out == root or any(out.is_relative_to(root / name) for name in (*_WRITERS, WORK)):
        raise click.UsageError(words.say("cli.out", out=out))
    total, is_told = len(chosen_portals(centre, portals)), not as_json and not sys.stdout.isatty()
    with click.progressbar(length=total, label=words.say("build.label"), hidden=not sys.stdout.isatty()) as bar:

        def tell(built: Built) -> None:
            bar.update(1)
            if is_told:
                key = "build.portal" if built.is_new else "build.unchanged"
                click.echo(_line(words, key, built.portal, built.pages), nl=False)
            if built.left:
                click.echo(words.say("build.left", portal=built.portal, why=built.left), err=True)

        release = build(centre, Order(portals, at, base, engine), out, datetime.now(UTC), tell, before)
    told = _told(release, out, total, centre, words, as_json=as_json)
    click.echo(told, nl=False)
    if known and known.root == root:
        lasting = (EVER, None) if at else (release.at, release.next_change)
        said = Said(_lines(release, chosen_portals(centre, portals), words, is_told=is_told), told)
        record = remember(known, before, out, lasting, said)
        if record and before and not as_json:  # JSON says when each portal was made
            leave(known, record, before, centre.library.articles, dates)


def _lines(
    release: Release, portals: Iterable[Portal], words: Catalogue, *, is_told: bool
) -> Mapping[str, tuple[str, str]]:
    """What is said of each portal that is made anew, and of one that stays as it is."""
    counted = {str(portal): release.portals[str(portal)].pages for portal in portals}
    return {
        name: (_line(words, "build.portal", name, pages), _line(words, "build.unchanged", name, pages))
        if is_told
        else ("", "")
        for name, pages in counted.items()
    }


def _line(words: Catalogue, key: str, portal: object, pages: int) -> str:
    return words.say(key, portal=portal, pages=pages) + "\n"


def _told(release: Release, out: Path, total: int, centre: Centre, words: Catalogue, *, as_json: bool) -> str:
    """What is said at the end."""
    if as_json:
        return json_text({"out": str(out), **asdict(release)}) + "\n"
    lines = [words.say("build.done", portals=total, out=short_path(out))]
    if release.next_change:
        lines.append(words.say("build.next", at=local_time(release.next_change, centre.brands)))
    return "".join(f"{line}\n" for line in lines)
