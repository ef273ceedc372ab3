"""Telegram delivers to an address: only what is committed is acknowledged."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx
import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from bot.channels.telegram.service import take_in, work
from bot.channels.telegram.webhook import HEADER, MAX_BODY, PATH, Webhook
from bot.channels.web.app import make_app
from bot.channels.web.connections import Door
from bot.channels.web.serve import listen, serve
from bot.knowledge.base import KnowledgeBase
from bot.metrics import Metrics
from bot.settings import Settings
from bot.store.store import Store
from bot.store.tables import inbox
from bot.worker import Worker
from tests.bot_api.model import TOKEN, Fault
from tests.bot_api.server import BotApi
from tests.telegram.conftest import QUICK, settled

SECRET = "of_the_tests"  # it opens nothing but a server of this test


@pytest.fixture
async def address(kb: KnowledgeBase, store: Store, api: BotApi) -> AsyncIterator[str]:
    """Where the bot takes deliveries."""
    async with AsyncExitStack() as stack:
        listening = stack.enter_context(listen("127.0.0.1", 0))
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        settings = Settings(  # type: ignore[call-arg]
            _env_file=None,
            token=SecretStr(TOKEN),
            api_url=api.address,
            webhook_url=address,
            webhook_secret=SecretStr(SECRET),
        )
        stop, metrics, webhook = asyncio.Event(), Metrics(), Webhook(SECRET)
        serving = asyncio.create_task(serve(make_app([webhook.route]), listening, stop, Door(100)))
        tasks = [
            asyncio.create_task(take_in(store, metrics, settings, webhook, QUICK)),
            asyncio.create_task(work(Worker(kb, store, metrics), settings, QUICK)),
        ]
        api.settled = lambda: settled(store)
        await api.until(lambda: bool(api.of("setMyCommands")))
        yield address
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        stop.set()
        await serving


@pytest.fixture
def bot(address: str, api: BotApi) -> BotApi:
    """The server with a bot on it that it delivers to."""
    assert address
    return api


@pytest.fixture
async def stranger(address: str) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who found the address."""
    async with httpx.AsyncClient(base_url=address) as client:
        yield client


async def test_a_delivered_question_is_answered(bot: BotApi) -> None:
    bot.says("台東区の窓口は？")

    assert "上野支店" in (await bot.reply()).text


async def test_nothing_that_waited_is_dropped_when_the_address_is_set(bot: BotApi) -> None:
    assert bot.of("setWebhook")[0].values.get("drop_pending_updates") in (None, "false")
    assert bot.of("setWebhook")[0].values["secret_token"] == SECRET
    assert not bot.of("getUpdates")


async def test_an_update_delivered_twice_is_answered_once(bot: BotApi) -> None:
    message = bot.says("台東区の窓口は？")
    await bot.reply()
    bot.push(update_id=1000, message=message)
    bot.says("渋谷区の窓口は？")

    await bot.reply(1)
    await bot.confirmed()

    assert len(bot.replies()) == 2


async def test_what_cannot_be_kept_is_delivered_again(bot: BotApi, store: Store) -> None:
    async with store.database.writing() as connection:
        await connection.execute(sa.text("ALTER TABLE inbox RENAME TO elsewhere"))
    bot.says("台東区の窓口は？")
    await bot.until(lambda: _refused(bot) > 1)
    async with store.database.writing() as connection:
        await connection.execute(sa.text("ALTER TABLE elsewhere RENAME TO inbox"))

    assert "上野支店" in (await bot.reply()).text


def _refused(bot: BotApi) -> int:
    return bot.delivery.refused if bot.delivery is not None else 0


@pytest.fixture
def reluctant(api: BotApi) -> BotApi:
    """A server that takes the address only at the fifth attempt."""
    api.fault("setWebhook", Fault(), Fault("garbage", 502), Fault(code=429, retry_after=0), Fault("refuse"))
    return api


async def test_setting_the_address_is_tried_until_it_works(reluctant: BotApi, bot: BotApi) -> None:
    bot.says("台東区の窓口は？")

    assert "上野支店" in (await bot.reply()).text
    assert [call.code for call in reluctant.of("setWebhook")].count(200) == 1


UPDATE = {"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "窓口は？"}}
GOOD = {HEADER: SECRET}


@pytest.mark.parametrize("headers", [{}, {HEADER: ""}, {HEADER: "wrong"}, {HEADER: SECRET + "x"}, {HEADER.lower(): SECRET[:-1]}])
async def test_without_the_secret_nothing_is_taken(stranger: httpx.AsyncClient, store: Store, headers: dict[str, str]) -> None:
    answer = await stranger.post(PATH, json=UPDATE, headers=headers)

    assert answer.status_code == 403
    assert not await _kept(store)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_only_post_is_answered(stranger: httpx.AsyncClient, method: str) -> None:
    assert (await stranger.request(method, PATH, headers=GOOD)).status_code == 405


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[" * 100_000, 400),
        (b"[]", 400),
        (b"null", 400),
        (b'{"update_id": "1"}', 400),
        (b'{"update_id": 9223372036854775808}', 400),
        (b"\xff\xfe", 400),
        (b'"' + b"x" * MAX_BODY + b'"', 413),
        (json.dumps({"update_id": 5, "unheard_of": {}}).encode(), 200),
    ],
)
async def test_a_body_that_is_no_update_is_refused(stranger: httpx.AsyncClient, store: Store, body: bytes, status: int) -> None:
    answer = await stranger.post(PATH, content=body, headers=GOOD)

    assert answer.status_code == status
    assert not await _kept(store)


async def test_while_it_starts_deliveries_are_asked_to_come_again() -> None:
    app = make_app([Webhook(SECRET).route])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        answer = await client.post(PATH, json=UPDATE, headers=GOOD)

    assert answer.status_code == 503
    assert answer.headers["Retry-After"]


async def _kept(store: Store) -> int:
    async with store.database.reading() as connection:
        return (await connection.execute(sa.select(sa.func.count()).select_from(inbox))).scalar_one()
