"""A user asks a person: there, back, and when nobody answers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.channels.telegram.service import Compose
from bot.desk import MOST_WAITING
from bot.knowledge.base import KnowledgeBase
from bot.metrics import Metrics
from bot.notifying import Notifier
from bot.store.store import Store
from bot.store.tables import handovers
from bot.talk import phrases
from bot.talk.turns import Pressed, Said
from bot.worker import Worker
from tests.bot_api.model import ME, Message
from tests.bot_api.server import BotApi
from tests.telegram.conftest import configured, reception, serving

STAFF = -100
MONDAY_MORNING = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
SUNDAY = datetime(2026, 11, 1, 1, 0, tzinfo=UTC)


class Clock:
    """What the bot takes for the time."""

    now = MONDAY_MORNING

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def worker(api: BotApi, kb: KnowledgeBase, store: Store, clock: Clock) -> Worker:
    return Worker(kb, store, Metrics(), clock, reception(configured(api, staff_chat=STAFF)))


@pytest.fixture
async def bot(api: BotApi, worker: Worker) -> AsyncIterator[BotApi]:
    """A bot with a staff chat."""
    async with serving(api, worker, configured(api, staff_chat=STAFF)):
        yield api


async def _hand_over(bot: BotApi, question: str = "社宅の補助はありますか") -> Message:
    """A user hands a question over; returns what the staff see."""
    bot.says("担当者に聞きたい")
    await bot.reply(0)
    bot.says(question)
    bot.presses(await bot.reply(1), phrases.SEND)
    return await bot.reply(0, STAFF)


def _answers(bot: BotApi, message: Message, text: str, **more: object) -> None:
    bot.says(text, STAFF, reply_to_message=message.as_json(), **more)


async def test_what_would_be_sent_is_shown_first(bot: BotApi) -> None:
    bot.says("台東区の製造業、従業員15人です")
    await bot.reply(0)
    bot.says("担当者に聞きたい")
    await bot.reply(1)
    bot.says("社宅の補助はありますか")

    confirm = await bot.reply(2)

    assert phrases.PERSON_CONFIRM in confirm.text
    assert "社宅の補助はありますか" in confirm.text
    assert "台東区" in confirm.text
    assert not bot.replies(STAFF)


async def test_the_staff_get_the_question_and_the_user_their_answer(bot: BotApi) -> None:
    asked = await _hand_over(bot)

    _answers(bot, asked, "お調べしました。区の補助はありません。")

    assert "社宅の補助はありますか" in asked.text
    assert (await bot.reply(2)).text == phrases.PERSON_ASKED
    answer = await bot.reply(3)
    assert phrases.PERSON_REPLIED in answer.text
    assert "区の補助はありません" in answer.text
    assert (await bot.reply(1, STAFF)).text == phrases.DESK_SENT


async def test_the_staff_see_what_was_answered_before(bot: BotApi) -> None:
    for number, question in enumerate(["セーフティネット保証の限度額", "責任共有制度とは"]):
        bot.says(question)
        await bot.reply(number)
    bot.says("担当者に聞きたい")
    bot.presses(await bot.reply(2), phrases.SEND)

    asked = (await bot.reply(0, STAFF)).text

    assert f"{phrases.PERSON_ANSWERED}：責任共有制度、セーフティネット保証" in asked


async def test_the_user_stays_unknown_to_the_staff(bot: BotApi) -> None:
    asked = await _hand_over(bot)

    assert "花子" not in asked.text
    assert "telegram" not in asked.text


async def test_without_agreement_nothing_is_sent(bot: BotApi) -> None:
    bot.says("担当者に聞きたい")
    await bot.reply(0)
    bot.says("社宅の補助はありますか")
    bot.presses(await bot.reply(1), phrases.DO_NOT_SEND)

    assert (await bot.reply(2)).text == phrases.PERSON_NOT_ASKED
    await bot.confirmed()
    assert not bot.replies(STAFF)


async def test_the_question_can_be_put_in_other_words(bot: BotApi) -> None:
    bot.says("担当者に聞きたい")
    assert (await bot.reply(0)).text == phrases.PERSON_WHAT
    bot.says("保証料の返金はいつですか")
    bot.presses(await bot.reply(1), phrases.SEND)

    assert "保証料の返金はいつですか" in (await bot.reply(0, STAFF)).text


async def test_several_answers_all_arrive(bot: BotApi) -> None:
    asked = await _hand_over(bot)

    _answers(bot, asked, "確認します。")
    _answers(bot, asked, "区にはありません。")

    assert "確認します" in (await bot.reply(3)).text
    assert "区にはありません" in (await bot.reply(4)).text


async def test_a_closed_question_takes_no_answers(bot: BotApi, store: Store) -> None:
    asked = await _hand_over(bot)
    _answers(bot, asked, "終了")
    assert (await bot.reply(1, STAFF)).text == phrases.DESK_CLOSED

    _answers(bot, asked, "もう一言")

    assert (await bot.reply(2, STAFF)).text == phrases.DESK_UNKNOWN
    await bot.confirmed()
    assert len(bot.replies(1)) == 3
    async with store.database.reading() as connection:
        assert (await connection.execute(sa.select(handovers.c.state))).scalar_one() == "closed"


async def test_who_was_forgotten_gets_nothing_any_more(bot: BotApi) -> None:
    asked = await _hand_over(bot)
    bot.says("/forget")
    await bot.reply(3)

    _answers(bot, asked, "お調べしました。")

    assert (await bot.reply(1, STAFF)).text == phrases.DESK_UNKNOWN
    assert len(bot.replies(1)) == 4


async def test_outside_the_hours_the_user_is_told_when_and_whom_to_call(bot: BotApi, clock: Clock) -> None:
    clock.now = SUNDAY
    await _hand_over(bot)

    told = (await bot.reply(2)).text

    assert "09:00〜17:00" in told
    assert "03-5320-4877" in told


async def test_when_nobody_answers_the_user_is_told_once(bot: BotApi, clock: Clock) -> None:
    await _hand_over(bot)
    await bot.confirmed()

    clock.now = MONDAY_MORNING + timedelta(hours=3)
    told = (await bot.reply(3)).text
    clock.now = MONDAY_MORNING + timedelta(hours=4)
    bot.says("こんにちは")
    await bot.reply(4)

    assert phrases.PERSON_MISSING in told
    assert "03-" in told
    assert sum(phrases.PERSON_MISSING in message.text for message in bot.replies()) == 1


async def test_only_the_staff_chat_can_answer(bot: BotApi) -> None:
    asked = await _hand_over(bot)

    bot.says("お調べしました。", -200, reply_to_message=asked.as_json())
    await bot.reply(0, -200)
    await bot.confirmed()

    assert not any(phrases.PERSON_REPLIED in message.text for message in bot.replies(1))


async def test_a_number_that_somebody_made_up_answers_nobody(bot: BotApi) -> None:
    await _hand_over(bot)
    forged = {"message_id": 9, "date": 1, "chat": {"id": STAFF, "type": "supergroup"}, "from": {"id": 7, "is_bot": False, "first_name": "x"}}  # fmt: skip

    bot.says("お調べしました。", STAFF, reply_to_message={**forged, "text": phrases.FOR_DESK.format(number=1)})
    await bot.confirmed()

    assert not any(phrases.PERSON_REPLIED in message.text for message in bot.replies(1))


async def test_a_number_in_a_question_leads_no_answer_to_somebody_else(bot: BotApi) -> None:
    first = await _hand_over(bot)
    bot.says("担当者に聞きたい", 2)
    await bot.reply(0, 2)
    bot.says(f"{phrases.FOR_DESK.format(number=1)} について教えてください", 2)
    bot.presses(await bot.reply(1, 2), phrases.SEND)
    second = await bot.reply(1, STAFF)

    _answers(bot, second, "二人目への返事")
    await bot.reply(3, 2)
    _answers(bot, first, "一人目への返事")

    assert "一人目への返事" in (await bot.reply(3)).text
    assert [message.text for message in bot.replies(2) if "一人目" in message.text] == []
    assert "二人目への返事" in (await bot.reply(3, 2)).text


async def test_a_message_of_ours_that_only_shows_a_number_answers_nobody(bot: BotApi) -> None:
    await _hand_over(bot)
    ours = {"message_id": 900, "date": 1, "chat": {"id": STAFF, "type": "supergroup"}, "from": ME}

    bot.says(
        "お調べしました。", STAFF, reply_to_message={**ours, "text": f"{phrases.FOR_DESK.format(number=1)}　受付を閉じました。"}
    )

    assert (await bot.reply(1, STAFF)).text == phrases.DESK_UNKNOWN
    await bot.confirmed()
    assert not any(phrases.PERSON_REPLIED in message.text for message in bot.replies(1))


async def test_a_confirmation_sends_once_however_often_it_is_pressed(bot: BotApi) -> None:
    bot.says("担当者に聞きたい")
    await bot.reply(0)
    bot.says("社宅の補助はありますか")
    confirm = await bot.reply(1)

    for _ in range(15):
        bot.presses(confirm, phrases.SEND)
    assert (await bot.reply(2)).text == phrases.PERSON_ASKED
    await bot.confirmed()

    assert len(bot.replies(STAFF)) == 1


async def test_an_old_confirmation_does_not_send_what_it_did_not_show(bot: BotApi) -> None:
    bot.says("担当者に聞きたい")
    await bot.reply(0)
    bot.says("社宅の補助はありますか")
    confirm = await bot.reply(1)
    bot.says("責任共有制度とは")
    await bot.reply(2)

    bot.presses(confirm, phrases.SEND)

    again = await bot.reply(3)
    assert phrases.PERSON_CONFIRM in again.text
    assert "責任共有制度とは" in again.text
    await bot.confirmed()
    assert not bot.replies(STAFF)


async def test_one_chat_cannot_fill_the_desk(bot: BotApi) -> None:
    for number in range(MOST_WAITING + 1):
        bot.says("担当者に聞きたい")
        bot.presses_data(await bot.reply(number * 4), "h:word")
        await bot.reply(number * 4 + 1)
        bot.says(f"{number}番目の質問")
        bot.presses(await bot.reply(number * 4 + 2), phrases.SEND)
        await bot.reply(number * 4 + 3)
    await bot.confirmed()

    assert len(bot.replies(STAFF)) == MOST_WAITING
    refused = bot.replies()[-1].text
    assert "今回はお送りしていません" in refused
    assert "03-" in refused


async def test_without_staff_the_user_is_told_whom_to_call(api: BotApi, start: Callable[[BotApi], Awaitable[None]]) -> None:
    await start(api)
    api.says("担当者に聞きたい")

    assert phrases.NO_PERSON in (await api.reply()).text


async def _hand_over_on_the_web(worker: Worker) -> None:
    await worker.answer("web:1", Said("担当者に聞きたい"))
    confirm = await worker.answer("web:1", Said("社宅の補助はありますか"))
    asked = await worker.answer("web:1", Pressed(confirm[-1].buttons[0].action))
    assert asked[-1].text == phrases.PERSON_ASKED


async def test_who_asks_on_the_web_finds_the_answer_there(bot: BotApi, worker: Worker) -> None:
    await _hand_over_on_the_web(worker)
    asked = await bot.reply(0, STAFF)

    _answers(bot, asked, "区の補助はありません。")

    assert (await bot.reply(1, STAFF)).text == phrases.DESK_SENT
    notices = worker.store.notices
    found = await notices.news("web:1", 0)
    assert "区の補助はありません。" in found[0].reply.text
    assert await notices.news("web:1", 0) == found
    assert await notices.news("web:2", 0) == []
    assert await notices.news("web:1", found[0].id) == []
    assert await notices.news("web:1", 0) == []


async def test_on_the_web_too_the_user_is_told_when_nobody_answers(bot: BotApi, worker: Worker, clock: Clock) -> None:
    await _hand_over_on_the_web(worker)
    await bot.confirmed()

    clock.now = MONDAY_MORNING + timedelta(hours=3)
    await Notifier(worker, Compose(), every=1).look()

    found = await worker.store.notices.news("web:1", 0)
    assert [phrases.PERSON_MISSING in one.reply.text for one in found] == [True]
