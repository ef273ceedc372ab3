"""A chat for trying out, beside the reasons for its answers. Nothing of it is kept in the database or counted."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field, replace

from starlette.responses import Response

from bot.advisor.explaining import Explanation, explain
from bot.advisor.outcome import ANSWER, CHOICES, EITHER
from bot.knowledge.base import KnowledgeBase
from bot.nlp.normalize import bounded, clean
from bot.staff.forms import Refused
from bot.staff.shell import Visit, guarded
from bot.step import step
from bot.step.deciding import TABLE
from bot.step.looking import LONGEST
from bot.step.reading import setting
from bot.store.logins import digest
from bot.talk.acts import Setting
from bot.talk.conversation import Conversation
from bot.talk.replies import Reply
from bot.talk.taken import Step
from bot.talk.turns import Pressed, Said, Turn
from bot.threads import beside

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
    "holds": "聞かれた欄の有無",
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
    """What was said, and answered; ``setting`` is what it was said into where it was typed."""

    said: str
    replies: tuple[Reply, ...]
    setting: Setting | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """A conversation of somebody who tries."""

    conversation: Conversation = field(default_factory=Conversation)
    exchanges: tuple[Exchange, ...] = ()
    decision: str = ""
    explanations: tuple[Explanation, ...] = ()

    @property
    def typed(self) -> Exchange | None:
        """The last exchange, if it began with a text."""
        last = self.exchanges[-1] if self.exchanges else None
        return last if last is not None and last.setting is not None else None


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
    trial = await beside(taken, staff.worker.kb, trials.of(visit.token), turn, visit)
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
    into = setting(kb, before) if isinstance(turn, Said) else None
    explanations = explain(kb, bounded(clean(said), LONGEST)) if isinstance(turn, Said) else ()
    return replace(
        trial,
        conversation=result.conversation,
        exchanges=(*trial.exchanges, Exchange(said, result.replies, into))[-_MOST_TURNS:],
        decision=decision(result),
        explanations=explanations,
    )


def decision(result: Step) -> str:
    """What was understood, and so what was done."""
    if not result.why:
        return "ボタンやコマンドのとおりにしました。"
    says = {row.name: row.says for row in TABLE}
    rows = "、".join(f"「{says[one]}」" for one in result.why if one in says)
    return f"次のように読み取りました：{rows}。"


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
