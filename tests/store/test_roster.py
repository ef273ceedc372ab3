"""Who is alive."""

from __future__ import annotations

import asyncio
import sys

import pytest
import sqlalchemy as sa

from bot.store import roster as module
from bot.store.roster import Roster
from bot.store.store import Store
from bot.store.tables import processes
from tests.store.conftest import MakeStore


def _roster(store: Store, host: str, pid: int = 1, role: str = "run") -> Roster:
    return Roster(store.database, store.signals, role, host, pid)


async def _listed(store: Store) -> list[str]:
    async with store.database.reading() as connection:
        return [row.id for row in await connection.execute(sa.select(processes).order_by(processes.c.number))]


async def test_the_oldest_of_its_role_leads(store: Store) -> None:
    await store.roster.leave()
    worker, first, second = (_roster(store, name, role=role) for name, role in (("a", "worker"), ("b", "run"), ("c", "run")))
    for one in (worker, first, second):
        await one.enter()

    assert (worker.leads, first.leads, second.leads) == (True, True, False)
    await first.leave()
    await second.beat()
    assert second.leads


async def test_a_process_of_this_host_whose_pid_is_gone_is_dead_at_once(store: Store) -> None:
    ended = await asyncio.create_subprocess_exec(sys.executable, "-c", "")
    await ended.wait()
    gone = _roster(store, store.roster._host, ended.pid)
    await gone.enter()

    await store.roster.beat()

    assert await _listed(store) == [store.roster.id]


async def test_a_process_elsewhere_is_dead_when_its_counter_stands_still(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = _roster(store, "another host")
    await elsewhere.enter()
    await store.roster.beat()
    monkeypatch.setattr(module, "DEAD_AFTER_SECONDS", -1.0)

    await elsewhere.beat()
    await store.roster.beat()
    while_beating = await _listed(store)
    await store.roster.beat()

    assert elsewhere.id in while_beating
    assert await _listed(store) == [store.roster.id]


async def test_a_process_that_was_taken_for_dead_lists_itself_again(make_store: MakeStore) -> None:
    store = await make_store()
    async with store.database.writing() as connection:
        await connection.execute(sa.delete(processes))

    await store.roster.beat()

    assert await _listed(store) == [store.roster.id]
