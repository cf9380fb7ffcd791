"""Owns the shape of the database: every table, the same in SQLite and PostgreSQL. Refuses to read or write one.

A table that is changed here is changed by a new file in `migrations/versions/` too; a test compares the two.
"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa


class Utc(sa.types.TypeDecorator[datetime]):
    """An aware instant. SQLite keeps no offset, so it holds UTC; PostgreSQL answers in the zone of the session."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


_Json = sa.JSON(none_as_null=True)
_Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")

metadata = sa.MetaData(
    naming_convention={  # PostgreSQL drops constraints by name
        "ix": "ix_%(column_0_label)s",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "fk": "%(table_name)s_%(column_0_name)s_fkey",
        "pk": "%(table_name)s_pkey",
    }
)


def _receipt() -> sa.Column[str]:
    """Belongs to an inquiry and goes with it."""
    return sa.Column("receipt", sa.ForeignKey("inquiries.receipt", ondelete="CASCADE"), nullable=False)


inquiries = sa.Table(
    "inquiries",
    metadata,
    sa.Column("receipt", sa.String(13), primary_key=True),
    sa.Column("brand", sa.String(60), nullable=False),
    sa.Column("language", sa.String(20), nullable=False),
    sa.Column("form", sa.String(60), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("received_at", Utc, nullable=False, index=True),
    sa.Column("email", sa.String(320), nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("page", sa.Text, nullable=False),
    sa.Column("answers", sa.JSON, nullable=False),
    sa.Column("tags", sa.JSON, nullable=False),
    sa.Column("idempotency_key", sa.String(100)),
    sa.Column("content_hash", sa.String(64), index=True),  # what a page without JavaScript has instead of a key
    sa.Column("held", _Json),  # why it is kept from the team, as codes; none where it never was
    sa.Column("released_at", Utc),  # when a person let it go on all the same
    sa.Column("verified_at", Utc),  # when the customer showed that the address is theirs
    sa.Column("closed_at", Utc),  # from when its retention is counted
    sa.Column("masked", _Json),  # kinds of numbers that were taken out of the answers
    sa.Column("retention_days", sa.Integer),  # what the customer was told; none in inboxes from before it was kept
    sa.UniqueConstraint("brand", "form", "idempotency_key"),  # many NULLs are no duplicates
)

files = sa.Table(
    "files",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("receipt", sa.ForeignKey("inquiries.receipt", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("field", sa.String(40), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("retention_days", sa.Integer),  # none: as long as its inquiry
)

deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("id", _Id, primary_key=True),
    _receipt(),
    sa.Column("sink", sa.String(60), nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("queued_at", Utc, nullable=False),
    sa.Column("next_at", Utc),  # when an attempt is due; while sending: when the lease expires; held, settled: none
    sa.Column("settled_at", Utc),
    sa.Column("lease", sa.String(32)),
    sa.Column("error", sa.Text, nullable=False),
    sa.UniqueConstraint("receipt", "sink"),
)
_waiting = deliveries.c.next_at.is_not(None)
sa.Index("deliveries_due", deliveries.c.next_at, sqlite_where=_waiting, postgresql_where=_waiting)

consents = sa.Table(
    "consents",
    metadata,
    sa.Column("id", _Id, primary_key=True),
    sa.Column("receipt", sa.ForeignKey("inquiries.receipt", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("field", sa.String(40), nullable=False),
    sa.Column("basis", sa.String(20), nullable=False),
    sa.Column("text_hash", sa.String(64), nullable=False),
    sa.Column("version", sa.String(40), nullable=False),
    sa.Column("language", sa.String(20), nullable=False),
    sa.Column("given", sa.Boolean, nullable=False),
    sa.Column("at", Utc, nullable=False),
)

consent_texts = sa.Table(  # what customers read, word for word, whatever the form says by now
    "consent_texts",
    metadata,
    sa.Column("text_hash", sa.String(64), primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
)

replies_sent = sa.Table(  # what the budgets of automatic replies are counted from
    "replies_sent",
    metadata,
    sa.Column("id", _Id, primary_key=True),
    sa.Column("address_hash", sa.String(64), nullable=False, index=True),
    sa.Column("domain", sa.String(255), nullable=False),
    sa.Column("brand", sa.String(60), nullable=False),
    sa.Column("at", Utc, nullable=False, index=True),
)

suppressed = sa.Table(  # addresses that get no automatic reply
    "suppressed",
    metadata,
    sa.Column("address_hash", sa.String(64), primary_key=True),
    sa.Column("reason", sa.String(40), nullable=False),
    sa.Column("at", Utc, nullable=False),
)

breakers = sa.Table(  # brands whose automatic replies are stopped
    "breakers",
    metadata,
    sa.Column("brand", sa.String(60), primary_key=True),
    sa.Column("opened_at", Utc, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
)

used_tokens = sa.Table(  # form tokens and proofs of work that may not come twice
    "used_tokens",
    metadata,
    sa.Column("token", sa.String(100), primary_key=True),
    sa.Column("expires_at", Utc, nullable=False, index=True),
)

alarms = sa.Table(  # what a person has to be told on a second channel
    "alarms",
    metadata,
    sa.Column("id", _Id, primary_key=True),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("at", Utc, nullable=False),
    sa.Column("told_at", Utc),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
)
_untold = alarms.c.told_at.is_(None)
sa.Index("alarms_untold", alarms.c.at, sqlite_where=_untold, postgresql_where=_untold)

disabled_sinks = sa.Table(
    "disabled_sinks",
    metadata,
    sa.Column("brand", sa.String(60), primary_key=True),
    sa.Column("sink", sa.String(60), primary_key=True),
    sa.Column("at", Utc, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
)

turns = sa.Table(  # whose turn it is where a rule hands out inquiries one by one
    "turns",
    metadata,
    sa.Column("brand", sa.String(60), primary_key=True),
    sa.Column("rule", sa.String(100), primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
)

tombstones = sa.Table(  # that there was an inquiry, and nothing of what it said
    "tombstones",
    metadata,
    sa.Column("receipt", sa.String(13), primary_key=True),
    sa.Column("brand", sa.String(60), nullable=False),
    sa.Column("form", sa.String(60), nullable=False),
    sa.Column("received_at", Utc, nullable=False),
    sa.Column("purged_at", Utc, nullable=False),
    sa.Column("why", sa.String(40), nullable=False),
)

purge_log = sa.Table(
    "purge_log",
    metadata,
    sa.Column("id", _Id, primary_key=True),
    sa.Column("at", Utc, nullable=False),
    sa.Column("action", sa.String(40), nullable=False),
    sa.Column("counts", sa.JSON, nullable=False),
    sa.Column("proof", sa.Text, nullable=False),
)

secrets = sa.Table(  # where several machines share one database, they share what signs too
    "secrets",
    metadata,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

blobs = sa.Table(  # bytes of files, where no folder is shared by all who need them
    "blobs",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("at", Utc, nullable=False, index=True),
)

blob_parts = sa.Table(  # in parts, so that no process holds a whole file in memory to write it
    "blob_parts",
    metadata,
    sa.Column("blob", sa.ForeignKey("blobs.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("bytes", sa.LargeBinary, nullable=False),
)

feedback = sa.Table(  # how often an article helped on a day, and nothing about who said so
    "feedback",
    metadata,
    sa.Column("brand", sa.String(60), primary_key=True),
    sa.Column("language", sa.String(20), primary_key=True),
    sa.Column("article", sa.String(180), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("answer", sa.String(10), primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
)
