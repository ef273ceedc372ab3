"""Commands, as typed and as tapped in the menu."""

from __future__ import annotations

import pytest

from tests.bot_api.model import ME
from tests.bot_api.server import BotApi


async def test_start_greets_with_five_buttons(bot: BotApi) -> None:
    bot.says("/start")

    message = await bot.reply()

    assert "みちしるべ" in message.text
    assert len(message.buttons) == 5


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("/help", "そのままの言葉で"),
        ("/branch", "区市町村名か郵便番号"),
        ("/branch 八王子市", "八王子支店"),
        ("/branch@michishirube_bot 立川市", "立川支店"),
        ("/madoguchi 三鷹市", "支店"),
        ("/search 創業", "創業"),
        ("/search", "探したい言葉"),
        ("/privacy", "/forget"),
        ("/forget", "消しました"),
        ("/nonsense", "そのコマンドはありません"),
        ("/START", "みちしるべ"),
        ("/branch　台東区", "上野支店"),
    ],
)
async def test_a_command_is_answered(bot: BotApi, command: str, answer: str) -> None:
    bot.says(command)

    assert answer in (await bot.reply()).text


async def test_a_deep_link_opens_its_entry(bot: BotApi) -> None:
    bot.says("/start e_branch-ueno")

    assert "上野支店" in (await bot.reply()).text


async def test_a_deep_link_to_nothing_greets(bot: BotApi) -> None:
    bot.says("/start e_gone")

    assert "みちしるべ" in (await bot.reply()).text


async def test_forget_leaves_no_ward_behind(bot: BotApi) -> None:
    bot.says("渋谷区の担当支店は？")
    bot.says("/forget")
    bot.says("/branch")

    assert "区市町村名か郵便番号" in (await bot.reply(2)).text


async def test_the_menu_of_commands_is_in_japanese(bot: BotApi) -> None:
    await bot.until(lambda: set(bot.commands) >= {"default", "all_group_chats"})

    names = {command["command"] for command in bot.commands["default"]}
    assert {"start", "help", "branch", "search", "privacy", "forget"} <= names
    assert all(not command["description"].isascii() for command in bot.commands["default"])


async def test_pending_updates_are_kept_when_a_webhook_is_removed(bot: BotApi) -> None:
    await bot.until(lambda: bool(bot.of("deleteWebhook")))

    assert bot.of("deleteWebhook")[0].values.get("drop_pending_updates", "false") in ("false", False)


async def test_the_account_is_asked_once(bot: BotApi) -> None:
    bot.says("/help")
    await bot.reply()

    assert len(bot.of("getMe")) == 1
    assert ME["username"] == "michishirube_bot"


async def test_export_hands_over_everything_that_is_kept(bot: BotApi) -> None:
    bot.says("渋谷区の担当支店は？")
    bot.says("/export")

    await bot.confirmed()

    ((_, method, content),) = bot.files
    assert method == "sendDocument"
    assert "渋谷区" in content.decode()
