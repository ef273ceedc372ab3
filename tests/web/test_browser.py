"""The chat page in a real browser (Debian's chromium)."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, async_playwright, expect

from bot.store.store import Store
from bot.store.tables import conversations
from bot.talk.replies import say


@pytest.fixture
async def page(address: str) -> AsyncIterator[Page]:
    """The chat page on a phone's screen."""
    path = shutil.which("chromium") or pytest.fail("chromium is not installed: run `make browser`")
    async with async_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = await playwright.chromium.launch(executable_path=path, args=arguments)
        opened = await browser.new_page(viewport={"width": 390, "height": 844}, locale="ja-JP")
        await opened.goto(address)
        yield opened
        await browser.close()


async def test_the_branch_of_a_ward(page: Page) -> None:
    await page.get_by_label("質問").fill("台東区の窓口は？")
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("log")).to_contain_text("上野支店")
    await expect(page.get_by_role("link", name="03-3847-3171")).to_have_attribute("href", "tel:03-3847-3171")


async def test_the_conversation_is_kept_over_a_reload(page: Page) -> None:
    await page.get_by_label("質問").fill("台東区の窓口は？")
    await page.get_by_role("button", name="送信").click()
    await expect(page.get_by_role("log")).to_contain_text("上野支店")

    await page.reload()
    await expect(page.get_by_role("log")).to_contain_text("台東区の窓口は？")
    await page.get_by_label("質問").fill("FAXは？")
    await page.keyboard.press("Enter")

    await expect(page.locator(".turn").last).to_contain_text("03-3847-3191")


async def test_quick_replies_are_pressed_with_the_keyboard(page: Page) -> None:
    await expect(page.get_by_role("group").get_by_role("button")).to_have_count(5)

    await page.get_by_role("group").get_by_role("button").first.focus()
    await page.keyboard.press("Enter")

    await expect(page.locator(".turn.mine")).to_have_count(1)
    await expect(page.get_by_role("group").get_by_role("button").first).to_be_visible()


async def test_markup_is_shown_as_text(page: Page) -> None:
    await page.get_by_label("質問").fill("<img src=x onerror=alert(1)>保証料")
    await page.keyboard.press("Enter")

    await expect(page.locator(".turn.mine")).to_contain_text("<img src=x")
    await expect(page.locator("#log img")).to_have_count(0)


async def test_clearing_starts_anew(page: Page) -> None:
    await page.get_by_label("質問").fill("台東区の窓口は？")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("log")).to_contain_text("上野支店")

    await page.get_by_role("button", name="会話を消す").click()

    await expect(page.get_by_role("log")).not_to_contain_text("上野支店")
    await expect(page.get_by_role("log")).to_contain_text("みちしるべ")


async def test_a_broken_connection_is_told_and_can_be_tried_again(page: Page) -> None:
    await expect(page.get_by_role("log")).to_contain_text("みちしるべ")
    await page.context.set_offline(True)
    await page.get_by_label("質問").fill("台東区の窓口は？")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("log")).to_contain_text("つながりませんでした")

    await page.context.set_offline(False)
    await page.get_by_role("button", name="もう一度送る").click()

    await expect(page.get_by_role("log")).to_contain_text("上野支店")


async def test_the_page_says_nothing_to_other_hosts(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    await page.reload()
    await expect(page.get_by_role("log")).to_contain_text("みちしるべ")

    assert [url for url in asked if not re.match(re.escape(address), url)] == []


async def test_a_dialog_with_buttons_ends_with_the_picture_of_the_road(page: Page) -> None:
    await page.get_by_label("質問").fill("/roadmap")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="まだ決まっていない").click()
    await page.get_by_role("button", name="まだない").click()
    await page.get_by_label("質問").fill("結果を教えて")
    await page.keyboard.press("Enter")

    picture = page.get_by_role("img", name=re.compile("段階1「知る・調べる」"))
    await expect(picture).to_be_visible()
    assert (
        await picture.evaluate(
            "image => image.complete ? image.naturalWidth : new Promise(done => image.onload = () => done(image.naturalWidth))"
        )
        > 0
    )


async def test_a_deadline_can_be_taken_away_as_a_calendar_file(page: Page) -> None:
    await page.get_by_label("質問").fill("/plan")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="もう融資が実行された").click()
    await page.get_by_label("質問").fill("令和8年11月10日")
    await page.keyboard.press("Enter")

    async with page.expect_download() as download:
        await page.get_by_role("link", name="カレンダーに入れる").click()

    assert (await download.value).suggested_filename == "kigen.ics"


async def test_what_comes_later_is_shown_once(page: Page, store: Store) -> None:
    log = page.get_by_role("log")
    await page.get_by_label("質問").fill("台東区の窓口は？")
    await page.keyboard.press("Enter")
    await expect(log).to_contain_text("上野支店")
    async with store.database.writing() as connection:
        chat = (await connection.execute(sa.select(conversations.c.chat))).scalar_one()
        await store.notices.tell(connection, chat, say("担当者からの返事です。"), "test", None, datetime.now(UTC))

    await page.reload()
    await expect(log).to_contain_text("担当者からの返事です。")
    async with page.expect_response(re.compile(r"/news\?after=[1-9]")):
        await page.reload()

    await expect(log.get_by_text("担当者からの返事です。")).to_have_count(1)
    assert await store.notices.news(chat, 0) == []


async def test_the_chat_is_for_everybody(page: Page) -> None:
    await page.get_by_label("質問").fill("台東区の窓口は？")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("log")).to_contain_text("上野支店")

    found = await Axe().run(page)

    assert [one["id"] for one in found.response["violations"] if one["impact"] in {"serious", "critical"}] == []
