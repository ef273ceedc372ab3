"""The commands that Telegram shows in its menu."""

from __future__ import annotations

from telegram import BotCommand

PRIVATE = (
    BotCommand("start", "最初の画面を開く"),
    BotCommand("help", "使い方を見る"),
    BotCommand("branch", "担当の窓口を調べる"),
    BotCommand("search", "言葉で項目を探す"),
    BotCommand("roadmap", "海外展開の段階を診断する"),
    BotCommand("loan", "合う融資や保証を選ぶ"),
    BotCommand("fee", "信用保証料を計算する"),
    BotCommand("eligible", "利用できるかを確かめる"),
    BotCommand("plan", "日取りと期限を計算する"),
    BotCommand("documents", "書類のチェックリスト"),
    BotCommand("profile", "うかがった内容を見る"),
    BotCommand("privacy", "お預かりする情報について"),
    BotCommand("export", "保存した情報を受け取る"),
    BotCommand("forget", "保存した情報をすべて消す"),
)
GROUP = PRIVATE
"""Groups have the same commands, in a scope of their own so that either list can change alone."""

STAFF = frozenset({"staff", "login", "gaps", "stale", "version", "reload"})
"""Commands of the staff, shown in no menu."""

NAMES = frozenset(command.command for command in PRIVATE) | {"madoguchi", "bond", "kyosai", "kaiyaku", "sharing", "desk"} | STAFF
"""Commands that are surely meant for this bot, even where several bots read along."""
