"""Owns which commands `haedap-bridge` has (fixed). Refuses their work, and leaves each to `commands/`."""

from __future__ import annotations

import os
from typing import Any

import click

from portal_builder.catalogue import Catalogue
from portal_builder.lazily import LazyGroup
from portal_builder.speech import tool_words

PLACES = {
    "serve": "running.serve_command",
    "work": "running.work_command",
    "inbox": "inbox.inbox_command",
    "backup": "backup.backup_command",
    "purge": "purge.purge_command",
    "erase": "purge.erase_command",
    "export": "export.export_command",
    "report": "report.report_command",
    "doctor": "doctor.doctor_command",
    "route": "route.route_command",
}
"""Where below `commands/` each is. Only what is asked for is loaded: a look at the inbox needs no web server."""


def main() -> None:
    commands(tool_words(os.environ)).main(prog_name="haedap-bridge")


def commands(words: Catalogue) -> click.Group:
    """All commands, in one language."""
    group = _Commands(words, help=words.say("bridge.help"), context_settings={"help_option_names": ["-h", "--help"]})
    return click.version_option(package_name="haedap")(group)


class _Commands(LazyGroup):
    folder = "bridge.commands"
    places = PLACES

    def __init__(self, words: Catalogue, **options: object) -> None:
        super().__init__(**options)  # type: ignore[arg-type]  # click's own, as they come
        self._words = words

    def finished(self, found: Any) -> click.Command:
        """Each is made in the language of whoever asks."""
        return super().finished(found(self._words))
