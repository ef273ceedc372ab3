"""How long a dialog turn takes: ``python -m benchmarks.dialogs [--stored N]``.

In the core alone, with ten conversations open side by side; and through the worker over an SQLite file that holds many
conversations.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import sqlalchemy as sa

from bot.cli.main import knowledge, settings
from bot.knowledge.base import KnowledgeBase
from bot.metrics import Metrics
from bot.step import step
from bot.store.store import Store
from bot.store.tables import conversations
from bot.talk.conversation import Conversation
from bot.talk.turns import Said
from bot.worker import Worker

SCRIPTS = (
    ("/fee", "1200万円", "24か月", "均等", "区分5", "対象", "中央区", "やっぱり一括でした"),
    ("/eligible", "ラーメン屋です", "従業員は8人", "資本金なし", "特にない", "従業員は5人でした"),
    ("/roadmap", "まだない", "国はタイです", "計画はまだありません", "展示会に出たい", "台東区です", "なぜ聞くの？"),
    ("/kyosai", "10万円", "30か月", "2000万円"),
)


def in_the_core(kb: KnowledgeBase, rounds: int) -> list[float]:
    """Seconds of each turn, ten users taking turns."""
    seconds: list[float] = []
    now = datetime.now(UTC)
    for number in range(rounds):
        script = SCRIPTS[number % len(SCRIPTS)]
        open_ = [Conversation() for _ in range(10)]
        for text in script:
            for user, conversation in enumerate(open_):
                begin = time.perf_counter()
                open_[user] = step(kb, conversation, Said(text), now).conversation
                seconds.append(time.perf_counter() - begin)
    return seconds


async def through_the_worker(kb: KnowledgeBase, stored: int) -> list[float]:
    """Seconds of each turn from message to commit, beside so many stored conversations."""
    with tempfile.TemporaryDirectory() as folder:
        store = await Store.open(f"sqlite+aiosqlite:///{Path(folder)}/bench.db")
        row = {"state": '{"municipality": "台東区", "version": 2}', "updated_at": datetime.now(UTC)}
        async with store.database.writing() as connection:
            await connection.execute(
                sa.insert(conversations), [{"chat": f"telegram:{number}", **row} for number in range(stored)]
            )
        worker = Worker(kb, store, Metrics())
        seconds = []
        for number in range(20):
            for text in SCRIPTS[number % len(SCRIPTS)]:
                begin = time.perf_counter()
                await worker.answer(f"telegram:{number * 997 % max(1, stored)}", Said(text))
                seconds.append(time.perf_counter() - begin)
        await store.close()
        return seconds


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stored", type=int, default=100_000)
    options = parser.parse_args()
    kb = knowledge(settings())
    step(kb, Conversation(), Said("保証料 いくら"), datetime.now(UTC))
    for name, seconds in (
        ("core, 10 open", in_the_core(kb, 12)),
        (f"worker, {options.stored:,} stored", asyncio.run(through_the_worker(kb, options.stored))),
    ):
        p50, p95, p99 = np.percentile(seconds, [50, 95, 99]) * 1000
        print(f"{name}: {len(seconds)} turns, p50 {p50:.2f} ms, p95 {p95:.2f} ms, p99 {p99:.2f} ms")


if __name__ == "__main__":
    main()
