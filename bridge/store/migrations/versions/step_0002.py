"""Owns the second shape: consent, held inquiries, automatic replies, alarms, retention, files in the database.

Refuses to lose an inquiry on the way back: a version that knows no held deliveries shows them as given up.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_INSTANT = sa.DateTime(timezone=True)
_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_ADDED = (
    ("content_hash", sa.String(64)),
    ("held", sa.JSON()),
    ("released_at", _INSTANT),
    ("verified_at", _INSTANT),
    ("closed_at", _INSTANT),
    ("masked", sa.JSON()),
    ("retention_days", sa.Integer()),
)
_TABLES = (
    "consents",
    "consent_texts",
    "replies_sent",
    "suppressed",
    "breakers",
    "used_tokens",
    "alarms",
    "disabled_sinks",
    "turns",
    "tombstones",
    "purge_log",
    "secrets",
    "blob_parts",
    "blobs",
)


def upgrade() -> None:
    for name, kind in _ADDED:
        op.add_column("inquiries", sa.Column(name, kind))
    op.create_index("ix_inquiries_content_hash", "inquiries", ["content_hash"])
    op.add_column("files", sa.Column("retention_days", sa.Integer()))
    _consent_and_retention()
    _automatic_replies()
    _delivery()
    _bytes()


def downgrade() -> None:
    op.execute("DELETE FROM deliveries WHERE sink = 'reply'")
    op.execute(
        "UPDATE deliveries SET state = 'dead', settled_at = queued_at, next_at = NULL, "
        "error = 'held as suspicious; retry it to deliver it' WHERE state IN ('held', 'skipped')"
    )
    for table in _TABLES:
        op.drop_table(table)
    op.drop_index("ix_inquiries_content_hash", "inquiries")
    op.drop_column("files", "retention_days")
    for name, _ in reversed(_ADDED):
        op.drop_column("inquiries", name)


def _consent_and_retention() -> None:
    op.create_table(
        "consents",
        sa.Column("id", _ID, nullable=False),
        sa.Column("receipt", sa.String(13), nullable=False),
        sa.Column("field", sa.String(40), nullable=False),
        sa.Column("basis", sa.String(20), nullable=False),
        sa.Column("text_hash", sa.String(64), nullable=False),
        sa.Column("version", sa.String(40), nullable=False),
        sa.Column("language", sa.String(20), nullable=False),
        sa.Column("given", sa.Boolean, nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="consents_pkey"),
        sa.ForeignKeyConstraint(["receipt"], ["inquiries.receipt"], name="consents_receipt_fkey", ondelete="CASCADE"),
    )
    op.create_index("ix_consents_receipt", "consents", ["receipt"])
    op.create_table(
        "consent_texts",
        sa.Column("text_hash", sa.String(64), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("text_hash", name="consent_texts_pkey"),
    )
    op.create_table(
        "tombstones",
        sa.Column("receipt", sa.String(13), nullable=False),
        sa.Column("brand", sa.String(60), nullable=False),
        sa.Column("form", sa.String(60), nullable=False),
        sa.Column("received_at", _INSTANT, nullable=False),
        sa.Column("purged_at", _INSTANT, nullable=False),
        sa.Column("why", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("receipt", name="tombstones_pkey"),
    )
    op.create_table(
        "purge_log",
        sa.Column("id", _ID, nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("counts", sa.JSON, nullable=False),
        sa.Column("proof", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="purge_log_pkey"),
    )


def _automatic_replies() -> None:
    op.create_table(
        "replies_sent",
        sa.Column("id", _ID, nullable=False),
        sa.Column("address_hash", sa.String(64), nullable=False),
        sa.Column("domain", sa.String(255), nullable=False),
        sa.Column("brand", sa.String(60), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="replies_sent_pkey"),
    )
    op.create_index("ix_replies_sent_address_hash", "replies_sent", ["address_hash"])
    op.create_index("ix_replies_sent_at", "replies_sent", ["at"])
    op.create_table(
        "suppressed",
        sa.Column("address_hash", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("address_hash", name="suppressed_pkey"),
    )
    op.create_table(
        "breakers",
        sa.Column("brand", sa.String(60), nullable=False),
        sa.Column("opened_at", _INSTANT, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("brand", name="breakers_pkey"),
    )
    op.create_table(
        "used_tokens",
        sa.Column("token", sa.String(100), nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("token", name="used_tokens_pkey"),
    )
    op.create_index("ix_used_tokens_expires_at", "used_tokens", ["expires_at"])


def _delivery() -> None:
    op.create_table(
        "alarms",
        sa.Column("id", _ID, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("told_at", _INSTANT),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("id", name="alarms_pkey"),
    )
    untold = sa.text("told_at IS NULL")
    op.create_index("alarms_untold", "alarms", ["at"], sqlite_where=untold, postgresql_where=untold)
    op.create_table(
        "disabled_sinks",
        sa.Column("brand", sa.String(60), nullable=False),
        sa.Column("sink", sa.String(60), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("brand", "sink", name="disabled_sinks_pkey"),
    )
    op.create_table(
        "turns",
        sa.Column("brand", sa.String(60), nullable=False),
        sa.Column("rule", sa.String(100), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("brand", "rule", name="turns_pkey"),
    )


def _bytes() -> None:
    op.create_table(
        "secrets",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="secrets_pkey"),
    )
    op.create_table(
        "blobs",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="blobs_pkey"),
    )
    op.create_index("ix_blobs_at", "blobs", ["at"])
    op.create_table(
        "blob_parts",
        sa.Column("blob", sa.String(32), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("bytes", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("blob", "position", name="blob_parts_pkey"),
        sa.ForeignKeyConstraint(["blob"], ["blobs.id"], name="blob_parts_blob_fkey", ondelete="CASCADE"),
    )
