"""What nobody used for long is given up: in steps, told in the log, and not while the clock may be wrong."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import steady
from bot.store import logins
from bot.store.database import Database, whole
from bot.store.replied import KEPT as KEPT_REPLIES
from bot.store.tables import (
    answers,
    audit,
    conversations,
    gates,
    handovers,
    heard,
    inbox,
    news,
    outbox,
    questions,
    reminders,
    replied,
    unanswered,
)

log = logging.getLogger(__name__)

KEPT_SETTLED = timedelta(days=3)
"""How long settled rows of the queues stay: Telegram delivers an update again for a day at most."""

KEPT_FAILED = timedelta(days=30)
"""How long updates that were set aside stay, for the staff to see."""

KEPT_DEEDS = timedelta(days=730)
"""How long the log of what staff did reaches back."""

MOST_FAILED_LOGINS = 10_000
"""Failed logins in that log; who makes them on purpose must not fill the disk, nor push anything else out."""

_SILENCE = timedelta(days=30)
"""When nobody wrote for so long, it is as likely that the clock is ahead."""

_A_DAY = timedelta(days=1)
_STEP = timedelta(hours=20)
_SHARE = 20
_FEWEST = 100
"""A day's step is a twentieth of all rows, or so many: a wrong clock that nobody sees for a day costs no more."""

_AT_ONCE = 500
"""Rows that one transaction deletes; those who write wait for no more than that."""

_BOT, _JUMPED, _DELETED = "bot", "clock jumped", "retention"


@dataclass(frozen=True, slots=True)
class Retired:
    """How many conversations went, and how many more are idle and wait for the next days' steps."""

    conversations: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class _Delete:
    """Old rows: ``most`` of those ``found`` go in this step."""

    table: sa.Table
    old: sa.ColumnElement[bool]
    most: int
    found: int


class Retention:
    """Deletes what is old. All its times come from the machine's clock, so that it has to mistrust it."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @whole
    async def doubt(self, now: datetime) -> None:
        """The clock was set: for a day nothing is deleted."""
        async with self.database.writing() as connection:
            await _note(connection, now, _JUMPED, "")

    async def retire(self, before: datetime, now: datetime) -> Retired | None:
        """Delete what nobody used since ``before`` and what is long settled. ``None`` while the clock is not to be trusted."""
        if await self.doubtful(now):
            return None
        await self._all(_settled(now))
        retired = Retired()
        for one in await self._step(before, now):
            gone = await self._few(one)
            if one.table is conversations:
                retired = Retired(gone, one.found - gone)
        return retired

    @whole
    async def doubtful(self, now: datetime) -> bool:
        """Whether the clock jumped, or may have, less than a day ago. Links and sessions end by it whatever it says."""
        async with self.database.writing() as connection:
            await logins.retire(connection, now)
            await connection.execute(sa.delete(gates).where(gates.c.tat < steady() - 3600, gates.c.paused_until < steady()))
            jumped = await _last(connection, _JUMPED)
            if jumped is not None and abs(now - jumped) < _A_DAY:
                return True
            newest = [(await connection.execute(sa.select(sa.func.max(one)))).scalar_one() for one in _WRITTEN]
            last = max((one for one in (*newest, jumped) if one is not None), default=now)
            if now - last < _SILENCE:
                return False
            await _note(connection, now, _JUMPED, f"{(now - last).days}日")
        log.warning("nobody wrote for %d days, or the clock is ahead: nothing is deleted today", (now - last).days)
        return True

    @whole
    async def _step(self, before: datetime, now: datetime) -> list[_Delete]:
        """A day's step, which no other process takes as well; the log tells of it."""
        async with self.database.writing() as connection:
            await self.database.exclude(connection, _DELETED)
            last = await _last(connection, _DELETED)
            if last is not None and abs(now - last) < _STEP:
                return []
            deletes = []
            for table, old in _unused(before):
                every, found = [await _count(connection, table, which) for which in (sa.true(), old)]
                if found:
                    deletes.append(_Delete(table, old, min(found, max(_FEWEST, every // _SHARE)), found))
            if deletes:
                told = "、".join(f"{_NAMES[one.table]}{one.most}件（残り{one.found - one.most}件）" for one in deletes)
                await _note(connection, now, _DELETED, told)
        return deletes

    async def _all(self, settled: list[tuple[sa.Table, sa.ColumnElement[bool]]]) -> None:
        for table, old in settled:
            while await self._some(table, old, _AT_ONCE):
                pass

    async def _few(self, one: _Delete) -> int:
        """Delete no more than a step's rows; returns how many went."""
        gone = 0
        while gone < one.most and (some := await self._some(one.table, one.old, min(_AT_ONCE, one.most - gone))):
            gone += some
        return gone

    @whole
    async def _some(self, table: sa.Table, old: sa.ColumnElement[bool], most: int) -> int:
        key = sa.tuple_(*table.primary_key)
        rows = sa.delete(table).where(key.in_(sa.select(*table.primary_key).where(old).order_by(*table.primary_key).limit(most)))
        async with self.database.writing() as connection:
            return (await connection.execute(rows)).rowcount


_NAMES = {
    conversations: "会話",
    unanswered: "未解決の質問",
    questions: "質問の記録",
    handovers: "担当者への質問",
    reminders: "お知らせ",
    news: "受け取られなかった返事",
}
_WRITTEN = (conversations.c.updated_at, inbox.c.received_at, questions.c.asked_at)
"""What tells when somebody last wrote."""


def _unused(before: datetime) -> list[tuple[sa.Table, sa.ColumnElement[bool]]]:
    """Conversations that nobody took up again, and what stands beside them for as long."""
    waiting = sa.select(reminders.c.chat).where(reminders.c.sent_at.is_(None))
    return [
        *((table, table.c.asked_at < before) for table in (unanswered, questions, handovers)),
        (reminders, reminders.c.due_at < before),
        (news, news.c.left_at < before),
        (conversations, (conversations.c.updated_at < before) & conversations.c.chat.not_in(waiting)),
    ]


def _settled(now: datetime) -> list[tuple[sa.Table, sa.ColumnElement[bool]]]:
    """What is of no more use."""
    failed = audit.c.action == "login failed"
    newest = sa.select(audit.c.id).where(failed).order_by(audit.c.id.desc()).offset(MOST_FAILED_LOGINS).limit(1).scalar_subquery()
    queues = (
        (
            (table, (table.c.state != "waiting") & (table.c.state != "failed") & (table.c.settled_at < now - KEPT_SETTLED)),
            (table, (table.c.state != "waiting") & (table.c.settled_at < now - KEPT_FAILED)),
        )
        for table in (inbox, outbox)
    )
    came_before = (
        (heard, heard.c.heard_at < now - KEPT_SETTLED),
        (answers, answers.c.sent_at < now - KEPT_SETTLED),
        (replied, replied.c.at < now - KEPT_REPLIES),
    )
    return [*chain(*queues), *came_before, (audit, audit.c.at < now - KEPT_DEEDS), (audit, failed & (audit.c.id <= newest))]


async def _count(connection: AsyncConnection, table: sa.Table, which: sa.ColumnElement[bool]) -> int:
    count: int = (await connection.execute(sa.select(sa.func.count()).select_from(table).where(which))).scalar_one()
    return count


async def _last(connection: AsyncConnection, action: str) -> datetime | None:
    """When the bot last noted something; the rows of a clock that was ahead come last too."""
    query = sa.select(audit.c.at).where(audit.c.who == _BOT, audit.c.action == action).order_by(audit.c.id.desc()).limit(1)
    found: datetime | None = (await connection.execute(query)).scalar_one_or_none()
    return found


async def _note(connection: AsyncConnection, now: datetime, action: str, detail: str) -> None:
    await connection.execute(sa.insert(audit).values(at=now, who=_BOT, action=action, subject="", detail=detail))
