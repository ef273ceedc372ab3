"""Settings from environment variables and ``.env``, all with the prefix ``BOT_``."""

from __future__ import annotations

import re
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.desk import Desk, parse_hours


class Settings(BaseSettings):
    """What an operator sets. Secrets are :class:`SecretStr`, so that they never show in logs."""

    model_config = SettingsConfigDict(env_prefix="BOT_", env_file=".env", env_file_encoding="utf-8", extra="ignore")

    token: SecretStr | None = None
    api_url: str = "https://api.telegram.org"
    database_url: str = "sqlite+aiosqlite:///data/michishirube.db"
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8080
    session_secret: SecretStr | None = None
    staff_host: str = "127.0.0.1"
    staff_port: Annotated[int, Field(ge=1, le=65535)] | None = None
    staff_url: str | None = None
    staff_password_hash: SecretStr | None = None
    sends_per_second: Annotated[float, Field(gt=0, le=10_000)] = 30.0
    chat_sends_per_second: Annotated[float, Field(gt=0, le=10_000)] = 1.0
    turns_per_minute: Annotated[float, Field(gt=0, le=1_000_000)] = 30.0
    admin_ids: Annotated[tuple[int, ...], NoDecode] = ()
    staff_chat: int | None = None
    desk_hours: Annotated[tuple[time, time], NoDecode] = (time(9), time(17))
    desk_patience_minutes: Annotated[int, Field(ge=1, le=10_000)] = 120
    knowledge_base: Path = Path("knowledge_base")
    retention_days: Annotated[int, Field(ge=1, le=3650)] = 365
    cache_dir: Path = Path("data/cache")

    @field_validator(
        "token",
        "webhook_url",
        "webhook_secret",
        "session_secret",
        "staff_port",
        "staff_url",
        "staff_password_hash",
        "staff_chat",
        mode="before",
    )
    @classmethod
    def _empty_is_unset(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("webhook_secret")
    @classmethod
    def _as_telegram_takes_it(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value.get_secret_value()):
            raise ValueError("1 to 256 of A-Z a-z 0-9 _ -")
        return value

    @field_validator("staff_password_hash")
    @classmethod
    def _is_a_hash(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().startswith("$argon2id$"):
            raise ValueError("what `python -m bot password` prints, in single quotes")
        return value

    @field_validator("staff_url")
    @classmethod
    def _is_an_address(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("https://", "http://")):
            raise ValueError("begins with https://")
        return value

    @model_validator(mode="after")
    def _webhook_is_whole(self) -> Self:
        if (self.webhook_url is None) != (self.webhook_secret is None):
            raise ValueError("BOT_WEBHOOK_URL and BOT_WEBHOOK_SECRET belong together: set both or none")
        if self.webhook_url is not None and not self.webhook_url.startswith(("https://", "http://")):
            raise ValueError("BOT_WEBHOOK_URL begins with https://")
        return self

    @property
    def desk(self) -> Desk | None:
        """The people who can be asked on Telegram, if there are any."""
        if self.staff_chat is None:
            return None
        return Desk(f"telegram:{self.staff_chat}", *self.desk_hours, timedelta(minutes=self.desk_patience_minutes))

    @property
    def staff_address(self) -> str:
        """Where staff find their pages, ending in /."""
        return f"{(self.staff_url or f'http://127.0.0.1:{self.staff_port}').rstrip('/')}/"

    @property
    def uses_webhook(self) -> bool:
        """Whether Telegram delivers to us; otherwise it is polled."""
        return self.webhook_url is not None

    @field_validator("desk_hours", mode="before")
    @classmethod
    def _hours(cls, value: object) -> object:
        return parse_hours(value) if isinstance(value, str) else value

    @field_validator("admin_ids", mode="before")
    @classmethod
    def _comma_separated(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(int(part) for part in value.replace(" ", "").split(",") if part)
        return value
