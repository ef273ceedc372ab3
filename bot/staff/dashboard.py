"""The first page: how the bot is used."""

from __future__ import annotations

from starlette.responses import Response

from bot.staff.shell import Visit, guarded


async def show(visit: Visit) -> Response:
    return visit.page("dashboard.html")


ROUTES = (guarded("/", show, "desk"),)
