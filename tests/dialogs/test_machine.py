"""Random users: any message, any button, old buttons too, with the state saved and read again in between."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from pydantic import TypeAdapter

from bot.dialogs import agenda
from bot.knowledge.base import KnowledgeBase
from bot.step import step
from bot.talk.conversation import Conversation
from bot.talk.replies import Button, Reply
from bot.talk.turns import Forwarded, Pressed, Said, Sent, Started, Turn

STATE = TypeAdapter(Conversation)
COMMANDS = ["/start", "/help", "/profile", "/documents", "/branch"]
MOVES = [
    "戻る",
    "やめる",
    "はい",
    "いいえ",
    "最初から",
    "今どこ？",
    "なぜ聞くの？",
    "わからない",
    "スキップ",
    "結果を教えて",
    "続きから",
]
FACTS = [
    "台東区です", "従業員は20人です", "やっぱり渋谷区です", "資本金1000万円", "製造業です", "500万円", "24か月", "区分5", "均等",
    "一括", "タイに輸出したい", "計画はまだありません", "拠点はありません", "海外に工場があります", "展示会に出たい", "ない", "はい、あります",
    "来月末", "融資が実行されました", "取引先が倒産した", "創業10年です", "25%", "2倍", "NPO法人です", "なし", "0", "１億２千万",
]  # fmt: skip
QUESTIONS = [
    "保証料って何ですか？",
    "台東区の窓口は？",
    "責任共有制度とは",
    "明日の天気は？",
    "ありがとう",
    "バカ",
    "限度額は？",
    "もっと詳しく",
]
NOISE = ["あああ", "qwe", "😀", "？？？", "a" * 300, "どうしようかなあと思って", "　", "<b>", "{{x}}"]


class RandomUser(RuleBasedStateMachine):
    """Checks after every turn what must hold for every conversation."""

    kb: KnowledgeBase

    def __init__(self) -> None:
        super().__init__()
        self.conversation = Conversation()
        self.now = datetime.fromisoformat("2026-11-23T10:00:00+09:00")
        self.old_buttons: list[Button] = []
        self.last_dialog_text = ""

    @rule(number=st.integers(min_value=0))
    def commands(self, number: int) -> None:
        known = [*COMMANDS, *(f"/{dialog.command}" for dialog in self.kb.content.dialogs)]
        self.take(Said(known[number % len(known)]))

    @rule(text=st.sampled_from(MOVES))
    def moves(self, text: str) -> None:
        self.take(Said(text))

    @rule(texts=st.lists(st.sampled_from(FACTS), min_size=1, max_size=3))
    def facts(self, texts: list[str]) -> None:
        self.take(Said("、".join(texts)))

    @rule(text=st.sampled_from(QUESTIONS + NOISE))
    def asks_or_babbles(self, text: str) -> None:
        self.take(Said(text))

    @rule(text=st.text(max_size=60))
    def types_anything(self, text: str) -> None:
        self.take(Said(text))

    @rule(turn=st.sampled_from([Started(), Started("e_gone"), Sent("photo"), Forwarded("/forget"), Forwarded("従業員は3人です")]))
    def does_something_else(self, turn: Turn) -> None:
        self.take(turn)

    @precondition(lambda self: self.conversation.buttons)
    @rule(number=st.integers(min_value=0))
    def presses(self, number: int) -> None:
        buttons = self.conversation.buttons
        self.take(Pressed(buttons[number % len(buttons)].action))

    @precondition(lambda self: self.old_buttons)
    @rule(number=st.integers(min_value=0))
    def presses_an_old_button(self, number: int) -> None:
        self.take(Pressed(self.old_buttons[number % len(self.old_buttons)].action))

    @rule(hours=st.sampled_from([1, 24, 24 * 40]))
    def waits(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule()
    def the_process_restarts(self) -> None:
        self.conversation = STATE.validate_json(STATE.dump_json(self.conversation))

    def take(self, turn: Turn) -> None:
        """One turn, and what must hold after it."""
        taken = step(self.kb, self.conversation, turn, self.now)
        self.conversation = taken.conversation
        self.old_buttons = [*self.old_buttons, *self.conversation.buttons][-200:]
        assert taken.replies
        assert all(reply.text.strip() for reply in taken.replies)
        assert all(1 <= len(button.action.encode()) <= 64 for reply in taken.replies for button in reply.buttons)
        if isinstance(turn, Forwarded) or (isinstance(turn, Pressed) and turn.action.startswith(("f:", "menu"))):
            self.last_dialog_text = ""  # what is passed on stands between
        else:
            self._never_the_same_question_twice(taken.replies)
        self._facts_and_tasks_are_consistent()

    def _never_the_same_question_twice(self, replies: tuple[Reply, ...]) -> None:
        task, asked = self.conversation.task, self.conversation.asked.slot
        text = replies[-1].text if task is not None and asked and not task.done else ""
        assert not text or text != self.last_dialog_text
        self.last_dialog_text = text

    def _facts_and_tasks_are_consistent(self) -> None:
        slots = self.kb.content.slots
        assert len(self.conversation.tasks) <= agenda.MOST_OPEN
        assert len({task.id for task in self.conversation.tasks}) == len(self.conversation.tasks)
        assert set(self.conversation.facts) <= set(slots)
        for slot, fact in self.conversation.facts.items():
            assert fact.value is not None
            assert isinstance(fact.value, tuple) == (slots[slot].kind == "choices")
        for task in self.conversation.tasks:
            dialog = agenda.dialog_of(self.kb, task.id)
            assert dialog is not None
            known = {slot.id for slot in dialog.slots}
            assert {*task.open_, *task.order} <= known
            assert len(set(task.open_)) == len(task.open_)
            assert agenda.result(self.kb, dialog, self.conversation, self.now).head
            if task.done:
                assert not agenda.remaining(dialog, task, self.conversation).ask


def test_random_users_never_get_stuck(kb: KnowledgeBase) -> None:
    """Some 2,000 turns a run."""
    RandomUser.kb = kb
    run_state_machine_as_test(
        RandomUser,
        settings=settings(
            max_examples=40,
            stateful_step_count=50,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            phases=(Phase.generate,),  # shrinking a failure would take longer than the whole suite
        ),
    )
