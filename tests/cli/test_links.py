"""``links`` as it is typed."""

from __future__ import annotations

import asyncio

import pytest

from bot.cli.main import main
from bot.knowledge.base import KnowledgeBase
from tests.bot_api.model import ME, TOKEN
from tests.bot_api.server import running


def test_every_entry_is_listed_with_its_link(kb: KnowledgeBase, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["links", "--username", "@michishirube_bot"]) == 0

    lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [line[0] for line in lines] == list(kb.content.entries)
    assert ["safety-net-hosho", "セーフティネット保証", "https://t.me/michishirube_bot?start=e_safety-net-hosho"] in lines


async def test_the_bots_name_is_asked_for(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    async with running() as api:
        monkeypatch.setenv("BOT_TOKEN", TOKEN)
        monkeypatch.setenv("BOT_API_URL", api.address)

        assert await asyncio.to_thread(main, ["links"]) == 0

    assert f"https://t.me/{ME['username']}?start=e_" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("token", "api", "told"),
    [("", "http://127.0.0.1:1", "BOT_TOKEN"), ("1:x", "http://127.0.0.1:1", "--username")],
)
def test_without_a_name_it_is_said_how_to_give_one(
    token: str, api: str, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BOT_TOKEN", token)
    monkeypatch.setenv("BOT_API_URL", api)

    assert main(["links"]) == 2
    assert told in capsys.readouterr().err


def test_what_is_no_name_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["links", "--username", "a/b"]) == 2
    assert "a/b" in capsys.readouterr().err
