"""Owns taking an inbox to the shape of another version by hand: before an older program is put back.

    python -m bridge.store.migrations INBOX NUMBER

Refuses to guess: INBOX is a SQLite file or the address of a PostgreSQL database, NUMBER a step in `versions/`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bridge.store.engines import open_database
from bridge.store.migrations import migrate, revision


def main(arguments: list[str]) -> int:
    where, number = arguments
    database = open_database(where if "://" in where else Path(where), owner=True)
    try:
        with database.transaction() as connection:
            migrate(connection, number)
            sys.stdout.write(f"{revision(connection)}\n")
    finally:
        database.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
