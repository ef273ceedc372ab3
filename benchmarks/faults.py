"""The surroundings fail while updates come: ``python -m benchmarks.faults [restart|locked|full|clock …]``.

``restart``: PostgreSQL crashes twice and comes back after some seconds. ``locked``: somebody holds SQLite's lock for
longer than we wait for it. ``full``: the disk has no room left (a small tmpfs, needs root). ``clock``: the wall
clock jumps a day back and a day ahead (needs libfaketime). Each prints what was lost, swapped or doubled.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil

from benchmarks.chaos import waiting
from bot.store.database import FAILURES, Database
from tests import postgres
from tests.bot_api.server import running
from tests.chaos.bots import Bot, environment, free_port, our_command
from tests.chaos.killing import Outcome, Plan, judge, quiet, send

_PLAN = Plan(updates=600, chats=30, kills=12, alive=1.5)
"""As many shares as a kill test would have, one every 1.5 seconds; nobody is killed."""

_FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")
Trouble = Callable[[], Awaitable[None]]


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("faults", nargs="*", default=list(_FAULTS))
    options = parser.parse_args()
    if "clock" in options.faults and not _FAKETIME.exists():
        sys.exit(f"clock needs libfaketime at {_FAKETIME}")
    logging.getLogger("aiohttp").setLevel(logging.CRITICAL)
    for name in options.faults:
        asyncio.run(_report(name))


async def _report(name: str) -> None:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        url, trouble, more = await stack.enter_async_context(_FAULTS[name](folder))
        outcome, most = await _outcome(folder, url, trouble, more)
        print(f"{name}: {outcome}; at most {most:.0f} MB of memory", flush=True)


async def _outcome(folder: Path, url: str, trouble: Trouble, more: dict[str, str]) -> tuple[Outcome, float]:
    """Updates come while there is trouble; returns what came of them and the most memory used, in MB."""
    async with AsyncExitStack() as stack:
        api = await stack.enter_async_context(running())
        port = free_port()
        bot = Bot(our_command(), environment(api.address, url, port) | more, port, folder / "bot.log")
        await bot.start()
        stack.push_async_callback(bot.kill)
        await bot.until_ready()
        database = Database.at(url)
        stack.push_async_callback(database.close)
        most = 0.0

        async def done() -> bool:
            nonlocal most
            assert bot.process is not None
            assert bot.process.returncode is None, bot.log.read_text("utf-8")[-2000:]
            most = max(most, psutil.Process(bot.process.pid).memory_info().rss / 1e6)
            try:
                return not api.pending and not await waiting(database)
            except FAILURES:
                return False

        messages = _PLAN.messages()
        sending = asyncio.create_task(send(api, messages, _PLAN))
        await trouble()
        await sending
        await quiet(done)
        return judge(api, messages, 0, 0), most


@asynccontextmanager
async def _restart(_: Path) -> AsyncIterator[tuple[str, Trouble, dict[str, str]]]:
    with postgres.running() as server:

        async def trouble() -> None:
            for _ in range(2):
                await asyncio.sleep(3)
                await asyncio.to_thread(server.crash)
                await asyncio.sleep(3)
                await asyncio.to_thread(server.start)

        yield server.new_database(), trouble, {}


@asynccontextmanager
async def _locked(folder: Path) -> AsyncIterator[tuple[str, Trouble, dict[str, str]]]:
    async def trouble() -> None:
        await asyncio.sleep(3)
        with closing(sqlite3.connect(folder / "bot.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await asyncio.sleep(12)

    yield f"sqlite+aiosqlite:///{folder}/bot.db", trouble, {}


@asynccontextmanager
async def _full(folder: Path) -> AsyncIterator[tuple[str, Trouble, dict[str, str]]]:
    with ExitStack() as stack:
        small = stack.enter_context(_small_disk(folder / "small"))

        async def trouble() -> None:
            await asyncio.sleep(3)
            filler = small / "filler"
            with filler.open("wb", buffering=0) as file, suppress(OSError):
                while file.write(b"x" * 4096):
                    pass
            await asyncio.sleep(8)
            filler.unlink()

        yield f"sqlite+aiosqlite:///{small}/bot.db", trouble, {}


@contextmanager
def _small_disk(folder: Path) -> Any:
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@asynccontextmanager
async def _clock(folder: Path) -> AsyncIterator[tuple[str, Trouble, dict[str, str]]]:
    setting = folder / "faketime"

    def jump(offset: str) -> None:
        made = folder / f"{time.monotonic_ns()}"
        made.write_text(offset, "ascii")
        made.replace(setting)

    async def trouble() -> None:
        for offset in ("-1d", "+1d", "+0"):
            await asyncio.sleep(4)
            jump(offset)

    jump("+0")
    preload = {"LD_PRELOAD": str(_FAKETIME), "FAKETIME_TIMESTAMP_FILE": str(setting), "FAKETIME_NO_CACHE": "1"}
    plain = {"FAKETIME_DONT_FAKE_MONOTONIC": "1", "FAKETIME_FORCE_MONOTONIC_FIX": "0"}  # with its "fix", threads spin
    yield f"sqlite+aiosqlite:///{folder}/bot.db", trouble, preload | plain


_FAULTS = {"restart": _restart, "locked": _locked, "full": _full, "clock": _clock}

if __name__ == "__main__":
    main()
