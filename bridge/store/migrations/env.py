"""Owns what Alembic asks for before it takes steps: the connection, and that a step is all or nothing.

Refuses to open a database of its own: `bridge.store.migrations` hands one in.
"""

from __future__ import annotations

from alembic import context

from bridge.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,  # SQLite's too: the engine begins its transactions itself
)
with context.begin_transaction():
    context.run_migrations()
