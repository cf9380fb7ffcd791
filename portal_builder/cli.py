"""Owns the `haedap` command: which commands there are. Refuses to do the work itself, and leaves each to `commands/`.

Exit codes: 0 done, 1 the content has problems, 2 wrong usage.
"""

from __future__ import annotations

from typing import Any

import click

from portal_builder.catalogue import Catalogue
from portal_builder.commands.frame import spoken
from portal_builder.lazily import LazyGroup

PLACES = {
    "init": "writing.init",
    "check": "writing.check_command",
    "build": "building.build_command",
    "serve": "serving.serve",
    "audit": "writing.audit_command",
    "publish": "publishing.publish",
    "rollback": "publishing.rollback",
    "releases": "publishing.releases",
    "watch": "keeping.watch",
    "watchdog": "keeping.watchdog",
    "ci": "keeping.ci",
    "owners": "owning.owners",
    "next": "planning.next_command",
    "schedule": "planning.schedule",
    "diff": "planning.diff",
    "fold": "folding.fold",
    "status": "timing.status",
    "i18n": "translating.i18n",
    "import": "importing.import_command",
}
"""Where below `commands/` each is. Only what is asked for is loaded: all of them take longer than a small build."""


class _Speaking(LazyGroup):
    """Commands and options are explained in the language of whoever asks."""

    folder = "portal_builder.commands"
    places = PLACES

    def finished(self, found: Any) -> click.Command:
        command = super().finished(found)
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


@click.group(cls=_Speaking, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="haedap")
def main() -> None:
    """Explained by `help.haedap` in `i18n/tool/<lang>.yml`, as every command is."""
