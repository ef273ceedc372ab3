"""A month of use: questions of all kinds, open ones, people who wait, things that staff did."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.store.store import Store
from bot.store.tables import handovers, questions, unanswered

ENTRIES = ("tanto-branch", "keiei-kankyo-henka", "roadmap-step1", "abl-hosho", "no-longer-there")
KINDS = ("answer",) * 7 + ("choices", "unknown", "smalltalk", "dialog")
RATINGS = ("",) * 6 + ("good", "good", "good", "wrong", "partial", "missing")
WARDS = ("台東区", "世田谷区", "八王子市", "港区", "")


async def seed(store: Store, now: datetime, count: int = 400) -> None:
    """Fill a store; the same each time."""
    dice = random.Random(7)
    asked = []
    for _ in range(count):
        kind = dice.choice(KINDS)
        entry = dice.choice(ENTRIES) if kind == "answer" else ""
        rating = dice.choice(RATINGS) if kind == "answer" else ""
        at = now - timedelta(minutes=dice.randrange(29 * 24 * 60))
        values = {"chat": "telegram:1", "asked_at": at, "kind": kind, "entry": entry, "ward": dice.choice(WARDS)}
        asked.append({**values, "rating": rating})
    left = [("補助金の採択率はどのくらい", "unknown"), ('=HYPERLINK("http://x")', "choices"), ("<b>融資</b>", "wrong")]
    waits = [
        ("台東区で飲食店を開くための資金を借りたいのですが、保証人がいなくても申し込めますか。", "open", 3),
        ("<script>alert(1)</script>の相談", "open", 26 * 60),
        ("創業したばかりでも使えますか", "answered", 60),
        ("ありがとうございました", "closed", 90),
    ]
    async with store.database.writing() as connection:
        await connection.execute(sa.insert(questions), asked)
        await connection.execute(
            sa.insert(unanswered),
            [{"chat": "telegram:1", "question": text, "kind": kind, "asked_at": now} for text, kind in left],
        )
        for number, (text, state, minutes) in enumerate(waits):
            at = now - timedelta(minutes=minutes)
            chat = "web:abc" if number == 1 else f"telegram:{number + 100}"
            settled = None if state == "open" else now
            values = {"chat": chat, "question": text, "state": state, "asked_at": at, "settled_at": settled}
            await connection.execute(sa.insert(handovers).values(values))
    await store.staffing.note("telegram:20", "entry saved", "keiei-kankyo-henka", "限度額を直した")
    await store.staffing.note("nobody", "login failed", "password")
