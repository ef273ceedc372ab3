"""What was heard and answered already: messages that are edited, albums, second taps, and turns of the web that come again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "heard",
        sa.Column("chat", sa.String(80), primary_key=True),
        sa.Column("key", sa.String(80), primary_key=True),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.Column("update_id", sa.BigInteger, nullable=False),
        sa.Column("heard_at", _MOMENT, nullable=False, index=True),
    )
    op.create_table(
        "answers",
        sa.Column("chat", sa.String(80), primary_key=True),
        sa.Column("key", sa.String(80), primary_key=True),
        sa.Column("page", sa.Integer, primary_key=True),
        sa.Column("message_id", sa.BigInteger, nullable=False),
        sa.Column("sent_at", _MOMENT, nullable=False, index=True),
    )
    op.create_table(
        "replied",
        sa.Column("chat", sa.String(80), primary_key=True),
        sa.Column("turn", sa.String(64), primary_key=True),
        sa.Column("replies", sa.Text, nullable=False),
        sa.Column("at", _MOMENT, nullable=False, index=True),
    )
