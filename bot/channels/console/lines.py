"""The console as lines of JSON: ``ask`` (one question a line) and ``chat`` (one turn a line)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from bot.business_days import TOKYO
from bot.dialogs.agenda import dialog_of
from bot.knowledge.base import KnowledgeBase
from bot.nlp.normalize import clean
from bot.step import step
from bot.talk.acts import Setting
from bot.talk.conversation import Conversation
from bot.talk.replies import Answered, Reply
from bot.talk.turns import Forwarded, Pressed, Said, Turn
from bot.understanding.understand import understand
from bot.understanding.utterance import Utterance


def ask(kb: KnowledgeBase, question: str, now: datetime) -> dict[str, object]:
    """One question as a fresh conversation, in the form of ``ask --json``."""
    taken = step(kb, Conversation(), Said(question), now)
    event = taken.events[0] if taken.events else Answered("smalltalk")
    return {
        "question": question,
        "reply": "\n\n".join(map(_whole, taken.replies)),
        "more": "\n\n".join(reply.more_text for reply in taken.replies if reply.more),
        "kind": event.kind,
        "entries": [{"id": one.id, "title": one.title, "score": round(one.score, 4)} for one in event.entries],
        "confidence": round(min(1.0, max(0.0, event.confidence)), 4),
        "why": list(taken.why),
    }


class UnderstandLine(BaseModel):
    """One object that ``understand --json`` reads."""

    model_config = ConfigDict(extra="ignore")

    task: Annotated[str, StringConstraints(max_length=40)] = ""
    asked: Annotated[str, StringConstraints(max_length=40)] = ""
    text: Annotated[str, StringConstraints(max_length=20_000)]


def understood(kb: KnowledgeBase, line: UnderstandLine, now: datetime) -> dict[str, object]:
    """What an utterance means in its setting, in the form of ``understand --json``."""
    today = now.astimezone(TOKYO).date()
    dialog = dialog_of(kb, line.task)
    own = next((slot.id for slot in dialog.slots if slot.learned_as == line.asked), "") if dialog is not None else ""
    setting = Setting(line.task, own or line.asked)
    reading = understand(kb, setting, Utterance.of(kb, clean(line.text), today), today)
    told = {_learned(kb, one.slot): one.value if one.value is not None else one.said for one in reading.told}
    return {
        "text": line.text,
        "acts": list(reading.acts),
        "begin": reading.begin,
        "slots": told,
        "confidence": {act: round(sure, 4) for act, sure in reading.confidence},
    }


def _learned(kb: KnowledgeBase, slot: str) -> str:
    found = kb.content.slots.get(slot)
    return found.learned_as or slot if found is not None else slot


def _whole(reply: Reply) -> str:
    buttons = " ".join(f"[{button.label}]" for button in reply.buttons)
    return f"{reply.text}\n{buttons}" if buttons else reply.text


class ChatLine(BaseModel):
    """One object that ``chat --json`` reads."""

    model_config = ConfigDict(extra="forbid")

    user: Annotated[str | int, "any id"]
    text: Annotated[str, StringConstraints(max_length=20_000)] | None = None
    press: Annotated[str, StringConstraints(max_length=200)] | None = None
    forward: Annotated[str, StringConstraints(max_length=20_000)] | None = None
    at: datetime | None = None


@dataclass
class Chats:
    """Conversations of several users, kept in memory for as long as the console runs."""

    kb: KnowledgeBase
    conversations: dict[str | int, Conversation] = field(default_factory=dict)

    def take(self, line: ChatLine, now: datetime) -> list[Reply]:
        conversation = self.conversations.get(line.user, Conversation())
        taken = step(self.kb, conversation, self._turn(line, conversation), line.at or now)
        self.conversations[line.user] = taken.conversation
        return list(taken.replies)

    @staticmethod
    def _turn(line: ChatLine, conversation: Conversation) -> Turn:
        if line.forward is not None:
            return Forwarded(line.forward)
        if line.press is not None:
            action = next((one.action for one in conversation.buttons if one.label == line.press), "")
            return Pressed(action)
        return Said(line.text or "")


def chat(kb: KnowledgeBase, lines: Iterable[str], now: datetime) -> Iterator[dict[str, object]]:
    """The objects of ``chat --json``, one for each line read."""
    chats = Chats(kb)
    for line in lines:
        if not line.strip():
            continue
        try:
            read = ChatLine.model_validate_json(line)
        except ValidationError as error:
            yield {"error": "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())}
            continue
        yield {
            "user": read.user,
            "replies": [
                {"text": reply.text, "buttons": [button.label for button in reply.buttons], "image": reply.picture is not None}
                for reply in chats.take(read, now)
            ],
        }


def dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
