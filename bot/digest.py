"""The week as the staff read it on Monday: what was asked, what was missing, what is old."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from bot.business_days import TOKYO
from bot.gaps import Gap, find_gaps
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.freshness import Stale, stale
from bot.store.database import FAILURES
from bot.store.staffing import Asked
from bot.talk import phrases
from bot.talk.replies import Block, Reply
from bot.worker import Reception, Worker

log = logging.getLogger(__name__)

_LOOK_SECONDS = 60.0
_LATEST = timedelta(days=2)
"""A digest that could not go out on Monday is of use until Tuesday night."""

_MOST = 5
_OUTCOMES = {"answer": "お答えした", "choices": "候補を示した", "unknown": "お答えできなかった"}
_RATINGS = {"good": phrases.GOOD, **phrases.SHORTCOMINGS}


class Weekly:
    """Sends the digest to the staff's chat when the desk opens on Monday, once, from one process."""

    def __init__(self, worker: Worker, reception: Reception) -> None:
        self._worker = worker
        self._reception = reception

    async def run(self) -> None:
        """Look at the clock until cancelled."""
        while True:
            try:
                await self.post()
            except FAILURES as error:
                log.warning("the weekly digest could not be written (%s)", type(error).__name__)
            await asyncio.sleep(_LOOK_SECONDS)

    async def post(self) -> bool:
        """Send this week's digest if it is time and nobody has; returns whether it went."""
        now = self._worker.now()
        due = due_since(now, self._reception.desk.opens)
        store = self._worker.store
        if due is None or await store.notices.posted("digest", _week(due.date())):
            return False
        kb = self._worker.kb
        written = digest(
            kb,
            due.date(),
            [one for one in await store.staffing.asked(due - timedelta(weeks=1)) if one.asked_at < due],
            await find_gaps(store, kb),
            await store.staffing.waiting(),
            stale(kb.content.entries.values(), due.date()),
        )
        messages = self._reception.channel.compose(self._reception.desk.chat, "", (written,))
        return await store.notices.post_once("digest", _week(due.date()), messages, now)


def due_since(now: datetime, opens: time) -> datetime | None:
    """When the digest of this week was due, if that is past and not too long ago.

    >>> str(due_since(datetime(2026, 11, 24, 3, 0, tzinfo=TOKYO), time(9)))
    '2026-11-23 09:00:00+09:00'
    """
    local = now.astimezone(TOKYO)
    due = datetime.combine(local.date() - timedelta(days=local.weekday()), opens, TOKYO)
    late = datetime.combine(due.date() + _LATEST, time(0), TOKYO)
    return due if due <= local < late else None


def digest(kb: KnowledgeBase, monday: date, asked: Sequence[Asked], gaps: Sequence[Gap], waiting: int, old: Stale) -> Reply:
    """The digest of the seven days before ``monday``; ``waiting`` counts questions to a person that are open."""
    first, last = monday - timedelta(days=7), monday - timedelta(days=1)
    blocks = [Block("title", (f"1週間のまとめ（{first.month}月{first.day}日〜{last.month}月{last.day}日）",))]
    outcomes = Counter(one.kind for one in asked)
    lines = [f"・ご質問：{len(asked)}件"]
    lines += [
        f"・{label}：{outcomes[kind]}件（{outcomes[kind] / len(asked):.0%}）"
        for kind, label in _OUTCOMES.items()
        if outcomes[kind]
    ]
    ratings = Counter(one.rating for one in asked)
    lines += [f"・{label}：{ratings[rating]}件" for rating, label in _RATINGS.items() if ratings[rating]]
    blocks.append(Block("facts", tuple(lines)))
    entries = Counter(one.entry for one in asked if one.entry)
    if entries:
        top = [f"・{_name(kb, id_)}：{count}件" for id_, count in entries.most_common(_MOST)]
        blocks.append(Block("facts", tuple(top), "よく聞かれた項目"))
    if gaps:
        top = [f"・「{gap.text[:60]}」：{gap.count}件" for gap in gaps[:_MOST]]
        if len(gaps) > _MOST:
            top.append(f"・ほか{len(gaps) - _MOST}種類（/gaps）")
        blocks.append(Block("facts", tuple(top), "答えられなかった質問"))
    if waiting:
        blocks.append(Block("facts", (f"・返事を待っている方：{waiting}件",), "担当者への質問"))
    freshness = [f"・見直しの時期を過ぎた項目：{old.overdue_count}件"] if old.overdue else []
    freshness += [f"・60日以内に日付が来る項目：{len(old.ending)}件"] if old.ending else []
    freshness += [f"・日付が過ぎたのに「受付中」の項目：{len(old.passed)}件"] if old.passed else []
    if freshness:
        blocks.append(Block("facts", (*freshness, "・くわしくは /stale"), "情報の新しさ"))
    return Reply(tuple(blocks))


def _name(kb: KnowledgeBase, entry_id: str) -> str:
    entry = kb.entry(entry_id)
    return entry.name if entry is not None else entry_id


def _week(monday: date) -> str:
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02}"
