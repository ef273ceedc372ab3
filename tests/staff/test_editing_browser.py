"""The whole way with a real browser and the real process: a question without an answer gets one, and nothing is started anew."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from bot.staff.passwords import hash_of
from tests import editing
from tests.chaos.bots import Bot, free_port, our_command

PASSWORD = "three words and some"
QUESTION = "社宅の補助はありますか"
ENTRY, NAME = "menu-setsubi", "設備投資・企業立地"


@dataclass
class Running:
    """The bot with its chat and the staff's pages, and a browser."""

    chat: str
    pages: str
    folder: Path
    browser: Browser


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    path = shutil.which("chromium") or pytest.fail("chromium is not installed: run `make browser`")
    folder = editing.copy(tmp_path)
    editing.cache(tmp_path)
    chat, pages = free_port(), free_port()
    environment = {
        "BOT_TOKEN": "",
        "BOT_PORT": str(chat),
        "BOT_STAFF_PORT": str(pages),
        "BOT_STAFF_PASSWORD_HASH": hash_of(PASSWORD),
        "BOT_KNOWLEDGE_BASE": str(folder),
        "BOT_DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path}/bot.db",
        "BOT_CACHE_DIR": str(tmp_path),
        "BOT_SESSION_SECRET": "loopback",
    }
    bot = Bot(our_command(), environment, chat, tmp_path / "run.log")
    await bot.start()
    try:
        await bot.until_ready()
        async with async_playwright() as playwright:
            arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
            browser = await playwright.chromium.launch(executable_path=path, args=arguments)
            yield Running(f"http://127.0.0.1:{chat}", f"http://127.0.0.1:{pages}", folder, browser)
            await browser.close()
    finally:
        await bot.stop()


async def _ask(chat: Page, question: str) -> None:
    await chat.get_by_label("質問").fill(question)
    await chat.keyboard.press("Enter")


async def _log_in(running: Running) -> Page:
    context = await running.browser.new_context(viewport={"width": 1280, "height": 900}, locale="ja-JP")
    page = await context.new_page()
    await page.goto(running.pages)
    await page.get_by_label("管理者のパスワード").fill(PASSWORD)
    await page.get_by_role("button", name="ログイン").click()
    return page


async def test_an_unknown_question_gets_its_answer_without_a_restart(running: Running) -> None:
    chat = await running.browser.new_page(viewport={"width": 390, "height": 844}, locale="ja-JP")
    await chat.goto(running.chat)
    await _ask(chat, QUESTION)
    await expect(chat.get_by_role("log")).to_contain_text("見つからず、お答えできません")

    page = await _log_in(running)
    await page.get_by_role("link", name="答えられなかった質問").first.click()
    await page.get_by_role("link", name=QUESTION).click()
    await page.get_by_label("ほかの項目をさがす").type("設備投資・企業立地", delay=10)
    await page.locator("#found").get_by_label(NAME).first.check()
    await page.get_by_role("button", name="この項目に加える").click()
    await expect(page.locator(".diff .added")).to_have_text(f"+      - {QUESTION}")
    await page.get_by_role("button", name="保存して、1件を回答済みにする").click()
    await expect(page.get_by_role("status")).to_contain_text("反映しました")

    await _ask(chat, QUESTION)

    await expect(chat.locator(".turn").last).to_contain_text(f"{NAME}の")


async def test_the_form_tells_what_is_wrong_while_somebody_types_and_saves_what_is_right(running: Running) -> None:
    page = await _log_in(running)
    failed: list[str] = []
    page.on("console", lambda message: failed.append(message.text) if message.type == "error" else None)
    await page.goto(f"{running.pages}/knowledge/{ENTRY}/edit")

    await page.get_by_label("概要").fill("")
    await expect(page.locator("#problem-summary")).to_contain_text("空のまま")
    await page.get_by_label("概要").fill("機械や工場のための、メニューです。")
    await expect(page.locator("#problem-summary")).to_be_empty()
    await expect(page.locator("#check .added")).to_have_text("+    summary: 機械や工場のための、メニューです。")
    await page.get_by_role("button", name="保存する").click()

    await expect(page.get_by_role("status")).to_contain_text("反映しました")
    await expect(page.locator(".answer")).to_contain_text("機械や工場のための、メニューです。")
    assert "    summary: 機械や工場のための、メニューです。\n" in (running.folder / "tokyo-loan/menus.yaml").read_text("utf-8")
    assert failed == []
