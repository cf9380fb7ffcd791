"""Owns a group of commands each of which is loaded when it is asked for. Refuses to know any of them."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, ClassVar

import click


class LazyGroup(click.Group):
    """Loading all commands takes longer than what most of them do."""

    folder: ClassVar[str]
    """The package that they are in."""
    places: ClassVar[Mapping[str, str]]
    """By name, the module below it and what the command is called there."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- named by click
        return sorted(self.places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 -- as above
        if cmd_name not in self.places:
            return None
        room, _, name = self.places[cmd_name].partition(".")
        return self.finished(getattr(import_module(f"{self.folder}.{room}"), name))

    def finished(self, found: Any) -> click.Command:
        """The command, of what stands at its place."""
        command: click.Command = found
        return command
