"""aiogram as its documentation shows it: answers every text with the same text. Run by an interpreter that has aiogram."""

from __future__ import annotations

import asyncio
import os
import sys

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message


async def main() -> None:
    """Poll until killed."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(os.environ["BOT_API_URL"]))
    dispatcher = Dispatcher()

    @dispatcher.message()  # type: ignore[untyped-decorator]  # only its own interpreter has its types
    async def answer(message: Message) -> None:
        await message.answer(message.text or "")

    print("ready ", file=sys.stderr, flush=True)
    await dispatcher.start_polling(Bot(os.environ["BOT_TOKEN"], session=session), handle_signals=False)


if __name__ == "__main__":
    asyncio.run(main())
