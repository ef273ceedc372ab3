"""Who writes on the web: a random session in a signed cookie."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from itsdangerous import BadSignature, Signer
from starlette.requests import Request
from starlette.responses import Response

COOKIE = "michishirube"
_A_YEAR = 365 * 24 * 3600
_BYTES = 16


class Sessions:
    """Reads and sets the cookie. A cookie that we did not sign counts for nothing."""

    def __init__(self, secret: str) -> None:
        self._signer = Signer(secret, salt="web session")

    def of(self, request: Request) -> tuple[str, bool]:
        """The session of a request, and whether it is a new one."""
        try:
            return self._signer.unsign(request.cookies.get(COOKIE, "")).decode("ascii"), False
        except (BadSignature, UnicodeError):
            return secrets.token_hex(_BYTES), True

    def give(self, response: Response, session: str, *, secure: bool) -> None:
        """Set the cookie."""
        value = self._signer.sign(session).decode()
        response.set_cookie(COOKIE, value, max_age=_A_YEAR, httponly=True, samesite="strict", secure=secure)


def secret_in(folder: Path) -> str:
    """The secret for one machine that has none in its settings: made once, readable by its owner alone. Raises :class:`OSError`."""
    file = folder / "session.key"
    folder.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        made = folder / f"session.{secrets.token_hex(8)}"
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
            opened.write(secrets.token_hex(32))
        with suppress(FileExistsError):  # another process was quicker; nobody ever sees half a secret
            os.link(made, file)
        made.unlink()
    return file.read_text("ascii")
