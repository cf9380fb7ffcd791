"""Owns the third shape: how often readers said that an article helped.

The way back forgets these counts, and nothing else: an older version has no place for them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "feedback",
        sa.Column("brand", sa.String(60), nullable=False),
        sa.Column("language", sa.String(20), nullable=False),
        sa.Column("article", sa.String(180), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("answer", sa.String(10), nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("brand", "language", "article", "day", "answer", name="feedback_pkey"),
    )


def downgrade() -> None:
    op.drop_table("feedback")
