"""How values read on the pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.dialogs.reminding import TOKYO


def moment(value: datetime) -> str:
    """A time in Japan.

    >>> from datetime import UTC
    >>> moment(datetime(2026, 11, 23, 15, 5, tzinfo=UTC))
    '2026年11月24日 0:05'
    """
    local = value.astimezone(TOKYO)
    return f"{local.year}年{local.month}月{local.day}日 {local.hour}:{local.minute:02}"


def span(value: timedelta) -> str:
    """How long something lasted, roughly.

    >>> [span(timedelta(minutes=minutes)) for minutes in (0, 59, 60, 150, 60 * 50)]
    ['1分未満', '59分', '1時間', '2時間30分', '2日']
    """
    minutes = int(value.total_seconds() // 60)
    if minutes < 1:
        return "1分未満"
    if minutes < 60:
        return f"{minutes}分"
    if minutes < 24 * 60:
        hours, rest = divmod(minutes, 60)
        return f"{hours}時間{rest}分" if rest else f"{hours}時間"
    return f"{minutes // (24 * 60)}日"


def who(value: str) -> str:
    """Who did something, in the log.

    >>> who("telegram:123"), who("password"), who("bot")
    ('Telegram 123', 'パスワード', 'ボット')
    """
    names = {"password": "パスワード", "bot": "ボット", "nobody": "不明"}
    return names.get(value) or value.replace("telegram:", "Telegram ")


_DEEDS = {
    "entry changed": "内容を直しました",
    "entry confirmed": "確認しました",
    "question added": "質問例を加えました",
    "question answered": "質問を回答済みにしました",
    "question dismissed": "質問を対象外にしました",
}


def deed(value: str) -> str:
    """What somebody did, in the log.

    >>> deed("entry changed"), deed("login")
    ('内容を直しました', 'login')
    """
    return _DEEDS.get(value, value)


FILTERS: dict[str, Callable[..., str]] = {"moment": moment, "span": span, "who": who, "deed": deed}
