"""What several tests of the store use."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.inbox import Throttled


async def never_told(_: AsyncConnection, throttled: Throttled) -> None:
    """For chats that stay within their rate."""
    raise AssertionError(throttled)
