"""A chat for trying out, beside the reasons for its answers. Nothing of it is kept in the database or counted."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field, replace

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from bot.advisor.explaining import Explanation, explain
from bot.advisor.outcome import ANSWER, CHOICES, EITHER
from bot.advisor.step import LONGEST, step
from bot.knowledge.base import BOUNDARY, BRANCH_OF_WARD, KnowledgeBase
from bot.nlp.normalize import clean
from bot.staff.forms import Refused
from bot.staff.shell import Visit, guarded
from bot.store.logins import digest
from bot.talk.conversation import Conversation
from bot.talk.replies import Reply
from bot.talk.taken import Step
from bot.talk.turns import Pressed, Said, Turn

_MOST_TRIALS = 100
_MOST_TURNS = 20

EVIDENCE = {
    "words": "言葉",
    "coverage": "網羅",
    "sound": "読み",
    "meaning": "意味",
    "name": "似た名前",
    "named": "名前そのもの",
    "phrase": "例の文",
}
SIGNS = {
    "lead": "2位との差",
    "outside": "対象外の話との差",
    "meaning": "意味の近さ",
    "coverage": "言葉の網羅",
}
JUDGEMENTS = {
    "answer": "1位の項目で答える",
    "either": "上位2つを並べて答える",
    "choices": "候補を示して選んでもらう",
    "unknown": "分からないと答える",
}


@dataclass(frozen=True, slots=True)
class Exchange:
    """What was said, and answered."""

    said: str
    replies: tuple[Reply, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """A conversation of somebody who tries."""

    conversation: Conversation = field(default_factory=Conversation)
    exchanges: tuple[Exchange, ...] = ()
    decision: str = ""
    explanations: tuple[Explanation, ...] = ()


class Trials:
    """The conversations of this process, by session; the one used longest ago goes first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Trial] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def of(self, token: str) -> Trial:
        return self._kept.get(digest(token), Trial())

    def keep(self, token: str, trial: Trial) -> None:
        self._kept[digest(token)] = trial
        self._kept.move_to_end(digest(token))
        if len(self._kept) > _MOST_TRIALS:
            self._kept.popitem(last=False)


async def show(visit: Visit) -> Response:
    return _page(visit, visit.shared(Trials).of(visit.token))


async def take(visit: Visit) -> Response:
    trials = visit.shared(Trials)
    pressed = visit.form.raw("press", 64)
    text = visit.form.text("text", LONGEST, required=False)
    if not pressed and not text:
        raise Refused(422, "質問が入力されていません。前のページに戻って、試したい質問を入力してください。")
    turn = Pressed(pressed) if pressed else Said(text)
    staff = visit.staff
    trial = await run_in_threadpool(taken, staff.worker.kb, trials.of(visit.token), turn, visit)
    trials.keep(visit.token, trial)
    return _page(visit, trial)


async def clear(visit: Visit) -> Response:
    visit.shared(Trials).keep(visit.token, Trial())
    return await visit.back("/try", "新しい会話を始めました。")


ROUTES = (
    guarded("/try", show, "desk"),
    guarded("/try", take, "desk", "POST"),
    guarded("/try/new", clear, "desk", "POST"),
)


def taken(kb: KnowledgeBase, trial: Trial, turn: Turn, visit: Visit) -> Trial:
    """One more turn of a trial, explained."""
    before = trial.conversation
    result = step(kb, before, turn, visit.staff.worker.now())
    label = next((one.label for one in before.buttons if isinstance(turn, Pressed) and one.action == turn.action), "ボタン")
    said = turn.text if isinstance(turn, Said) else label
    explanations = explain(kb, clean(said)[:LONGEST]) if isinstance(turn, Said) else ()
    return replace(
        trial,
        conversation=result.conversation,
        exchanges=(*trial.exchanges, Exchange(said, result.replies))[-_MOST_TURNS:],
        decision=decision(kb, before, result, explanations),
        explanations=explanations,
    )


def decision(kb: KnowledgeBase, before: Conversation, result: Step, explanations: tuple[Explanation, ...]) -> str:
    """What came of a turn, and whether it was the search alone that decided."""
    after = result.conversation
    begun = {one.id for one in after.dialogs} - {one.id for one in before.dialogs}
    came = [event.kind for event in result.events]
    if begun and set(came) <= {"dialog"}:
        return "聞き取りを求める言葉があったので、聞き取りを始めました。"
    if begun:
        return "質問に先に答えてから、聞き取りを始めました。"
    if set(came) <= {"dialog"}:
        return "検索は使いませんでした。ボタン、コマンド、聞き取りへの返事、または前の答えの続きです。"
    event = result.events[0]
    if not explanations:
        return "ボタンで選ばれた項目を示しました。"
    if len(result.events) > 1 or (len(event.entries) > 1 and len(explanations) > 1):
        return "いくつかの質問に分けて、それぞれに答えました。"
    judged = explanations[0].judged
    if event.kind == "smalltalk":
        return "あいさつなどの言葉だったので、決まった返事をしました。"
    if event.kind == "unknown" and judged.hits and judged.hits[0].id.startswith(BOUNDARY):
        return "扱わない話題にいちばん近かったので、そのことを伝えました。"
    branches = {BRANCH_OF_WARD, *(one.branch for one in kb.content.municipalities)}
    if event.entries and event.entries[0].id in branches and event.confidence != judged.outcome.confidence:
        return "地名、または前に聞いた区市町村から、担当の支店を答えました。"
    kinds = {"answer": ("answer", "either"), "choices": ("choices",), "unknown": ("unknown",)}
    same = not event.entries or not judged.entries or event.entries[0].id == judged.entries[0].id
    if judged.outcome.kind in kinds.get(event.kind, ()) and same:
        return f"検索の確かさから決めました：{JUDGEMENTS[judged.outcome.kind]}。"
    if kb.entry(before.focus) is not None and event.entries and event.entries[0].id == before.focus:
        return "前の話の続きとして、同じ項目で答えました。"
    return "検索だけでは決めませんでした。地名、前の会話、聞き取りのどれかが使われています。"


def _page(visit: Visit, trial: Trial) -> Response:
    return visit.page(
        "trying.html",
        trial=trial,
        evidence=EVIDENCE,
        sign_names=SIGNS,
        judgements=JUDGEMENTS,
        thresholds={"answer": ANSWER, "either": EITHER, "choices": CHOICES},
        longest=LONGEST,
    )
