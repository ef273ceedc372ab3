"""Connections that cannot be held for ever: a deadline for what is sent, one for what is answered, and no more than so many at once."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import Any, cast

from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

log = logging.getLogger(__name__)

RECEIVE_SECONDS = 20.0
"""From the first moment of a connection, or the end of its last answer, until a request has come whole, headers and body."""

ANSWER_SECONDS = 120.0
"""From a whole request until its answer has been taken."""


class Door:
    """How many connections are open at once. When there are too many, the one whose request is longest in coming goes."""

    def __init__(self, most: int, receive: float = RECEIVE_SECONDS, answer: float = ANSWER_SECONDS) -> None:
        """Deadlines in seconds."""
        self.receive = receive
        self.answer = answer
        self._most = most
        self._sending: dict[Connection, None] = {}
        self._answered: set[Connection] = set()

    def sends(self, one: Connection) -> None:
        """It is their turn: a request is to come. A new connection may cost the oldest of these its place."""
        new = one not in self._answered and one not in self._sending
        if new and len(self._sending) + len(self._answered) >= self._most:
            log.warning("%d connections are open: the one whose request is longest in coming is closed", self._most)
            oldest = next(iter(self._sending), one)
            self.leaves(oldest)
            oldest.drop()
            if oldest is one:
                return
        self._answered.discard(one)
        self._sending.pop(one, None)
        self._sending[one] = None

    def is_answered(self, one: Connection) -> None:
        """It is our turn: a request has come whole."""
        if one in self._sending:
            del self._sending[one]
            self._answered.add(one)

    def leaves(self, one: Connection) -> None:
        """It is closed."""
        self._sending.pop(one, None)
        self._answered.discard(one)

    @property
    def protocol(self) -> type[asyncio.Protocol]:
        """What :class:`uvicorn.Config` takes as ``http``: it only calls it."""
        return cast("type[asyncio.Protocol]", partial(Connection, door=self))


class Connection(H11Protocol):
    """One connection, with its deadline. The server's own timeout holds for those that send nothing after an answer."""

    def __init__(self, *args: Any, door: Door, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._door = door
        self._ours = False
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in the class above
        super().connection_made(transport)
        self._their_turn()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if not self._ours and self._is_whole():
            self._our_turn()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._is_whole():  # the next request had come already
            self._our_turn()
        else:
            self._their_turn()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._cancel()
        self._door.leaves(self)

    def drop(self) -> None:
        """Close at once, whatever is still to be sent."""
        self._cancel()
        self.transport.abort()

    def _is_whole(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and not cycle.response_complete and not cycle.more_body

    def _their_turn(self) -> None:
        self._ours = False
        self._set(self._door.receive)
        self._door.sends(self)

    def _our_turn(self) -> None:
        self._ours = True
        self._set(self._door.answer)
        self._door.is_answered(self)

    def _set(self, seconds: float) -> None:
        self._cancel()
        self._deadline = self.loop.call_later(seconds, self.drop)

    def _cancel(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
