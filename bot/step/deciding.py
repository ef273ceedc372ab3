"""``decide``: what follows from an utterance, by one ordered table. Every row is tried in turn; a row may add to the plan or end it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.advisor.asking import follow_up, is_question
from bot.knowledge.labels import FAMILIAR, Act
from bot.nlp.tokenizer import tokenize
from bot.talk.acts import Reading, Told
from bot.talk.conversation import Conversation
from bot.talk.plan import Plan, Social

_SURE = 0.52
"""Confidence from which a value told beside a question counts, although nothing says that it is the user's own."""

_SURELY_NEW = 0.7
"""Confidence from which a fact told before counts as changed, whatever else the text seems to be."""

_PLEADING = frozenset({"願う", "願い", "御願い", "お願い", "頼む"})
_POLITE = frozenset({"宜しく", "是非"})
"""Normalized words of a plea to go on, and what may stand beside them."""

_DOUBTFUL = 0.55
"""Confidence below which the likeliest act is only a guess."""

_TELLING: tuple[Act, ...] = ("inform", "correct", "affirm", "deny")
_SOCIAL: tuple[Social, ...] = ("greet", "thank", "chat")


@dataclass(frozen=True, slots=True)
class Situation:
    """What a row looks at: the conversation, and the utterance as it was understood."""

    conversation: Conversation
    reading: Reading

    @property
    def in_task(self) -> bool:
        return self.conversation.task is not None

    @property
    def asked(self) -> str:
        """The slot that waits for an answer."""
        return self.conversation.asked.slot

    @property
    def told(self) -> tuple[Told, ...]:
        """What is told of the user's own business: not the numbers and conditions of a general question."""
        reading = self.reading
        if reading.has(*_TELLING):
            return reading.told
        if reading.has("begin"):
            return reading.told
        if reading.has("ask", "outside", "chat", "why"):
            known_by_words = (one for one in reading.told if one.slot not in FAMILIAR or self.changes(one))
            return () if reading.has("ask", "why") else tuple(known_by_words)
        answers = self.asked if not reading.has("result") else ""
        return tuple(one for one in reading.told if one.slot == answers or one.confidence >= _SURE)

    def changes(self, one: Told) -> bool:
        """Whether something that was told before is surely told anew and otherwise."""
        before = self.conversation.facts.get(one.slot)
        return before is not None and one.value not in (None, before.value) and one.confidence >= _SURELY_NEW

    @property
    def only_pleads(self) -> bool:
        """Whether the text only asks to go on (お願いします)."""
        tokens = tokenize(self.reading.text)
        said = {token.normal for token in tokens if token.is_content}
        return any(token.normal in _PLEADING for token in tokens) and said <= _PLEADING | _POLITE

    @property
    def names_entry(self) -> bool:
        """Whether the text is little else than the name of something that the knowledge base has an entry on."""
        return bool(self.reading.named)

    @property
    def only_guessed(self) -> bool:
        """Whether no act is likely."""
        return max((sure for _, sure in self.reading.confidence), default=0.0) < _DOUBTFUL


@dataclass(frozen=True, slots=True)
class Row:
    """A case: when it holds, and what it adds to the plan. A ``final`` one ends the table."""

    name: str
    says: str
    """The same for staff."""
    when: Callable[[Situation], bool]
    then: Callable[[Plan, Situation], Plan]
    final: bool = False


def _has(*acts: Act) -> Callable[[Situation], bool]:
    return lambda at: at.reading.has(*acts)


def _answers_offer(at: Situation) -> bool:
    bare = at.reading.has("affirm", "deny") and not at.told and not at.reading.has("begin", "ask", "cancel", "restart")
    bare = bare or at.only_pleads
    return bool(at.conversation.offer.kind) and (bare or (at.reading.has("cancel") and at.conversation.offer.kind == "cancel"))


def _social(plan: Plan, at: Situation) -> Plan:
    return replace(plan, social=tuple(act for act in _SOCIAL if at.reading.has(act)))


def _keep(plan: Plan, at: Situation) -> Plan:
    return replace(plan, keep=at.told, corrects=at.reading.has("correct"))


def _corrects_without_value(at: Situation) -> bool:
    return at.reading.has("correct") and not any(one.value is not None for one in at.reading.told) and at.reading.taken_back != ""


def _asks(at: Situation) -> bool:
    if at.reading.has("ask"):
        reading = at.reading
        states = at.in_task and bool(at.told) and reading.sure("inform") > reading.sure("ask") and not is_question(reading.text)
        return not states
    return at.names_entry and not at.reading.has(*_TELLING, "begin", "cancel", "restart", "back", "review", "result", "handover")


def _is_not_covered(at: Situation) -> bool:
    answers = any(one.slot == at.asked and one.value is not None for one in at.told)
    return at.reading.has("outside") and not (at.asked and answers) and not any(map(at.changes, at.told))


def _acknowledges(at: Situation) -> bool:
    return not at.in_task and bool(at.told) and not at.reading.has("ask", "begin", "result")


def _guesses(at: Situation) -> bool:
    """Nothing was understood surely outside a task: it may be a question all the same."""
    return not at.in_task and at.only_guessed and not at.told and not at.reading.has("begin")


def _missed(at: Situation) -> bool:
    """In a task nothing of use was said: no value, no move, no question."""
    if not at.in_task:
        return False
    of_use: tuple[Act, ...] = (
        "ask", "begin", "result", "unknown", "refuse", "cancel", "restart", "back", "review", "why", "clarify", "handover", "outside",
    )  # fmt: skip
    return (
        not at.reading.has(*of_use, *_SOCIAL)
        and not any(one.value is not None for one in at.told)
        and not at.reading.taken_back
        and not at.reading.ambiguous
    )


TABLE: tuple[Row, ...] = (
    Row(
        "yes or no to an offer",
        "申し出への「はい」「いいえ」",
        _answers_offer,
        lambda plan, at: replace(plan, accept=at.reading.has("affirm") or at.reading.has("cancel") or at.only_pleads),
        final=True,
    ),
    Row(
        "a plea to go on",
        "「お願いします」だけ",
        lambda at: at.in_task and at.only_pleads,
        lambda plan, _: replace(plan, result=True),
        final=True,
    ),
    Row("greeting, thanks, small talk", "あいさつ、お礼、雑談", _has(*_SOCIAL), _social),
    Row(
        "more of the answer",
        "回答の続き",
        lambda at: not at.in_task and bool(at.conversation.subject.entry) and follow_up(at.reading.text) != "none",
        lambda plan, _: replace(plan, answer=True),
        final=True,
    ),
    Row("a person is wanted", "人に聞きたい", _has("handover"), lambda plan, _: replace(plan, move="handover"), final=True),
    Row("stop", "やめる", _has("cancel"), lambda plan, _: replace(plan, move="cancel")),
    Row("from the beginning", "最初から", _has("restart"), lambda plan, _: replace(plan, move="restart")),
    Row("the question before", "前の質問に戻る", _has("back"), lambda plan, _: replace(plan, move="back")),
    Row("what was told", "うかがった内容の確認", _has("review"), lambda plan, _: replace(plan, move="review")),
    Row(
        "a correction without the new value",
        "訂正（新しい内容はまだ）",
        _corrects_without_value,
        lambda plan, at: replace(plan, corrects=True, change=at.reading.taken_back),
    ),
    Row("facts", "事業の内容", lambda at: bool(at.told), _keep),
    Row(
        "not known",
        "わからない",
        lambda at: at.reading.has("unknown") and bool(at.asked),
        lambda plan, _: replace(plan, leave="unknown"),
    ),
    Row(
        "not told",
        "答えたくない",
        lambda at: at.reading.has("refuse") and bool(at.asked),
        lambda plan, _: replace(plan, leave="refuse"),
    ),
    Row(
        "a task",
        "手続きの希望",
        lambda at: bool(at.reading.begin),
        lambda plan, at: replace(plan, begin=at.reading.begin, also=at.reading.also),
    ),
    Row(
        "why is it asked",
        "なぜ聞くのか",
        lambda at: at.reading.has("why") and at.in_task,
        lambda plan, _: replace(plan, explain="why"),
    ),
    Row(
        "what is meant",
        "質問の意味",
        lambda at: at.reading.has("clarify") and at.in_task,
        lambda plan, _: replace(plan, explain="clarify"),
    ),
    Row("a question", "質問", _asks, lambda plan, _: replace(plan, answer=True)),
    Row(
        "a question about the question, outside a task",
        "質問（手続きの外）",
        lambda at: at.reading.has("clarify", "why") and not at.in_task,
        lambda plan, _: replace(plan, answer=True),
    ),
    Row("not covered", "扱わないこと", _is_not_covered, lambda plan, _: replace(plan, outside=True)),
    Row(
        "the result of what was offered",
        "申し出た手続きの結果の希望",
        lambda at: at.reading.has("result") and not at.in_task and at.conversation.offer.kind == "begin" and not at.reading.begin,
        lambda plan, at: replace(plan, begin=at.conversation.offer.task),
    ),
    Row("the result", "結果の希望", _has("result"), lambda plan, _: replace(plan, result=True)),
    Row("facts outside a task", "手続きの外で聞いた内容", _acknowledges, lambda plan, _: replace(plan, acknowledge=True)),
    Row("only a guess", "確かには読み取れない", _guesses, lambda plan, _: replace(plan, answer=True, social=())),
    Row("nothing understood", "読み取れない", _missed, lambda plan, _: replace(plan, missed=True)),
)


def decide(conversation: Conversation, reading: Reading) -> Plan:
    """The plan for an utterance; ``why`` names the rows that made it, in their order."""
    at = Situation(conversation, reading)
    plan = Plan()
    for row in TABLE:
        if row.when(at):
            plan = replace(row.then(plan, at), why=(*plan.why, row.name))
            if row.final:
                break
    return plan
