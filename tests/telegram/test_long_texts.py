"""Long answers and long questions."""

from __future__ import annotations

from bot.knowledge.base import KnowledgeBase
from tests.bot_api.markup import units
from tests.bot_api.server import BotApi

TELEGRAMS_LIMIT = 4096


async def test_every_entry_can_be_shown(bot: BotApi, kb: KnowledgeBase) -> None:
    """Each entry's first answer and what 「続き」 adds keep to every limit of the server."""
    ids = list(kb.content.entries)
    for number, entry in enumerate(ids):
        bot.says(f"/start e_{entry}", chat_id=number + 1)

    for number in range(len(ids)):
        message = await bot.reply(chat_id=number + 1)
        if any(data.startswith("more") for data in message.buttons.values()):
            bot.presses_data(message, "more")
    await bot.confirmed()

    assert not bot.refused
    assert all(units(message.text) <= TELEGRAMS_LIMIT for message in bot.messages.values())


async def test_a_very_long_question_is_read_as_far_as_it_can_be(bot: BotApi) -> None:
    bot.says("うちは製造業で、" + "いろいろありまして、" * 300 + "台東区の窓口は？")

    assert "1,000字" in (await bot.reply(1)).text
