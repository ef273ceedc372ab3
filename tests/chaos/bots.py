"""Bot processes, killed and started again, with a proxy before them where Telegram delivers."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from aiohttp import web

ROOT = Path(__file__).parents[2]
SECRET = "loopback_secret"  # it opens nothing but a server of this test
_START_SECONDS = 60.0


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        return int(listening.getsockname()[1])


@dataclass
class Bot:
    """One place for a process: the same port and settings each time it is started."""

    command: Sequence[str]
    environment: dict[str, str]
    port: int
    log: Path
    ready_line: bytes = b"ready "
    process: asyncio.subprocess.Process | None = None
    _reading: asyncio.Task[None] | None = None
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    async def start(self) -> None:
        """Start the process; it is ready when :attr:`ready` is set."""
        self.ready.clear()
        self.process = await asyncio.create_subprocess_exec(
            *self.command,
            cwd=ROOT,
            env={**os.environ, **self.environment},
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        self._reading = asyncio.create_task(self._read(self.process))

    async def until_ready(self) -> None:
        async with asyncio.timeout(_START_SECONDS):
            await self.ready.wait()

    async def kill(self) -> None:
        """SIGKILL: nothing can be tidied up."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """SIGTERM; returns the exit status."""
        return await self._end(signal.SIGTERM)

    async def _end(self, number: signal.Signals) -> int:
        if self.process is None:
            return 0
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)
        status = await self.process.wait()
        if self._reading is not None:
            await self._reading
        self.process = None
        return status

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stderr is not None
        with self.log.open("ab") as log:
            async for line in process.stderr:
                log.write(line)
                if self.ready_line in line:
                    self.ready.set()


class Proxy:
    """Hands deliveries to one bot after the other; 502 when that one is away, as a load balancer without checks would."""

    def __init__(self, ports: Sequence[int]) -> None:
        self._ports = ports
        self._turn = 0
        self.port = free_port()

    async def __aenter__(self) -> Proxy:
        self._session = aiohttp.ClientSession()
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._forward)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()
        await self._session.close()

    async def _forward(self, request: web.Request) -> web.Response:
        self._turn += 1
        port = self._ports[self._turn % len(self._ports)]
        headers = {name: request.headers[name] for name in ("X-Telegram-Bot-Api-Secret-Token", "Content-Type")}
        try:
            async with self._session.post(
                f"http://127.0.0.1:{port}{request.path}", data=await request.read(), headers=headers
            ) as answer:
                return web.Response(status=answer.status, body=await answer.read())
        except (aiohttp.ClientError, OSError):
            return web.Response(status=502)


def environment(api: str, database: str, port: int, webhook: str = "") -> dict[str, str]:
    """Settings of a bot on a loopback server, with limits that do not hold a test back."""
    return {
        "BOT_TOKEN": "123456:loopback-token",
        "BOT_API_URL": api,
        "BOT_DATABASE_URL": database,
        "BOT_PORT": str(port),
        "BOT_WEBHOOK_URL": webhook,
        "BOT_WEBHOOK_SECRET": SECRET if webhook else "",
        "BOT_SENDS_PER_SECOND": "2000",
        "BOT_CHAT_SENDS_PER_SECOND": "200",
        "BOT_TURNS_PER_MINUTE": "60000",
        "BOT_CACHE_DIR": str(ROOT / "data/cache"),  # the vectors are everybody's, and making them takes a minute
        "BOT_SESSION_SECRET": "loopback",
    }


def our_command(role: str = "run") -> list[str]:
    return [sys.executable, "-m", "bot", role]
