"""A network and a server that fail in every way they are known to."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from pydantic import SecretStr

from bot.channels.telegram.errors import TokenRefused
from bot.channels.telegram.service import take_in
from bot.metrics import Metrics
from bot.settings import Settings
from bot.store.store import Store
from tests.bot_api.model import TOKEN, Fault
from tests.bot_api.server import BotApi
from tests.telegram.conftest import QUICK, Start

BUSY = Fault(code=429, description="Too Many Requests: retry after 0", retry_after=0)
BUSY_WITHOUT_TIME = Fault(code=429, description="Too Many Requests")
GATEWAY = Fault("garbage", 502)
NO_JSON = Fault("garbage", 200)
CLOSED = Fault("refuse")
WEBHOOK_SET = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
FORBIDDEN = Fault(code=403, description="Forbidden: bot was blocked by the user")


@pytest.mark.parametrize(
    "fault", [Fault(), BUSY, BUSY_WITHOUT_TIME, GATEWAY, NO_JSON, CLOSED, Fault(code=409, description="Conflict")]
)
async def test_getting_updates_goes_on_after(bot: BotApi, fault: Fault) -> None:
    bot.fault("getUpdates", fault, fault)
    bot.says("台東区の窓口は？")

    assert "上野支店" in (await bot.reply()).text


@pytest.mark.parametrize("fault", [Fault(), BUSY, GATEWAY, NO_JSON, CLOSED])
async def test_an_answer_is_sent_again_after(bot: BotApi, fault: Fault) -> None:
    bot.fault("sendMessage", fault)
    bot.says("台東区の窓口は？")

    await bot.reply()
    await bot.confirmed()

    assert len(bot.replies()) == 1


async def test_an_answer_that_may_have_arrived_comes_twice_at_most(bot: BotApi) -> None:
    bot.fault("sendMessage", Fault("closed"))
    bot.says("台東区の窓口は？")

    await bot.reply()
    await bot.confirmed()

    assert 1 <= len(bot.replies()) <= 2


async def test_a_user_who_blocked_the_bot_stops_nobody_else(bot: BotApi) -> None:
    bot.blocked.add(1)
    bot.says("台東区の窓口は？", chat_id=1)
    bot.says("台東区の窓口は？", chat_id=2)

    await bot.reply(chat_id=2)
    await bot.confirmed()

    assert len([call for call in bot.of("sendMessage") if call.chat_id == 1]) == 1


async def test_a_refused_message_does_not_stop_the_chat(bot: BotApi) -> None:
    bot.fault("sendMessage", Fault(code=400, description="Bad Request: chat not found"))
    bot.says("台東区の窓口は？")
    bot.says("渋谷区の窓口は？")

    assert "渋谷支店" in (await bot.reply()).text


async def test_an_edit_that_fails_is_sent_as_a_new_message(bot: BotApi) -> None:
    bot.says("/start")
    greeting = await bot.reply()
    bot.fault("editMessageText", Fault(code=400, description="Bad Request: message can't be edited"))

    bot.presses(greeting, next(iter(greeting.buttons)))

    assert (await bot.reply(1)).buttons


async def test_typing_that_hangs_holds_no_answer_back(bot: BotApi) -> None:
    bot.fault("sendChatAction", Fault("hang"))
    bot.says("台東区の窓口は？")

    assert "上野支店" in (await bot.reply()).text


async def test_one_slow_chat_does_not_hold_back_the_others(bot: BotApi) -> None:
    bot.fault("sendMessage", Fault("hang"))
    bot.says("台東区の窓口は？", chat_id=1)
    await bot.until(lambda: bool(bot.of("sendChatAction")))
    bot.says("渋谷区の窓口は？", chat_id=2)

    await bot.reply(chat_id=2)
    bot.release()

    assert "上野支店" in (await bot.reply(chat_id=1)).text


async def test_an_update_delivered_twice_is_answered_once(bot: BotApi) -> None:
    sent = bot.says("台東区の窓口は？")
    bot.push(update_id=1000, message=sent)
    bot.says("/help")

    await bot.reply(1)
    await bot.confirmed()

    assert len(bot.replies()) == 2


async def test_an_update_is_confirmed_only_once_it_is_kept(bot: BotApi, store: Store) -> None:
    async with store.database.writing():  # nobody else can write
        fetched = len(bot.of("getUpdates"))
        bot.says("台東区の窓口は？")
        bot.says("渋谷区の窓口は？")
        await bot.until(lambda: len(bot.of("getUpdates")) > fetched)
        waiting = list(bot.pending)

    await bot.confirmed()

    assert len(waiting) == 2
    assert len(bot.replies()) == 2


async def test_a_wrong_token_is_said_in_one_line(api: BotApi, store: Store) -> None:
    settings = Settings(_env_file=None, token=SecretStr("1:wrong"), api_url=api.address)  # type: ignore[call-arg]

    with pytest.raises(TokenRefused, match="BOT_TOKEN"):
        await take_in(store, Metrics(), settings, None, QUICK)


async def test_the_start_waits_for_a_server_that_is_down(api: BotApi, start: Start) -> None:
    api.fault("getMe", GATEWAY, Fault(), CLOSED)

    await start(api)
    api.says("台東区の窓口は？")

    assert "上野支店" in (await api.reply()).text


async def test_a_menu_that_cannot_be_set_is_not_worth_not_starting_for(api: BotApi, start: Start) -> None:
    api.fault("setMyCommands", *[Fault()] * 9)

    await start(api)
    api.says("台東区の窓口は？")

    assert "上野支店" in (await api.reply()).text


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda api: api.fault("getUpdates", Fault(code=409, description=WEBHOOK_SET)), "BOT_WEBHOOK_URL"),
        (lambda api: setattr(api, "polls", api.polls + 1), "Another process polls with this token"),
    ],
)
async def test_a_conflict_tells_the_operator_which(
    bot: BotApi, caplog: pytest.LogCaptureFixture, make: Callable[[BotApi], object], told: str
) -> None:
    bot.says("/help")
    await bot.confirmed()

    make(bot)
    bot.says("台東区の窓口は？")
    await bot.reply(1)

    assert told in caplog.text
    assert TOKEN not in caplog.text


async def test_the_log_holds_neither_token_nor_text(bot: BotApi, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    bot.fault(
        "sendMessage", Fault(), Fault(code=400, description="Bad Request: can't parse entities: unsupported start tag 極秘の質問")
    )
    bot.fault("getUpdates", Fault("refuse"))
    bot.says("極秘の質問 090-1234-5678")
    bot.says("/help")

    await bot.reply()
    await bot.confirmed()

    assert TOKEN not in caplog.text
    assert "極秘" not in caplog.text
    assert "090" not in caplog.text
