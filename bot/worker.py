"""Runs turns: loads the conversation, takes the pure step, and keeps what came of it in one transaction."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection
from structlog.contextvars import bound_contextvars

from bot.advisor.looking_up import MOST, Cards, cards
from bot.desk import Desk, answered, closes
from bot.desk import question as desk_question
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.live import Library
from bot.metrics import Metrics
from bot.pump import persist, trace
from bot.roles import Roles
from bot.step import step
from bot.store import turns
from bot.store.claims import Claims
from bot.store.database import FAILURES
from bot.store.inbox import MOST_WAITING, PASSING, Claimed, Throttled
from bot.store.outbox import Message
from bot.store.store import Overtaken, Store, request_of
from bot.talk import phrases
from bot.talk.conversation import Conversation
from bot.talk.replies import Attachment, Reply, say
from bot.talk.taken import HandOver, Step
from bot.talk.turns import DeskReplied, LookedUp, Moved, Repeated, Turn, is_command

log = logging.getLogger(__name__)

ATTEMPTS = 5
"""How often an update is tried before it is set aside."""

_USUAL_FOR = timedelta(days=30)
"""What was asked in these days makes what is asked for most."""

_FIRST_DELAY = 0.2
"""Seconds before the second attempt; each further one waits twice as long."""


class Channel(Protocol):
    """How replies become messages of a channel."""

    def compose(self, chat: str, context: str, replies: Sequence[Reply]) -> Sequence[Message]:
        """The messages that say ``replies``; ``context`` is the channel's note on the update, or ""."""
        ...

    def compose_cards(self, chat: str, context: str, found: Cards) -> Sequence[Message]:
        """The messages that show cards to somebody who looks something up."""
        ...


class Steward(Protocol):
    """Answers what is about the bot itself and no matter of the core."""

    async def answer(self, chat: str, turn: Turn) -> tuple[Reply, ...] | None:
        """The replies, or ``None`` for a turn that is the core's."""
        ...


@dataclass(frozen=True, slots=True)
class Reception:
    """The people who can be asked, and the channel that their chat is on."""

    desk: Desk
    channel: Channel

    def ask(self, number: int, asked: HandOver) -> Sequence[Message]:
        """The messages that bring a question to them."""
        return self.channel.compose(self.desk.chat, "", (desk_question(number, asked),))


class Worker:
    """Takes turns of all chats against one store and one knowledge base, or whichever a library holds at the time."""

    def __init__(
        self,
        knowledge: KnowledgeBase | Library,
        store: Store,
        metrics: Metrics,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        reception: Reception | None = None,
    ) -> None:
        self._knowledge = knowledge
        self.store = store
        self.metrics = metrics
        self._clock = clock
        self.reception = reception
        self.to_desk = reception.ask if reception is not None else None
        self.bot_name = ""
        """The bot's user name on Telegram, "" until it is known."""

    @property
    def kb(self) -> KnowledgeBase:
        """What serves now. A turn takes it once: it may be another one at the next look."""
        return self._knowledge.kb if isinstance(self._knowledge, Library) else self._knowledge

    async def answer(self, chat: str, turn: Turn, name: str = "") -> tuple[Reply, ...]:
        """A turn of somebody who waits for the answer; with it come reminders that are due.

        A turn with a ``name`` changes the conversation once, however often it comes, and is answered the same each time.
        """
        now, kb = self._clock(), self.kb
        if asks_to_export(turn):
            return (_exported(await self.store.export(chat)),)
        if asks_to_forget(turn):
            taken = self.step(kb, chat, (await self.store.conversation(chat)).conversation, turn, now)
            await self.store.forget(chat)
            return taken.replies
        while True:
            if name and (before := await self.store.replied(chat, name)) is not None:
                return before
            kept = await self.store.conversation(chat)
            taken = self.step(kb, chat, kept.conversation, turn, now)
            try:
                replies = await self.store.save(chat, kept, taken, now, self.to_desk, name)
            except Overtaken:  # another turn of this chat was quicker: this one builds on it
                continue
            self.count(taken)
            return replies

    def now(self) -> datetime:
        return self._clock()

    def step(self, kb: KnowledgeBase, chat: str, conversation: Conversation, turn: Turn, now: datetime) -> Step:
        """The pure step, timed; who hands a question over is told when to expect an answer."""
        reception = self.reception if self.reception is not None and self.reception.desk.chat != chat else None
        with self.metrics.turn_seconds.time():
            taken = step(kb, replace(conversation, desk=reception is not None), turn, now)
        if taken.handover is None or reception is None:
            return taken
        return replace(taken, replies=(reception.desk.acknowledge(kb, taken.conversation, now),))

    def count(self, taken: Step) -> None:
        """Count what came of a turn that was kept."""
        self.metrics.handled.inc()
        for event in taken.events:
            self.metrics.outcomes.labels(event.kind).inc()


class InboxWorker:
    """Takes turns from the inbox for one channel."""

    def __init__(
        self,
        worker: Worker,
        channel: Channel,
        roles: Roles,
        steward: Steward | None = None,
    ) -> None:
        self._worker = worker
        self._store = worker.store
        self._channel = channel
        self._roles = roles
        self._steward = steward
        self._suspects = asyncio.Lock()

    async def claim(self, limit: int) -> Claims[Claimed]:
        """What to handle next; chats that wrote too fast are told."""
        return await self._store.inbox.claim(limit, self._tell)

    async def handle(self, claimed: Claimed) -> None:
        """Take the turn and commit everything that comes of it. Never raises."""
        with bound_contextvars(request=request_of(claimed)):
            try:
                if claimed.suspect:
                    async with self._suspects:  # one at a time, so that a death is put down to one of them
                        await self._suspected(claimed)
                else:
                    await self._handle(claimed)
            except Overtaken:  # unless another process has it now, it is taken once more, on what stands there now
                log.info("the conversation or the update was changed meanwhile; nothing was written here")
                await persist(lambda: self._store.inbox.release(claimed))
            except FAILURES as error:
                await self._give_back(claimed, error)
            except Exception as error:  # one chat's failure must not stop the others
                where = trace(error)
                await persist(lambda: self._fail(claimed, where))

    async def _suspected(self, claimed: Claimed) -> None:
        """A process died with this update in hand: count the attempt before it is made."""
        if claimed.attempts >= ATTEMPTS:
            await self._set_aside(claimed, "the process died each time while it handled this update")
            return
        await self._store.inbox.begin(claimed)
        await self._handle(claimed)

    async def _handle(self, claimed: Claimed) -> None:
        worker = self._worker
        now, kb = worker.now(), worker.kb
        turn = turns.load(claimed.turn)
        if isinstance(turn, Moved):
            await self._store.finish_moved(claimed, turn.chat)
            return
        if isinstance(turn, Repeated):
            await self._store.finish_unchanged(claimed, self._compose(claimed, ()))
            return
        replies = await self._steward.answer(claimed.chat, turn) if self._steward is not None else None
        if asks_to_export(turn):
            replies = (_exported(await self._store.export(claimed.chat)),)
        if replies is not None:
            await self._store.finish_unchanged(claimed, self._compose(claimed, replies))
            return
        if isinstance(turn, LookedUp):
            await self._look_up(claimed, turn, now)
            return
        if isinstance(turn, DeskReplied):
            await self._pass_on(claimed, turn, now)
            return
        kept = await self._store.conversation(claimed.chat)
        taken = worker.step(kb, claimed.chat, kept.conversation, turn, now)
        messages = self._compose(claimed, taken.replies)
        if asks_to_forget(turn):
            await self._store.finish_forgotten(claimed, messages)
        else:
            await self._store.finish(claimed, kept, taken, messages, now, worker.to_desk)
            worker.count(taken)
        worker.metrics.inbox_seconds.observe(max(0.0, (datetime.now(UTC) - claimed.received_at).total_seconds()))

    async def _look_up(self, claimed: Claimed, turn: LookedUp, now: datetime) -> None:
        """Answer an inline query. What is asked for most is only worth a look where nothing was typed."""
        usual = await self._store.staffing.most_asked(now - _USUAL_FOR, MOST) if not turn.query.strip() else []
        with self._worker.metrics.turn_seconds.time():
            found = cards(self._worker.kb, turn.query, turn.offset, usual, now)
        await self._store.finish_passing(claimed, self._channel.compose_cards(claimed.chat, claimed.context, found))

    async def _pass_on(self, claimed: Claimed, turn: DeskReplied, now: datetime) -> None:
        """Bring the staff's answer to the user who asked, and tell the staff that it went."""
        if not await self._roles.may_answer(turn.by):
            await self._store.finish_unchanged(claimed, self._compose(claimed, (say(phrases.DESK_NOT_LISTED),)))
            return
        closing = closes(turn.text)

        def confirm(known: bool) -> Sequence[Message]:  # called with one thing only
            told = phrases.DESK_UNKNOWN if not known else phrases.DESK_CLOSED if closing else phrases.DESK_SENT
            return self._compose(claimed, (say(told),))

        await self._store.finish_desk_reply(
            claimed,
            turn.number,
            closing=closing,
            who=f"telegram:{turn.by}",
            reply=answered(turn.text),
            compose=lambda chat, reply: self._channel.compose(chat, "", (reply,)),
            confirm=confirm,
            now=now,
        )

    def _compose(self, claimed: Claimed, replies: Sequence[Reply]) -> Sequence[Message]:
        return self._channel.compose(claimed.chat, claimed.context, replies)

    async def _give_back(self, claimed: Claimed, error: BaseException) -> None:
        """The database failed. Unless it is the update that it cannot take, this was no attempt."""
        passing = isinstance(error, OperationalError | InterfaceError | OSError)
        try:
            await self._store.database.ping()
        except FAILURES:
            passing = True
        log.warning("an update could not be kept (%s); it is tried again", type(error).__name__)
        if passing:
            await persist(lambda: self._store.inbox.release(claimed))
        else:
            await persist(lambda: self._fail(claimed, trace(error)))

    async def _fail(self, claimed: Claimed, error: str) -> None:
        """An attempt failed; after the last one the update is set aside."""
        self._worker.metrics.failures.inc()
        log.error("attempt %d at an update failed: %s", claimed.attempts + 1, error)
        if claimed.attempts + 1 < ATTEMPTS:
            await self._store.inbox.release(claimed, delay=_FIRST_DELAY * 2.0**claimed.attempts, failed=True)
        else:
            await self._set_aside(claimed, error)

    async def _set_aside(self, claimed: Claimed, error: str) -> None:
        """Give an update up, with an apology to the user and word to the admins."""
        apology = self._apology(claimed)
        text = phrases.SET_ASIDE.format(number=claimed.update_id, error=error)
        admins = await self._roles.admin_chats()
        alerts = [message for admin in admins for message in self._channel.compose(admin, "", (say(text),))]
        try:
            await self._store.set_aside(claimed, error, [*apology, *alerts])
        except Overtaken:
            log.info("another process took this update over")

    def _apology(self, claimed: Claimed) -> Sequence[Message]:
        if claimed.chat.startswith(PASSING):
            return ()
        sorry = (say(phrases.FAILED),)
        try:
            return self._compose(claimed, sorry)
        except Exception as error:  # what the channel noted may be what could not be read
            log.error("an apology goes out without its place: %s", trace(error))  # noqa: TRY400  # a traceback may quote data
            return self._channel.compose(claimed.chat, "", sorry)

    async def _tell(self, connection: AsyncConnection, throttled: Throttled) -> None:
        text = phrases.TOO_MANY.format(count=MOST_WAITING) if throttled.refused else phrases.TOO_FAST
        messages = self._channel.compose(throttled.chat, throttled.context, (say(text),))
        await self._store.outbox.add(connection, messages, "rate")
        self._worker.metrics.throttled.inc()


def asks_to_export(turn: Turn) -> bool:
    """Whether a turn is ``/export``: everything kept about the chat, for the one it is about."""
    return is_command(turn, "export")


def _exported(kept: dict[str, object]) -> Reply:
    text = json.dumps(kept, ensure_ascii=False, indent=2)
    file = Attachment("michishirube.json", "application/json", text, "ファイルを受け取る")
    return replace(say(phrases.EXPORTED), attachment=file)


def asks_to_forget(turn: Turn) -> bool:
    """Whether a turn is ``/forget``, after which nothing of the chat may stay."""
    return is_command(turn, "forget")
