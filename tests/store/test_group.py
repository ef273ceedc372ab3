"""What comes while a commit is under way is committed together with the next one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from bot.store.group import Group


class Ledger:
    """Commits that end when they are let go."""

    def __init__(self) -> None:
        self.commits: list[list[str]] = []
        self.gate = asyncio.Event()

    async def commit(self, items: Sequence[str]) -> None:
        self.commits.append(list(items))
        await self.gate.wait()
        if "bad" in items:
            raise OSError("the database is away")


async def test_what_comes_meanwhile_shares_the_next_commit() -> None:
    ledger = Ledger()
    group = Group(ledger.commit)
    adding = [asyncio.create_task(group.add(item)) for item in "abc"]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    adding += [asyncio.create_task(group.add(item)) for item in "de"]
    ledger.gate.set()

    await asyncio.gather(*adding)

    assert ledger.commits == [["a", "b", "c"], ["d", "e"]]


async def test_all_of_a_commit_hear_that_it_failed_and_the_next_goes_on() -> None:
    ledger = Ledger()
    ledger.gate.set()
    group = Group(ledger.commit)

    results = await asyncio.gather(group.add("bad"), group.add("too"), return_exceptions=True)
    await group.add("good")

    assert all(isinstance(result, OSError) for result in results)
    assert ledger.commits[-1] == ["good"]


async def test_who_gives_up_does_not_stop_the_commit() -> None:
    ledger = Ledger()
    group = Group(ledger.commit)
    given_up, waiting = (asyncio.create_task(group.add(item)) for item in "ab")
    await asyncio.sleep(0)
    given_up.cancel()
    with pytest.raises(asyncio.CancelledError):
        await given_up
    ledger.gate.set()

    await waiting
    await group.finish()

    assert ledger.commits == [["a", "b"]]
