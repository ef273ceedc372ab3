"""Coming in: the password, one-time links, sessions."""

from __future__ import annotations

from tests.staff.conftest import PASSWORD, Site


async def test_the_password_lets_an_administrator_in(site: Site) -> None:
    browser = await site.stranger()

    response = await browser.post("/login", {"password": PASSWORD})

    assert response.status_code == 303
    assert "ダッシュボード" in (await browser.get("/")).text


async def test_a_member_who_is_dismissed_is_out_at_once(site: Site) -> None:
    browser = await site.member("desk")
    assert (await browser.get("/")).status_code == 200

    await site.store.members.dismiss(30, "test")

    assert (await browser.get("/")).headers["location"] == "/login"
