"""Owns bringing a database to the shape this version works with, and back. Refuses to run beside another one doing so.

Each step is a file in `versions/`; Alembic knows which were made. All steps to take are one transaction: a process that
is killed half way leaves the database as it was.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

FIRST = "0001"
"""The shape of databases that were made before their shape had a number."""
_LOCK = 0x6861656461700001
"""Any number, the same for all: `haedap` and a counter."""


class NewerError(Exception):
    """The database has been changed by a later version of the program."""


def migrate(connection: sa.Connection, to: str = "head") -> None:
    """Take every step up to `to`, in the transaction of the caller; several processes may call at once."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
    config, now = _config(connection), revision(connection)
    if now is None and sa.inspect(connection).has_table("inquiries"):
        command.stamp(config, FIRST)
        now = FIRST
    if now is not None and not _known(config, now):
        raise NewerError(now)
    if now is not None and to != "head" and to < now:
        command.downgrade(config, to)
    else:
        command.upgrade(config, to)


def revision(connection: sa.Connection) -> str | None:
    """The number of the last step taken, or None where there is none."""
    return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """The number of the shape this version works with."""
    found = ScriptDirectory.from_config(_config(None)).get_current_head()
    assert found is not None  # noqa: S101 -- the package ships its steps
    return found


def _config(connection: sa.Connection | None) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    return config


def _known(config: Config, number: str) -> bool:
    try:
        return ScriptDirectory.from_config(config).get_revision(number) is not None
    except CommandError:
        return False
