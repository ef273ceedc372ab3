"""Processes in their roles, over one PostgreSQL: one takes in, another answers."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.bot_api.server import BotApi, running
from tests.chaos.bots import SECRET, Bot, environment, free_port, our_command
from tests.postgres import Postgres


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with running() as server:
        yield server


@pytest.fixture
async def bots(api: BotApi, postgres: Postgres, tmp_path: Path) -> AsyncIterator[dict[str, Bot]]:
    """One process of each role, ready."""
    url = postgres.new_database()
    started: dict[str, Bot] = {}
    ingress_port = free_port()
    async with AsyncExitStack() as stack:
        for role in ("ingress", "worker"):
            port = ingress_port if role == "ingress" else free_port()
            settings = environment(api.address, url, port, f"http://127.0.0.1:{ingress_port}")
            bot = started[role] = Bot(our_command(role), settings, port, tmp_path / f"{role}.log")
            await bot.start()
            stack.push_async_callback(bot.kill)
        for bot in started.values():
            await bot.until_ready()
        await api.until(lambda: api.delivery is not None)
        yield started


async def test_what_one_takes_in_the_other_answers(api: BotApi, bots: dict[str, Bot]) -> None:
    api.says("台東区の窓口は？ 電話は090-1234-5678、山田花子です")

    assert "上野支店" in (await api.reply()).text
    assert await bots["ingress"].stop() == 0
    assert await bots["worker"].stop() == 0

    for bot in bots.values():
        log = bot.log.read_text("utf-8")
        for private in ("窓口", "090-1234", "山田", "loopback-token", SECRET, "telegram:1"):
            assert private not in log
        for line in log.splitlines():
            assert {"event", "level", "timestamp"} <= set(json.loads(line))


async def test_what_is_in_hand_is_finished_when_told_to_stop(api: BotApi, bots: dict[str, Bot]) -> None:
    api.latency = 1.0
    api.says("台東区の窓口は？")
    await api.until(lambda: bool(api.of("sendChatAction")))

    assert await bots["worker"].stop() == 0
    await bots["worker"].start()
    await bots["worker"].until_ready()
    api.says("渋谷区の窓口は？")

    answers = [(await api.reply(0)).text, (await api.reply(1)).text]
    assert "上野支店" in answers[0]
    assert "渋谷支店" in answers[1]


@pytest.mark.parametrize(
    ("role", "settings", "said"),
    [
        ("worker", {"BOT_TOKEN": ""}, "BOT_TOKEN"),
        ("ingress", {"BOT_TOKEN": "1:x"}, "BOT_WEBHOOK_URL"),
        ("run", {"BOT_WEBHOOK_URL": "https://bot.example.jp"}, "BOT_WEBHOOK_SECRET"),
        ("run", {"BOT_WEBHOOK_URL": "bot.example.jp", "BOT_WEBHOOK_SECRET": "x"}, "https://"),
        ("run", {"BOT_WEBHOOK_URL": "https://bot.example.jp", "BOT_WEBHOOK_SECRET": "no spaces"}, "A-Z a-z 0-9"),
        ("run", {"BOT_CACHE_DIR": "/proc/nowhere"}, "BOT_CACHE_DIR"),
    ],
)
async def test_a_role_without_its_settings_gets_one_line(tmp_path: Path, role: str, settings: dict[str, str], said: str) -> None:
    defaults = {"BOT_TOKEN": "", "BOT_WEBHOOK_URL": "", "BOT_WEBHOOK_SECRET": "", "BOT_PORT": str(free_port())}
    defaults["BOT_DATABASE_URL"] = f"sqlite+aiosqlite:///{tmp_path}/bot.db"
    bot = Bot([sys.executable, "-m", "bot", role], defaults | settings, 0, tmp_path / "log")

    await bot.start()
    assert bot.process is not None
    status = await bot.process.wait()
    await bot.stop()

    assert status == 2
    assert said in bot.log.read_text("utf-8").splitlines()[-1]
