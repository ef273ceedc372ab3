"""What staff look at and do: questions asked, what became of open ones, hand-overs, members, the audit log; news for the web."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_MOMENT = sa.DateTime(timezone=True)
_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the tables and columns."""
    op.add_column("unanswered", sa.Column("state", sa.String(10), nullable=False, server_default="open"))
    op.add_column("unanswered", sa.Column("entry", sa.String(120), nullable=False, server_default=""))
    op.add_column("unanswered", sa.Column("settled_at", _MOMENT))
    op.create_table(
        "questions",
        sa.Column("id", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("chat", sa.String(80), nullable=False, index=True),
        sa.Column("asked_at", _MOMENT, nullable=False, index=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("entry", sa.String(120), nullable=False),
        sa.Column("ward", sa.String(20), nullable=False),
        sa.Column("rating", sa.String(8), nullable=False, server_default=""),
    )
    op.create_table(
        "audit",
        sa.Column("id", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("who", sa.String(80), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(160), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
    )
    op.create_table(
        "members",
        sa.Column("user", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("role", sa.String(8), nullable=False),
        sa.Column("added_at", _MOMENT, nullable=False),
    )
    op.create_table(
        "handovers",
        sa.Column("id", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("chat", sa.String(80), nullable=False, index=True),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("settled_at", _MOMENT),
        sa.Column("warned_at", _MOMENT),
    )
    op.create_table(
        "news",
        sa.Column("id", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("chat", sa.String(80), nullable=False, index=True),
        sa.Column("reply", sa.Text, nullable=False),
        sa.Column("left_at", _MOMENT, nullable=False),
    )
