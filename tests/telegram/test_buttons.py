"""Buttons: menus in place, choices, old and forged ones."""

from __future__ import annotations

import pytest

from tests.bot_api.model import Message
from tests.bot_api.server import BotApi


async def _start(bot: BotApi) -> Message:
    bot.says("/start")
    return await bot.reply()


async def _vague(bot: BotApi) -> Message:
    """An answer with choices."""
    bot.says("/search 創業")
    return await bot.reply()


async def test_a_menu_takes_the_place_of_the_message(bot: BotApi) -> None:
    greeting = await _start(bot)
    label = next(iter(greeting.buttons))

    bot.presses(greeting, label)
    await bot.until(lambda: greeting.edits == 1)

    assert len(bot.replies()) == 1
    assert greeting.buttons


async def test_a_press_is_acknowledged(bot: BotApi) -> None:
    greeting = await _start(bot)

    callback = bot.presses(greeting, next(iter(greeting.buttons)))
    await bot.until(lambda: callback in bot.answered_callbacks)

    assert bot.answered_callbacks == [callback]


async def test_choosing_an_entry_answers_about_it(bot: BotApi) -> None:
    choices = await _vague(bot)
    label = next(iter(choices.buttons))

    bot.presses(choices, label)

    assert label.rstrip("…")[:6] in (await bot.reply(1)).text


async def test_typing_a_label_works_like_pressing_it(bot: BotApi) -> None:
    choices = await _vague(bot)
    label = next(iter(choices.buttons))

    bot.says(label)

    assert label.rstrip("…")[:6] in (await bot.reply(1)).text


async def test_more_is_added_below_what_was_read(bot: BotApi) -> None:
    bot.says("セーフティネット保証について教えて")
    answer = await bot.reply()
    before = answer.text
    label = next(label for label, data in answer.buttons.items() if data.startswith("more"))

    bot.presses(answer, label)
    await bot.until(lambda: answer.edits == 1 or len(bot.replies()) > 1)

    assert answer.text.startswith(before.split("\n")[0])
    assert len(answer.text) + sum(len(one.text) for one in bot.replies()[1:]) > len(before)


async def test_the_desk_button_asks_for_the_ward(bot: BotApi) -> None:
    greeting = await _start(bot)

    bot.presses_data(greeting, "branch")

    await bot.until(lambda: "区市町村名か郵便番号" in "".join(one.text for one in bot.replies()))


async def test_a_place_in_two_municipalities_asks_which(bot: BotApi) -> None:
    bot.says("栄町の担当支店は？")
    question = await bot.reply()

    bot.presses(question, "立川市")

    assert "立川支店" in (await bot.reply(1)).text


async def test_a_second_tap_on_a_menu_that_is_shown_does_nothing(bot: BotApi) -> None:
    greeting = await _start(bot)
    data = next(iter(greeting.buttons.values()))

    bot.presses_data(greeting, data)
    await bot.until(lambda: greeting.edits == 1)
    second = bot.presses_data(greeting, data)
    await bot.until(lambda: second in bot.answered_callbacks)
    await bot.confirmed()

    assert greeting.edits == 1
    assert bot.replies() == [greeting]


@pytest.mark.parametrize("kind", ["menu", "more", "e"])
async def test_a_double_tap_is_one_tap(bot: BotApi, kind: str) -> None:
    shown = await _shown_with(bot, kind)
    data = next(one for one in shown.buttons.values() if one.startswith(kind))
    bot.presses_data(shown, data)
    second = bot.presses_data(shown, data)
    await bot.until(lambda: second in bot.answered_callbacks)
    await bot.confirmed()
    bot.says("/help")
    await bot.confirmed()

    expected = 2 if kind in ("menu", "more") else 3
    assert len(bot.replies()) == expected


async def _shown_with(bot: BotApi, kind: str) -> Message:
    if kind == "menu":
        return await _start(bot)
    if kind == "more":
        bot.says("セーフティネット保証について教えて")
        return await bot.reply()
    return await _vague(bot)


async def test_a_box_is_ticked_and_unticked_by_the_same_button(bot: BotApi) -> None:
    bot.presses_data(await _start(bot), "l:soudan-mochimono")
    checklist = await bot.reply(1)
    box = next(data for data in checklist.buttons.values() if data.startswith("t:"))

    for edits in (1, 2):
        bot.presses_data(checklist, box)
        await bot.until(lambda edits=edits: checklist.edits == edits)  # type: ignore[misc]

    assert all(label.startswith("□") for label, data in checklist.buttons.items() if data == box)


@pytest.mark.parametrize("data", ["gone:1", "e:no-such-entry", "menu:none", "ward:火星", "", "\x00", "e:" + "x" * 60, "more:99"])
async def test_an_old_or_forged_button_says_what_to_do(bot: BotApi, data: str) -> None:
    greeting = await _start(bot)

    bot.presses_data(greeting, data)
    await bot.until(lambda: len(bot.replies()) == 2 or greeting.edits > 0)

    assert "送ってください" in bot.replies()[-1].text


async def test_a_press_on_a_message_too_old_to_see_is_answered_anew(bot: BotApi) -> None:
    greeting = await _start(bot)
    data = next(iter(greeting.buttons.values()))

    bot.push(
        callback_query={
            "id": "old",
            "from": {"id": 1, "is_bot": False, "first_name": "花子"},
            "chat_instance": "1",
            "data": data,
            "message": {"chat": {"id": 1, "type": "private"}, "message_id": greeting.message_id, "date": 0},
        }
    )

    assert (await bot.reply(1)).buttons


async def test_none_of_these_says_so_and_goes_on(bot: BotApi) -> None:
    choices = await _vague(bot)

    bot.presses_data(choices, "none")

    await bot.reply(1)
    assert bot.replies()[1].text
