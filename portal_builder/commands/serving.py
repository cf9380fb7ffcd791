"""Owns the command `serve`. Refuses to serve."""

from __future__ import annotations

import errno
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from portal_builder.commands.frame import Moment, spoken, with_root_option
from portal_builder.preview import serve_preview


@click.command()
@with_root_option
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--at", type=Moment())
def serve(root: Path, host: str, port: int, at: datetime | None) -> None:
    try:
        serve_preview(root, host, port, at, lambda: datetime.now(UTC), spoken())
    except OSError as error:
        key = "cli.port" if error.errno == errno.EADDRINUSE else "cli.system"
        values = {"host": host, "port": port, "why": error.strerror or error, "file": f"{host}:{port}"}
        click.echo(spoken().say(key, **values), err=True)
        sys.exit(1)
