"""What every HTTP endpoint needs."""

from __future__ import annotations

import hashlib
from pathlib import Path
from urllib.parse import urlsplit

from starlette.requests import ClientDisconnect, Request


async def read_body(request: Request, longest: int) -> bytes | None:
    """The body, or ``None`` when it has more than ``longest`` bytes or its sender went away."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > longest:
                return None
    except ClientDisconnect:
        return None
    return bytes(body)


def from_our_origin(request: Request) -> bool:
    """Whether a browser that sent this says that the page it comes from is ours; other clients say nothing."""
    origin = request.headers.get("origin")
    try:
        return origin is None or urlsplit(origin).netloc == request.headers.get("host")
    except ValueError:  # no browser says so
        return False


def version_of(folder: Path) -> str:
    """Changes when a file in the folder does, so that browsers do not keep an old one."""
    content = b"".join(file.read_bytes() for file in sorted(folder.iterdir()))
    return hashlib.sha256(content).hexdigest()[:12]
