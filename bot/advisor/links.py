"""Links into the conversation with the bot on Telegram."""

from __future__ import annotations

import re

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.entries import Entry

_ENTRY = "e_"
_LONGEST = 64
"""Characters that Telegram lets follow ``?start=``: letters, digits, - and _."""

USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")
"""How bots are named on Telegram."""


def chat_link(username: str, payload: str = "") -> str:
    """Opens the chat with the bot; ``payload`` tells it what for."""
    return f"https://t.me/{username}" + (f"?start={payload}" if payload else "")


def entry_link(username: str, entry: Entry) -> str:
    """Opens the chat with the bot on an entry; where the id is too long for that, just the chat.

    >>> chat_link("michishirube_bot", "e_fee")
    'https://t.me/michishirube_bot?start=e_fee'
    """
    payload = f"{_ENTRY}{entry.id}"
    return chat_link(username, payload if len(payload) <= _LONGEST else "")


def linked_entry(kb: KnowledgeBase, payload: str) -> Entry | None:
    """The entry that a payload leads to."""
    return kb.entry(payload.removeprefix(_ENTRY)) if payload.startswith(_ENTRY) else None
