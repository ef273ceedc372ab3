"""A question that was left open has an answer now."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.live import Library
from bot.metrics import Metrics
from bot.nlp.encoder import Encoder
from bot.notifying import Notifier
from bot.store.store import Store
from bot.talk import phrases
from bot.talk.turns import Said
from bot.worker import Worker
from tests import editing
from tests.bot_api.server import BotApi

QUESTION = "社宅の補助はありますか"


@pytest.fixture
async def asked(bot: BotApi, store: Store) -> BotApi:
    """A user got no answer; later an entry was found for the question."""
    bot.says(QUESTION)
    await bot.reply()
    await bot.confirmed()
    return bot


async def _answer(store: Store, entry: str = "abl-hosho") -> None:
    questions = await store.staffing.open_questions(9)
    await store.staffing.settle_questions([one.id for one in questions], "answered", "test", entry)


async def test_the_asker_is_told_once_and_can_read_it(asked: BotApi, store: Store) -> None:
    await _answer(store)

    told = await asked.reply(1)
    asked.presses(told, next(iter(told.buttons)))

    assert told.text == phrases.FOUND_LATER.format(question=QUESTION)
    assert next(iter(told.buttons)) in (await asked.reply(2)).text
    await asked.confirmed()
    assert len(asked.replies()) == 3


async def test_who_does_not_want_to_hear_of_it_hears_no_more(asked: BotApi, store: Store) -> None:
    await _answer(store)
    asked.presses(await asked.reply(1), phrases.NO_MORE_OF_THIS)
    assert (await asked.reply(2)).text == phrases.STOPPED
    asked.says("社員旅行のバスの補助はありますか、あと社宅も")
    await asked.reply(3)
    await asked.confirmed()
    told = len(asked.replies())

    await _answer(store)
    asked.says("台東区の窓口は？")

    assert "上野支店" in (await asked.reply(told)).text


async def test_who_asked_on_the_web_finds_it_there(kb: KnowledgeBase, store: Store) -> None:
    worker = Worker(kb, store, Metrics())
    await worker.answer("web:1", Said(QUESTION))
    await _answer(store)

    await Notifier(worker, None, every=1).look()

    found = await store.notices.news("web:1", 0)
    assert found[0].reply.text == phrases.FOUND_LATER.format(question=QUESTION)
    assert phrases.NO_MORE_OF_THIS in {button.label for button in found[0].reply.buttons}


async def test_who_asked_hears_of_a_new_entry_once_it_is_loaded(
    kb: KnowledgeBase, store: Store, tmp_path: Path, encoder: Encoder
) -> None:
    await Worker(kb, store, Metrics()).answer("web:1", Said(QUESTION))
    await _answer(store, "lantern")
    await Notifier(Worker(kb, store, Metrics()), None, every=1).look()
    assert not await store.notices.news("web:1", 0)

    await Notifier(Worker(Library(editing.small(tmp_path), encoder, None), store, Metrics()), None, every=1).look()

    assert len(await store.notices.news("web:1", 0)) == 1


async def test_a_question_that_is_none_of_ours_is_not_heard_of_again(asked: BotApi, store: Store) -> None:
    questions = await store.staffing.open_questions(9)
    await store.staffing.settle_questions([one.id for one in questions], "dismissed", "test")
    asked.says("台東区の窓口は？")

    assert "上野支店" in (await asked.reply(1)).text
    assert not await store.staffing.open_questions(9)
