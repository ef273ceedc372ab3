"""The durable inbox and outbox, rate limits, and the processes that work on them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_MOMENT = sa.DateTime(timezone=True)
_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    """Add the tables of the queues."""
    op.add_column("conversations", sa.Column("revision", sa.Integer, nullable=False, server_default="1"))
    op.create_table(
        "inbox",
        sa.Column("update_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("chat", sa.String(80), nullable=False),
        sa.Column("turn", sa.Text, nullable=False),
        sa.Column("context", sa.Text, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("due_at", sa.Double),
        sa.Column("claimed_by", sa.String(40)),
        sa.Column("received_at", _MOMENT, nullable=False),
        sa.Column("settled_at", _MOMENT),
        sa.Column("error", sa.Text),
    )
    op.create_table(
        "outbox",
        sa.Column("id", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("chat", sa.String(80), nullable=False),
        sa.Column("lane", sa.String(120), nullable=False),
        sa.Column("method", sa.String(40), nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("request", sa.String(40), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("uncertain", sa.Integer, nullable=False, server_default="0"),
        sa.Column("vanishes", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("due_at", sa.Double),
        sa.Column("expires_at", sa.Double, nullable=False),
        sa.Column("claimed_by", sa.String(40)),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("settled_at", _MOMENT),
    )
    op.create_table(
        "attempts",
        sa.Column("id", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("outbox_id", _NUMBER, sa.ForeignKey("outbox.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("result", sa.String(16), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
    )
    op.create_table(
        "gates",
        sa.Column("chat", sa.String(80), primary_key=True),
        sa.Column("kind", sa.String(8), primary_key=True),
        sa.Column("tat", sa.Double, nullable=False),
        sa.Column("paused_until", sa.Double, nullable=False, server_default="0"),
        sa.Column("told", sa.Integer, nullable=False, server_default="0"),
    )
    op.create_table(
        "processes",
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(40), nullable=False, unique=True),
        sa.Column("host", sa.String(120), nullable=False),
        sa.Column("pid", sa.Integer, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("started_at", _MOMENT, nullable=False),
        sa.Column("beats", sa.BigInteger, nullable=False, server_default="0"),
    )
    for name, table, columns in (
        ("inbox_waiting", "inbox", ["chat", "update_id"]),
        ("inbox_order", "inbox", ["update_id"]),
        ("outbox_waiting", "outbox", ["lane", "id"]),
        ("outbox_order", "outbox", ["id"]),
    ):
        op.create_index(name, table, columns, postgresql_where=_WAITING, sqlite_where=_WAITING)
    op.create_index("inbox_chat", "inbox", ["chat"])
    op.create_index("outbox_chat", "outbox", ["chat"])
