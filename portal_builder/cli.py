"""Owns the `haedap` command: which commands there are. Refuses to do the work itself, and leaves each to `commands/`.

Exit codes: 0 done, 1 the content has problems, 2 wrong usage.
"""

from __future__ import annotations

import click

from portal_builder.catalogue import Catalogue
from portal_builder.commands import (
    building,
    folding,
    keeping,
    owning,
    planning,
    publishing,
    timing,
    translating,
    writing,
)
from portal_builder.commands.frame import spoken

_COMMANDS = (
    writing.init,
    writing.check_command,
    building.build_command,
    building.serve,
    writing.audit_command,
    publishing.publish,
    publishing.rollback,
    publishing.releases,
    keeping.watch,
    keeping.watchdog,
    keeping.ci,
    owning.owners,
    planning.next_command,
    planning.schedule,
    planning.diff,
    folding.fold,
    timing.status,
    translating.i18n,
)


class _Speaking(click.Group):
    """Commands and options are explained in the language of whoever asks."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        command = super().get_command(ctx, cmd_name)
        if command:
            _explain(command, spoken(), f"help.{command.name}")
        return command

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        self.help = spoken().say("help.haedap")
        super().format_help(ctx, formatter)


def _explain(command: click.Command, words: Catalogue, key: str) -> None:
    command.help = words.say(key)
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            _explain(inner, words, f"{key}.{inner.name}")
    for option in command.params:
        if isinstance(option, click.Option) and option.name != "help":
            option.help = words.say(f"help.option.{option.name}")


@click.group(cls=_Speaking, commands=_COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="haedap")
def main() -> None:
    """Explained by `help.haedap` in `i18n/tool/<lang>.yml`, as every command is."""
