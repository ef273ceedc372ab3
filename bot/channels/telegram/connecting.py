"""Opens connections to the Bot API, says who we are, and sets up how updates come."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from urllib.parse import urlsplit

from telegram import Bot, BotCommandScopeAllGroupChats, BotCommandScopeDefault
from telegram.error import InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram import commands
from bot.channels.telegram.calling import Pace, QuietRequest, describe, seconds
from bot.channels.telegram.errors import TokenRefused
from bot.channels.telegram.updates import WANTED, Me
from bot.channels.telegram.webhook import PATH
from bot.settings import Settings

log = logging.getLogger(__name__)

_FORBIDDEN_IN_TOKEN = set(" \t\r\n/?#%\\{}")


@asynccontextmanager
async def connected(settings: Settings, pace: Pace) -> AsyncIterator[tuple[Bot, QuietRequest]]:
    """The bot's account, and a connection of its own for polling. Raises :class:`TokenRefused`."""
    token = settings.token.get_secret_value().strip() if settings.token else ""
    if not token or not token.isascii() or _FORBIDDEN_IN_TOKEN & set(token):
        raise TokenRefused
    for name in ("httpx", "httpcore", "telegram"):  # they log addresses with the token, and whole messages
        logging.getLogger(name).setLevel(logging.WARNING)
    async with AsyncExitStack() as stack:
        # Room for "typing…" and probes beside the calls in hand.
        request = QuietRequest(pace.parallel + 8, read_timeout=10.0, pool_timeout=10.0)
        polls = QuietRequest(2)
        for one in (request, polls):
            await stack.enter_async_context(one)
        yield Bot(token, base_url=f"{settings.api_url.rstrip('/')}/bot", request=request, get_updates_request=polls), polls


async def introduce(bot: Bot, settings: Settings, pace: Pace) -> Me:
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
            return Me(user.id, user.username or "", settings.staff_chat or 0)


async def prepare(bot: Bot, settings: Settings, pace: Pace) -> None:
    """Choose between webhook and polling without losing what waits, and set the menu of commands."""

    async def deliver_here() -> None:
        await bot.set_webhook(
            f"{(settings.webhook_url or '').rstrip('/')}{PATH}",
            secret_token=settings.webhook_secret.get_secret_value() if settings.webhook_secret else None,
            allowed_updates=list(WANTED),
            drop_pending_updates=False,
        )

    steps: dict[str, Callable[[], Awaitable[object]]] = {
        "setMyCommands": lambda: bot.set_my_commands(commands.PRIVATE, scope=BotCommandScopeDefault()),
        "setMyCommands for groups": lambda: bot.set_my_commands(commands.GROUP, scope=BotCommandScopeAllGroupChats()),
    }
    # Without its webhook the bot hears nothing, so that one is tried until it is set; the others are not worth waiting for.
    if settings.uses_webhook:
        await _until_done("setWebhook", deliver_here, pace, may_fail=False)
    else:
        await _until_done("deleteWebhook", bot.delete_webhook, pace, may_fail=True)
    for name, make in steps.items():
        await _until_done(name, make, pace, may_fail=True)


async def _until_done(name: str, make: Callable[[], Awaitable[object]], pace: Pace, may_fail: bool) -> None:
    failures = 0
    while True:
        try:
            await make()
        except Exception as error:  # a server may answer anything
            failures += 1
            wait = seconds(error) if isinstance(error, RetryAfter) else pace.wait(failures)
            log.warning("%s failed: %s", name, describe(error))
            if may_fail and (failures == 3 or not isinstance(error, TelegramError)):
                return
            await asyncio.sleep(wait)
        else:
            return
