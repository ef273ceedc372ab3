"""python-telegram-bot as its documentation shows it: ``python -m benchmarks.peers.stock polling|webhook|echo``.

The handler answers with the same text; nothing is kept. Except for ``echo`` it first thinks as long as a turn takes.
"""

from __future__ import annotations

import asyncio
import os
import sys
import warnings
from typing import Any

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

_THINKING = 0.005


async def _answer(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    if update.message is not None:
        if sys.argv[1] != "echo":
            await asyncio.sleep(_THINKING)
        await update.message.reply_text(update.message.text or "")


async def _ready(_: Any) -> None:
    print("ready ", file=sys.stderr, flush=True)


def main() -> None:
    """Run until killed."""
    warnings.simplefilter("ignore")
    builder = Application.builder().token(os.environ["BOT_TOKEN"]).base_url(f"{os.environ['BOT_API_URL']}/bot")
    application = builder.post_init(_ready).build()
    application.add_handler(MessageHandler(filters.TEXT, _answer))
    if sys.argv[1] == "webhook":
        application.run_webhook(
            listen="127.0.0.1",
            port=int(os.environ["BOT_PORT"]),
            url_path="telegram",
            webhook_url=f"{os.environ['BOT_WEBHOOK_URL']}/telegram",
            secret_token=os.environ["BOT_WEBHOOK_SECRET"],
        )
    else:
        application.run_polling()


if __name__ == "__main__":
    main()
