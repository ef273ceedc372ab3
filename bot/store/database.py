"""Opens the database and hands out transactions. SQLite through aiosqlite, PostgreSQL through asyncpg."""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.store.migrate import upgrade
from bot.store.wiping import Wiper

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")
Owner = TypeVar("Owner", bound="Holder")

FAILURES = (SQLAlchemyError, OSError, asyncio.TimeoutError)
"""What any use of the database may raise while it is away; all of it passes when the database is back."""


_OVERWRITES_SINCE = "0006"
"""The revision of the first program that had SQLite overwrite what it deletes."""

_CONNECTIONS = 8
"""Kept open by a process. Waiting for one of them is cheaper than opening another."""


_LEAST_ROOM = 16 * 1024 * 1024
"""Bytes of a disk below which it counts as full: what is in hand must still fit."""


class StoreError(Exception):
    """The database cannot be opened; the message says what to do."""


class Holder(Protocol):
    """Whoever works on a database."""

    @property
    def database(self) -> Database: ...


def whole(
    method: Callable[Concatenate[Owner, Parameters], Coroutine[Any, Any, Result]],
) -> Callable[Concatenate[Owner, Parameters], Coroutine[Any, Any, Result]]:
    """A method that is one transaction: on SQLite it comes to its end even when the caller is cancelled meanwhile.

    aiosqlite runs in a thread that cannot be interrupted; a connection that is given up in the middle of a
    statement is never closed, and the process could not end.
    """

    @wraps(method)
    async def run(self: Owner, *args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        if not self.database.is_sqlite:
            return await method(self, *args, **kwargs)
        task = asyncio.ensure_future(method(self, *args, **kwargs))
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            while not task.done():
                with suppress(asyncio.CancelledError):
                    await asyncio.wait((task,))
            raise

    return run  # type: ignore[return-value]  # mypy does not see that ``wraps`` keeps ``self``


class Database:
    """One database. A transaction that only reads never waits for one that writes."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.url = engine.url
        self.is_sqlite = engine.dialect.name == "sqlite"
        self._reader = engine.execution_options(reads_only=True)
        # SQLite has one writer at a time. Waiting here is fair and costs no polling.
        self._writer = asyncio.Lock() if self.is_sqlite else None
        self._wiper = Wiper(engine, self._writer) if self._writer is not None else None

    @classmethod
    async def open(cls, url: str) -> Database:
        """Open the database at ``url`` and bring its tables up to date. Raises :class:`StoreError`."""
        database = cls.at(url)
        try:
            await database.upgrade()
        except StoreError:
            await database.close()
            raise
        return database

    @classmethod
    def at(cls, url: str) -> Database:
        """The database at ``url`` as it is; nothing is connected yet. Raises :class:`StoreError`."""
        return cls(_engine(url))

    async def upgrade(self) -> str:
        """Bring the tables up to date; returns the revision before. Raises :class:`StoreError`."""
        try:
            before = await upgrade(self.engine)
            if self.is_sqlite and "" < before < _OVERWRITES_SINCE:
                await self._write_anew()
        except (*FAILURES, ValueError) as error:
            raise StoreError(self.cannot("open", error)) from None
        return before

    async def _write_anew(self) -> None:
        """Leave behind what was deleted before deleting overwrote it."""
        async with self.engine.connect() as connection:
            driver = (await connection.get_raw_connection()).driver_connection
            if driver is not None:
                await driver.execute("VACUUM")

    def cannot(self, do: str, error: BaseException) -> str:
        """What an operator is told who can help."""
        reason = (str(getattr(error, "orig", None) or error).splitlines() or [type(error).__name__])[0]
        hint = "its folder can be written and its disk has room" if self.is_sqlite else "the server is running"
        return f"Cannot {do} the database {self.url.render_as_string()} ({reason}). Check BOT_DATABASE_URL and that {hint}."

    async def close(self) -> None:
        if self._wiper is not None:
            await self._wiper.close()
        await self.engine.dispose()

    @whole
    async def wipe(self) -> None:
        """After a transaction that erased somebody's data: nothing of it stays in SQLite's files. Never raises.

        PostgreSQL writes over dead rows by itself, after a while.
        """
        if self._wiper is not None:
            await self._wiper.wipe()

    @property
    def database(self) -> Database:
        return self

    async def has_room(self) -> None:
        """Raise :class:`OSError` when the disk of a SQLite file is as good as full."""
        if not self.is_sqlite or not self.url.database or self.url.database == ":memory:":
            return
        disk = await asyncio.to_thread(os.statvfs, Path(self.url.database).parent)
        if disk.f_bavail * disk.f_frsize < _LEAST_ROOM:
            raise OSError(errno.ENOSPC, "the disk is full")

    @whole
    async def ping(self) -> None:
        """Raise one of :data:`FAILURES` when the database does not answer."""
        async with self.reading() as connection:
            await connection.execute(sa.text("select 1"))

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that only reads."""
        async with self._reader.connect() as connection:
            yield connection

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that sees the database as it was at one moment, however long it reads."""
        level = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        async with self._reader.execution_options(**level).connect() as connection:
            yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A transaction: committed at the end, rolled back when anything is raised."""
        if self._writer is None:
            async with self.engine.begin() as connection:
                yield connection
            return
        async with self._writer, self.engine.begin() as connection:
            yield connection

    async def exclude(self, connection: AsyncConnection, name: str) -> None:
        """Until the transaction ends, no other that excludes others by the same name goes on. SQLite has one writer anyway."""
        if not self.is_sqlite:
            await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(name, 0))))

    def insert(self, table: sa.Table) -> Upsert:
        """An insert that can say ``ON CONFLICT``, which both databases know and standard SQL does not."""
        return sqlite.insert(table) if self.is_sqlite else postgresql.insert(table)


Upsert = sqlite.Insert | postgresql.Insert


def _engine(url: str) -> AsyncEngine:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StoreError("BOT_DATABASE_URL is no database URL, e.g. sqlite+aiosqlite:///data/michishirube.db") from None
    kind = parsed.get_backend_name()
    if kind not in {"sqlite", "postgresql"}:
        raise StoreError(f"BOT_DATABASE_URL begins with {kind}; this program knows sqlite+aiosqlite:// and postgresql+asyncpg://")
    if kind == "sqlite":
        _make_file(parsed)
    try:
        if kind == "sqlite":
            engine = create_async_engine(parsed.set(drivername="sqlite+aiosqlite"), pool_size=_CONNECTIONS, max_overflow=0)
            sa.event.listen(engine.sync_engine, "connect", _set_up_sqlite)
            sa.event.listen(engine.sync_engine, "begin", _begin_sqlite)
            return engine
        # A connection that a restart of the server broke is noticed before it is used.
        return create_async_engine(
            parsed.set(drivername="postgresql+asyncpg"),
            pool_pre_ping=True,
            pool_size=_CONNECTIONS,
            max_overflow=0,
            connect_args={"timeout": 10, "command_timeout": 30, "server_settings": {"application_name": "michishirube"}},
        )
    except (ArgumentError, NoSuchModuleError) as error:
        raise StoreError(f"BOT_DATABASE_URL cannot be used ({error})") from None


def _make_file(url: URL) -> None:
    """The file and its folder; nobody but its owner may read it. SQLite gives the files beside it the same rights."""
    if not url.database or url.database == ":memory:":
        return
    file = Path(url.database)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise StoreError(
            f"Cannot make the file {url.database} ({error.strerror}). Set BOT_DATABASE_URL to a place that can be written."
        ) from None
    for one in (file, *(file.with_name(f"{file.name}{end}") for end in ("-wal", "-shm"))):
        with suppress(OSError):  # not there, or somebody else's, who answers for it
            one.chmod(0o600)


class _DriverConnection(Protocol):
    isolation_level: str | None

    def cursor(self) -> Any: ...


def _set_up_sqlite(connection: _DriverConnection, _record: object) -> None:
    """WAL with full sync keeps commits through power loss; wait for another process's lock instead of failing; overwrite what is deleted."""
    connection.isolation_level = None  # transactions begin as :func:`_begin_sqlite` says
    cursor = connection.cursor()
    for pragma in ("busy_timeout=5000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    """A transaction that will write takes the lock first: one that reads before it writes could not get it later."""
    reads_only = connection.get_execution_options().get("reads_only", False)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")
