"""What is known about a user's business, whichever dialog or sentence told it."""

from __future__ import annotations

import re
from datetime import datetime

from bot.dialogs import catalog, engine, moves, state, wording
from bot.dialogs.catalog import common
from bot.dialogs.declaration import Slot
from bot.dialogs.flow import EVENT
from bot.dialogs.hearing import Hearing, hear
from bot.dialogs.showing import fact, shown
from bot.knowledge.base import KnowledgeBase
from bot.nlp.normalize import fold
from bot.talk.conversation import Conversation
from bot.talk.replies import Block, Button, Reply, say
from bot.talk.taken import Step

FACTS: tuple[Slot, ...] = (
    common.MUNICIPALITY,
    common.ENTITY,
    common.INDUSTRY,
    common.EMPLOYEES,
    common.CAPITAL,
    common.COUNTRY,
)
_NUMBERS = (common.INDUSTRY, common.EMPLOYEES, common.CAPITAL)
_OWN = re.compile(
    r"うち[はもの、]|当社|弊社|わが社|我が社|私[はもの、]|わたし[はも]|(?:やって|営んで|経営して)(?:い)?ます|です(?:が|けど|。|、|$)"
)
"""Marks of speaking about one's own business."""

_ONE_FACT = 20
"""Characters up to which a sentence with a number of employees or a capital tells just that."""

_STATED = re.compile(r"(?:です|でした|人|名|円|なし)[。!]?$")

_ONLY_FORM = re.compile(r"^(?:うちは|私は)?(?:個人(?:事業主?)?|法人|(?:株式|合同|有限)?会社)(?:です|でやっています)?[。!]*$")

_NOTHING = "まだ何もうかがっていません。「台東区の製造業、従業員15人です」のように送っていただくと、覚えておきます。"
_SHOWN = "うかがった内容です。直すときは、正しい内容をそのまま送ってください（例：「従業員は20人です」）。"
_CHANGED = "「{label}」を消しました。新しい内容をそのまま送ってください。{hint}"


def show(kb: KnowledgeBase, conversation: Conversation) -> Step:
    """``/profile``: every fact, with a button each to change it."""
    known = [(slot, value) for slot in FACTS if (value := state.shared_value(conversation, slot.id)) is not None]
    if not known:
        return Step(conversation, (say(_NOTHING),))
    lines = tuple(f"・{slot.label}：{shown(kb, slot, value)}" for slot, value in known)
    buttons = tuple(Button(f"{slot.label}を消す", f"p:{slot.id}") for slot, _ in known)
    return Step(conversation, (Reply((Block("text", (_SHOWN,)), Block("facts", lines)), buttons),))


def facts(kb: KnowledgeBase, conversation: Conversation) -> tuple[str, ...]:
    """Every fact that is known, as a line."""
    known = ((slot, state.shared_value(conversation, slot.id)) for slot in FACTS)
    return tuple(f"{slot.label}：{shown(kb, slot, value)}" for slot, value in known if value is not None)


def change(kb: KnowledgeBase, conversation: Conversation, slot_id: str) -> Step:
    """Forget one fact, so that another can be told."""
    slot = next((one for one in FACTS if one.id == slot_id), None)
    if slot is None:
        return show(kb, conversation)
    return Step(state.unshare(conversation, slot_id), (say(_CHANGED.format(label=slot.label, hint=slot.hint)),))


def noticed(kb: KnowledgeBase, conversation: Conversation, text: str, now: datetime) -> Conversation:
    """The conversation with what a text tells of the user's own business, whatever else it asks."""
    if not _OWN.search(fold(text)):
        return conversation
    for slot, value in hear(_NUMBERS, text, Hearing(kb, now.date(), conversation.entity, only_marked=True)).items():
        conversation = state.share(conversation, slot, value)
    return conversation


def introduced(kb: KnowledgeBase, conversation: Conversation, text: str, now: datetime, *, at_least: int = 2) -> Step | None:
    """Facts that a sentence tells without asking anything; ``None`` when it is something else, or tells fewer."""
    if engine.asks(text):
        return None
    heard = hear(FACTS, text, Hearing(kb, now.date(), conversation.entity, only_marked=True))
    corrected = moves.corrects(text) and any(state.shared_value(conversation, slot) is not None for slot in heard)
    own = bool(_OWN.search(fold(text))) or "employees" in heard or "capital" in heard
    told = own and len(heard) >= at_least and any(slot not in ("municipality", "entity") for slot in heard)
    one_fact = len(text) <= _ONE_FACT and bool(_STATED.search(fold(text))) and bool({"employees", "capital"} & set(heard))
    only_form = "entity" in heard and bool(_ONLY_FORM.match(fold(text)))
    if not (corrected or told or ((one_fact or only_form) and at_least <= 2)):
        return None
    lines = []
    for slot in FACTS:
        if slot.id in heard:
            conversation = state.share(conversation, slot.id, heard[slot.id])
            lines.append(fact(kb, slot, heard[slot.id]))
    if "country" in heard or "輸出" in text or "海外" in text:
        dialog = catalog.find("roadmap")
        if dialog is not None:
            return engine.start(kb, conversation, dialog, text, now)
    if "借り" in text or "融資" in text:
        dialog = catalog.find("loan")
        if dialog is not None:
            return engine.start(kb, conversation, dialog, text, now)
    buttons = tuple(Button(wording.OPEN_BUTTON.format(title=dialog.title), f"d:{dialog.id}") for dialog in catalog.DIALOGS[:4])
    return Step(conversation, (say(wording.FACTS_LEARNT.format(facts="、".join(lines)), buttons=buttons),), (EVENT,))
