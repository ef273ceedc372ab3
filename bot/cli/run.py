"""``run``: the HTTP server always, and Telegram when there is a token."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from bot.channels.telegram.errors import TokenRefused
from bot.channels.web.app import make_app
from bot.channels.web.serve import CannotListen, listen, serve
from bot.cli.problems import OperatorError
from bot.knowledge.base import KnowledgeBase
from bot.metrics import Metrics
from bot.settings import Settings
from bot.store.database import Store, StoreError
from bot.worker import Worker

log = logging.getLogger(__name__)


def run(options: Settings, kb: KnowledgeBase) -> int:
    """Serve until SIGINT or SIGTERM. Raises :class:`OperatorError`."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    try:
        with listen(options.host, options.port) as listening:
            asyncio.run(_run(options, kb, listening))
    except (CannotListen, StoreError, TokenRefused) as error:
        raise OperatorError(str(error)) from None
    return 0


async def _run(options: Settings, kb: KnowledgeBase, listening: socket.socket) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    store = await Store.open(options.database_url)
    try:
        worker = Worker(kb, store, Metrics())
        running = [asyncio.create_task(serve(make_app(worker), listening, stop))]
        if options.token is not None:
            from bot.channels.telegram.service import run_telegram  # a third of a second that the web chat alone need not wait

            running.append(asyncio.create_task(run_telegram(worker, options, stop)))
        else:
            log.info("BOT_TOKEN is not set: no Telegram, only the web chat")
        host = f"[{options.host}]" if ":" in options.host else options.host
        log.info("ready with %d entries; web chat on http://%s:%d/", len(kb.content.entries), host, options.port)
        retiring = asyncio.create_task(_retire(store, options.retention_days))
        # The encoder reads its model at the first search. That search need not be a user's.
        warming = asyncio.create_task(asyncio.to_thread(kb.search, "保証料"))
        await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        retiring.cancel()
        stop.set()  # whichever ended first, all end
        await asyncio.gather(*running, warming)
    finally:
        await store.close()


async def _retire(store: Store, days: int) -> None:
    """Once a day, delete what nobody has used for so many days."""
    while True:
        try:
            gone = await store.retire(datetime.now(UTC) - timedelta(days=days))
            log.info("%d conversations were idle for %d days and are deleted", gone, days)
        except (SQLAlchemyError, OSError) as error:
            log.warning("old conversations could not be deleted (%s)", type(error).__name__)
        await asyncio.sleep(24 * 3600)
