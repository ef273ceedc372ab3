"""Runs turns: loads the conversation, takes the pure step, keeps what came of it. One turn a chat at a time."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from bot.advisor import phrases
from bot.advisor.replies import Attachment, Reply, say
from bot.advisor.step import step
from bot.advisor.turns import Commanded, Said, Turn
from bot.knowledge.base import KnowledgeBase
from bot.metrics import Metrics
from bot.store.database import Store

PUSHED = "telegram:"
"""Chats that get their reminders without asking."""


class Worker:
    """Takes turns of all chats against one knowledge base and one store."""

    def __init__(
        self,
        kb: KnowledgeBase,
        store: Store,
        metrics: Metrics,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.kb = kb
        self.store = store
        self.metrics = metrics
        self._clock = clock
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def take(self, chat: str, turn: Turn) -> tuple[Reply, ...]:
        """One turn of one chat; turns of the same chat wait for each other."""
        lock = self._locks[chat]
        async with lock:
            now = self._clock()
            if asks_to_export(turn):
                return (_exported(await self.store.export(chat)),)
            conversation = await self.store.conversation(chat)
            with self.metrics.turn_seconds.time():
                taken = step(self.kb, conversation, turn, now)
            if asks_to_forget(turn):
                await self.store.forget(chat)
            else:
                await self.store.save(chat, taken, now)
        for event in taken.events:
            self.metrics.outcomes.labels(event.kind).inc()
        return (*await self._reminders(chat, now), *taken.replies)

    async def _reminders(self, chat: str, now: datetime) -> tuple[Reply, ...]:
        """Reminders due in a chat that cannot be written to unasked; they come with the next answer."""
        if chat.startswith(PUSHED):
            return ()
        due = [one for one in await self.store.due(now, chat) if one.chat == chat]
        for one in due:
            await self.store.sent(one, now)
        return tuple(say(one.text) for one in due)


def asks_to_export(turn: Turn) -> bool:
    """Whether a turn is ``/export``: everything kept about the chat, for the one it is about."""
    return _is_command(turn, "export")


def _exported(kept: dict[str, object]) -> Reply:
    text = json.dumps(kept, ensure_ascii=False, indent=2)
    file = Attachment("michishirube.json", "application/json", text, "ファイルを受け取る")
    return replace(say(phrases.EXPORTED), attachment=file)


def asks_to_forget(turn: Turn) -> bool:
    """Whether a turn is ``/forget``, after which nothing of the chat may stay."""
    return _is_command(turn, "forget")


def _is_command(turn: Turn, name: str) -> bool:
    match turn:
        case Commanded(name=given):
            return given == name
        case Said(text):
            return text.strip().lower().split("@")[0] == f"/{name}"
    return False
