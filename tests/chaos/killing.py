"""The kill test: many updates, processes killed at random moments, and a count of what came of each update.

Each chat asks for the desks of different municipalities, one after the other. The answer names the
municipality, so that lost, doubled and swapped answers show; the stored conversation's revision counts its changes.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from tests.bot_api.server import BotApi
from tests.chaos.bots import Bot

WARDS = (
    "千代田区", "中央区", "港区", "新宿区", "文京区", "台東区", "墨田区", "江東区", "品川区", "目黒区", "大田区", "世田谷区",
    "渋谷区", "中野区", "杉並区", "豊島区", "北区", "荒川区", "板橋区", "練馬区", "足立区", "葛飾区", "江戸川区",
)  # fmt: skip


log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is sent, and how often a process is killed. ``alive`` is how long one may work in between, in seconds."""

    updates: int = 2000
    chats: int = 100
    kills: int = 20
    alive: float = 1.5
    seed: int = 1

    def messages(self) -> list[tuple[int, str]]:
        """Chat and municipality of each update, in the order in which they are sent."""
        dice = random.Random(self.seed)
        each = self.updates // self.chats
        lists = {chat: (dice.sample(WARDS, len(WARDS)) * (each // len(WARDS) + 1))[:each] for chat in range(1, self.chats + 1)}
        order = [chat for chat in lists for _ in range(each)]
        dice.shuffle(order)
        return [(chat, lists[chat].pop()) for chat in order]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run. ``doubled`` counts messages that say what the one before said already."""

    updates: int
    kills: int
    lost: int
    swapped: int
    doubled: int
    in_flight: int

    def __str__(self) -> str:
        return (
            f"{self.updates} updates, {self.kills} kills: {self.lost} without a reply, {self.swapped} chats out of order, "
            f"{self.doubled} double messages ({self.in_flight} sends were in flight at the kills)"
        )


def judge(api: BotApi, sent: Sequence[tuple[int, str]], kills: int, in_flight: int) -> Outcome:
    """Compare what each chat was told with what it asked."""
    lost = swapped = doubled = 0
    for chat in {chat for chat, _ in sent}:
        asked = [ward for where, ward in sent if where == chat]
        told = [_ward(message.text) for message in api.replies(chat)]
        once = [ward for number, ward in enumerate(told) if number == 0 or told[number - 1] != ward]
        doubled += len(told) - len(once)
        missing = list(asked)
        for ward in once:
            if ward in missing:
                missing.remove(ward)
        lost += len(missing)
        if once != [ward for ward in asked if ward in once]:
            swapped += 1
            log.warning("chat %d asked %s and was told %s", chat, asked, told)
    return Outcome(len(sent), kills, lost, swapped, doubled, in_flight)


def _ward(text: str) -> str:
    return next((ward for ward in WARDS if f"{ward}の担当は" in text), text)


async def run(
    api: BotApi,
    bots: Sequence[Bot],
    plan: Plan,
    done: Callable[[], Awaitable[bool]],
    count_in_flight: Callable[[], Awaitable[int]],
) -> Outcome:
    """Send everything while processes are killed in turn, then wait until ``done``."""
    dice = random.Random(plan.seed)
    for bot in bots:
        await bot.start()
    await asyncio.gather(*(bot.until_ready() for bot in bots))
    messages = plan.messages()
    sending = asyncio.create_task(send(api, messages, plan))
    in_flight = 0
    for number in range(plan.kills):
        bot = bots[number % len(bots)]
        await bot.until_ready()
        await asyncio.sleep(dice.uniform(0.05, plan.alive))
        await bot.kill()
        in_flight += await count_in_flight()
        await bot.start()
    await sending
    await asyncio.gather(*(bot.until_ready() for bot in bots))
    await quiet(done)
    return judge(api, messages, plan.kills, in_flight)


async def quiet(done: Callable[[], Awaitable[bool]]) -> None:
    """Wait until everything is done and nothing comes any more."""
    rounds = 0
    while rounds < 3:
        await asyncio.sleep(0.5)
        rounds = rounds + 1 if await done() else 0


async def send(api: BotApi, messages: Sequence[tuple[int, str]], plan: Plan) -> None:
    """Send a share of the updates for each kill, so that there is work at every moment."""
    share = max(1, len(messages) // max(1, plan.kills))
    for number, (chat, ward) in enumerate(messages):
        api.says(f"{ward}の窓口は？", chat)
        if number % share == share - 1:
            await asyncio.sleep(plan.alive)
