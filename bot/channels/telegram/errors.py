"""What can keep the Telegram channel from running."""

from __future__ import annotations


class TokenRefused(Exception):  # noqa: N818  # named for what happened, as an operator would say it
    """Telegram refused BOT_TOKEN. Copy the token from @BotFather again; with BOT_API_URL set, check that address too."""

    def __init__(self) -> None:
        super().__init__(" ".join((self.__doc__ or "").split()))
