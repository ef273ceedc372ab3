"""The web chat over HTTP."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from bot.channels.web.app import PER_ADDRESS
from bot.knowledge.base import KnowledgeBase
from bot.metrics import Metrics
from bot.nlp.encoder import Encoder, Vectors
from bot.nlp.sentence_model import Pieces
from bot.store.store import Store
from bot.store.tables import conversations
from bot.talk import phrases
from bot.worker import Worker
from tests.web.conftest import PER_SESSION, serving


@pytest.fixture
async def browser(address: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client that keeps cookies."""
    async with httpx.AsyncClient(base_url=address, timeout=60) as client:
        yield client


def _text(response: httpx.Response) -> str:
    return "\n".join(line for reply in response.json()["replies"] for block in reply["blocks"] for line in block["lines"])


async def test_a_question_is_answered(browser: httpx.AsyncClient) -> None:
    response = await browser.post("/turns", json={"text": "台東区の窓口は？"})

    assert "上野支店" in _text(response)
    assert "03-3847-3171" in _text(response)


async def test_opening_the_page_greets_with_five_buttons(browser: httpx.AsyncClient) -> None:
    response = await browser.post("/turns", json={"start": True})

    assert "みちしるべ" in _text(response)
    assert len(response.json()["replies"][0]["buttons"]) == 5


async def test_a_button_is_a_turn(browser: httpx.AsyncClient) -> None:
    greeting = await browser.post("/turns", json={"start": True})
    first = greeting.json()["replies"][0]["buttons"][0]

    response = await browser.post("/turns", json={"press": first["action"]})

    assert response.json()["replies"][0]["buttons"]


async def test_the_conversation_goes_on_with_the_cookie(browser: httpx.AsyncClient) -> None:
    await browser.post("/turns", json={"text": "台東区の窓口は？"})

    response = await browser.post("/turns", json={"text": "FAXは？"})

    assert "03-3847-3191" in _text(response)


async def test_another_browser_has_another_conversation(address: str) -> None:
    async with httpx.AsyncClient(base_url=address) as first, httpx.AsyncClient(base_url=address) as second:
        await first.post("/turns", json={"text": "台東区の窓口は？"})
        response = await second.post("/turns", json={"text": "FAXは？"})

    assert "03-3847-3191" not in _text(response)


async def test_forget_leaves_nothing_and_says_so(browser: httpx.AsyncClient, store: Store) -> None:
    await browser.post("/turns", json={"text": "台東区の窓口は？"})

    response = await browser.post("/turns", json={"text": "/forget"})

    assert response.json()["forgotten"] is True
    async with store.database.reading() as connection:
        assert (await connection.execute(sa.select(conversations))).all() == []


async def test_the_cookie_is_kept_from_scripts_and_other_sites(browser: httpx.AsyncClient) -> None:
    response = await browser.post("/turns", json={"start": True})

    cookie = response.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie


async def test_a_forged_cookie_gets_a_session_of_its_own(browser: httpx.AsyncClient) -> None:
    response = await browser.post("/turns", json={"start": True}, headers={"cookie": "michishirube=telegram:1"})

    assert "michishirube=" in response.headers["set-cookie"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "https://evil.example"}, 403),
        ({"content-type": "text/plain"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://[bad"}, 403),
        ({"host": "[bad"}, 200),
    ],
)
async def test_turns_from_elsewhere_are_refused(browser: httpx.AsyncClient, headers: dict[str, str], status: int) -> None:
    response = await browser.post("/turns", content='{"start": true}', headers={"content-type": "application/json"} | headers)

    assert response.status_code == status
    assert ("error" in response.json()) is (status != 200)


@pytest.mark.parametrize(
    "body",
    ["", "{}", "[]", "not json", '{"text": 1}', '{"text": "a", "press": "b"}', '{"press": "%s"}' % ("x" * 65), '{"x": 1}'],
)
async def test_a_body_of_another_form_is_refused_kindly(browser: httpx.AsyncClient, body: str) -> None:
    response = await browser.post("/turns", content=body, headers={"content-type": "application/json"})

    assert response.status_code == 422
    assert response.json()["error"].endswith("送ってください。")


async def test_a_huge_body_is_refused(browser: httpx.AsyncClient) -> None:
    response = await browser.post("/turns", json={"text": "あ" * 100_000})

    assert response.status_code == 413


@pytest.mark.parametrize(
    "text", ["", "   ", "😀😀", "\x00\x07", "\u202eאבג", "あ" * 10_000, "<script>alert(1)</script>", "/nope"]
)
async def test_odd_texts_get_an_answer(browser: httpx.AsyncClient, text: str) -> None:
    response = await browser.post("/turns", json={"text": text})

    assert response.status_code == 200
    assert _text(response)


async def test_nothing_is_loaded_from_other_hosts(browser: httpx.AsyncClient) -> None:
    response = await browser.get("/")

    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert "http://" not in response.text
    assert "https://" not in response.text


async def test_health_readiness_and_metrics(browser: httpx.AsyncClient) -> None:
    await browser.post("/turns", json={"text": "台東区の窓口は？"})

    health, ready, metrics = [await browser.get(path) for path in ("/healthz", "/readyz", "/metrics")]

    assert health.text == "ok\n"
    assert ready.json()["entries"] > 100
    assert 'michishirube_outcomes_total{kind="answer"} 1.0' in metrics.text


async def test_healthz_tells_when_the_database_is_gone(browser: httpx.AsyncClient, store: Store, tmp_path: Path) -> None:
    await store.close()
    shutil.rmtree(tmp_path)

    response = await browser.get("/healthz")

    assert response.status_code == 503


async def test_healthz_tells_when_nothing_can_be_written(browser: httpx.AsyncClient, store: Store) -> None:
    assert (await browser.get("/healthz")).status_code == 200
    engine = store.database.engine.sync_engine
    sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("PRAGMA query_only=ON"))

    async with asyncio.timeout(30):
        while (await browser.get("/healthz")).status_code == 200:  # what was found a moment ago still holds
            pass


async def test_a_turn_without_the_database_gets_an_apology(browser: httpx.AsyncClient, store: Store, tmp_path: Path) -> None:
    await store.close()
    shutil.rmtree(tmp_path)

    response = await browser.post("/turns", json={"text": "台東区の窓口は？"})

    assert response.status_code == 500
    assert response.json()["error"] == phrases.FAILED


async def test_who_writes_too_fast_is_told_when_to_go_on(browser: httpx.AsyncClient) -> None:
    await browser.post("/turns", json={"start": True})

    answers = await asyncio.gather(*(browser.post("/turns", json={"text": "はい"}) for _ in range(PER_SESSION.burst + 1)))

    refused = [answer for answer in answers if answer.status_code == 429]
    assert 1 <= len(refused) < len(answers)
    assert {answer.status_code for answer in answers} == {200, 429}
    assert refused[0].json() == {"error": phrases.TOO_FAST_HERE}
    assert int(refused[0].headers["Retry-After"]) > 0


async def test_one_address_cannot_flood_with_ever_new_sessions(address: str) -> None:
    async def one(client: httpx.AsyncClient) -> int:
        return (await client.post("/turns", json={"press": 1}, headers={"Cookie": ""})).status_code

    async with httpx.AsyncClient(base_url=address, timeout=60) as client:
        statuses = set(await asyncio.gather(*(one(client) for _ in range(3 * PER_ADDRESS.burst))))

    assert statuses == {422, 429}


@pytest.mark.parametrize("after", ["0", "", "-1", "x", "9" * 30, "1e3"])
async def test_a_new_visitor_has_no_news_and_gets_no_session(browser: httpx.AsyncClient, after: str) -> None:
    response = await browser.get("/news", params={"after": after})

    assert response.json() == {"news": []}
    assert "set-cookie" not in response.headers


async def test_looking_at_the_page_leaves_no_row(address: str, store: Store) -> None:
    async with httpx.AsyncClient(base_url=address) as client:
        for _ in range(3):
            client.cookies.clear()
            await client.post("/turns", json={"start": True})

    async with store.database.reading() as connection:
        assert (await connection.execute(sa.select(conversations))).all() == []


async def test_a_label_of_the_greeting_can_be_typed(browser: httpx.AsyncClient) -> None:
    greeting = (await browser.post("/turns", json={"start": True})).json()["replies"][0]
    pressed = await browser.post("/turns", json={"press": greeting["buttons"][0]["action"]})
    browser.cookies.clear()

    typed = await browser.post("/turns", json={"text": greeting["buttons"][0]["label"]})

    assert _text(typed) == _text(pressed)


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        (f"/road/{'9' * 5000}.png", {}, 404),
        ("/road/-1.png", {}, 404),
        ("/road/1.png", {}, 200),
        ("/", {"host": "[bad"}, 200),
        ("/road/", {"host": "[bad"}, 404),
    ],
)
async def test_what_no_browser_asks_for_gets_an_answer(
    browser: httpx.AsyncClient, path: str, headers: dict[str, str], status: int, caplog: pytest.LogCaptureFixture
) -> None:
    response = await browser.get(path, headers=headers)

    assert response.status_code == status
    assert "Traceback" not in caplog.text


async def test_turns_of_one_session_are_taken_one_at_a_time_and_once(browser: httpx.AsyncClient) -> None:
    await browser.post("/turns", json={"start": True})

    answers = await asyncio.gather(*(browser.post("/turns", json={"text": "台東区の窓口は？"}) for _ in range(15)))

    assert {answer.status_code for answer in answers} == {200}
    assert "michishirube_turn_seconds_count 16.0" in (await browser.get("/metrics")).text


async def test_others_are_answered_while_a_turn_is_computed(kb: KnowledgeBase, store: Store) -> None:
    begun, may_end = threading.Event(), threading.Event()
    slow = replace(kb, encoder=Halting(kb.encoder, begun, may_end))
    async with serving(Worker(slow, store, Metrics())) as address, httpx.AsyncClient(base_url=address) as client:
        turn = asyncio.create_task(client.post("/turns", json={"text": "台東区の窓口は？"}))
        await asyncio.to_thread(begun.wait)

        health = await client.get("/healthz")
        answered_before = turn.done()
        may_end.set()

        assert health.status_code == 200
        assert not answered_before
        assert "上野支店" in _text(await turn)


@dataclass
class Halting:
    """An encoder that takes its time to read."""

    encoder: Encoder
    begun: threading.Event
    may_end: threading.Event
    name: str = "halting"

    def encode(self, texts: Sequence[str]) -> Vectors:
        return self.encoder.encode(texts)

    def read(self, text: str) -> Pieces:
        self.begun.set()
        self.may_end.wait()
        return self.encoder.read(text)

    def __hash__(self) -> int:
        return id(self)
