"""What owners type, and what comes back over the Bot API."""

from __future__ import annotations

import pytest

from tests.bot_api.server import BotApi


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("台東区の窓口は？", "03-3847-3171"),
        ("〒111-0041", "上野支店"),
        ("自由が丘", "03-5447-8250"),
        ("保証料 いくら", "保証料"),
        ("セーフティネット保証5号って？", "不況業種"),
        ("とうさんぼうしきょうさい", "共済"),
        ("倒産防止共済って？", "8,000万円"),
        ("けいえいあんていかんれんほしょう", "セーフティネット"),
        ("明日の天気は？", "お答えできません"),
        ("大阪の創業融資を教えて", "対象外"),
        ("ありがとう", "どういたしまして"),
    ],
)
async def test_a_question_is_answered(bot: BotApi, question: str, answer: str) -> None:
    bot.says(question)

    assert answer in (await bot.reply()).text


async def test_an_answer_names_its_source_and_its_age(bot: BotApi) -> None:
    bot.says("小口零細企業保証の限度額は？")

    text = (await bot.reply()).text

    assert "出典：" in text
    assert "時点" in text


async def test_a_follow_up_means_the_entry_before(bot: BotApi) -> None:
    bot.says("経営セーフティ共済とは")
    await bot.reply()

    bot.says("掛金はいくらですか")

    assert "200,000円" in (await bot.reply(1)).text


async def test_the_ward_is_remembered(bot: BotApi) -> None:
    bot.says("渋谷区の担当支店は？")
    await bot.reply()

    bot.says("/branch")

    assert "渋谷支店" in (await bot.reply(1)).text


async def test_chats_know_nothing_of_each_other(bot: BotApi) -> None:
    bot.says("渋谷区の担当支店は？", chat_id=1)
    await bot.reply(chat_id=1)

    bot.says("/branch", chat_id=2)

    assert "区市町村名か郵便番号" in (await bot.reply(chat_id=2)).text


async def test_several_questions_in_one_message_are_each_answered(bot: BotApi) -> None:
    bot.says("台東区の窓口はどこですか？それと経営セーフティ共済の掛金はいくらですか？")

    await bot.reply(1)

    text = "".join(message.text for message in bot.replies())
    assert "上野支店" in text
    assert "200,000円" in text


async def test_of_several_questions_those_that_can_be_answered_are(bot: BotApi) -> None:
    bot.says("台東区の窓口はどこですか？中小企業退職金共済の掛金はいくらですか？")

    await bot.reply(1)

    assert "上野支店" in bot.replies()[0].text
    assert "お答えできません" in bot.replies()[1].text


async def test_messages_of_a_chat_are_answered_in_their_order(bot: BotApi) -> None:
    wards = {"台東区": "上野支店", "渋谷区": "渋谷支店", "豊島区": "池袋支店", "足立区": "千住支店"}
    for ward in wards:
        bot.says(f"{ward}の担当支店は？")

    await bot.reply(len(wards) - 1)

    for message, branch in zip(bot.replies(), wards.values(), strict=True):
        assert branch in message.text


async def test_typing_is_shown_before_an_answer_and_never_after(bot: BotApi) -> None:
    bot.says("保証料 いくら")

    await bot.reply()

    done = [call.method for call in bot.calls if call.method in ("sendChatAction", "sendMessage")]
    assert done == ["sendChatAction", "sendMessage"]


async def test_links_bring_no_preview(bot: BotApi) -> None:
    bot.says("新輸出大国コンソーシアムのURLは？")

    await bot.reply()

    assert bot.of("sendMessage")[0].values["link_preview_options"]["is_disabled"] is True
