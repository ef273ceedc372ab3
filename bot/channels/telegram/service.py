"""Starts and stops the Telegram channel."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from bot.advisor import answers, handover, phrases
from bot.advisor.conversation import Conversation
from bot.advisor.replies import Block, Button, Reply, say
from bot.channels.telegram import outgoing
from bot.channels.telegram.arriving import Arrivals
from bot.channels.telegram.calling import Pace
from bot.channels.telegram.connecting import connected, introduce, prepare
from bot.channels.telegram.polling import Fetcher, Poller
from bot.channels.telegram.sending import Sender
from bot.channels.telegram.typing import Typing
from bot.channels.telegram.webhook import Webhook
from bot.desk import Desk
from bot.dialogs.reminding import CANCEL_BUTTON
from bot.metrics import Metrics
from bot.pump import Pump
from bot.roles import Roles
from bot.settings import Settings
from bot.store.database import FAILURES
from bot.store.gates import Rate
from bot.store.inbox import Claimed
from bot.store.notices import Due, Found
from bot.store.outbox import Message, Rates
from bot.store.store import Store
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
    return Rates(overall, lambda key: group if key.startswith(f"{outgoing.PREFIX}-") else chat)


class Compose:
    """Telegram as a :class:`bot.worker.Channel`."""

    def compose(self, chat: str, context: str, replies: Sequence[Reply]) -> Sequence[Message]:
        return outgoing.compose(chat, context, replies)


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
        desk = settings.desk
        handler = InboxWorker(worker, Compose(), Roles(store.members, settings.admin_ids), desk, steward)

        async def handle(claimed: Claimed) -> None:
            typing.begin(claimed)
            await handler.handle(claimed)

        look = _LOOK_ALONE if store.database.is_sqlite else _LOOK_TOLD
        inbox = Pump(handler.claim, handle, store.signals.subscribe("inbox"), pace.parallel, look)
        sender = Sender(bot, store, worker.metrics, typing)
        outbox = Pump(store.outbox.claim, sender.send, store.signals.subscribe("outbox"), pace.parallel, look)
        running = [asyncio.create_task(one) for one in (inbox.run(), outbox.run(), _remind(worker, pace, desk))]
        try:
            await asyncio.gather(*running)
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            await inbox.drain(pace.drain)
            await outbox.drain(pace.drain)


async def _remind(worker: Worker, pace: Pace, desk: Desk | None) -> None:
    """Look again and again for due reminders, for questions that no person has answered in time, and for those that can be now."""

    def overdue(chat: str) -> Sequence[Message]:
        call = handover.call(worker.kb, Conversation())
        return outgoing.compose(chat, "", (Reply((Block("text", (phrases.PERSON_MISSING,)), call)),))

    def found(one: Found) -> Sequence[Message]:
        entry = worker.kb.entry(one.entry)
        if entry is None:
            return ()
        told = phrases.FOUND_LATER.format(question=one.question[:100])
        buttons = (answers.entry_button(entry), Button(phrases.NO_MORE_OF_THIS, "q:off"))
        return outgoing.compose(one.chat, "", (say(told, buttons=buttons),))

    store = worker.store
    while True:
        now = worker.now()
        try:
            await store.notices.post_answered(outgoing.PREFIX, found)
            await store.notices.post_reminders(outgoing.PREFIX, _reminder, now)
            if desk is not None and desk.is_open(now):
                await store.notices.post_overdue(now - desk.patience, overdue, now)
        except FAILURES as error:
            log.warning("reminders could not be looked up (%s)", type(error).__name__)
        await asyncio.sleep(pace.reminders)


def _reminder(due: Due) -> Sequence[Message]:
    return outgoing.compose(due.chat, "", (say(due.text, buttons=(CANCEL_BUTTON,)),))
