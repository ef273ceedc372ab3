"""Chats that change under the bot: topics that close, groups that become supergroups."""

from __future__ import annotations

import logging

import pytest

from bot.knowledge.base import KnowledgeBase
from bot.metrics import Metrics
from bot.store.store import Store
from bot.worker import Worker
from tests.bot_api.server import BotApi
from tests.telegram.conftest import configured, serving

GROUP, NEW = -500, -100500
MENTION = "@michishirube_bot "


@pytest.mark.parametrize("why", ["message thread not found", "TOPIC_CLOSED", "TOPIC_DELETED"])
async def test_the_answer_to_a_topic_that_takes_nothing_goes_to_the_chat(bot: BotApi, why: str) -> None:
    bot.topics[GROUP, 7] = why

    bot.says(f"{MENTION}台東区の窓口は？", GROUP, message_thread_id=7, is_topic_message=True)

    assert "上野支店" in (await bot.reply(chat_id=GROUP)).text


async def test_a_file_for_a_topic_that_takes_nothing_goes_to_the_chat(bot: BotApi) -> None:
    bot.topics[GROUP, 7] = "TOPIC_CLOSED"

    bot.says(f"/export{MENTION}", GROUP, message_thread_id=7, is_topic_message=True)
    await bot.until(lambda: bool(bot.files))

    assert [(chat, method) for chat, method, _ in bot.files] == [(GROUP, "sendDocument")]


async def test_an_open_topic_keeps_its_answers(bot: BotApi) -> None:
    bot.says(f"{MENTION}台東区の窓口は？", GROUP, message_thread_id=7, is_topic_message=True)

    assert int((await bot.reply(chat_id=GROUP)).values["message_thread_id"]) == 7


async def test_a_group_that_becomes_a_supergroup_keeps_its_conversation(bot: BotApi) -> None:
    bot.says(f"{MENTION}台東区の窓口は？", GROUP)
    await bot.reply(chat_id=GROUP)

    bot.sends(GROUP, migrate_to_chat_id=NEW)
    bot.moved[GROUP] = NEW
    bot.sends(NEW, migrate_from_chat_id=GROUP)
    await bot.confirmed()
    bot.says(f"{MENTION}FAXは？", NEW)

    assert "03-3847-3191" in (await bot.reply(chat_id=NEW)).text


async def test_an_answer_that_finds_its_group_gone_follows_it(bot: BotApi) -> None:
    bot.moved[GROUP] = NEW

    bot.says(f"{MENTION}台東区の窓口は？", GROUP)

    assert "上野支店" in (await bot.reply(chat_id=NEW)).text


async def test_operators_are_told_when_the_staff_chat_has_moved(
    api: BotApi, kb: KnowledgeBase, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    async with serving(api, Worker(kb, store, Metrics()), configured(api, staff_chat=GROUP)):
        api.sends(GROUP, migrate_to_chat_id=NEW)
        await api.confirmed()

    assert f"BOT_STAFF_CHAT={NEW}" in caplog.text
