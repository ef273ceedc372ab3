"""Reminders of a deadline: asked for by a button, kept by the shell, taken back by a word."""

from __future__ import annotations

from datetime import date, datetime, time

from bot.business_days import TOKYO
from bot.dialogs.deadlines import reminders
from bot.nlp.values.dates import japanese
from bot.talk.conversation import Conversation
from bot.talk.replies import Attachment, Button, say
from bot.talk.taken import Reminder, Step

_HOUR = time(9, 0)
_TEXT = "補助（保証料・利子）の申請の期限が近づいています。期限は {day} です。1日でも過ぎると受けられません。申請は区市町村の窓口へお願いします。"
_SET = "{count}回お知らせします（{days}）。やめるときは「お知らせを取り消す」と送ってください。"
_TOO_LATE = "お知らせする日が残っていません。期限は {day} です。"
_DROPPED = "お知らせを取り消しました。"
CANCEL_WORDS = ("お知らせを取り消す", "お知らせをやめる", "リマインダーを取り消す")
CANCEL_BUTTON = Button(CANCEL_WORDS[0], "r:off")


def ask_button(last: date) -> Button:
    return Button("期限が近づいたら知らせてもらう", f"r:on:{last.isoformat()}")


def keep(conversation: Conversation, last: date, now: datetime) -> Step:
    """Reminders two months, two weeks, three days and a day before ``last``, at nine in Tokyo."""
    due = [datetime.combine(day, _HOUR, TOKYO) for day in reminders(last)]
    ahead = [one for one in due if one > now]
    if not ahead:
        return Step(conversation, (say(_TOO_LATE.format(day=japanese(last))),))
    text = _TEXT.format(day=japanese(last))
    days = "、".join(japanese(one.date()) for one in ahead)
    reply = say(_SET.format(count=len(ahead), days=days), buttons=(CANCEL_BUTTON,))
    return Step(conversation, (reply,), reminders=tuple(Reminder(one, text) for one in ahead))


def drop(conversation: Conversation) -> Step:
    return Step(conversation, (say(_DROPPED),), drops_reminders=True)


def calendar(last: date, summary: str) -> Attachment:
    """The deadline as a calendar file. The event's id follows from its content, so that a second one replaces the first."""
    from icalendar import Calendar, Event  # noqa: PLC0415  # as slow to import as it is seldom used

    file = Calendar()
    file.add("prodid", "-//michishirube//ja")
    file.add("version", "2.0")
    event = Event()
    event.add("uid", f"{last.isoformat()}-subsidy@michishirube")
    event.add("dtstamp", datetime.combine(last, _HOUR, TOKYO))
    event.add("dtstart", last)
    event.add("summary", summary)
    file.add_component(event)
    return Attachment("kigen.ics", "text/calendar", file.to_ical().decode("utf-8"), "カレンダーに入れる")
