"""Connections that are opened and left half done hold nobody else up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

import httpx
import pytest

from bot.channels.web.connections import Door
from bot.knowledge.base import KnowledgeBase
from bot.metrics import Metrics
from bot.store.store import Store
from bot.worker import Worker
from tests.web.conftest import serving

HALF_A_HEADER = b"GET / HTTP/1.1\r\nHost: here\r\nX-Much"
HALF_A_BODY = b"POST /turns HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
WHOLE = b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n"
Serve = Callable[[Door], Awaitable[str]]


@pytest.fixture
async def serve_behind(kb: KnowledgeBase, store: Store) -> AsyncIterator[Serve]:
    """Serves the chat behind a door; gives its address."""
    async with AsyncExitStack() as stack:
        yield lambda door: stack.enter_async_context(serving(Worker(kb, store, Metrics()), door))


@pytest.fixture
async def connect() -> AsyncIterator[Callable[[str, bytes], Awaitable[asyncio.StreamReader]]]:
    """Opens a connection and sends something."""
    writers: list[asyncio.StreamWriter] = []

    async def to(address: str, sent: bytes) -> asyncio.StreamReader:
        at = urlsplit(address)
        reader, writer = await asyncio.open_connection(at.hostname, at.port)
        writers.append(writer)
        writer.write(sent)
        await writer.drain()
        return reader

    yield to
    for writer in writers:
        writer.close()


Connect = Callable[[str, bytes], Awaitable[asyncio.StreamReader]]


async def _end(reader: asyncio.StreamReader) -> bytes:
    """All that comes until the server closes."""
    try:
        async with asyncio.timeout(10):
            return await reader.read()
    except ConnectionResetError:
        return b""


@pytest.mark.parametrize(
    "sent", [b"", HALF_A_HEADER, HALF_A_BODY, WHOLE + HALF_A_HEADER], ids=["nothing", "header", "body", "second"]
)
async def test_who_does_not_send_a_whole_request_in_time_is_closed(serve_behind: Serve, connect: Connect, sent: bytes) -> None:
    address = await serve_behind(Door(100, receive=0.2))

    got = await _end(await connect(address, sent))

    assert got.count(b"200 OK") == (1 if WHOLE in sent else 0)


async def test_many_half_open_connections_do_not_keep_others_out(serve_behind: Serve, connect: Connect) -> None:
    address = await serve_behind(Door(10))
    half_open = [await connect(address, HALF_A_HEADER) for _ in range(30)]

    async with httpx.AsyncClient(base_url=address) as client:
        health = await client.get("/healthz")

    assert health.status_code == 200
    assert await asyncio.gather(*map(_end, half_open[:20])) == [b""] * 20  # the oldest made room


async def test_one_connection_may_ask_again_and_again(serve_behind: Serve) -> None:
    address = await serve_behind(Door(1))

    async with httpx.AsyncClient(base_url=address) as client:
        answers = [await client.get("/healthz") for _ in range(5)]

    assert {one.status_code for one in answers} == {200}
