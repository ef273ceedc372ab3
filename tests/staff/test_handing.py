"""Answers to users from the pages, through to Telegram and to the web chat."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.knowledge.live import Library
from bot.metrics import Metrics
from bot.roles import Roles
from bot.staff.links import LoginLinks
from bot.store.store import Store
from bot.talk import phrases
from bot.talk.turns import Pressed, Said
from bot.worker import Worker
from tests.bot_api.server import BotApi, running
from tests.staff.conftest import DESK, Clock, Site, serving_pages
from tests.telegram.conftest import configured, reception, serving

STAFF = -100


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with running() as server:
        yield server


@pytest.fixture
async def site(api: BotApi, library: Library, store: Store) -> AsyncIterator[Site]:
    """A bot with a staff chat, and the pages beside it."""
    settings, clock = configured(api, staff_chat=STAFF), Clock()
    worker = Worker(library, store, Metrics(), clock, reception(settings))
    async with serving_pages(worker, library, clock) as served:
        links = LoginLinks(Roles(store.members, ()), f"{served.address}/")
        async with serving(api, worker, settings, links):
            yield served


async def _ask_on_telegram(api: BotApi) -> None:
    api.says("担当者に聞きたい")
    await api.reply(0)
    api.says("社宅の補助はありますか")
    api.presses(await api.reply(1), phrases.SEND)
    await api.reply(2)


async def test_an_answer_from_the_page_comes_to_the_user_and_the_desk_hears_of_it(api: BotApi, site: Site) -> None:
    await _ask_on_telegram(api)
    browser = await site.member("desk")
    assert "社宅の補助はありますか" in (await browser.get("/handovers")).text

    await browser.post("/handovers", {"number": "1", "state": "open", "text": "<b>港区</b>にあります。"})

    answer = (await api.reply(3)).text
    assert phrases.PERSON_REPLIED in answer
    assert "<b>港区</b>にあります。" in answer
    assert "返事をしました" in (await api.reply(1, STAFF)).text
    assert "返事を送りました" in (await browser.get("/handovers")).text
    assert "社宅の補助" in (await browser.get("/handovers?state=answered")).text
    deed = (await site.store.staffing.deeds(1))[0]
    assert (deed.who, deed.action, deed.subject) == (f"telegram:{DESK}", "handover answered", "1")


async def test_a_link_by_telegram_opens_the_pages(api: BotApi, site: Site) -> None:
    api.says("/login", DESK)
    link = (await api.reply(0, DESK)).text.split()[-1]
    browser = await site.stranger()

    page = await browser.http.get(link)
    await browser.post("/enter", {"token": link.rsplit("/", 1)[1]})

    assert "ログインする" in page.text
    assert "窓口" in (await browser.get("/")).text


async def test_the_second_of_two_answers_at_once_is_not_sent(api: BotApi, site: Site) -> None:
    await _ask_on_telegram(api)
    first, second = await site.member("desk"), await site.member("editor")

    await first.post("/handovers", {"number": "1", "state": "open", "text": "一つ目"})
    await second.post("/handovers", {"number": "1", "state": "open", "text": "二つ目"})

    assert "送っていません" in (await second.get("/handovers")).text
    assert "一つ目" in (await api.reply(3)).text
    assert await site.store.staffing.handovers("open", 10) == []
    assert [one.action for one in await site.store.staffing.deeds(5)].count("handover answered") == 1


async def test_more_can_be_answered_until_it_is_closed(api: BotApi, site: Site) -> None:
    await _ask_on_telegram(api)
    browser = await site.member("desk")
    await browser.post("/handovers", {"number": "1", "state": "open", "text": "一つ目"})
    await browser.post("/handovers", {"number": "1", "state": "answered", "text": "二つ目"})
    assert "二つ目" in (await api.reply(4)).text

    await browser.post("/handovers", {"number": "1", "state": "answered", "closing": "1"})
    await browser.post("/handovers", {"number": "1", "state": "closed", "text": "三つ目"})

    assert "送っていません" in (await browser.get("/handovers")).text
    assert "返事を送る" not in (await browser.get("/handovers?state=closed")).text


async def test_an_answer_waits_for_a_user_of_the_web_chat(site: Site) -> None:
    await site.worker.answer("web:someone", Said("担当者に聞きたい"))
    (confirm,) = await site.worker.answer("web:someone", Said("社宅の補助はありますか"))
    await site.worker.answer("web:someone", Pressed(confirm.buttons[0].action))
    browser = await site.member("desk")

    await browser.post("/handovers", {"number": "1", "state": "open", "text": "港区にあります。"})

    assert "ウェブのチャットを開くと届きます" in (await browser.get("/handovers")).text
    (news,) = await site.store.notices.news("web:someone", 0)
    assert "港区にあります。" in news.reply.text


@pytest.mark.parametrize("fields", [{"text": ""}, {"text": "   \n"}, {"text": "あ" * 3001}, {"number": "x", "text": "a"}])
async def test_an_answer_that_is_none_is_refused(api: BotApi, site: Site, fields: dict[str, str]) -> None:
    await _ask_on_telegram(api)
    browser = await site.member("desk")

    response = await browser.post("/handovers", {"number": "1", "state": "open", **fields})

    assert response.status_code == 422
    assert await site.store.staffing.waiting() == 1
