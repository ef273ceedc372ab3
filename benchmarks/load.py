"""Updates a second from end to end: ``python -m benchmarks.load [--updates N] [--rounds N] [--aiogram PYTHON]``.

Everything waits at a loopback Bot API server when the bot is let loose on it; the time ends when the last reply has
arrived. Ours answers desk questions in full, on SQLite with one process and on PostgreSQL with three; beside it
echo bots that keep nothing and look nothing up. Rounds go in turn, so that all meet the same machine. After them the
time that a reply takes with one question at a time. ``--aiogram`` is an interpreter that has aiogram.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import statistics
import sys
import tempfile
import time
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests import postgres
from tests.bot_api.server import BotApi, running
from tests.chaos.bots import ROOT, Bot, environment, free_port, our_command
from tests.chaos.killing import Plan

_SINGLE = 60


@dataclass(frozen=True, slots=True)
class Contender:
    """Who runs: a command, how many processes of it, and the database they share."""

    name: str
    command: list[str]
    processes: int = 1
    database: str = ""


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--updates", type=int, default=2000)
    parser.add_argument("--chats", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--aiogram", default="")
    options = parser.parse_args()
    logging.getLogger("aiohttp").setLevel(logging.CRITICAL)
    contenders = [
        Contender("ours, SQLite, 1 process", our_command(), database="sqlite"),
        Contender("ours, PostgreSQL, 1 process", our_command(), database="postgresql"),
        Contender("ours, PostgreSQL, 3 processes", our_command(), 3, "postgresql"),
        Contender("python-telegram-bot, echo", [sys.executable, "-m", "benchmarks.peers.stock", "echo"]),
    ]
    if options.aiogram:
        contenders.append(Contender("aiogram, echo", [options.aiogram, str(ROOT / "benchmarks/peers/aiogram_echo.py")]))
    plan = Plan(options.updates, options.chats, kills=0)
    results: dict[str, list[tuple[float, float]]] = {one.name: [] for one in contenders}
    for _ in range(options.rounds):
        for one in contenders:
            results[one.name].append(asyncio.run(_measure(one, plan)))
    print(f"{options.updates} updates from {options.chats} chats, {options.rounds} rounds")
    for name, rounds in results.items():
        rates, singles = zip(*rounds, strict=True)
        print(
            f"{name:32} {statistics.median(rates):7.0f} updates/s ({min(rates):.0f}-{max(rates):.0f}), "
            f"one at a time {statistics.median(singles) * 1000:6.1f} ms"
        )


async def _measure(contender: Contender, plan: Plan) -> tuple[float, float]:
    """Updates a second with everything waiting, and the median seconds of a reply with one question at a time."""
    async with AsyncExitStack() as stack:
        files = stack.enter_context(ExitStack())
        folder = Path(files.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        url = f"sqlite+aiosqlite:///{folder}/bot.db"
        if contender.database == "postgresql":
            url = files.enter_context(postgres.running()).new_database()
        api = await stack.enter_async_context(running())
        ports = [free_port() for _ in range(contender.processes)]
        bots = [Bot(contender.command, environment(api.address, url, port), port, folder / f"{port}.log") for port in ports]
        for bot in bots:
            await bot.start()
            stack.push_async_callback(bot.kill)
        for bot in bots:
            await bot.until_ready()
        await _ask(api, "台東区の窓口は？", 1)  # the first answer reads models
        singles = [await _ask(api, f"{ward}の窓口は？", chat) for chat, ward in plan.messages()[:_SINGLE]]
        began = time.monotonic()
        expected = len(api.messages) + plan.updates
        for chat, ward in plan.messages():
            api.says(f"{ward}の窓口は？", chat)
        await api.until(lambda: len(api.messages) >= expected, seconds=300)
        return plan.updates / (time.monotonic() - began), statistics.median(singles)


async def _ask(api: BotApi, text: str, chat: int) -> float:
    told = len(api.messages)
    began = time.monotonic()
    api.says(text, chat)
    await api.until(lambda: len(api.messages) > told)
    return time.monotonic() - began


if __name__ == "__main__":
    main()
