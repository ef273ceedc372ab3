"""Starts and stops the Telegram channel."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from bot.advisor.looking_up import Cards
from bot.channels.telegram import inline, outgoing
from bot.channels.telegram.arriving import Arrivals
from bot.channels.telegram.calling import Pace
from bot.channels.telegram.connecting import connected, introduce, prepare
from bot.channels.telegram.polling import Fetcher, Poller
from bot.channels.telegram.sending import Sender
from bot.channels.telegram.typing import Typing
from bot.channels.telegram.updates import PREFIX, Place
from bot.channels.telegram.webhook import Webhook
from bot.metrics import Metrics
from bot.notifying import Notifier
from bot.pump import Pump
from bot.roles import Roles
from bot.settings import Settings
from bot.store.gates import Rate
from bot.store.inbox import Claimed
from bot.store.outbox import Message, Rates
from bot.store.store import Store
from bot.talk.replies import Reply
from bot.worker import InboxWorker, Steward, Worker

log = logging.getLogger(__name__)

_LOOK_ALONE = 1.0
_LOOK_TOLD = 5.0
"""Seconds between looks for work: on SQLite nobody tells us what another process put in."""


def rates(settings: Settings) -> Rates:
    """Telegram's limits: about 30 messages a second in all, 1 a second to a chat with short bursts, 20 a minute to a group."""
    chat = Rate(1 / settings.chat_sends_per_second, burst=6)
    group = Rate(4.0 / settings.chat_sends_per_second, burst=5)  # 5 at once and 15 more make 20 in any minute
    overall = Rate(1 / settings.sends_per_second, burst=max(1, round(settings.sends_per_second / 3)))
    return Rates(overall, lambda key: group if key.startswith(f"{PREFIX}-") else chat)


class Compose:
    """Telegram as a :class:`bot.worker.Channel`."""

    def compose(self, chat: str, context: str, replies: Sequence[Reply]) -> Sequence[Message]:
        return outgoing.compose(chat, context, replies)

    def compose_cards(self, chat: str, context: str, found: Cards) -> Sequence[Message]:
        asked = Place.load(context).inline
        return (inline.answer(chat, asked, found),) if asked is not None else ()


async def take_in(
    store: Store,
    metrics: Metrics,
    settings: Settings,
    webhook: Webhook | None,
    pace: Pace | None = None,
    named: Callable[[str], None] = lambda _: None,
) -> None:
    """Put what Telegram delivers into the inbox until cancelled. Raises :class:`bot.channels.telegram.errors.TokenRefused`.

    ``named`` is told the bot's user name as soon as Telegram has told it.

    A server that cannot be reached is tried again for ever, with a line in the log each time.
    """
    pace = pace or Pace()
    async with connected(settings, pace) as (bot, polls):
        me = await introduce(bot, settings, pace)
        named(me.username)
        arrivals = Arrivals(store, me, metrics)
        await prepare(bot, settings, pace)
        log.info("answering on Telegram as @%s (%s)", me.username, "webhook" if webhook else "polling")
        if webhook is not None:
            webhook.open(arrivals)
            try:
                await asyncio.Event().wait()
            finally:
                webhook.close()
        poller = Poller(Fetcher(bot, polls), arrivals, store.roster, pace)
        try:
            await poller.run()
        finally:
            await poller.confirm()


async def work(worker: Worker, settings: Settings, pace: Pace | None = None, steward: Steward | None = None) -> None:
    """Handle the inbox, send the outbox and post reminders until cancelled; what is in hand is finished first."""
    pace = pace or Pace()
    store = worker.store
    async with connected(settings, pace) as (bot, _):
        typing = Typing(bot, pace.typing)
        handler = InboxWorker(worker, Compose(), Roles(store.members, settings.admin_ids), steward)

        async def handle(claimed: Claimed) -> None:
            typing.begin(claimed)
            await handler.handle(claimed)

        look = _LOOK_ALONE if store.database.is_sqlite else _LOOK_TOLD
        inbox = Pump(handler.claim, handle, store.signals.subscribe("inbox"), pace.parallel, look)
        sender = Sender(bot, store, worker.metrics, typing)
        outbox = Pump(store.outbox.claim, sender.send, store.signals.subscribe("outbox"), pace.parallel, look)
        notifier = Notifier(worker, Compose(), pace.reminders)
        running = [asyncio.create_task(one) for one in (inbox.run(), outbox.run(), notifier.run())]
        try:
            await asyncio.gather(*running)
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            await inbox.drain(pace.drain)
            await outbox.drain(pace.drain)
