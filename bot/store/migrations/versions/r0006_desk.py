"""What belongs to a question at the desk: its messages, there and on their way; whose database this is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the tables and columns; the outbox is gone through by rank."""
    # Written out: Alembic adds no column with a foreign key to a table of SQLite.
    op.execute("ALTER TABLE outbox ADD COLUMN handover BIGINT REFERENCES handovers (id) ON DELETE CASCADE")
    op.create_index("outbox_handover", "outbox", ["handover"])
    op.add_column("outbox", sa.Column("rank", sa.Integer, nullable=False, server_default="0"))
    op.drop_index("outbox_order", "outbox")
    waiting = sa.text("state = 'waiting'")
    op.create_index("outbox_order", "outbox", ["rank", "id"], postgresql_where=waiting, sqlite_where=waiting)
    op.create_table(
        "postings",
        sa.Column("desk", sa.String(80), primary_key=True),
        sa.Column("message_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("handover", _NUMBER, sa.ForeignKey("handovers.id", ondelete="CASCADE"), nullable=False, index=True),
    )
    op.create_table("owner", sa.Column("number", sa.Integer, primary_key=True), sa.Column("bot", sa.String(40), nullable=False))
