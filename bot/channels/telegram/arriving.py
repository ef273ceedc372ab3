"""Keeps what Telegram delivers, before anybody acknowledges it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime

from bot.channels.telegram.updates import PREFIX, Incoming, Me, translate, update_id
from bot.metrics import Metrics
from bot.store.inbox import Arrival
from bot.store.store import Store
from bot.talk.turns import Moved

log = logging.getLogger(__name__)


class Arrivals:
    """Translates updates and commits them to the inbox. What needs no answer is left out."""

    def __init__(self, store: Store, me: Me, metrics: Metrics) -> None:
        self._store = store
        self._me = me
        self._metrics = metrics

    async def accept(self, updates: Sequence[object]) -> int | None:
        """Commit updates; returns the highest id, ``None`` when no update had one. Raises one of ``FAILURES``.

        Only when this has returned may the server be told that they arrived.
        """
        arrivals: dict[int, Arrival] = {}
        highest = None
        for raw in updates:
            number = update_id(raw)
            if number is None:
                self._metrics.updates.labels("broken").inc()
                continue
            highest = max(number, highest or 0)
            translated = translate(raw, self._me)
            self._metrics.updates.labels(translated.kind).inc()
            if translated.kind == "broken":
                log.warning("update %d cannot be read and is left out", number)
            if (incoming := translated.incoming) is not None:
                self._warn(incoming)
                arrivals[number] = Arrival(number, incoming.key, incoming.turn, incoming.place.dump(), incoming.hearing)
        await self._store.inbox.accept(list(arrivals.values()), datetime.now(UTC))
        return highest

    def _warn(self, incoming: Incoming) -> None:
        """The staff's chat is a setting, which no update changes: without it their answers would reach nobody."""
        if isinstance(incoming.turn, Moved) and incoming.chat_id == self._me.desk:
            new = incoming.turn.chat.removeprefix(PREFIX)
            log.error("the staff's chat became a supergroup: set BOT_STAFF_CHAT=%s and start again", new)
