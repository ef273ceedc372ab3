"""Conversations, reminders and questions left open.

Databases from before the first migration have these tables already and keep them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make what is missing."""
    if sa.inspect(op.get_bind()).has_table("conversations"):
        return
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "conversations",
        sa.Column("chat", sa.String(80), primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("updated_at", moment, nullable=False),
    )
    op.create_table(
        "reminders",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("chat", sa.String(80), nullable=False, index=True),
        sa.Column("due_at", moment, nullable=False, index=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("sent_at", moment),
    )
    op.create_table(
        "unanswered",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("chat", sa.String(80), nullable=False, index=True),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
    )
