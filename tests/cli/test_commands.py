"""The commands as an operator runs them: real processes, one clear line when something is wrong."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests import editing

ROOT = Path(__file__).parents[2]


def _environment(tmp_path: Path, **settings: str) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    defaults = {"BOT_DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path}/bot.db", "BOT_TOKEN": "", "BOT_PORT": str(_free_port())}
    return plain | defaults | settings


def _bot(*arguments: str, environment: dict[str, str], text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=ROOT,
        env=environment,
        input=text,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


def _free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        return int(listening.getsockname()[1])


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A knowledge base with a fault."""
    folder = tmp_path / "kb"
    folder.mkdir()
    (folder / "one.yaml").write_text("faqs: [\n", "utf-8")
    return folder


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"BOT_KNOWLEDGE_BASE": "/nowhere"}, "Set BOT_KNOWLEDGE_BASE"),
        ({"BOT_PORT": "99999"}, "BOT_PORT"),
        ({"BOT_PORT": "eighty"}, "BOT_PORT"),
        ({"BOT_DATABASE_URL": "sqlite+aiosqlite:////proc/none/bot.db"}, "Set BOT_DATABASE_URL"),
        ({"BOT_DATABASE_URL": "nonsense"}, "BOT_DATABASE_URL"),
        ({"BOT_HOST": "203.0.113.1"}, "Check BOT_HOST"),
        ({"BOT_TOKEN": "not a token"}, "BOT_TOKEN"),
    ],
)
def test_a_wrong_setting_gets_one_clear_line(tmp_path: Path, settings: dict[str, str], said: str) -> None:
    result = _bot("run", environment=_environment(tmp_path, **settings))

    last = result.stderr.strip().splitlines()[-1]
    assert result.returncode == 2
    assert said in last
    assert "Traceback" not in result.stderr


def test_a_broken_knowledge_base_points_to_check(tmp_path: Path, broken: Path) -> None:
    result = _bot("run", environment=_environment(tmp_path, BOT_KNOWLEDGE_BASE=str(broken)))

    assert result.returncode == 2
    assert f"python -m bot check {broken}" in result.stderr
    assert "one.yaml:2:1" in result.stderr


def test_a_taken_port_names_the_setting(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        port = listening.getsockname()[1]
        result = _bot("run", environment=_environment(tmp_path, BOT_PORT=str(port)))

    assert result.returncode == 2
    assert result.stderr.strip().splitlines()[-1] == (
        f"Port {port} on 127.0.0.1 is taken. Stop the program that uses it, or set BOT_PORT to another port."
    )


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The bot as `make run` starts it, and its address."""
    environment = _environment(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "run"], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "ready with" in line:
                break
        yield process, f"http://127.0.0.1:{environment['BOT_PORT']}"
        process.kill()


def test_run_serves_the_chat_page_and_stops_on_sigterm(running: tuple[subprocess.Popen[str], str]) -> None:
    process, address = running

    with urllib.request.urlopen(address) as page:
        text = page.read().decode()
    process.send_signal(signal.SIGTERM)

    assert "みちしるべ" in text
    assert process.wait(timeout=10) == 0


def test_ask_prints_an_object_for_each_question_in_order(tmp_path: Path) -> None:
    result = _bot("ask", "--json", environment=_environment(tmp_path), text="台東区の窓口は？\n\n今日の天気は\n")

    first, second = map(json.loads, result.stdout.splitlines())
    assert "03-3847-3171" in first["reply"]
    assert first["kind"] == "answer"
    assert first["entries"][0]["id"] == "branch-ueno"
    assert second["question"] == "今日の天気は"
    assert second["kind"] == "unknown"
    assert 0 <= second["confidence"] <= 1


def test_ask_for_people_needs_no_json(tmp_path: Path) -> None:
    result = _bot("ask", environment=_environment(tmp_path), text="台東区の窓口は？\n")

    assert "上野支店" in result.stdout


def test_chat_keeps_users_apart_and_understands_presses_and_forwards(tmp_path: Path) -> None:
    turns = [
        {"user": "a", "text": "台東区の窓口は？"},
        {"user": "b", "text": "FAXは？"},
        {"user": "a", "text": "FAXは？"},
        {"user": "c", "text": "/start"},
        {"user": "c", "press": "担当の窓口を調べる"},
        {"user": "d", "forward": "八王子市の保証協会の電話番号を教えてください", "at": "2026-11-01T09:00:00+09:00"},
        {"user": "e", "nonsense": 1},
    ]

    result = _bot("chat", "--json", environment=_environment(tmp_path), text="\n".join(map(json.dumps, turns)))

    answers = list(map(json.loads, result.stdout.splitlines()))
    texts = ["".join(reply["text"] for reply in answer.get("replies", [])) for answer in answers]
    assert "03-3847-3191" not in texts[1]
    assert "03-3847-3191" in texts[2]
    assert len(answers[3]["replies"][0]["buttons"]) == 5
    assert "区市町村" in texts[4]
    assert "八王子支店" in texts[5]
    assert "nonsense" in answers[6]["error"]


def test_check_of_the_repository_passes(tmp_path: Path) -> None:
    result = _bot("check", environment=_environment(tmp_path))

    assert result.returncode == 0
    assert "誤り 0件" in result.stdout.splitlines()[-1]


def test_check_of_a_sound_folder_says_how_much_it_looked_at(tmp_path: Path) -> None:
    result = _bot("check", str(editing.small(tmp_path)), environment=_environment(tmp_path))

    assert result.returncode == 0
    assert "2項目" in result.stdout.splitlines()[-1]
    assert "誤り 0件" in result.stdout.splitlines()[-1]


def test_check_prints_file_line_and_column(tmp_path: Path, broken: Path) -> None:
    result = _bot("check", str(broken), environment=_environment(tmp_path))

    assert result.returncode == 1
    assert result.stdout.startswith(f"{broken}/one.yaml:2:1: ")


def test_the_schema_in_the_repository_is_up_to_date(tmp_path: Path) -> None:
    result = _bot("schema", environment=_environment(tmp_path))

    assert json.loads(result.stdout) == json.loads((ROOT / "knowledge_base/schema.json").read_text("utf-8"))
