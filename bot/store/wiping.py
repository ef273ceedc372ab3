"""Takes what was deleted out of SQLite's write-ahead log too, where it would stay until something is written over it."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

log = logging.getLogger(__name__)

_PATIENCE_MS = 250
"""How long readers of the log are waited for, with everybody who writes waiting behind; a backup reads for longer."""

_AGAIN_SECONDS = 5.0


class Wiper:
    """Empties the log of one database, and tries again later while somebody still reads in it."""

    def __init__(self, engine: AsyncEngine, writer: asyncio.Lock) -> None:
        """``writer`` is held by whoever writes."""
        self._engine = engine
        self._writer = writer
        self._later: asyncio.Task[None] | None = None

    async def wipe(self) -> None:
        """Empty the log now, or, where that cannot be, soon. Never raises."""
        if not await self._once() and self._later is None:
            self._later = asyncio.create_task(self._until_done())

    async def close(self) -> None:
        """Try no more: the last connection that is closed empties the log."""
        if self._later is not None:
            self._later.cancel()
            with suppress(asyncio.CancelledError):
                await self._later

    async def _until_done(self) -> None:
        done = False
        while not done:
            await asyncio.sleep(_AGAIN_SECONDS)
            done = await asyncio.shield(self._once())
        self._later = None

    async def _once(self) -> bool:
        try:
            async with self._writer, self._engine.connect() as connection:
                driver = (await connection.get_raw_connection()).driver_connection
                if driver is None:
                    return False
                (waits,) = await (await driver.execute("PRAGMA busy_timeout")).fetchone()
                await driver.execute(f"PRAGMA busy_timeout={_PATIENCE_MS}")
                (busy, *_) = await (await driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")).fetchone()
                await driver.execute(f"PRAGMA busy_timeout={waits}")
                return not busy
        except (SQLAlchemyError, OSError) as error:
            log.warning("the database's log could not be emptied (%s); it is tried again", type(error).__name__)
            return False
