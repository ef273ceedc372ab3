"""The people behind the bot: when they can be asked, and how a question looks to them. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.business_days import is_business_day
from bot.knowledge.base import KnowledgeBase
from bot.step import handover
from bot.talk import phrases
from bot.talk.conversation import Conversation
from bot.talk.replies import Block, Reply, say
from bot.talk.taken import HandOver

_JAPAN = ZoneInfo("Asia/Tokyo")
_HOURS = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")
_NUMBER = re.compile(re.escape(phrases.FOR_DESK).replace(re.escape("{number}"), r"\d{1,18}"))
_CLOSING = {"終了", "クローズ", "close"}

MOST_WAITING = 3
"""Questions of one chat that may wait for an answer."""

MOST_A_DAY = 10
"""Questions that one chat may hand over in 24 hours."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The staff's group chat, its hours on business days in Japan, and how much of
    its open time a question waits before the user is told to call."""

    chat: str
    opens: time
    closes: time
    patience: timedelta

    @property
    def hours(self) -> str:
        return f"{self.opens:%H:%M}〜{self.closes:%H:%M}"

    def is_open(self, now: datetime) -> bool:
        """Whether ``now`` lies within the hours of a business day in Japan."""
        local = now.astimezone(_JAPAN)
        return self.opens <= local.time() < self.closes and is_business_day(local.date())

    def overdue(self, now: datetime) -> datetime:
        """Questions up to this moment have waited for longer than the desk's patience, of the time that it was open."""
        left, local = self.patience, now.astimezone(_JAPAN)
        while True:
            opens = datetime.combine(local, self.opens, _JAPAN)
            closes = min(local, datetime.combine(local, self.closes, _JAPAN))
            if closes > opens and is_business_day(local.date()):
                if closes - opens >= left:
                    return closes - left
                left -= closes - opens
            local = datetime.combine(local - timedelta(days=1), time.max, _JAPAN)

    def acknowledge(self, kb: KnowledgeBase, conversation: Conversation, now: datetime) -> Reply:
        """What the user is told when the question is sent."""
        if self.is_open(now):
            return say(phrases.PERSON_ASKED)
        later = Block("text", (phrases.PERSON_LATER.format(hours=self.hours),))
        return Reply((later, handover.call(kb, conversation)))


def refuse(kb: KnowledgeBase, conversation: Conversation) -> Reply:
    """What the user is told whose question was not sent, because there were so many."""
    told = phrases.PERSON_TOO_MANY.format(waiting=MOST_WAITING, day=MOST_A_DAY)
    return Reply((Block("text", (told,)), handover.call(kb, conversation)))


def parse_hours(text: str) -> tuple[time, time]:
    """Hours as ``9:00-17:00``. Raises :class:`ValueError`."""
    match = _HOURS.fullmatch(text.replace(" ", ""))
    if match is None:
        raise ValueError("hours look like 9:00-17:00")
    opens, closes = time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4]))
    if opens >= closes:
        raise ValueError("the desk opens before it closes")
    return opens, closes


def question(number: int, asked: HandOver) -> Reply:
    """What the staff read. The number is for them to speak of it; their answers are matched by the message that they reply to."""
    lines = (f"・{phrases.PERSON_QUESTION}：{asked.question}", *(f"・{line}" for line in asked.about))
    head = Block("title", (phrases.FOR_DESK.format(number=number),))
    return Reply((head, Block("facts", lines), Block("note", (phrases.FOR_DESK_HOW,))))


def is_numbered(text: str) -> bool:
    """Whether a message looks like one that brought a question to the staff."""
    return _NUMBER.match(text) is not None


def closes(text: str) -> bool:
    """Whether an answer of the staff ends the matter instead of going to the user."""
    return text.strip().lower() in _CLOSING


def answered(text: str) -> Reply:
    """What the user reads when a person has answered."""
    return Reply((Block("title", (phrases.PERSON_REPLIED,)), Block("text", (text,))))
