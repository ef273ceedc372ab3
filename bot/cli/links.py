"""``python -m bot links``: where each entry can be opened on Telegram."""

from __future__ import annotations

import asyncio

from bot.advisor.links import USERNAME, entry_link
from bot.cli.problems import OperatorError
from bot.knowledge.consistency import load_content
from bot.knowledge.problems import KnowledgeError
from bot.settings import Settings


def links(options: Settings, username: str | None) -> int:
    """Print id, name and link of every entry, separated by tabs. Raises :class:`OperatorError`."""
    name = username.removeprefix("@") if username else asyncio.run(_own_name(options))
    if USERNAME.fullmatch(name) is None:
        raise OperatorError(f"{name!r} is no name of a bot on Telegram, such as michishirube_bot.")
    try:
        content = load_content(options.knowledge_base)
    except KnowledgeError as error:
        raise OperatorError(f"The knowledge base has {len(error.problems)} problem(s), first: {error.problems[0]}.") from None
    for entry in content.entries.values():
        print(entry.id, entry.name, entry_link(name, entry), sep="\t")
    return 0


async def _own_name(options: Settings) -> str:
    if options.token is None:
        raise OperatorError("Set BOT_TOKEN, so that the bot's name can be asked for, or give it with --username.")
    from telegram.error import TelegramError

    from bot.channels.telegram.calling import Pace, describe
    from bot.channels.telegram.connecting import connected
    from bot.channels.telegram.errors import TokenRefused

    try:
        async with connected(options, Pace()) as (bot, _):
            return (await bot.get_me()).username or ""
    except TokenRefused as error:
        raise OperatorError(str(error)) from None
    except TelegramError as error:
        raise OperatorError(f"The Bot API does not tell the bot's name ({describe(error)}). Give it with --username.") from None
