"""A start on a disk without room."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from tests.chaos.bots import ROOT, free_port

WITHOUT_ROOM = """
import resource, runpy, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))
sys.argv = ["bot", "ingress"]
runpy.run_module("bot", run_name="__main__")
"""
"""A bot that can write no file of more than 8 KB."""


async def test_a_start_without_room_says_what_to_do_in_a_line(tmp_path: Path) -> None:
    settings = {
        **{name: value for name, value in os.environ.items() if not name.startswith("BOT_")},
        "BOT_DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path}/bot.db",
        "BOT_TOKEN": "1:none",
        "BOT_API_URL": "http://127.0.0.1:9",
        "BOT_WEBHOOK_URL": "http://127.0.0.1:9",
        "BOT_WEBHOOK_SECRET": "none",
        "BOT_PORT": str(free_port()),
    }
    starting = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WITHOUT_ROOM, env=settings, cwd=ROOT, stderr=asyncio.subprocess.PIPE
    )
    _, said = await starting.communicate()

    assert starting.returncode == 2
    assert "Traceback" not in said.decode()
    assert "its disk has room" in said.decode().splitlines()[-1]
