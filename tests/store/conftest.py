"""Stores over an empty database of each kind."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

from bot.store.gates import Rate
from bot.store.outbox import Rates
from bot.store.store import NO_LIMITS, Store

MakeStore = Callable[..., Awaitable[Store]]
UNHURRIED = Rate(0.0, 1)


@pytest.fixture
async def make_store(database_url: str) -> AsyncIterator[MakeStore]:
    """Opens stores of several processes over the same database."""
    async with AsyncExitStack() as stack:

        async def make(rates: Rates = NO_LIMITS, turns: Rate = UNHURRIED) -> Store:
            store = await Store.open(database_url, rates=rates, turns=turns)
            stack.push_async_callback(store.close)
            return store

        yield make


@pytest.fixture
async def store(make_store: MakeStore) -> Store:
    """One process's store."""
    return await make_store()
