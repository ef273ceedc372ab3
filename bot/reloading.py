"""Follows the folder of the knowledge base while the bot serves, and tells staff what comes of their edits."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, suppress
from pathlib import Path
from typing import TypeVar

from watchfiles import Change, awatch

from bot.advisor import editions
from bot.knowledge.live import Library, Outcome
from bot.metrics import Metrics
from bot.roles import Roles, may
from bot.store.database import FAILURES
from bot.store.store import Store
from bot.talk.replies import Reply
from bot.talk.turns import Turn, is_command
from bot.worker import Channel

log = logging.getLogger(__name__)
T = TypeVar("T")

_QUIET_MS = 250
"""An edit is over when nothing happened for so long: editors write a file in several steps."""

_LONGEST_MS = 1000
"""An edit that never comes to rest is looked at so often."""

_CHECK_MS = 1000
"""How often is looked whether the folder is still the one that is watched."""

_LOOK_EVERY = 60
"""So many checks without any news make a look: on network drives nobody tells of changes."""

_RETRY_SECONDS = 2.0

_VALID = "valid"


class Reloader:
    """Keeps a library up to date: by watching, when another process found something new, and when asked to."""

    def __init__(self, library: Library, store: Store, metrics: Metrics, roles: Roles, channel: Channel | None = None) -> None:
        """Without the ``channel`` of the administrators they are told nothing."""
        self._library = library
        self._store = store
        self._metrics = metrics
        self._channel = channel
        self._roles = roles
        self._told = ""
        self._turn = asyncio.Lock()
        # One thread for good: what the tokenizer keeps for each thread is large.
        self._thread = ThreadPoolExecutor(1, "knowledge")
        self._look = store.signals.subscribe("knowledge")

    async def run(self) -> None:
        """Watch until cancelled. Nothing that goes wrong ends it."""
        watching = asyncio.create_task(self._watch())
        try:
            while True:
                await self._look.wait()
                self._look.clear()
                try:
                    await self.reload()
                except FAILURES as error:
                    log.warning("word of the knowledge base could not be kept (%s); tried again", type(error).__name__)
                    asyncio.get_running_loop().call_later(_RETRY_SECONDS, self._look.set)
                except Exception:
                    log.exception("looking at the knowledge base failed")
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
            self._thread.shutdown(wait=False, cancel_futures=True)

    async def reload(self) -> Outcome:
        """Look at the folder now. Raises one of :data:`bot.store.database.FAILURES` when nobody could be told of the outcome."""
        async with self._turn:
            outcome = await asyncio.get_running_loop().run_in_executor(self._thread, self._library.reload)
            problems = self._library.edition.problems
            self._metrics.knowledge_problems.set(len(problems))
            if outcome == "loaded":
                kb = self._library.kb
                log.info("the knowledge base is now version %s with %d entries", kb.version, len(kb.content.entries))
            elif outcome == "refused":
                log.warning("the knowledge base is not taken over: %d problem(s), first: %s", len(problems), problems[0])
            if outcome != "same":
                self._metrics.knowledge_loads.labels(outcome).inc()
            if outcome == "loaded":
                with suppress(*FAILURES):  # the others look by themselves, only later
                    await self._store.announce("knowledge")
            await self._tell()
            return outcome

    async def beside(self, work: Callable[[], T]) -> T:
        """Do something that needs the folder or the library to itself: between two looks at them, on their thread."""
        async with self._turn:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def answer(self, chat: str, turn: Turn) -> tuple[Reply, ...] | None:
        """What ``/version`` and an admin's ``/reload`` are answered; ``None`` for any other turn."""
        asks, wishes = is_command(turn, "version"), is_command(turn, "reload")
        if not asks and not wishes:
            return None
        admin = may(await self._roles.of_chat(chat), "admin")
        if asks:
            return ((editions.standing if admin else editions.version)(self._library.edition),)
        return (await self._asked(),) if admin else None

    async def _asked(self) -> Reply:
        told = self._told
        outcome = await self.reload()
        edition = self._library.edition
        if edition.problems:  # which every administrator was told just now, if they are new
            return editions.standing(edition) if told == self._told else editions.version(edition)
        return editions.loaded(edition) if outcome == "loaded" else editions.unchanged(edition)

    async def _tell(self) -> None:
        """Tell the admins when something else is wrong than they were told, or nothing any more."""
        edition = self._library.edition
        problems = edition.problems
        now = hashlib.blake2b("\n".join(map(str, problems)).encode(), digest_size=8).hexdigest() if problems else _VALID
        if now == self._told:
            return
        if self._channel is not None:
            news = editions.refused(problems) if problems else editions.mended(edition)
            for admin in await self._roles.admin_chats():
                messages = self._channel.compose(admin, "", (news,))
                await self._store.notices.post_news("knowledge", now, admin, messages, corrects=not problems)
        self._told = now

    async def _watch(self) -> None:
        failed = ""
        while True:
            try:
                async with aclosing(changes(self._library.folder)) as found:
                    async for _ in found:
                        self._look.set()
            except Exception as error:  # a drive that went away, too many watches: looking now and then still works
                if str(error) != failed:
                    log.warning("the knowledge base cannot be watched (%s); looked at every %.0f s", error, _RETRY_SECONDS)
                failed = str(error)
                self._look.set()
                await asyncio.sleep(_RETRY_SECONDS)


async def changes(folder: Path) -> AsyncGenerator[None]:
    """Comes whenever a look at the folder is worth it, also when it is taken away, put back or replaced."""
    while True:
        here = await asyncio.to_thread(_identity, folder)
        yield None
        if here is None:
            await asyncio.sleep(_CHECK_MS / 1000)
            continue
        root = str(here[0])
        checks = 0
        watched = awatch(
            root, watch_filter=None, debounce=_LONGEST_MS, step=_QUIET_MS, rust_timeout=_CHECK_MS, yield_on_timeout=True
        )
        async with aclosing(watched) as news:
            async for found in news:
                # A folder made anew can be taken for the old one, which nobody watches any more.
                if (Change.deleted, root) in found or await asyncio.to_thread(_identity, folder) != here:
                    break
                if found or checks % _LOOK_EVERY == 0:  # the first: something may have changed before the watch stood
                    yield None
                checks += 1


def _identity(folder: Path) -> tuple[Path, int, int] | None:
    """Another folder in the same place has another one, though not always. ``None`` when there is none."""
    try:
        real = folder.resolve(strict=True)
        found = real.stat()
    except OSError:
        return None
    return real, found.st_dev, found.st_ino
