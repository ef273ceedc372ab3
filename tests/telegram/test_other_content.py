"""What is no plain question: edits, stickers, photos, forwards, odd texts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bot_api.model import chat, user
from tests.bot_api.server import BotApi

PHOTO = [{"file_id": "a", "file_unique_id": "b", "width": 90, "height": 90}]
STICKER = {
    "file_id": "a",
    "file_unique_id": "b",
    "type": "regular",
    "width": 1,
    "height": 1,
    "is_animated": False,
    "is_video": False,
}
VOICE = {"file_id": "a", "file_unique_id": "b", "duration": 3}
DOCUMENT = {"file_id": "a", "file_unique_id": "b", "file_name": "決算書.pdf"}
ORIGIN = {"type": "hidden_user", "date": 0, "sender_user_name": "お客様"}


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ({"sticker": STICKER}, "スタンプ"),
        ({"photo": PHOTO}, "画像"),
        ({"voice": VOICE}, "音声"),
        ({"video_note": {**VOICE, "length": 1}}, "動画"),
        ({"location": {"latitude": 35.7, "longitude": 139.8}}, "位置情報"),
        ({"contact": {"phone_number": "090", "first_name": "花子"}}, "連絡先"),
        ({"document": DOCUMENT}, "ファイル"),
        ({"dice": {"emoji": "🎲", "value": 3}}, "文字"),
        ({"photo": PHOTO, "caption": "台東区の窓口は？"}, "上野支店"),
    ],
)
async def test_what_is_no_text_gets_a_useful_reply(bot: BotApi, fields: dict[str, Any], answer: str) -> None:
    bot.sends(**fields)

    assert answer in (await bot.reply()).text


async def test_a_live_location_that_moves_is_not_answered(bot: BotApi) -> None:
    moving = {"message_id": 7, "date": 0, "edit_date": 1, "chat": chat(1), "from": user(1)}
    bot.push(edited_message={**moving, "location": {"latitude": 35.7, "longitude": 139.8, "live_period": 60}})
    bot.says("/help")

    await bot.reply()
    await bot.confirmed()

    assert len(bot.replies()) == 1


async def test_a_forwarded_question_is_answered(bot: BotApi) -> None:
    bot.says("台東区の窓口はどこでしょうか", forward_origin=ORIGIN)

    assert "上野支店" in (await bot.reply()).text


async def test_a_forwarded_command_is_a_question_not_a_command(bot: BotApi) -> None:
    bot.says("渋谷区の担当支店は？")
    bot.says("/forget", forward_origin=ORIGIN)
    bot.says("/branch")

    assert "渋谷支店" in (await bot.reply(2)).text


@pytest.mark.parametrize(
    "text",
    [
        "　",
        "\u200b",
        "\x00\x01\x02",
        "😀😀😀",
        "🇯🇵",
        "\u202e？はく窓の区東台",
        "<b>保証料</b> & <script>",
        "&lt;",
        "' OR 1=1 --",
        "{{7*7}}",
        "a" * 4096,
        "あ" * 4096,
        "保証料" * 1300,
        "\ud800",
        "﷽" * 300,
        "．．．。。。？？？",
        "0",
        "٠١٢٣",
    ],
)
async def test_odd_texts_get_a_sensible_answer(bot: BotApi, text: str) -> None:
    bot.says(text)

    assert (await bot.reply()).text
    assert not bot.refused


async def test_a_message_that_was_pinned_is_no_question(bot: BotApi) -> None:
    bot.sends(pinned_message={"message_id": 1, "date": 0, "chat": chat(1), "text": "保証料"})
    bot.says("/help")

    await bot.reply()
    await bot.confirmed()

    assert len(bot.replies()) == 1


@pytest.mark.parametrize(
    "update",
    [
        {"poll": {"id": "1"}},
        {"something_new": {"a": [1, 2, {"b": None}]}},
        {"message": "text"},
        {"message": {"chat": {}}},
        {"message": {"message_id": 1, "date": "soon", "chat": {"id": "x"}}},
        {"callback_query": {"id": 5}},
        {"callback_query": None},
        {
            "message": {
                "message_id": 1,
                "date": 1,
                "chat": {"id": -1, "type": "supergroup"},
                "text": "/help",
                "is_topic_message": True,
                "message_thread_id": [],
            }
        },
        {"message": {"message_id": 1, "date": 10**15, "chat": {"id": 1, "type": "private"}, "text": ["a"]}},
        {},
    ],
)
async def test_an_update_that_cannot_be_read_stops_nothing(bot: BotApi, update: dict[str, Any]) -> None:
    bot.push(**update)
    bot.says("台東区の窓口は？")

    assert "上野支店" in (await bot.reply()).text
    await bot.confirmed()
