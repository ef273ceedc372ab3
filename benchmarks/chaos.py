"""The kill test at full length: ``python -m benchmarks.chaos [--database sqlite|postgresql] [--delivery polling|webhook] …``.

Starts the bot as processes against a loopback Bot API server, kills them at random moments, and counts
updates without a reply, chats out of order, double state changes and double messages. With ``--stock``
python-telegram-bot's own loop runs in the same harness, with a handler that only answers.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import tempfile
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

import sqlalchemy as sa

from bot.store.database import Database
from bot.store.tables import conversations, inbox, outbox
from tests import postgres
from tests.bot_api.server import running
from tests.chaos.bots import Bot, Proxy, environment, free_port, our_command
from tests.chaos.killing import Outcome, Plan, run

_LATENCY = 0.03
"""Seconds that the server takes for a message, so that some are in flight at each kill."""


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--delivery", choices=["polling", "webhook"], default="polling")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--updates", type=int, default=2000)
    parser.add_argument("--chats", type=int, default=100)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--stock", action="store_true", help="python-telegram-bot's own loop instead of ours")
    options = parser.parse_args()
    logging.getLogger("aiohttp").setLevel(logging.CRITICAL)
    plan = Plan(options.updates, options.chats, options.kills, seed=options.seed)
    outcome, changes = asyncio.run(chaos(plan, options.database, options.delivery, options.processes, stock=options.stock))
    name = "stock python-telegram-bot" if options.stock else f"ours on {options.database}, {options.processes} process(es)"
    print(f"{name}, {options.delivery}: {outcome}" + (f", {changes} double state changes" if not options.stock else ""))


async def chaos(plan: Plan, database: str, delivery: str, processes: int, *, stock: bool = False) -> tuple[Outcome, int]:
    """One run; returns the outcome and the number of state changes too many."""
    async with AsyncExitStack() as stack:
        files = stack.enter_context(ExitStack())
        folder = Path(files.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        url = f"sqlite+aiosqlite:///{folder}/bot.db"
        if database == "postgresql":
            url = files.enter_context(postgres.running()).new_database()
        api = await stack.enter_async_context(running())
        api.latency = _LATENCY
        ports = [free_port() for _ in range(processes)]
        webhook = ""
        if delivery == "webhook":
            proxy = await stack.enter_async_context(Proxy(ports))
            webhook = f"http://127.0.0.1:{proxy.port}"
        command = [sys.executable, "-m", "benchmarks.peers.stock", delivery] if stock else our_command()
        bots = [Bot(command, environment(api.address, url, port, webhook), port, folder / f"{port}.log") for port in ports]
        opened = Database.at(url)
        stack.push_async_callback(opened.close)

        async def done() -> bool:
            undelivered = api.delivery.waiting if api.delivery is not None else len(api.pending)
            return not undelivered and (stock or not await waiting(opened))

        async def in_flight() -> int:
            return 0 if stock else await _claimed(opened)

        try:
            outcome = await run(api, bots, plan, done, in_flight)
        except BaseException:
            for bot in bots:
                print(bot.log.read_text("utf-8")[-3000:], file=sys.stderr)
            raise
        finally:
            for bot in bots:
                await bot.kill()
        changes = 0 if stock else await _extra_changes(opened, plan)
        return outcome, changes


async def waiting(database: Database) -> int:
    """Rows of both queues that are not done."""
    count = sa.func.count()
    async with database.reading() as connection:
        total = 0
        for table in (inbox, outbox):
            query = sa.select(count).select_from(table).where(table.c.state == "waiting")
            total += (await connection.execute(query)).scalar_one()
    return total


async def _claimed(database: Database) -> int:
    """Messages that the process was sending when it was killed."""
    query = sa.select(outbox.c.id).where(outbox.c.state == "waiting", outbox.c.claimed_by.is_not(None))
    async with database.reading() as connection:
        rows = (await connection.execute(query)).all()
    return len(rows)


async def _extra_changes(database: Database, plan: Plan) -> int:
    each = plan.updates // plan.chats
    async with database.reading() as connection:
        rows = list(await connection.execute(sa.select(conversations.c.revision)))
        for row in await connection.execute(sa.select(inbox).where(inbox.c.state != "done")):
            print(f"update {row.update_id} is {row.state} after {row.attempts} attempts: {row.error}", file=sys.stderr)
    extra: list[int] = [abs(row.revision - each) for row in rows]
    return sum(extra) + each * (plan.chats - len(rows))


if __name__ == "__main__":
    main()
