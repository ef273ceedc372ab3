"""The bot's name and a few letters in any chat: cards to choose from."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from bot.advisor.links import entry_link
from bot.knowledge.base import KnowledgeBase
from bot.store.store import Store
from bot.store.tables import conversations, gates, inbox, outbox, questions
from bot.talk import phrases
from tests.bot_api.model import ME, Fault
from tests.bot_api.server import BotApi

USERNAME = ME["username"]


async def _titles(bot: BotApi, query: str, offset: str = "") -> list[str]:
    return [one["title"] for one in (await bot.found(bot.looks_up(query, offset)))["results"]]


async def test_matching_entries_come_as_cards(bot: BotApi) -> None:
    found = await bot.found(bot.looks_up("保証料"))

    titles = [one["title"] for one in found["results"]]
    assert "信用保証料の計算方法" in titles
    assert len(titles) == 10
    assert all(one["type"] == "article" and one["description"] for one in found["results"])


async def test_a_card_is_a_whole_answer_with_source_date_and_a_way_to_the_bot(bot: BotApi) -> None:
    (card, *_) = (await bot.found(bot.looks_up("セーフティネット保証の限度額")))["results"]

    assert "8,000万円" in card["text"]
    assert "出典：" in card["text"]
    assert "2024年3月" in card["text"]
    link = f"https://t.me/{USERNAME}?start=e_{card['id']}"
    assert link in card["input_message_content"]["message_text"]
    assert card["reply_markup"]["inline_keyboard"][0][0]["url"] == link


async def test_the_link_of_a_card_opens_its_entry(bot: BotApi) -> None:
    (card, *_) = (await bot.found(bot.looks_up("セーフティネット保証")))["results"]

    bot.says(f"/start {card['reply_markup']['inline_keyboard'][0][0]['url'].partition('start=')[2]}")

    assert card["title"] in (await bot.reply()).text


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("セーフティーネッ", "セーフティネット保証"),
        ("ほしょうりょう", "信用保証料の計算方法"),
        ("そうぎょう", "創業融資（創業）"),
        ("jetro", "ジェトロ"),
        ("再チャレンヂ", "再チャレンジ支援融資制度（再挑戦支援資金）"),
        ("上野", "上野支店"),
        ("取引先が倒産した", "経営セーフティ共済"),
    ],
)
async def test_what_is_half_typed_or_misspelt_is_found(bot: BotApi, query: str, title: str) -> None:
    assert any(title in one for one in await _titles(bot, query))


@pytest.mark.parametrize("query", ["", "  ", "保"])
async def test_before_two_letters_the_usual_entries_are_offered(bot: BotApi, query: str) -> None:
    assert len(await _titles(bot, query)) >= 5


async def test_what_is_asked_most_comes_first(bot: BotApi) -> None:
    for number in range(2):
        bot.says("再チャレンジ支援融資の限度額")
        await bot.reply(number)
    await bot.confirmed()

    assert (await _titles(bot, ""))[0] == "再チャレンジ支援融資制度（再挑戦支援資金）"


async def test_pages_follow_each_other_without_a_card_twice(bot: BotApi) -> None:
    seen: list[str] = []
    offset = ""
    while True:
        found = await bot.found(bot.looks_up("融資", offset))
        seen += [one["id"] for one in found["results"]]
        offset = found.get("next_offset", "")
        if not offset:
            break

    assert 10 < len(seen) <= 50
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize("query", ["qwrtpsdf", "今日の天気", "﷽" * 256, "🍣🍣"])
async def test_where_nothing_fits_the_bot_itself_is_offered(bot: BotApi, query: str) -> None:
    found = await bot.found(bot.looks_up(query))

    assert found["results"] == []
    assert found["button"]["text"] == phrases.ASK_THE_BOT


@pytest.mark.parametrize("query", ["<b>&\"'", "</a><a href=x>保証料", "\x00保証", "\ud83d", "%s{0}{{7*7}}保証料"])
async def test_markup_in_a_query_is_only_text(bot: BotApi, query: str) -> None:
    assert "results" in await bot.found(bot.looks_up(query))


@pytest.mark.parametrize("offset", ["-1", "x", "99", "1e3", "٣"])
async def test_a_made_up_offset_does_no_harm(bot: BotApi, offset: str) -> None:
    assert "results" in await bot.found(bot.looks_up("融資", offset))


async def test_nothing_of_what_was_typed_is_kept(bot: BotApi, store: Store) -> None:
    await bot.found(bot.looks_up("社宅の補助", user_id=77))
    await bot.confirmed()

    async with store.database.reading() as connection:
        for table in (conversations, questions, outbox, gates):
            assert (await connection.execute(sa.select(table))).all() == []
        (row,) = (await connection.execute(sa.select(inbox))).all()
        assert (row.chat, row.turn, row.context) == ("", "", "")


async def test_many_letters_do_not_use_up_what_one_may_ask(bot: BotApi) -> None:
    for number in range(1, 30):
        bot.looks_up("セーフティネット保証の限度額はいくらですかおしえてください"[:number], user_id=1)
    bot.says("台東区の窓口は？")

    assert "上野支店" in (await bot.reply()).text
    await bot.confirmed()
    assert len(bot.replies()) == 1


async def test_only_the_last_of_what_is_typed_needs_an_answer(api: BotApi, start: object, store: Store) -> None:
    first, last = api.looks_up("セー"), api.looks_up("セーフティ")
    await start(api)  # type: ignore[operator]

    await api.found(last)

    assert first not in api.answered_inline


async def test_a_query_that_can_no_longer_be_answered_holds_nobody_up(bot: BotApi) -> None:
    bot.inline.clear()
    bot.fault("answerInlineQuery", Fault(code=400, description="Bad Request: query is too old"))
    bot.looks_up("保証料")
    bot.says("台東区の窓口は？")

    assert "上野支店" in (await bot.reply()).text
    assert await _titles(bot, "保証料")


async def test_a_chosen_card_is_no_question(bot: BotApi) -> None:
    bot.says("【セーフティネット保証】", via_bot=ME)
    bot.says("台東区の窓口は？")

    assert "上野支店" in (await bot.reply()).text
    await bot.confirmed()
    assert len(bot.replies()) == 1


def test_every_entry_has_a_link(kb: KnowledgeBase) -> None:
    for entry in kb.content.entries.values():
        assert re.fullmatch(r"https://t\.me/michishirube_bot\?start=e_[A-Za-z0-9_-]{1,62}", entry_link(USERNAME, entry))
