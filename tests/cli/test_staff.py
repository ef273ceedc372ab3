"""The staff's pages as an operator sets them up: a password, an address, a process that serves both and stops."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import httpx
import pytest

from bot.cli.main import main
from bot.staff.passwords import matches
from tests.chaos.bots import Bot, free_port

_PASSWORD = "four words of ours"


def _hash(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{_PASSWORD}\n"))
    assert main(["password"]) == 0
    return capsys.readouterr().out.strip()


def test_a_password_becomes_a_hash(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    hashed = _hash(capsys, monkeypatch)

    assert hashed.startswith("$argon2id$")
    assert matches(_PASSWORD, hashed)
    assert not matches(f"{_PASSWORD} ", hashed)


def test_a_short_password_is_refused(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("too short\n"))

    assert main(["password"]) == 2
    assert "12 to 200 characters" in capsys.readouterr().err


def _settings(tmp_path: Path, **more: str) -> dict[str, str]:
    plain = dict.fromkeys(("BOT_TOKEN", "BOT_ADMIN_IDS", "BOT_WEBHOOK_URL", "BOT_WEBHOOK_SECRET", "BOT_STAFF_CHAT"), "")
    own = {"BOT_PORT": str(free_port()), "BOT_DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path}/bot.db"}
    return plain | own | more


async def test_run_serves_the_pages_beside_the_chat_and_stops_with_both(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    settings = _settings(tmp_path, BOT_STAFF_PORT=str(port), BOT_STAFF_PASSWORD_HASH=_hash(capsys, monkeypatch))
    bot = Bot([sys.executable, "-m", "bot", "run"], settings, int(settings["BOT_PORT"]), tmp_path / "log")

    await bot.start()
    await bot.until_ready()
    async with httpx.AsyncClient(follow_redirects=True) as client:
        page = await client.get(f"http://127.0.0.1:{port}/")

    assert "管理者のパスワード" in page.text
    assert await bot.stop() == 0


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "nobody could log in"),
        ({"BOT_TOKEN": "1:x"}, "nobody could log in"),
        ({"BOT_STAFF_PASSWORD_HASH": "secret"}, "BOT_STAFF_PASSWORD_HASH"),
        ({"BOT_STAFF_URL": "staff.example.jp"}, "https://"),
    ],
)
async def test_what_cannot_work_gets_one_line(tmp_path: Path, settings: dict[str, str], said: str) -> None:
    bot = Bot(
        [sys.executable, "-m", "bot", "run"],
        _settings(tmp_path, BOT_STAFF_PORT=str(free_port()), **settings),
        0,
        tmp_path / "log",
    )

    await bot.start()
    assert bot.process is not None
    status = await bot.process.wait()
    await bot.stop()

    assert status == 2
    assert said in bot.log.read_text("utf-8").splitlines()[-1]
    assert "secret" not in bot.log.read_text("utf-8")
