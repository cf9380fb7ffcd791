"""Owns the command `haedap owners`. Refuses to know who owns what."""

from __future__ import annotations

from pathlib import Path

import click

from portal_builder.centre import load_centre
from portal_builder.commands.frame import spoken, warn_of_problems, with_root_option
from portal_builder.owners import HEAD, codeowners

_FILE = Path("CODEOWNERS")


@click.command()
@with_root_option
@click.option("--write", "is_written", is_flag=True)
def owners(root: Path, is_written: bool) -> None:
    centre, words = load_centre(root), spoken()
    warn_of_problems(centre, words)
    lines = codeowners(centre.brands, centre.library.articles)
    if not is_written:
        click.echo("\n".join(lines))
        return
    file = root / _FILE
    if file.exists() and HEAD not in file.read_text("utf-8").splitlines():
        raise click.UsageError(words.say("owners.not_ours", path=_FILE))
    file.write_text("\n".join(lines) + "\n", "utf-8")
    click.echo(words.say("owners.written", path=_FILE, count=len(lines) - 1))
