"""Cards as answers to inline queries."""

from __future__ import annotations

import html
from typing import Any

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
)

from bot.advisor.links import entry_link
from bot.advisor.looking_up import Card, Cards
from bot.channels.telegram.render import LIMIT, render, units
from bot.channels.telegram.updates import Asked
from bot.knowledge.citing import summary_line
from bot.store.outbox import Message
from bot.talk import phrases

EXPIRES_SECONDS = 25.0
"""Telegram forgets an inline query after 30 seconds."""

CACHE_SECONDS = 60
"""How long Telegram may give others the same answer: an edit of the knowledge base is not later than that."""

_LONGEST_LINE = 200
_START = "inline"


def answer(chat: str, asked: Asked, found: Cards) -> Message:
    """The call that shows the cards. Telegram refuses an answer as a whole if one card is wrong."""
    payload: dict[str, Any] = {
        "inline_query_id": asked.query,
        "cards": [_card(one, asked.username) for one in found.cards],
        "next_offset": found.next_offset,
    }
    return Message(chat, "answerInlineQuery", payload, f"inline:{asked.query}"[:120], EXPIRES_SECONDS)


def _card(card: Card, username: str) -> dict[str, str]:
    link = entry_link(username, card.entry)
    end = f'\n\n<a href="{html.escape(link)}">{html.escape(phrases.IN_THE_BOT)}</a>'
    text = "\n\n".join(page.html for page in render(card.reply)[:1])
    if units(text) + units(end) > LIMIT:
        text = f"<b>{html.escape(card.entry.name, quote=False)}</b>\n\n{html.escape(summary_line(card.entry), quote=False)}"
    return {"id": card.entry.id, "title": card.entry.name, "line": card.line[:_LONGEST_LINE], "html": text + end, "link": link}


def results(payload: dict[str, Any]) -> list[InlineQueryResultArticle]:
    """The library's objects for what :func:`answer` wrote."""
    return [
        InlineQueryResultArticle(
            card["id"],
            card["title"],
            InputTextMessageContent(card["html"], parse_mode="HTML", link_preview_options=LinkPreviewOptions(is_disabled=True)),
            reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton(phrases.IN_THE_BOT, url=card["link"])]]),
            description=card["line"],
        )
        for card in payload["cards"]
    ]


def button() -> InlineQueryResultsButton:
    """Above the cards, and alone when there are none: on to the bot itself."""
    return InlineQueryResultsButton(phrases.ASK_THE_BOT, start_parameter=_START)
