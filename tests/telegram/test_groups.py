"""In groups the bot speaks only when it is spoken to."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bot_api.model import ME, Fault
from tests.bot_api.server import BotApi

GROUP = -100200


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("保証料 いくら", {}),
        ("/weather", {}),
        ("/branch@other_bot 台東区", {}),
        ("@michishirube_bots 保証料", {}),
        ("mail@michishirube_bot.example", {}),
        ("保証料は？", {"reply_to_message": {"message_id": 5, "date": 0, "chat": {"id": GROUP, "type": "supergroup"}}}),
    ],
)
async def test_chatter_is_left_alone(bot: BotApi, text: str, fields: dict[str, Any]) -> None:
    bot.says(text, GROUP, **fields)
    bot.says("/help@michishirube_bot", GROUP)

    await bot.reply(chat_id=GROUP)
    await bot.confirmed()

    assert len(bot.replies(GROUP)) == 1


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("@michishirube_bot 台東区の窓口は？", {}),
        ("台東区の窓口は？ @Michishirube_Bot", {}),
        ("/branch@michishirube_bot 台東区", {}),
        ("/branch 台東区", {}),
        (
            "台東区の窓口は？",
            {
                "reply_to_message": {
                    "message_id": 5,
                    "date": 0,
                    "chat": {"id": GROUP, "type": "supergroup"},
                    "from": ME,
                    "text": "…",
                }
            },
        ),
    ],
)
async def test_a_mention_a_reply_and_a_command_are_answered(bot: BotApi, text: str, fields: dict[str, Any]) -> None:
    sent = bot.says(text, GROUP, **fields)

    reply = await bot.reply(chat_id=GROUP)

    assert "上野支店" in reply.text
    assert reply.values["reply_parameters"]["message_id"] == sent["message_id"]


async def test_a_mention_below_a_message_asks_about_that_message(bot: BotApi) -> None:
    above = {"message_id": 5, "date": 0, "chat": {"id": GROUP, "type": "supergroup"}, "text": "渋谷区の担当支店ってどこ？"}

    bot.says("@michishirube_bot", GROUP, reply_to_message=above)

    assert "渋谷支店" in (await bot.reply(chat_id=GROUP)).text


async def test_the_name_alone_gets_help(bot: BotApi) -> None:
    bot.says("@michishirube_bot", GROUP)

    assert "そのままの言葉で" in (await bot.reply(chat_id=GROUP)).text


async def test_a_forum_topic_is_answered_in_its_topic(bot: BotApi) -> None:
    bot.says("/branch 台東区", GROUP, message_thread_id=77, is_topic_message=True)

    assert int((await bot.reply(chat_id=GROUP)).values["message_thread_id"]) == 77


async def test_a_group_that_became_a_supergroup_gets_its_answer_there(bot: BotApi) -> None:
    bot.fault("sendMessage", Fault(code=400, description="Bad Request: group chat was upgraded", migrate_to=-100999))
    bot.says("/branch 台東区", GROUP)

    assert "上野支店" in (await bot.reply(chat_id=-100999)).text


async def test_other_bots_and_channel_posts_are_not_answered(bot: BotApi) -> None:
    other = {"id": 9, "is_bot": True, "first_name": "別のボット", "username": "other_bot"}
    bot.says("/branch 台東区", GROUP, **{"from": other})
    bot.push(
        channel_post={"message_id": 1, "date": 0, "chat": {"id": -5, "type": "channel", "title": "お知らせ"}, "text": "/start"}
    )
    bot.says("/help", GROUP)

    assert "そのままの言葉で" in (await bot.reply(chat_id=GROUP)).text
    await bot.confirmed()
    assert len(bot.replies(GROUP)) == 1
