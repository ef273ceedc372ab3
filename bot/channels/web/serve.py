"""Serves the application on a socket of its own."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from bot.channels.web.connections import Door


class CannotListen(Exception):  # noqa: N818  # named for what happened, as an operator would say it
    """The address cannot be listened on; the message says why and what to set."""


class _Server(uvicorn.Server):
    """Leaves signals to whoever runs the process."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def listen(host: str, port: int, prefix: str = "BOT") -> socket.socket:
    """A listening socket. Raises :class:`CannotListen`, which names the settings ``<prefix>_HOST`` and ``<prefix>_PORT``."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            reason = f"Port {port} on {host} is taken. Stop the program that uses it, or set {prefix}_PORT to another port."
        elif error.errno in {errno.EACCES, errno.EPERM}:
            reason = f"Port {port} may not be used by this user. Set {prefix}_PORT to a port above 1023."
        else:
            reason = f"Cannot listen on {host}:{port} ({error.strerror}). Check {prefix}_HOST and {prefix}_PORT."
        raise CannotListen(reason) from None


_AT_ONCE = 64
"""Connections that are taken in before anything else is looked at again."""


async def serve(app: ASGIApp, listening: socket.socket, stop: asyncio.Event, door: Door) -> None:
    """Answer requests until ``stop`` is set; requests under way are finished, for at most five seconds."""
    config = uvicorn.Config(
        app,
        http=door.protocol,
        ws="none",
        backlog=_AT_ONCE,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=5,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait((serving, stopped), return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    server.should_exit = True
    await serving
