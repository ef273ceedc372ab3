"""Questions to a person: those that wait, answered and closed, and the answer to one of them."""

from __future__ import annotations

from starlette.responses import Response

from bot.desk import answered
from bot.staff.forms import Refused
from bot.staff.shell import Visit, guarded
from bot.store.notices import PICKS_UP
from bot.store.outbox import Message
from bot.store.staffing import Handed
from bot.talk import phrases
from bot.talk.replies import say

STATES = {"open": "返事待ち", "answered": "返事済み", "closed": "終了"}
LONGEST_ANSWER = 3000
_MOST = 200

_ELSEWHERE = "担当者のページから返事をしました。"
_CLOSED_ELSEWHERE = "担当者のページで受付を閉じました。"
_CHANGED = "ほかの担当者が先に返事をしたか、利用者が情報を消しました。送っていません。"
_NOT_CONNECTED = "Telegram の担当者チャットが設定されていないため、この方には届けられません。"


async def show(visit: Visit) -> Response:
    state = _state(visit.query.raw("state", 20))
    found = await visit.staff.store.staffing.handovers(state, _MOST)
    return visit.page(
        "handing.html",
        state=state,
        states=STATES,
        handovers=found,
        most=_MOST,
        reached={one.id: _reaches(visit, one.chat) for one in found},
        now=visit.staff.worker.now(),
        longest=LONGEST_ANSWER,
    )


async def answer(visit: Visit) -> Response:
    number, state = visit.form.number("number"), _state(visit.form.raw("state", 20))
    closing = visit.form.raw("closing", 1) == "1"
    text = "" if closing else visit.form.text("text", LONGEST_ANSWER)
    staff = visit.staff
    known = {one.id: one for one in await staff.store.staffing.handovers(state, _MOST)}
    asked: Handed | None = known.get(number)
    if asked is None or state == "closed":
        return await visit.back("/handovers", _CHANGED)
    if not closing and not _reaches(visit, asked.chat):
        raise Refused(409, _NOT_CONNECTED)
    reception = staff.worker.reception
    told: tuple[Message, ...] = ()
    if reception is not None:
        line = f"{phrases.FOR_DESK.format(number=number)}　{_CLOSED_ELSEWHERE if closing else _ELSEWHERE}"
        told = tuple(reception.channel.compose(reception.desk.chat, "", (say(line),)))
    compose = None if reception is None else lambda chat, reply: reception.channel.compose(chat, "", (reply,))
    reply = None if closing else answered(text)
    done = await staff.store.answer_handover(number, state, reply, visit.who, compose, told, staff.worker.now())
    if not done:
        return await visit.back("/handovers", _CHANGED)
    return await visit.back("/handovers", "受付を閉じました。" if closing else _sent(asked.chat))


ROUTES = (
    guarded("/handovers", show, "desk"),
    guarded("/handovers", answer, "desk", "POST"),
)


def _state(text: str) -> str:
    return text if text in STATES else "open"


def _reaches(visit: Visit, chat: str) -> bool:
    """Whether an answer comes to a chat: those on the web ask for it, for others there must be a channel."""
    return chat.startswith(PICKS_UP) or visit.staff.worker.reception is not None


def _sent(chat: str) -> str:
    if chat.startswith(PICKS_UP):
        return "返事を預かりました。利用者がウェブのチャットを開くと届きます。"
    return "返事を送りました。"
