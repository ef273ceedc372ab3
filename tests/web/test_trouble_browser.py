"""The chat page where a browser keeps nothing, the network is slow, and several tabs are open."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from playwright.async_api import BrowserContext, Page, Route, async_playwright, expect

from bot.store.store import Store
from bot.store.tables import conversations, news
from bot.talk.replies import say

QUESTION = "台東区の窓口は？"
ANSWER = "上野支店"
BLOCKED = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('denied', 'SecurityError'); }});"
FULL = """
for (let size = 1 << 22; size; size >>= 1) {
  try {
    for (let number = 0; ; number++) localStorage.setItem(`other-${size}-${number}`, "x".repeat(size));
  } catch {}
}
"""


@pytest.fixture
async def context(address: str) -> AsyncIterator[BrowserContext]:
    """A browser in which pages share what they keep."""
    path = shutil.which("chromium") or pytest.fail("chromium is not installed: run `make browser`")
    async with async_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = await playwright.chromium.launch(executable_path=path, args=arguments)
        yield await browser.new_context(viewport={"width": 390, "height": 844}, locale="ja-JP", base_url=address)
        await browser.close()


async def _opened(context: BrowserContext) -> Page:
    page = await context.new_page()
    await page.goto("/")
    await expect(page.get_by_role("log")).to_contain_text("みちしるべ")
    return page


async def _ask(page: Page, text: str = QUESTION) -> None:
    await page.get_by_label("質問").fill(text)
    await page.keyboard.press("Enter")


async def _spoken(page: Page) -> None:
    """Only who said something is known to the store."""
    await page.get_by_label("質問").fill("台東区の窓口は？")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("log")).to_contain_text("上野支店")


async def _chat(store: Store) -> str:
    async with store.database.reading() as connection:
        return str((await connection.execute(sa.select(conversations.c.chat))).scalar_one())


async def test_a_turn_whose_reply_was_lost_counts_once_when_it_is_sent_again(context: BrowserContext, store: Store) -> None:
    page = await _opened(context)
    taken = asyncio.Event()

    async def lose(route: Route) -> None:
        await route.fetch()  # the server takes the turn
        taken.set()
        await route.abort()

    await page.route("**/turns", lose, times=1)
    await _ask(page, "台東区の製造業、従業員15人です")
    await taken.wait()
    before = (await store.conversation(await _chat(store))).revision
    await page.get_by_role("button", name="もう一度送る").click()

    await expect(page.locator(".turn:not(.mine)")).to_have_count(2)
    assert (await store.conversation(await _chat(store))).revision == before


async def test_a_request_that_takes_too_long_says_so_and_can_be_sent_again(context: BrowserContext) -> None:
    page = await context.new_page()
    await page.clock.install()
    await page.goto("/")
    await expect(page.get_by_role("log")).to_contain_text("みちしるべ")
    asked = asyncio.Event()

    async def hang(_: Route) -> None:
        asked.set()

    await page.route("**/turns", hang, times=1)
    await _ask(page)
    await asked.wait()
    await page.clock.fast_forward(30_000)
    await expect(page.get_by_role("log")).to_contain_text("時間がかかりすぎています")

    await page.get_by_role("button", name="もう一度送る").click()

    await expect(page.get_by_role("log")).to_contain_text(ANSWER)


async def test_a_page_closed_before_the_reply_offers_to_ask_again(context: BrowserContext) -> None:
    page = await _opened(context)
    asked = asyncio.Event()

    async def hang(_: Route) -> None:
        asked.set()

    await page.route("**/turns", hang, times=1)
    await _ask(page)
    await asked.wait()
    await page.reload()
    await page.get_by_role("button", name="もう一度送る").click()

    await expect(page.get_by_role("log")).to_contain_text(ANSWER)
    await expect(page.locator(".turn.mine")).to_have_count(1)


async def test_blocked_storage_is_said_and_costs_no_message(context: BrowserContext, store: Store) -> None:
    page = await context.new_page()
    await page.add_init_script(BLOCKED)
    await page.goto("/")
    await _ask(page)
    await expect(page.get_by_role("log")).to_contain_text(ANSWER)
    async with store.database.writing() as connection:
        await store.notices.tell(connection, await _chat(store), say("担当者からの返事です。"), "test", None, datetime.now(UTC))
    await page.evaluate("look()")

    await expect(page.get_by_role("status")).to_contain_text("保存できません")
    await expect(page.get_by_role("log")).to_contain_text("担当者からの返事です。")
    await page.get_by_role("button", name="会話を消す").click()
    await expect(page.get_by_role("log")).not_to_contain_text(ANSWER)


async def test_full_storage_is_said_and_costs_no_message(context: BrowserContext) -> None:
    page = await _opened(context)
    await page.evaluate(FULL)

    await _ask(page)

    await expect(page.get_by_role("log")).to_contain_text(ANSWER)
    await expect(page.get_by_role("log")).to_contain_text(QUESTION)
    await expect(page.get_by_role("status")).to_contain_text("いっぱい")


async def test_blocked_cookies_are_said_and_cost_no_message(context: BrowserContext) -> None:
    async def without_cookies(route: Route) -> None:
        response = await route.fetch()
        headers = {name: value for name, value in response.headers.items() if name != "set-cookie"}
        await route.fulfill(response=response, headers=headers)
        await context.clear_cookies()

    await context.route("**/turns", without_cookies)
    page = await _opened(context)

    await _ask(page)

    await expect(page.get_by_role("log")).to_contain_text(ANSWER)
    await expect(page.get_by_role("status")).to_contain_text("クッキー")


async def test_two_tabs_show_the_same_conversation(context: BrowserContext) -> None:
    first, second = await _opened(context), await _opened(context)

    await _ask(first)
    await expect(second.get_by_role("log")).to_contain_text(ANSWER)
    await _ask(second, "FAXは？")

    await expect(first.get_by_role("log")).to_contain_text("03-3847-3191")
    for page in (first, second):
        await expect(page.locator(".turn.mine")).to_have_count(2)


async def test_what_one_tab_erased_the_other_never_brings_back(context: BrowserContext) -> None:
    first, second = await _opened(context), await _opened(context)
    await _ask(first)
    await expect(second.get_by_role("log")).to_contain_text(ANSWER)

    await second.get_by_role("button", name="会話を消す").click()
    await expect(first.get_by_role("log")).not_to_contain_text(ANSWER)
    await _ask(first, "信用保証とは")
    await expect(first.locator(".turn.mine")).to_have_count(1)
    await second.reload()

    await expect(second.get_by_role("log")).to_contain_text("信用保証とは")
    await expect(second.locator(".turn.mine", has_text=QUESTION)).to_have_count(0)


async def test_an_answer_under_way_while_another_tab_erases_is_not_shown(context: BrowserContext) -> None:
    first, second = await _opened(context), await _opened(context)
    asked, erased = asyncio.Event(), asyncio.Event()

    async def wait(route: Route) -> None:
        asked.set()
        await erased.wait()
        await route.continue_()

    await first.route("**/turns", wait, times=1)
    await _ask(first)
    await asked.wait()
    await second.get_by_role("button", name="会話を消す").click()
    await expect(first.locator(".turn.mine")).to_have_count(0)
    async with first.expect_response("**/turns"):
        erased.set()

    await _ask(first, "信用保証とは")
    await expect(first.locator(".turn.mine")).to_have_count(1)
    await expect(first.locator(".waiting")).to_have_count(0)
    await expect(first.locator(".turn:not(.mine)")).to_have_count(2)
    for page in (first, second):
        await expect(page.locator(".turn.mine", has_text=QUESTION)).to_have_count(0)


async def test_the_reply_of_a_person_stands_in_the_page_before_it_is_acknowledged(context: BrowserContext, store: Store) -> None:
    page = await _opened(context)
    await _spoken(page)
    async with store.database.writing() as connection:
        await store.notices.tell(connection, await _chat(store), say("担当者からの返事です。"), "test", None, datetime.now(UTC))
    shown_first: list[bool] = []

    async def watch(route: Route) -> None:
        if re.search(r"after=[1-9]", route.request.url):
            shown_first.append("担当者からの返事です。" in (await page.evaluate("JSON.stringify(memory.said())")))
        await route.continue_()

    await page.route("**/news?*", watch)
    await page.evaluate("look()")
    await expect(page.get_by_role("log")).to_contain_text("担当者からの返事です。")
    await page.evaluate("look()")

    assert shown_first == [True]
    async with store.database.reading() as connection:
        assert (await connection.execute(sa.select(news))).all() == []


async def test_the_reply_of_a_person_stands_once_in_two_tabs(context: BrowserContext, store: Store) -> None:
    first, second = await _opened(context), await _opened(context)
    await _spoken(first)
    async with store.database.writing() as connection:
        await store.notices.tell(connection, await _chat(store), say("担当者からの返事です。"), "test", None, datetime.now(UTC))

    await asyncio.gather(first.evaluate("look()"), second.evaluate("look()"))

    for page in (first, second):
        await expect(page.get_by_text("担当者からの返事です。")).to_have_count(1)
