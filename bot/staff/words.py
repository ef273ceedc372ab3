"""How values read on the pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.business_days import TOKYO


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


def deed(action: str) -> str:
    """What somebody did, in the log; actions that have no name here stand as they are.

    >>> deed("login"), deed("something new")
    ('ログイン', 'something new')
    """
    return DEEDS.get(action, action)


DEEDS = {
    "login": "ログイン",
    "login failed": "ログインの失敗",
    "logout": "ログアウト",
    "member appointed": "担当者の登録",
    "member dismissed": "担当者の取り消し",
    "handover answered": "問い合わせへの返事",
    "handover closed": "問い合わせの終了",
    "question answered": "未解決の質問の解決",
    "question dismissed": "未解決の質問を対象外に",
    "entry changed": "項目の変更",
    "entry confirmed": "項目の確認",
    "page added": "公式ページの追加",
    "question added": "質問例の追加",
    "example added": "例文の追加",
    "digest": "週のまとめ",
}
TOPICS = {
    "branch": "担当支店",
    "guarantee": "信用保証",
    "tokyo-loan": "都の制度融資",
    "overseas": "海外展開",
    "national-loan": "公庫の融資",
    "mutual-aid": "共済",
    "subsidy": "補助金",
    "other": "そのほか",
}
OUTCOMES = {
    "answer": "答えた",
    "choices": "候補を示した",
    "unknown": "答えがない",
    "dialog": "聞き取り",
    "smalltalk": "あいさつなど",
}
RATINGS = {"good": "役に立った", "partial": "説明不足", "missing": "知りたいことと違う", "wrong": "誤り"}
"""What askers said of an answer."""

FILTERS: dict[str, Callable[..., str]] = {"moment": moment, "span": span, "who": who, "deed": deed}
