"""The database's tables: one schema for SQLite and PostgreSQL.

Times that people read are :class:`Moment`; times that only decide what comes next are seconds of
:func:`bot.clock.steady`.
"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Dialect


class Moment(sa.TypeDecorator[datetime]):
    """A time with its zone, in UTC; SQLite keeps none, so it is added again when read."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


metadata = sa.MetaData()

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
"""SQLite counts up by itself only in a column of this very type."""

conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("chat", sa.String(80), primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False, server_default="1"),
)
"""``revision`` counts changes, so that two turns at once cannot overwrite each other."""

reminders = sa.Table(
    "reminders",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("chat", sa.String(80), nullable=False, index=True),
    sa.Column("due_at", Moment, nullable=False, index=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("sent_at", Moment),
)

unanswered = sa.Table(
    "unanswered",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("chat", sa.String(80), nullable=False, index=True),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("asked_at", Moment, nullable=False),
    sa.Column("state", sa.String(10), nullable=False, server_default="open"),
    sa.Column("entry", sa.String(120), nullable=False, server_default=""),
    sa.Column("settled_at", Moment),
)
"""Questions that were not answered well, scrubbed, for the staff.

``kind`` is unknown, choices, or what a user found missing in an answer (wrong, partial, missing). ``state`` is open, answered
(an ``entry`` answers it now), told (the asker knows of that) or dismissed. While it is open, ``entry`` is the one whose answer
was found wanting, if any.
"""

questions = sa.Table(
    "questions",
    metadata,
    sa.Column("id", _NUMBER, primary_key=True, autoincrement=True),
    sa.Column("chat", sa.String(80), nullable=False, index=True),
    sa.Column("asked_at", Moment, nullable=False, index=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("entry", sa.String(120), nullable=False),
    sa.Column("ward", sa.String(20), nullable=False),
    sa.Column("rating", sa.String(8), nullable=False, server_default=""),
)
"""What was asked, without the words: the kind of answer, the entry it rested on, the asker's municipality.

``rating`` is good, wrong, partial or missing; "" while the asker has not said.
"""

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", _NUMBER, primary_key=True, autoincrement=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("who", sa.String(80), nullable=False),
    sa.Column("action", sa.String(40), nullable=False),
    sa.Column("subject", sa.String(160), nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
)
"""What staff did, by whom and to what."""

members = sa.Table(
    "members",
    metadata,
    sa.Column("user", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("role", sa.String(8), nullable=False),
    sa.Column("added_at", Moment, nullable=False),
)
"""Telegram ids of the staff; ``role`` is desk, editor or admin."""

handovers = sa.Table(
    "handovers",
    metadata,
    sa.Column("id", _NUMBER, primary_key=True, autoincrement=True),
    sa.Column("chat", sa.String(80), nullable=False, index=True),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("asked_at", Moment, nullable=False),
    sa.Column("settled_at", Moment),
    sa.Column("warned_at", Moment),
)
"""Questions that users asked a person. ``state`` is open, answered or closed; ``warned_at`` when the user was told to wait no longer."""

logins = sa.Table(
    "logins",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("chat", sa.String(80), nullable=False, index=True),
    sa.Column("ends_at", Moment, nullable=False),
)
"""One-time links to the staff's pages: a hash of each link's token, and the private chat of the member it was sent to."""

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("chat", sa.String(80), nullable=False, index=True),
    sa.Column("proof", sa.String(64), nullable=False),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("seen_at", Moment, nullable=False),
    sa.Column("notice", sa.Text, nullable=False, server_default=""),
)
"""Who is logged in to the staff's pages: a hash of the cookie's token, and the member's private chat.

The chat is "" for those who came with the password; ``proof`` tells then with which one. ``notice`` is what the next page tells.
"""

news = sa.Table(
    "news",
    metadata,
    sa.Column("id", _NUMBER, primary_key=True, autoincrement=True),
    sa.Column("chat", sa.String(80), nullable=False, index=True),
    sa.Column("reply", sa.Text, nullable=False),
    sa.Column("left_at", Moment, nullable=False),
)
"""What waits for a chat that nothing can be sent to, until it asks for it."""

heard = sa.Table(
    "heard",
    metadata,
    sa.Column("chat", sa.String(80), primary_key=True),
    sa.Column("key", sa.String(80), primary_key=True),
    sa.Column("digest", sa.String(32), nullable=False),
    sa.Column("update_id", sa.BigInteger, nullable=False),
    sa.Column("heard_at", Moment, nullable=False, index=True),
)
"""What came last of a message, or of a message's buttons: a digest of it, the update that brought it, and when.

``key`` names the message within its chat, or the album that it belongs to.
"""

answers = sa.Table(
    "answers",
    metadata,
    sa.Column("chat", sa.String(80), primary_key=True),
    sa.Column("key", sa.String(80), primary_key=True),
    sa.Column("page", sa.Integer, primary_key=True),
    sa.Column("message_id", sa.BigInteger, nullable=False),
    sa.Column("sent_at", Moment, nullable=False, index=True),
)
"""Where a message that was heard is answered: the bot's own messages, by page, so that an edit corrects them."""

replied = sa.Table(
    "replied",
    metadata,
    sa.Column("chat", sa.String(80), primary_key=True),
    sa.Column("turn", sa.String(64), primary_key=True),
    sa.Column("replies", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False, index=True),
)
"""What a turn that brought a name of its own was answered, so that it is answered the same when it comes again."""

inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("update_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("chat", sa.String(80), nullable=False),
    sa.Column("turn", sa.Text, nullable=False),
    sa.Column("context", sa.Text, nullable=False),
    sa.Column("state", sa.String(8), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("due_at", sa.Double),
    sa.Column("claimed_by", sa.String(40)),
    sa.Column("received_at", Moment, nullable=False),
    sa.Column("settled_at", Moment),
    sa.Column("error", sa.Text),
)
"""Updates as turns. ``state`` is waiting, done, failed (set aside) or refused (too many waited).

A row is in flight while ``claimed_by`` names a process of :data:`processes`. ``turn`` and ``context``
are emptied once it is settled; the id stays a while, to notice an update that is delivered again.
"""
sa.Index(
    "inbox_waiting",
    inbox.c.chat,
    inbox.c.update_id,
    postgresql_where=inbox.c.state == "waiting",
    sqlite_where=inbox.c.state == "waiting",
)
sa.Index("inbox_order", inbox.c.update_id, postgresql_where=inbox.c.state == "waiting", sqlite_where=inbox.c.state == "waiting")
sa.Index("inbox_chat", inbox.c.chat)

outbox = sa.Table(
    "outbox",
    metadata,
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
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("settled_at", Moment),
)
"""Calls of the Bot API that are to be made, in the order of their ids within a ``lane``.

``state`` is waiting, sent, dropped (too old, or the bot is blocked) or failed (refused). ``payload`` is
emptied once settled; a row that ``vanishes`` is deleted then.
"""
sa.Index(
    "outbox_waiting",
    outbox.c.lane,
    outbox.c.id,
    postgresql_where=outbox.c.state == "waiting",
    sqlite_where=outbox.c.state == "waiting",
)
sa.Index("outbox_order", outbox.c.id, postgresql_where=outbox.c.state == "waiting", sqlite_where=outbox.c.state == "waiting")
sa.Index("outbox_chat", outbox.c.chat)

attempts = sa.Table(
    "attempts",
    metadata,
    sa.Column("id", _NUMBER, primary_key=True, autoincrement=True),
    sa.Column("outbox_id", _NUMBER, sa.ForeignKey("outbox.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("result", sa.String(16), nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
)
"""How each attempt to send came out."""

gates = sa.Table(
    "gates",
    metadata,
    sa.Column("chat", sa.String(80), primary_key=True),
    sa.Column("kind", sa.String(8), primary_key=True),
    sa.Column("tat", sa.Double, nullable=False),
    sa.Column("paused_until", sa.Double, nullable=False, server_default="0"),
    sa.Column("told", sa.Integer, nullable=False, server_default="0"),
)
"""Rate limits shared by all processes: ``kind`` is sends or turns; the chat "" stands for all chats together.

``told`` is 1 after the chat was told that it has to wait, 2 after it was told that some is not answered.
"""

processes = sa.Table(
    "processes",
    metadata,
    sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
    sa.Column("id", sa.String(40), nullable=False, unique=True),
    sa.Column("host", sa.String(120), nullable=False),
    sa.Column("pid", sa.Integer, nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("started_at", Moment, nullable=False),
    sa.Column("beats", sa.BigInteger, nullable=False, server_default="0"),
)
"""Processes that are alive; ``beats`` goes up while one is."""
