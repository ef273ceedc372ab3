"""Answers typed text: places, several questions at once, follow-ups, then search and its three outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from bot.advisor import scope
from bot.advisor.asking import DESK_PARTS, asked_parts, only_points, split_questions, without_cues
from bot.advisor.branches import (
    Question,
    branch_of,
    branch_question,
    concerns,
    own_branch,
)
from bot.advisor.comparing import comparison
from bot.advisor.compose import Asker, compose
from bot.advisor.judging import judge
from bot.advisor.outcome import MAX_CHOICES, SURE, Outcome
from bot.advisor.pointing import WHOLE_PARTS
from bot.advisor.unknown import unknown
from bot.knowledge.base import BOUNDARY, BRANCH_OF_WARD, TALK, KnowledgeBase
from bot.knowledge.citing import summary_line
from bot.knowledge.entries import Entry
from bot.knowledge.places import Place
from bot.knowledge.search import Hit
from bot.nlp.normalize import fold
from bot.nlp.tokenizer import content_tokens
from bot.talk import phrases
from bot.talk.acts import Reading
from bot.talk.conversation import Conversation
from bot.talk.replies import Answered, Block, Button, Found, Reply, say
from bot.talk.screen import LINES
from bot.talk.taken import Step

NONE = Button(phrases.NONE_OF_THESE, "none")
_COMPARING = ("違い", "ちがい", "比較", "比べ", "どっち", "どちら", "差は", "vs", "versus", "同じ")
_LONGEST_LABEL = 38
_MOST_AT_ONCE = 3
_JOINING = frozenset({"と", "や", "、", ",", "・", "及び", "および", "も", "とか", "&", "+", "と、", "または"})
"""What joins two names that are both asked about."""

_QUOTES = " 「」『』()"

_HALF = LINES // 2 - 1
"""Lines of each of two answers side by side."""


def to_text(kb: KnowledgeBase, conversation: Conversation, text: str, reading: Reading, now: datetime) -> Step:
    """Answer a message of one or several questions."""
    places, doubt = _places(kb, text), reading.sure("outside")
    if len(split_questions(text)) == 1:
        # Before the places are taken for the user's own: who compares with another ward has not moved there.
        compared = _compared(kb, conversation, Question(text, places), now)
        if compared is not None:
            return compared
    followed = _follow_up(kb, conversation, text, now)
    if followed is not None:
        return followed
    if not places and only_points(text, kb.parts):
        if conversation.municipality:
            return own_branch(kb, conversation, text, now)
        return Step(conversation, (say(phrases.WHICH_ONE),), (Answered("unknown", (), 0.0, text),))
    several = _several(kb, conversation, text, doubt, now)
    if several is not None:
        return several
    return _single(kb, conversation, Question(text, places, doubt), now)


def about(kb: KnowledgeBase, conversation: Conversation, entry: Entry, question: str, now: datetime) -> Step:
    """The answer about a given entry."""
    reply = _composed(kb, conversation, entry, question, now)
    found = (Found(entry.id, entry.name, 1.0),)
    following = conversation.about(entry.id, question, reply.more, entry.related)
    return Step(following, (reply,), (Answered("answer", found, 1.0),))


def listing(kb: KnowledgeBase, conversation: Conversation, words: str) -> Step:
    """The nearest entries for words, as buttons (``/search``)."""
    entries = [entry for hit in kb.search(words, 12) if (entry := kb.entry(hit.id)) is not None][:6]
    following = conversation.about(conversation.subject.entry, words)
    return Step(following, (choice_reply(phrases.LISTING.format(words=words[:40]), entries),))


def choice_reply(text: str, entries: Sequence[Entry]) -> Reply:
    """Entries to choose from, each with a line that tells it from the others."""
    lines = tuple(f"・{entry.name}：{summary_line(entry)}" for entry in entries)
    return Reply((Block("text", (text,)), Block("facts", lines)), (*map(entry_button, entries), NONE))


def entry_button(entry: Entry) -> Button:
    label = entry.name if len(entry.name) <= _LONGEST_LABEL else f"{entry.name[: _LONGEST_LABEL - 1]}…"
    return Button(label, f"e:{entry.id}")


def related(kb: KnowledgeBase, entry_id: str, most: int = 2) -> tuple[Button, ...]:
    entry = kb.entry(entry_id)
    return tuple(entry_button(one) for one in kb.entries(entry.related)[:most]) if entry else ()


def _places(kb: KnowledgeBase, text: str) -> tuple[Place, ...]:
    """Places in a text; one that is part of a branch's name (上野支店) says nothing about the user."""
    branches = {one.branch for one in kb.content.municipalities}
    names = [fold(entry.name) for entry in kb.entries(kb.index.named(text)) if entry.id in branches]
    return tuple(place for place in kb.gazetteer.find(text) if not any(place.said in name for name in names))


def _follow_up(kb: KnowledgeBase, conversation: Conversation, text: str, now: datetime) -> Step | None:
    """「限度額は？」 after an answer means that entry, when nothing else is named."""
    entry = kb.entry(conversation.subject.entry)
    if entry is None:
        return None
    parts = [part for part in asked_parts(text, kb.parts) if part != "summary"]
    if not parts or _says_more_than_cues(kb, text):
        return None
    if entry.id == BRANCH_OF_WARD or entry.id in {one.branch for one in kb.content.municipalities}:
        municipality = kb.municipality(conversation.municipality)
        if municipality is not None and DESK_PARTS & set(parts):
            return branch_of(kb, conversation, municipality, text, now)
    has = any(entry.section(one) for part in parts for one in (part, *(one for one in kb.part(part).also if one in WHOLE_PARTS)))
    reachable = entry.contacts and set(parts) & {"phone", "where", "web", "address"}
    return about(kb, conversation, entry, text, now) if has or reachable else None


def _says_more_than_cues(kb: KnowledgeBase, text: str) -> bool:
    """Whether content words are left when the words that ask for parts are taken away."""
    return bool(content_tokens(without_cues(text, kb.parts)))


def _several(kb: KnowledgeBase, conversation: Conversation, text: str, doubt: float, now: datetime) -> Step | None:
    """Each of several questions answered in turn; ``None`` when the message is really one question."""
    pieces = split_questions(text)
    if len(pieces) == 1:
        entries = _side_by_side(kb, text)
        if len(entries) < 2 or any(word in fold(text) for word in _COMPARING):
            return None
        return _together(kb, conversation, [about(kb, conversation, entry, text, now) for entry in entries[:_MOST_AT_ONCE]], now)
    steps: list[Step] = []
    current = conversation
    for piece in _by_subject(kb, pieces)[:_MOST_AT_ONCE]:
        question = Question(piece, _places(kb, piece), doubt)
        taken = _follow_up(kb, current, piece, now) or _single(kb, current, question, now)
        steps.append(taken)
        current = replace(taken.conversation, facts=conversation.facts)
    if len(steps) == 1:
        return None
    kinds = {event.kind for one in steps for event in one.events}
    if kinds == {"answer", "unknown"}:
        return _partly(kb, conversation, steps, _single(kb, conversation, Question(text, _places(kb, text), doubt), now))
    return _together(kb, conversation, steps, now) if kinds == {"answer"} else None


def _by_subject(kb: KnowledgeBase, pieces: Sequence[str]) -> list[str]:
    """The questions of a message, those about one entry as one; what alone finds nothing is about what was asked before (いくらかかりますか)."""
    found: list[tuple[str, str]] = []
    for piece in pieces:
        outcome = judge(kb, piece).outcome
        best = outcome.hits[0].id if outcome.kind == "answer" else ""
        last = found[-1] if found else None
        alone = scope.barred(kb, piece) is not None or bool(kb.gazetteer.find(piece))
        if last is not None and last[0] and best in ("", last[0]) and not alone:
            found[-1] = (last[0], f"{last[1]} {piece}")
        else:
            found.append((best, piece))
    return [piece for _, piece in found]


def _side_by_side(kb: KnowledgeBase, text: str) -> list[Entry]:
    """Entries whose names stand beside each other in a text (AとBの電話), so that both are asked about."""
    folded = fold(text)
    spans = []
    for entry in kb.entries(kb.index.named(text)):
        said = max((name for name in map(fold, (entry.name, *entry.aliases)) if name in folded), key=len, default="")
        if said:
            start = folded.index(said)
            spans.append((start, start + len(said), entry))
    spans.sort(key=lambda one: one[0])
    beside = all(folded[earlier[1] : later[0]].strip(_QUOTES) in _JOINING for earlier, later in pairwise(spans))
    return [entry for _, _, entry in spans] if beside else []


def _together(kb: KnowledgeBase, conversation: Conversation, steps: Sequence[Step], now: datetime) -> Step | None:
    """Answers one below the other, each the shorter the more there are; ``None`` where all are about one entry."""
    found = tuple(found for one in steps for event in one.events for found in event.entries[:1])
    if len({one.id for one in found}) < 2:
        return None
    room = LINES // len(steps) + 2
    replies = tuple(_shortened(kb, conversation, one, now, room) for one in steps)
    sure = min(event.confidence for one in steps for event in one.events)
    last = steps[-1].conversation
    return Step(
        last.about(last.subject.entry, last.subject.question, (), last.subject.others),
        replies,
        (Answered("answer", found, sure),),
    )


def _partly(kb: KnowledgeBase, conversation: Conversation, steps: Sequence[Step], whole: Step) -> Step:
    """Some questions of a message can be answered: those are, and of the others it is said that they cannot be.

    What the message as a whole finds is better when that is one of the answers: then the rest only told the story.
    """
    answered = {event.entries[0].id for one in steps for event in one.events if event.entries}
    if any(event.kind == "answer" and event.entries[0].id in answered for event in whole.events):
        return whole
    if max(event.confidence for one in steps for event in one.events if event.kind == "answer") < SURE:
        return whole
    last = next(one for one in reversed(steps) if one.events and one.events[0].kind == "answer")
    replies = tuple(reply for one in steps for reply in one.replies)
    events = sorted((event for one in steps for event in one.events), key=lambda event: event.kind != "answer")
    following = replace(last.conversation, facts=conversation.facts)
    return Step(following, replies, tuple(events))


def _shortened(kb: KnowledgeBase, conversation: Conversation, taken: Step, now: datetime, room: int) -> Reply:
    entry = kb.entry(taken.conversation.subject.entry)
    if entry is None or not taken.replies[0].more:
        return taken.replies[0]
    reply = _composed(kb, conversation, entry, taken.conversation.subject.question, now, room)
    return replace(reply, buttons=(entry_button(entry),), more=())


def _single(kb: KnowledgeBase, conversation: Conversation, question: Question, now: datetime) -> Step:
    """One question: small talk and outside subjects, the branch for a place, or an entry."""
    compared = _compared(kb, conversation, question, now)
    if compared is not None:
        return compared
    judged = judge(kb, question.text)
    hits, outcome = judged.hits, scope.within(kb, question, judged.outcome)
    barred = scope.barred(kb, question.text)
    if barred is not None:
        event = Answered("unknown", (), 1.0, question.text)
        return Step(conversation.about("", question.text), (say(barred.replies[0]),), (event,))
    located = branch_question(kb, conversation, question, hits, now)
    if located is not None:
        return located
    best = hits[0].id if hits else ""
    if best.startswith(TALK) and (talk := kb.talk(best)) is not None and _is_just(hits[0]):
        reply = talk.replies[conversation.talked % len(talk.replies)]
        following = replace(conversation, talked=conversation.talked + 1)
        return Step(following, (say(reply),), (Answered("smalltalk", (), hits[0].evidence.meaning),))
    if best.startswith(BOUNDARY) and (boundary := kb.boundary(best)) is not None:
        event = Answered("unknown", (), hits[0].evidence.meaning, question.text)
        return Step(conversation.about("", question.text), (say(boundary.replies[0]),), (event,))
    elsewhere = _elsewhere(kb, question, outcome)
    if elsewhere:
        event = Answered("unknown", (), 1.0, question.text)
        return Step(conversation, (say(phrases.OUTSIDE.format(place=elsewhere)),), (event,))
    if outcome.kind == "unknown":
        return unknown(kb, conversation, question.text, judged.entries, outcome.confidence)
    if outcome.kind == "choices":
        return _offer(kb, conversation, question.text, outcome)
    if outcome.kind == "either":
        return _either(kb, conversation, question.text, outcome, now)
    entry = kb.content.entries[outcome.hits[0].id]
    some_branch = entry.id in {one.branch for one in kb.content.municipalities} and entry.id not in kb.index.named(question.text)
    if (some_branch and not question.places) or (entry.id == BRANCH_OF_WARD and conversation.municipality):
        return own_branch(kb, conversation, question.text, now)
    return _answer(kb, conversation, entry, question.text, outcome, now)


_NAMED = 0.9
"""Confidence from which a text that names an entry is answered although it seems to be about something else."""


_SURER = 0.2
"""How much surer the search must be of an entry than it is that the text is not covered, to answer it all the same."""

_EXAMPLE = 0.95
"""Likeness to a known question from which a text is that question."""

_ASKED = 0.2
"""Probability of being a question from which what is not covered may still be one for a person."""


def outside(kb: KnowledgeBase, conversation: Conversation, text: str, reading: Reading, now: datetime) -> Step:
    """The kind refusal of what is not covered: by what it is about where that is known, with where to turn.

    A text that names an entry, and of which the search is sure, is answered all the same, and one that staff gave as an example; so is
    one that the search is surer of than it is that the text is about something else.
    """
    judged = judge(kb, text)
    best = judged.outcome
    said = kb.gazetteer.find(text)
    if any(one.municipalities for one in said) and len(list(said)) > 1:
        return to_text(kb, conversation, text, reading, now)
    evidence = best.hits[0].evidence if best.hits else None
    named = any(kb.entry(one) is not None for one in kb.index.named(text))
    sure = (best.confidence >= _NAMED and named) or best.confidence >= reading.sure("outside") + _SURER
    if best.kind == "answer" and evidence is not None and (sure or evidence.phrase >= _EXAMPLE):
        return to_text(kb, conversation, text, reading, now)
    if reading.outside:
        refusal = phrases.OUTSIDE.format(place=reading.outside)
    else:
        boundary = next((found for hit in judged.hits[:3] if (found := kb.boundary(hit.id)) is not None), None)
        if boundary is None and reading.sure("ask") >= _ASKED:
            return unknown(kb, conversation, text, judged.entries, best.confidence)
        refusal = boundary.replies[0] if boundary is not None else phrases.NOT_COVERED
    return Step(conversation.about("", text), (say(refusal),), (Answered("unknown", (), reading.sure("outside"), text),))


def _compared(kb: KnowledgeBase, conversation: Conversation, question: Question, now: datetime) -> Step | None:
    return comparison(kb, conversation, question, Asker(kb.municipality(conversation.municipality), now))


def _is_just(hit: Hit) -> bool:
    """Whether the question says little else than a sentence that is known."""
    return max(hit.evidence.phrase, hit.evidence.meaning) >= 0.6


def _answer(kb: KnowledgeBase, conversation: Conversation, entry: Entry, question: str, outcome: Outcome, now: datetime) -> Step:
    reply = _composed(kb, conversation, entry, question, now)
    found = _found(kb, outcome)
    others = tuple(dict.fromkeys([*entry.related, *(hit.id for hit in outcome.hits[1:])]))[:MAX_CHOICES]
    following = conversation.about(entry.id, question, reply.more, others)
    event = Answered("unknown" if entry.known else "answer", found, outcome.confidence, question if entry.known else "")
    return Step(following, (reply,), (event,))


def _composed(
    kb: KnowledgeBase, conversation: Conversation, entry: Entry, question: str, now: datetime, screen: int = LINES
) -> Reply:
    asker = Asker(kb.municipality(conversation.municipality), now)
    reply = compose(entry, question, kb, asker, screen=screen)
    if BRANCH_OF_WARD in entry.contacts and not conversation.municipality:
        reply = reply.with_buttons(Button("担当支店を調べる", "branch"))
    if entry.kind == "checklist":
        reply = reply.with_buttons(Button("チェックリストにする", f"l:{entry.id}"))
    dialog = next((one for one in kb.content.dialogs if entry.id in one.near), None)
    if dialog is not None:
        reply = reply.with_buttons(Button(f"{dialog.title}を始める", f"d:{dialog.id}"))
    return reply


def _offer(kb: KnowledgeBase, conversation: Conversation, question: str, outcome: Outcome) -> Step:
    entries = kb.entries(hit.id for hit in outcome.hits)
    following = conversation.about("", question, (), tuple(entry.id for entry in entries))
    event = Answered("choices", _found(kb, outcome), outcome.confidence, question)
    return Step(following, (choice_reply(phrases.CHOICES, entries),), (event,))


def _either(kb: KnowledgeBase, conversation: Conversation, question: str, outcome: Outcome, now: datetime) -> Step:
    """The two nearest entries, each with a short answer: kinder than asking back when either may be meant."""
    entries = kb.entries(hit.id for hit in outcome.hits)
    asker = Asker(kb.municipality(conversation.municipality), now)
    blocks = [Block("text", (phrases.EITHER,))]
    for entry in entries[:2]:
        short = compose(entry, question, kb, asker, screen=_HALF)
        blocks += [block for block in short.blocks if block.kind != "desk"]
    following = conversation.about(entries[0].id, question, (), tuple(entry.id for entry in entries[2:]))
    event = Answered("answer", _found(kb, outcome), outcome.confidence)
    return Step(following, (Reply(tuple(blocks), (*map(entry_button, entries[:2]), NONE)),), (event,))


def _found(kb: KnowledgeBase, outcome: Outcome) -> tuple[Found, ...]:
    return tuple(Found(hit.id, kb.content.entries[hit.id].name, round(hit.score, 4)) for hit in outcome.hits)


def _elsewhere(kb: KnowledgeBase, question: Question, outcome: Outcome) -> str:
    """The place outside Tokyo that a question is about, unless the answer surely concerns it too."""
    outside = [place.outside for place in question.places if place.outside]
    inside = [place for place in question.places if place.municipalities]
    if not outside or inside:
        return ""
    best = kb.entry(outcome.hits[0].id) if outcome.hits else None
    if best is None:
        return outside[0]
    concerned = outcome.kind in ("answer", "either") and concerns(best, outside[0])
    return "" if concerned else outside[0]
