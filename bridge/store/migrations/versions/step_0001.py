"""Owns the first shape: inquiries, their files, the outbox. Refuses to change: databases in use were made like this."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "inquiries",
        sa.Column("receipt", sa.String(13), nullable=False),
        sa.Column("brand", sa.String(60), nullable=False),
        sa.Column("language", sa.String(20), nullable=False),
        sa.Column("form", sa.String(60), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("received_at", _INSTANT, nullable=False),
        sa.Column("email", sa.String(320), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("page", sa.Text, nullable=False),
        sa.Column("answers", sa.JSON, nullable=False),
        sa.Column("tags", sa.JSON, nullable=False),
        sa.Column("idempotency_key", sa.String(100)),
        sa.PrimaryKeyConstraint("receipt", name="inquiries_pkey"),
        sa.UniqueConstraint("brand", "form", "idempotency_key", name="inquiries_brand_form_idempotency_key_key"),
    )
    op.create_index("ix_inquiries_received_at", "inquiries", ["received_at"])
    op.create_table(
        "files",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("receipt", sa.String(13), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("field", sa.String(40), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="files_pkey"),
        sa.ForeignKeyConstraint(["receipt"], ["inquiries.receipt"], name="files_receipt_fkey", ondelete="CASCADE"),
    )
    op.create_index("ix_files_receipt", "files", ["receipt"])
    op.create_table(
        "deliveries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("receipt", sa.String(13), nullable=False),
        sa.Column("sink", sa.String(60), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("queued_at", _INSTANT, nullable=False),
        sa.Column("next_at", _INSTANT),
        sa.Column("settled_at", _INSTANT),
        sa.Column("lease", sa.String(32)),
        sa.Column("error", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="deliveries_pkey"),
        sa.ForeignKeyConstraint(["receipt"], ["inquiries.receipt"], name="deliveries_receipt_fkey", ondelete="CASCADE"),
        sa.UniqueConstraint("receipt", "sink", name="deliveries_receipt_sink_key"),
    )
    waiting = sa.text("next_at IS NOT NULL")
    op.create_index("deliveries_due", "deliveries", ["next_at"], sqlite_where=waiting, postgresql_where=waiting)


def downgrade() -> None:
    raise NotImplementedError("there is nothing before the first shape; delete the database instead")
