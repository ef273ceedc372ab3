"""Edits, reactions and albums: one message gets one answer, and a corrected message a corrected one."""

from __future__ import annotations

from typing import Any

import pytest

from bot.store.store import Store
from bot.talk import phrases
from tests.bot_api.model import ME, Fault
from tests.bot_api.server import BotApi

PHOTO = [{"file_id": "a", "file_unique_id": "b", "width": 90, "height": 90}]
GROUP = -100200


async def test_a_reaction_to_an_answered_message_asks_nothing(bot: BotApi) -> None:
    sent = bot.says("台東区の窓口は？")
    await bot.reply()

    bot.reacts(sent)
    bot.edits(sent)  # the same words: a link preview, once the message had been edited
    bot.says("/help")

    await bot.reply(1)
    await bot.confirmed()
    assert len(bot.replies()) == 2


async def test_a_reaction_to_a_message_that_was_forgotten_asks_nothing(bot: BotApi, store: Store) -> None:
    sent = bot.says("台東区の窓口は？")
    await bot.reply()
    bot.says("/forget")
    await bot.reply(1)

    bot.reacts(sent)
    await bot.confirmed()

    assert len(bot.replies()) == 2
    assert (await store.conversation("telegram:1")).revision == 0


async def test_a_reaction_to_a_reply_of_ours_in_a_group_asks_nothing(bot: BotApi) -> None:
    sent = bot.says("@michishirube_bot 台東区の窓口は？", GROUP)
    await bot.reply(chat_id=GROUP)

    bot.reacts(sent)
    await bot.confirmed()

    assert len(bot.replies(GROUP)) == 1


async def test_an_edit_corrects_the_answer_where_it_stands(bot: BotApi) -> None:
    sent = bot.says("渋谷区の担当支店は？")
    answer = await bot.reply()
    bot.says("セーフティネット保証とは")
    await bot.reply(1)

    bot.edits(sent, text="台東区の担当支店は？")
    await bot.until(lambda: answer.edits == 1)
    await bot.confirmed()

    assert "上野支店" in answer.text
    assert "渋谷支店" not in answer.text
    assert len(bot.replies()) == 2


async def test_an_edit_of_an_edit_corrects_again(bot: BotApi) -> None:
    sent = bot.says("渋谷区の担当支店は？")
    answer = await bot.reply()
    bot.edits(sent, text="台東区の担当支店は？")

    bot.edits(sent, text="港区の担当支店は？")
    await bot.until(lambda: answer.edits == 2)
    await bot.confirmed()

    assert "港区" in answer.text
    assert len(bot.replies()) == 1


async def test_what_a_correction_no_longer_says_goes_away(bot: BotApi) -> None:
    sent = bot.says("渋谷区の担当支店は？" + "よろしくお願いします。" * 120)
    answer = await bot.reply()
    assert phrases.LONG_TEXT in (await bot.reply(1)).text

    bot.edits(sent, text="台東区の担当支店は？")
    await bot.until(lambda: bool(bot.of("deleteMessage")))
    await bot.confirmed()

    assert bot.replies() == [answer]
    assert "上野支店" in answer.text


async def test_a_fact_that_is_corrected_by_an_edit_counts_as_corrected(bot: BotApi, store: Store) -> None:
    sent = bot.says("台東区の製造業、従業員15人です")
    await bot.reply()

    bot.edits(sent, text="台東区の製造業、従業員25人です")
    await bot.confirmed()

    facts = (await store.conversation("telegram:1")).conversation.facts
    assert {25} == {fact.value for slot, fact in facts.items() if "employees" in slot}
    assert len(bot.replies()) == 1


async def test_a_correction_is_sent_anew_where_the_answer_was_deleted(bot: BotApi) -> None:
    sent = bot.says("渋谷区の担当支店は？")
    answer = await bot.reply()
    del bot.messages[1, answer.message_id]

    bot.edits(sent, text="台東区の担当支店は？")

    assert "上野支店" in (await bot.reply()).text


async def test_an_edit_that_mentions_the_bot_at_last_is_answered(bot: BotApi) -> None:
    sent = bot.says("台東区の窓口は？", GROUP)

    bot.edits(sent, text="@michishirube_bot 台東区の窓口は？")

    assert "上野支店" in (await bot.reply(chat_id=GROUP)).text


async def test_an_edit_of_a_message_that_nobody_heard_is_answered(bot: BotApi) -> None:
    bot.edits({"message_id": 77, "date": 100, "chat": {"id": 1, "type": "private"}, "from": {**ME, "id": 1, "is_bot": False}})
    bot.push(
        edited_message={
            "message_id": 78,
            "date": 100,
            "edit_date": 160,
            "chat": {"id": 1, "type": "private", "first_name": "花子"},
            "from": {"id": 1, "is_bot": False, "first_name": "花子"},
            "text": "台東区の窓口は？",
        }
    )

    assert "上野支店" in (await bot.reply()).text


@pytest.mark.parametrize("worded", [0, 1, 2])
async def test_an_album_is_one_message_wherever_its_words_stand(bot: BotApi, worded: int) -> None:
    for number in range(3):
        words: dict[str, Any] = {"caption": "台東区の窓口は？"} if number == worded else {}
        bot.sends(photo=PHOTO, media_group_id="album", **words)
    bot.says("/help")

    await bot.reply(1)
    await bot.confirmed()

    texts = [one.text for one in bot.replies()]
    assert len(texts) == 2
    assert any("上野支店" in text for text in texts)


async def test_an_album_without_words_gets_one_reply(bot: BotApi) -> None:
    for _ in range(4):
        bot.sends(photo=PHOTO, media_group_id="album")
    bot.sends(2, photo=PHOTO, media_group_id="album")

    await bot.reply()
    await bot.reply(chat_id=2)
    await bot.confirmed()

    assert len(bot.replies()) == 1


async def test_words_of_an_album_that_come_late_correct_its_answer(bot: BotApi) -> None:
    bot.sends(photo=PHOTO, media_group_id="album")
    answer = await bot.reply()

    bot.sends(photo=PHOTO, media_group_id="album", caption="台東区の窓口は？")
    await bot.until(lambda: answer.edits == 1)
    await bot.confirmed()

    assert "上野支店" in answer.text
    assert len(bot.replies()) == 1


async def test_captions_of_one_album_are_read_together(bot: BotApi) -> None:
    bot.sends(photo=PHOTO, media_group_id="album", caption="台東区で商売をしています。")
    bot.sends(photo=PHOTO, media_group_id="album", caption="担当の窓口は？")

    answer = await bot.reply()
    await bot.confirmed()

    assert len(bot.replies()) == 1
    assert "上野支店" in answer.text


async def test_an_answer_that_was_interrupted_is_corrected_all_the_same(bot: BotApi) -> None:
    bot.fault("sendMessage", Fault())
    sent = bot.says("渋谷区の担当支店は？")

    bot.edits(sent, text="台東区の担当支店は？")
    await bot.until(lambda: bool(bot.replies()) and "上野支店" in bot.replies()[-1].text)
    await bot.confirmed()

    assert len(bot.replies()) == 1
