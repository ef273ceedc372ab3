"""Dialogs over the Bot API: every third conversation file, the picture, the calendar, reminders, checklists."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.dialogs.deadlines import deadline, reminders
from bot.store import tables
from bot.store.store import Kept, Store
from bot.talk.conversation import Conversation
from bot.talk.taken import Reminder, Step
from tests.bot_api.model import Fault, Message
from tests.bot_api.server import BotApi
from tests.telegram.conftest import Start
from tests.test_conversations import FILES, MISSED, holds, named, read

ON_ONE_DAY = [file for file in FILES if "時刻:" not in file.read_text("utf-8") and named(file) not in MISSED]


@pytest.mark.parametrize("file", ON_ONE_DAY[::3], ids=named)
async def test_a_conversation_goes_the_same_over_telegram(bot: BotApi, file: Path) -> None:
    shown = ""
    for kind, text in read(file):
        match kind:
            case "利用者":
                shown = await _turn(bot, partial(bot.says, text))
            case "押す":
                shown = await _turn(bot, partial(bot.presses, _with_button(bot, text), text))
            case "ボット":
                assert holds(shown, text)
            case "ボットにない":
                assert _plain(text) not in _plain(shown)


async def _turn(bot: BotApi, act: Callable[[], object]) -> str:
    """What the bot shows after something was done: new messages, and those that changed."""
    before = {message.message_id: message.edits for message in bot.replies()}
    act()
    await bot.confirmed()
    changed = [one for one in bot.replies() if before.get(one.message_id) != one.edits]
    return "\n".join("\n".join([one.text, *one.buttons]) for one in changed)


def _with_button(bot: BotApi, label: str) -> Message:
    return next(message for message in reversed(bot.replies()) if label in message.buttons)


def _plain(text: str) -> str:
    return "".join(text.split())


async def test_the_roadmap_comes_with_a_picture(bot: BotApi) -> None:
    bot.says("/roadmap")
    bot.says("まだない")
    bot.says("結果を教えて")

    await bot.confirmed()

    ((_, method, content),) = bot.files
    assert (method, content[:4]) == ("sendPhoto", b"\x89PNG")
    assert "段階1" in bot.of("sendPhoto")[0].values["caption"]


async def test_a_deadline_comes_as_a_calendar_file(bot: BotApi) -> None:
    for text in ("/plan", "もう融資が実行されました", "令和8年11月10日です"):
        bot.says(text)

    await bot.confirmed()

    ((_, method, content),) = bot.files
    assert method == "sendDocument"
    assert b"DTSTART;VALUE=DATE:20270210" in content


async def test_a_picture_that_cannot_be_sent_does_not_stop_the_text(bot: BotApi) -> None:
    bot.fault("sendPhoto", Fault(code=400, description="Bad Request: PHOTO_INVALID_DIMENSIONS"))
    bot.says("/roadmap")
    bot.says("結果を教えて")

    await bot.confirmed()

    assert "段階1" in bot.replies()[-1].text


async def test_a_reminder_that_is_due_is_sent_once(api: BotApi, start: Start, store: Store) -> None:
    a_minute_ago = datetime.now(UTC) - timedelta(minutes=1)
    due = Reminder(a_minute_ago, "期限が近づいています。")
    await store.save("telegram:1", Kept(), Step(Conversation(), (), reminders=(due,)), a_minute_ago - timedelta(days=1))

    await start(api)

    assert "期限が近づいています" in (await api.reply()).text
    await api.until(lambda: bool(api.of("getUpdates")))
    assert len(api.replies()) == 1
    assert await _open_reminders(store) == 0


async def test_reminders_are_asked_for_and_taken_back(bot: BotApi, store: Store) -> None:
    today = datetime.now(UTC).date()
    for text in ("/plan", "もう融資が実行されました", f"{today.year}年{today.month}月{today.day}日です"):
        bot.says(text)
    await bot.confirmed()

    bot.presses(_with_button(bot, "期限が近づいたら知らせてもらう"), "期限が近づいたら知らせてもらう")
    await bot.confirmed()
    asked = await _open_reminders(store)
    bot.says("お知らせを取り消す")
    await bot.confirmed()

    assert asked == len(reminders(deadline(today)))
    assert await _open_reminders(store) == 0


async def _open_reminders(store: Store) -> int:
    query = sa.select(sa.func.count()).select_from(tables.reminders).where(tables.reminders.c.sent_at.is_(None))
    async with store.database.reading() as connection:
        return int((await connection.execute(query)).scalar_one())


async def test_a_box_stays_ticked(bot: BotApi) -> None:
    bot.says("/documents")
    lists = await bot.reply()
    bot.presses(lists, next(label for label in lists.buttons if "保証相談" in label))
    checklist = await bot.reply(1)
    first = next(iter(checklist.buttons))

    bot.presses(checklist, first)
    await bot.until(lambda: checklist.edits == 1)

    assert first.startswith("□")
    assert next(iter(checklist.buttons)).startswith("☑")
