"""The guarantee corporation's branch for a place: whether a question asks for it, and the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.advisor.asking import DESK_PARTS, asked_parts
from bot.advisor.unknown import unknown
from bot.knowledge.base import BRANCH_OF_WARD, KnowledgeBase
from bot.knowledge.entries import Entry, Municipality
from bot.knowledge.locating import locate
from bot.knowledge.places import Place
from bot.knowledge.search import Hit
from bot.nlp.normalize import fold
from bot.talk import phrases
from bot.talk.conversation import Conversation, Fact
from bot.talk.replies import Answered, Block, Button, Found, Reply, say
from bot.talk.taken import Step
from bot.understanding.parts import likelihoods
from bot.understanding.weights import shipped

_MOST_PLACES = 12
"""Municipalities offered as buttons; beyond that the user is asked to type one."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a message with what was read from it; ``doubt`` is how likely it is about something that is not covered."""

    text: str
    places: tuple[Place, ...]
    doubt: float = 0.0


def own_branch(kb: KnowledgeBase, conversation: Conversation, question: str, now: datetime) -> Step:
    """The branch for the user's own ward, or the question for it."""
    municipality = kb.municipality(conversation.municipality)
    if municipality is not None:
        return branch_of(kb, conversation, municipality, question, now)
    following = conversation.about(BRANCH_OF_WARD, question)
    rule = kb.entry(BRANCH_OF_WARD)
    found = (Found(BRANCH_OF_WARD, rule.name, 1.0),) if rule else ()
    return Step(following, (say(*phrases.ASK_WARD),), (Answered("answer", found, 1.0),))


def branch_of(kb: KnowledgeBase, conversation: Conversation, municipality: Municipality, question: str, now: datetime) -> Step:
    """The branch in charge of a municipality, led by what was asked (FAX, address …)."""
    branch = kb.branch(municipality)
    if branch is None or branch.desk is None:
        return unknown(kb, conversation, question, (), 0.0)
    wanted = asked_parts(question, kb.parts, (municipality.name, branch.name))
    desk = branch.desk
    lines = {
        "phone": "TEL " + "、".join(str(line) for line in desk.phones),
        "fax": f"FAX {desk.fax}",
        "address": f"〒{desk.postcode} {desk.address}",
        "area": f"担当地域：{desk.serves}",
    }
    if "hours" in wanted and desk.hours:
        lines["hours"] = f"受付時間：{desk.hours}"
    order = [*(part for part in wanted if part in lines), *(part for part in lines if part not in wanted)]
    head = Block("title", (f"{municipality.name}の担当は、東京信用保証協会 {branch.name}です。",))
    facts = Block("facts", tuple(f"▪ {lines[part]}" for part in order))
    note = Block("note", (phrases.RULE_OF_WARD,))
    source = branch.sources[0].source
    cited = Block("source", (f"出典：{source.title}（{source.as_of_label}）",))
    following = conversation.about(branch.id, question, (), branch.related)
    if not conversation.municipality:
        following = following.keep("municipality", Fact(municipality.name, now.isoformat()))
    found = (Found(branch.id, branch.name, 1.0),)
    return Step(following, (Reply((head, facts, note, cited)),), (Answered("answer", found, 1.0),))


_DESK = 0.08
"""Probability of asking for a desk from which a place in the text is where somebody looks for one."""

_DESK_WORDS = ("支店", "窓口", "担当", "管轄", "保証協会", "相談先", "相談")
"""Words that speak of a desk, beside those that ask for a part of one (電話, 住所 …)."""


def asks_for_desk(kb: KnowledgeBase, text: str) -> bool:
    """Whether a text speaks of a branch, desk or how to reach one."""
    folded = fold(text)
    return any(word in folded for word in _DESK_WORDS) or bool(DESK_PARTS & set(asked_parts(text, kb.parts)))


def _likely_for_desk(kb: KnowledgeBase, text: str) -> float:
    """How likely a text asks for a desk, whatever words stand in it: who tells where the shop is may ask for something else."""
    likely = likelihoods(text, shipped().arrays, kb.encoder)
    return sum(likely.get(part, 0.0) for part in DESK_PARTS)


def branch_question(
    kb: KnowledgeBase, conversation: Conversation, question: Question, hits: Sequence[Hit], now: datetime
) -> Step | None:
    """The branch, when a place is said and nothing but a desk is asked for."""
    if not question.places or not asks_for_desk(kb, question.text) or _is_about_something_else(kb, hits, question):
        return None
    if _likely_for_desk(kb, question.text) < _DESK:
        return None
    folded = fold(question.text)
    located = locate(folded, question.places, conversation.entity)
    if located.outside and not concerns(kb.entry(hits[0].id) if hits else None, located.outside):
        event = Answered("unknown", (), 1.0, question.text)
        return Step(conversation, (say(phrases.OUTSIDE.format(place=located.outside)),), (event,))
    if located.municipality is not None:
        return branch_of(kb, conversation, located.municipality, question.text, now)
    return which_place(kb, conversation, question, located.candidates, now)


def concerns(entry: Entry | None, place: str) -> bool:
    """Whether an entry speaks of a place outside Tokyo itself."""
    return entry is not None and place in fold("\n".join((entry.text, *entry.questions)))


def which_place(
    kb: KnowledgeBase, conversation: Conversation, question: Question, candidates: Sequence[Municipality], now: datetime
) -> Step:
    """Which of several municipalities is meant, where they have different branches."""
    branches = {one.branch for one in candidates}
    if len(branches) == 1 and len(candidates) > 1:
        return branch_of(kb, conversation, candidates[0], question.text, now)
    if not candidates or len(candidates) > _MOST_PLACES:
        return own_branch(kb, conversation.drop("municipality"), question.text, now)
    ambiguous = len(question.places) == 1
    text = phrases.WHICH_WARD.format(place=question.places[0].said) if ambiguous else phrases.WHICH_PLACE
    buttons = tuple(Button(one.name, f"ward:{one.name}") for one in candidates)
    following = conversation.drop("municipality").about("", question.text)
    return Step(following, (say(text, buttons=buttons),), (Answered("choices", (), 0.5),))


def _is_about_something_else(kb: KnowledgeBase, hits: Sequence[Hit], question: Question) -> bool:
    """Whether the best entry is named in the question and is no branch of the corporation."""
    branches = {one.branch for one in kb.content.municipalities} | {BRANCH_OF_WARD, "tanto-chiiki"}
    named = [one for one in kb.index.named(question.text) if one not in branches and one not in _GUARANTEE_ITSELF]
    if named or organisations_named(kb, question.text):
        return True
    best = hits[0] if hits else None
    if best is None or best.id in branches or best.id in _GUARANTEE_ITSELF:
        return False
    return best.evidence.name >= 0.75


def organisations_named(kb: KnowledgeBase, text: str) -> set[str]:
    """The organisations with desks of their own that a text names, apart from the guarantee corporation and the public offices."""
    folded = fold(text)
    return {
        organisation
        for organisation, words in kb.content.organisation_words.items()
        if organisation not in _OF_EVERY_WARD and any(len(word) >= 2 and fold(word) in folded for word in words)
    }


_OF_EVERY_WARD = {"tgc", "tokyo", "municipality", "prefecture"}
"""Organisations whose desk for a ward is what the branch, or the ward itself, answers."""

_GUARANTEE_ITSELF = {"tgc-about", "tgc-honten", "tgc-profile", "ward-office"}
