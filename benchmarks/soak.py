"""Memory over time: ``python -m benchmarks.soak [--minutes N] [--rate N]``.

A bot on SQLite gets updates at an even rate from ever new chats; the slope is fitted to the second half of the time,
when caches are full. Also prints how long replies took at the beginning and at the end.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import tempfile
import time
from contextlib import AsyncExitStack
from itertools import count
from pathlib import Path

import numpy as np
import psutil

from tests.bot_api.server import running
from tests.chaos.bots import Bot, environment, free_port, our_command
from tests.chaos.killing import WARDS

_QUESTIONS = (
    "{}の窓口は？",
    "保証料 いくら",
    "{}で創業するときの融資",
    "海外展開の相談先",
    "今日の天気は",
    "/fee",
    "1200万円",
    "やめる",
)


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--rate", type=float, default=15, help="updates a second")
    options = parser.parse_args()
    logging.getLogger("aiohttp").setLevel(logging.CRITICAL)
    asyncio.run(_soak(options.minutes * 60, options.rate))


async def _soak(seconds: float, rate: float) -> None:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        api = await stack.enter_async_context(running())
        port = free_port()
        bot = Bot(our_command(), environment(api.address, f"sqlite+aiosqlite:///{folder}/bot.db", port), port, folder / "log")
        await bot.start()
        stack.push_async_callback(bot.kill)
        await bot.until_ready()
        assert bot.process is not None
        process = psutil.Process(bot.process.pid)
        samples: list[tuple[float, float]] = []
        waits: list[float] = []
        began = time.monotonic()
        for number in count():
            now = time.monotonic() - began
            if now > seconds:
                break
            await asyncio.sleep(max(0.0, number / rate - now))
            text = _QUESTIONS[number % len(_QUESTIONS)].format(WARDS[number % len(WARDS)])
            if number % 100 == 0:
                samples.append((now / 60, process.memory_info().rss / 1e6))
                told, asked = len(api.replies(10**6)), time.monotonic()
                api.says("台東区の窓口は？", 10**6)
                await api.until(lambda told=told: len(api.replies(10**6)) > told)  # type: ignore[misc]
                waits.append(time.monotonic() - asked)
            api.says(text, 1 + number // 20)
            if number % 5000 == 4999:  # the server remembers everything; this process need not
                api.calls.clear()
        await api.until(lambda: not api.pending, seconds=60)
        minutes, memory = np.array([sample for sample in samples if sample[0] > seconds / 120]).T
        slope = np.polyfit(minutes, memory, 1)[0]
        half = len(waits) // 2
        print(
            f"{number} updates from {1 + number // 20} chats in {seconds / 60:.0f} min: memory {samples[0][1]:.0f} MB at the start, "
            f"{memory[0]:.0f} MB at half time, {memory[-1]:.0f} MB at the end; slope {slope * 60:.1f} MB an hour; median reply "
            f"{np.median(waits[:half]) * 1000:.0f} ms in the first half, {np.median(waits[half:]) * 1000:.0f} ms in the second"
        )


if __name__ == "__main__":
    main()
