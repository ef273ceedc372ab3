"""What every HTTP endpoint needs."""

from __future__ import annotations

from starlette.requests import Request


async def read_body(request: Request, longest: int) -> bytes | None:
    """The body, or ``None`` when it has more than ``longest`` bytes."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > longest:
            return None
    return bytes(body)
