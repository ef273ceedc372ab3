"""Starts and stops the Telegram channel."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

from telegram import Bot, BotCommandScopeAllGroupChats, BotCommandScopeDefault
from telegram.error import InvalidToken, RetryAfter

from bot.channels.telegram import commands
from bot.channels.telegram.errors import TokenRefused
from bot.channels.telegram.handling import Handler
from bot.channels.telegram.polling import Fetcher, Poller
from bot.channels.telegram.reminding import Reminders
from bot.channels.telegram.sending import Gateway, Pace, QuietRequest, describe, seconds
from bot.channels.telegram.updates import Me
from bot.settings import Settings
from bot.worker import Worker

log = logging.getLogger(__name__)

_FORBIDDEN_IN_TOKEN = set(" \t\r\n/?#%\\{}")


async def run_telegram(worker: Worker, settings: Settings, stop: asyncio.Event, pace: Pace | None = None) -> None:
    """Answer on Telegram by long polling until ``stop`` is set. Raises :class:`TokenRefused`.

    A server that cannot be reached is tried again for ever, with a line in the log each time.
    """
    main = asyncio.create_task(_serve(worker, settings, pace or Pace()))
    stopped = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait((main, stopped), return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopped.cancel()
        if not main.done():
            main.cancel()
        await asyncio.wait((main,))
    if not main.cancelled():
        main.result()


async def _serve(worker: Worker, settings: Settings, pace: Pace) -> None:
    token = settings.token.get_secret_value().strip() if settings.token else ""
    if not token or not token.isascii() or _FORBIDDEN_IN_TOKEN & set(token):
        raise TokenRefused
    for name in ("httpx", "httpcore", "telegram"):  # they log addresses with the token, and whole messages
        logging.getLogger(name).setLevel(logging.WARNING)
    async with AsyncExitStack() as stack:
        # Room for acknowledgements and "typing…" beside the calls that the gateway counts.
        request = QuietRequest(pace.parallel + 8, read_timeout=10.0, pool_timeout=10.0)
        polls = QuietRequest(2)
        for one in (request, polls):
            await stack.enter_async_context(one)
        bot = Bot(token, base_url=f"{settings.api_url.rstrip('/')}/bot", request=request, get_updates_request=polls)
        gateway = Gateway(worker.metrics, pace)
        me = await _introduce(bot, settings, pace)
        await _prepare(bot, gateway)
        log.info("answering on Telegram as @%s", me.username)
        poller = Poller(Fetcher(bot, polls), Handler(bot, worker, gateway), me, worker.metrics, pace)
        reminding = asyncio.create_task(Reminders(bot, worker, gateway).run())
        try:
            await poller.run()
        finally:
            reminding.cancel()
            await poller.finish()
            await asyncio.gather(reminding, return_exceptions=True)


async def _introduce(bot: Bot, settings: Settings, pace: Pace) -> Me:
    """Who we are; waits for a server that does not answer yet."""
    failures = 0
    while True:
        try:
            user = await bot.get_me()
        except InvalidToken:
            raise TokenRefused from None
        except Exception as error:  # a server may answer anything
            failures += 1
            wait = seconds(error) if isinstance(error, RetryAfter) else pace.wait(failures)
            server = urlsplit(settings.api_url).netloc.rpartition("@")[2] or settings.api_url
            log.warning(
                "The Bot API server %s does not answer (%s). Check the network and BOT_API_URL; next try in %.1f s.",
                server,
                describe(error),
                wait,
            )
            await asyncio.sleep(wait)
        else:
            return Me(user.id, user.username or "")


async def _prepare(bot: Bot, gateway: Gateway) -> None:
    """Leave webhook mode without losing what waits, and set the menu of commands. Neither is worth not starting for."""
    steps: dict[str, Callable[[], Awaitable[bool]]] = {
        "deleteWebhook": lambda: bot.delete_webhook(drop_pending_updates=False),
        "setMyCommands": lambda: bot.set_my_commands(commands.PRIVATE, scope=BotCommandScopeDefault()),
        "setMyCommands for groups": lambda: bot.set_my_commands(commands.GROUP, scope=BotCommandScopeAllGroupChats()),
    }
    for name, make in steps.items():
        try:
            await gateway.call(make)
        except Exception as error:  # as above
            log.warning("%s failed: %s", name, describe(error))
