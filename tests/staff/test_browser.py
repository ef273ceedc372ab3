"""The pages in a real browser (Debian's chromium): with the keyboard alone, on a phone and on a desk, and for everybody."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, async_playwright, expect

from bot.staff.navigation import NAVIGATION
from bot.staff.shell import COOKIE
from tests.staff.conftest import PASSWORD, Site
from tests.staff.test_guarding import ALL, method_of, path_of

PHONE, DESKTOP = 390, 1280
Open = Callable[[int], Awaitable[Page]]


@pytest.fixture
async def open_page() -> AsyncIterator[Open]:
    """Opens pages of some width; what a page complains of on its console fails the test."""
    path = shutil.which("chromium") or pytest.fail("chromium is not installed: run `make browser`")
    complaints: list[str] = []
    async with async_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = await playwright.chromium.launch(executable_path=path, args=arguments)

        async def begin(width: int) -> Page:
            page = await browser.new_page(viewport={"width": width, "height": 800}, locale="ja-JP")
            page.on(
                "console", lambda message: complaints.append(f"{page.url}: {message.text}") if message.type == "error" else None
            )
            return page

        yield begin
        await browser.close()
    assert complaints == []


async def _admin(used: Site, page: Page) -> None:
    await page.context.add_cookies([{"name": COOKIE, "value": await used.session("admin"), "url": used.address}])


async def test_with_the_keyboard_alone_one_logs_in_looks_around_and_logs_out(used: Site, open_page: Open) -> None:
    page = await open_page(DESKTOP)
    await page.goto(used.address)

    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="ダッシュボード")).to_be_visible()

    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="本文へ")).to_be_focused()
    for _ in range(20):
        await page.keyboard.press("Tab")
        if await page.get_by_role("link", name="試す").evaluate("link => link === document.activeElement"):
            break
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("質問")).to_be_focused()
    await page.keyboard.type("台東区の窓口は？")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("log")).to_contain_text("上野支店")
    await expect(page.get_by_role("status")).to_contain_text("答えが出ました")
    await expect(page.get_by_label("質問")).to_be_focused()

    await page.get_by_role("button", name="ログアウト").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="ログイン")).to_be_visible()


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
async def test_the_dashboard_draws_its_charts_at_any_width(used: Site, open_page: Open, width: int) -> None:
    page = await open_page(width)
    await _admin(used, page)

    await page.goto(f"{used.address}/?days=90")

    charts = page.locator("img.chart")
    assert await charts.count() == 8
    widths = await charts.evaluate_all("all => all.map(one => one.complete ? one.naturalWidth : 0)")
    assert min(widths) > 0
    await page.get_by_text("1日ごとの質問を表で見る").click()
    await expect(page.get_by_role("table").first).to_be_visible()


async def test_the_menu_of_a_phone_opens_and_leads_on(used: Site, open_page: Open) -> None:
    page = await open_page(PHONE)
    await _admin(used, page)
    await page.goto(used.address)

    await page.get_by_text("メニュー", exact=True).click()
    await page.get_by_role("link", name="記録", exact=True).click()

    await expect(page.get_by_role("heading", name="記録")).to_be_visible()


async def test_a_link_is_used_by_its_button(used: Site, open_page: Open) -> None:
    page = await open_page(PHONE)
    token = await used.store.logins.offer("telegram:30", used.worker.now())

    await page.goto(f"{used.address}/enter/{token}")
    await page.get_by_role("button", name="ログインする").click()

    await expect(page.get_by_role("heading", name="ダッシュボード")).to_be_visible()


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
async def test_every_page_is_for_everybody_and_fits_the_screen(used: Site, open_page: Open, width: int) -> None:
    page = await open_page(width)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in ("/login", "/enter/abc"):
        await page.goto(f"{used.address}{path}")
        await _is_for_everybody(page)
    await _admin(used, page)
    seen = set()
    for path in [path_of(route, "keiei-kankyo-henka") for route in ALL if route.least is not None and method_of(route) == "GET"]:
        response = await page.request.get(f"{used.address}{path}")
        if not response.ok or "<!doctype html>" not in await response.text():
            continue  # a file, a picture, a part of a page
        await page.goto(f"{used.address}{path}")
        await _is_for_everybody(page)
        seen.add(urlsplit(page.url).path)

    assert {item.path for item in NAVIGATION} <= seen
    assert [url for url in asked if not re.match(re.escape(used.address), url)] == []


async def test_what_went_wrong_is_told_to_everybody(used: Site, open_page: Open) -> None:
    page = await open_page(PHONE)
    await _admin(used, page)
    await page.goto(f"{used.address}/try")
    await page.get_by_label("質問").fill("保証料 いくら")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("log")).to_contain_text("信用保証料")

    await _is_for_everybody(page)


async def _is_for_everybody(page: Page) -> None:
    """No serious fault that axe knows of, nothing wider than the screen, targets large enough for fingers."""
    results = await Axe().run(page)
    faults = [
        f"{page.url}: {one['id']}: {[node['html'] for node in one['nodes']]}"
        for one in results.response["violations"]
        if one["impact"] in {"serious", "critical"}
    ]
    assert faults == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    small = "all => all.filter(one => one.offsetHeight && one.offsetHeight < 36).map(one => one.outerHTML)"
    assert await page.locator("button, .button, nav a, .tabs a, select, textarea").evaluate_all(small) == []
