"""Hears the values that an utterance tells: those that the network finds, and those that words in the text mark."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.dialogs import Dialog, Slot
from bot.knowledge.labels import FAMILIAR, SLOTS, Act
from bot.knowledge.saying import EXCLUDED, OTHER
from bot.nlp.values.dates import Day
from bot.talk.acts import Told
from bot.understanding.deciding import slots_of
from bot.understanding.network import Scores
from bot.understanding.options import by_words
from bot.understanding.spoken import Read
from bot.understanding.stretches import stretch, told_as, untold
from bot.understanding.utterance import Utterance
from bot.understanding.values import chosen, marked, surely_meant, value

_NO_ANSWER = frozenset({"ask", "cancel", "restart", "back", "review", "why", "clarify", "handover", "unknown", "refuse", "thank"})
"""Acts of a text that is no answer to the slot asked, as a whole."""

_LITTLE_BESIDE = 4
"""Signs beside a value in a text that answers what was asked (500万円です)."""

_BARE_DENIAL = (
    "無し",
    "なし",
    "ない",
    "ないです",
    "ありません",
    "無いです",
    "0",
    "ゼロ",
    "ゼロです",
    "なしです",
    "無しです",
    "無い",
)
"""Texts that say that there is none of what was asked."""

_SHORT_WORD = 2
"""Signs of an option's word from which it says the option in a correction that says nothing else."""

_LONG_WORD = 4
"""Signs of an option's word from which it says the option wherever it stands."""

_LONGEST_WISH = 60
"""Signs of a text in which words for a beginning business are taken to be about the user's own."""

_LEFT_OVER = {"yen": "yen", "period": "months", "percent": "percent", "times": "times", "day": "date"}
"""Kinds of slots that a value may be for though no word says so."""

_NUMBERS = ("yen", "months", "rounds", "percent", "times", "number")
"""Kinds of slots of which a number tells only one."""

_NOWHERE = 0.6
"""Probability that a yes or no must have to be heard though no words in particular tell it."""

_CONCEIVABLE = 0.1
"""Probability that a slot must have for a sentence that means one of its options to tell it."""

_POSSIBLE = 0.1
"""Probability that a slot must have to be heard in a text of which nothing else is understood."""


@dataclass(frozen=True)
class Hearing:
    """What is needed to find the values that an utterance tells."""

    kb: KnowledgeBase
    dialogs: tuple[Dialog, ...]
    """The dialog under way, and the one that the utterance opens."""
    asked: Slot | None
    utterance: Utterance
    scores: Scores
    acts: tuple[Act, ...]
    today: date
    entity: str
    known: frozenset[str]

    def told(self) -> list[tuple[Told, Read]]:
        """Every slot that is told: those that the network finds, and those of the dialog that words in the text mark."""
        denied = self._none_of_it()
        if denied is not None:
            return [denied]
        found = _each_for_one(list(self._learned(self._entity_named())))
        stretches = [(one.start, one.end) for one, _ in found]
        by_slot = {one.slot: (one, read) for one, read in found}
        for one, read in self._each_number_once(list(self._marked(stretches))):
            by_slot.setdefault(one.slot, (one, read))
        for one, read in self._left_over([one for one, _ in by_slot.values()]):
            by_slot.setdefault(one.slot, (one, read))
        if set(self.acts) & {"begin", "result"}:
            for one, read in self._place_named():
                by_slot.setdefault(one.slot, (one, read))
        if set(self.acts) & {"inform", "begin", "correct"}:
            for one, read in self._trade_not_served():
                by_slot[one.slot] = (one, read)
        if not by_slot and "correct" in self.acts:
            by_slot |= {one.slot: (one, read) for one, read in self._corrected_choice()}
        for one, read in self._meant_surely([one for one, _ in by_slot.values()]):
            by_slot[one.slot] = (one, read)
        if not any(read.value is not None or read.ambiguous or read.impossible for _, read in by_slot.values()):
            by_slot |= {one.slot: (one, read) for one, read in self._likeliest()}
        return list(by_slot.values())

    def _meant_surely(self, found: list[Told]) -> Iterator[tuple[Told, Read]]:
        """Choices of the dialogs that the network passed over, where a sentence surely means an option (引っかかるもんは何もない)."""
        if not set(self.acts) & {"inform", "correct"} or ("ask" in self.acts and "begin" not in self.acts):
            return
        told = {one.slot for one in found if one.value is not None}
        rest = untold(self.utterance.text, [one for one in found if self._kind(one.slot) in ("choice", "choices")])
        for slot in {slot.id: slot for dialog in self.dialogs for slot in dialog.slots}.values():
            likely = self.scores.slots[SLOTS.index(slot.id)] if slot.id in SLOTS else 0.0
            if slot.id in told or likely < _CONCEIVABLE or slot.kind not in ("choice", "choices", "industry"):
                continue
            meant = surely_meant(self.kb, slot, rest if slot.kind == "choices" else self.utterance.text)
            if meant is None or (slot.kind == "industry" and slot.id in self.known):
                continue
            if slot.yes and meant.value == slot.yes and likely < _POSSIBLE and slot is not self.asked:
                continue
            none_of_it = slot.no and slot.no in (meant.value if isinstance(meant.value, tuple) else (meant.value,))
            if not none_of_it or slot.id in self.known or (self.asked is not None and self.asked.id == slot.id):
                yield told_as(slot, self.utterance, (0, len(self.utterance.text)), meant, 1.0), meant

    def _likeliest(self) -> Iterator[tuple[Told, Read]]:
        """In a text that tells something, and of which nothing was heard, the likeliest slot that it can be a value for."""
        if not self.dialogs or not set(self.acts) & {"inform", "correct"}:
            return
        here = {slot.id for dialog in self.dialogs for slot in dialog.slots}
        for number in np.argsort(-self.scores.slots):
            if self.scores.slots[number] < _POSSIBLE:
                return
            slot = _slot(self.kb, self.asked, SLOTS[number])
            if slot is None or slot.id not in here:
                continue
            span = stretch(self.scores.tags, int(number), self.utterance)
            read = self._value(slot, span)
            if read.value is not None and not str(read.value).startswith(OTHER):
                yield told_as(slot, self.utterance, span, read, float(self.scores.slots[number])), read
                return

    def _place_named(self) -> Iterator[tuple[Told, Read]]:
        """A place in a wish for a task that asks for one, or for its result, where the network passed over it (栄町の担当支店)."""
        slot = next((slot for dialog in self.dialogs for slot in dialog.asks if slot.kind == "place"), None)
        named = next((one for one in self.utterance.mentions if one.kind == "place"), None)
        if slot is not None and named is not None:
            span = (named.start, named.end)
            read = self._value(slot, span)
            yield told_as(slot, self.utterance, span, read, 1.0), read

    def _trade_not_served(self) -> Iterator[tuple[Told, Read]]:
        """A trade that cannot be guaranteed, where the network passed over it (農業です): it changes everything that follows."""
        slot = self.kb.content.slots.get("industry")
        trades = (one for one in self.utterance.mentions if one.kind == "industry" and str(one.value).startswith(EXCLUDED))
        found = next(trades, None)
        if slot is not None and found is not None:
            read = Read(str(found.value))
            yield told_as(slot, self.utterance, (found.start, found.end), read, 1.0), read

    def _corrected_choice(self) -> Iterator[tuple[Told, Read]]:
        """A correction of which nothing but an option's word was understood (やっぱり一括でした)."""
        for slot in {slot.id: slot for dialog in self.dialogs for slot in dialog.slots}.values():
            meant = by_words(slot.options, self.utterance.text, _SHORT_WORD)
            if len(meant) == 1 and slot.kind in ("choice", "choices"):
                read = Read((meant[0],) if slot.kind == "choices" else meant[0])
                yield told_as(slot, self.utterance, (0, len(self.utterance.text)), read, 1.0), read
                return

    def _entity_named(self) -> str:
        """The business's form, which decides what place counts: what a long word of this text says of it (法人成り), or what is known."""
        slot = self.kb.content.slots.get("entity")
        meant = by_words(slot.options, self.utterance.text, _LONG_WORD) if slot is not None else ()
        return meant[0] if len(meant) == 1 and set(self.acts) & {"inform", "correct"} else self.entity

    def _learned(self, entity: str) -> Iterator[tuple[Told, Read]]:
        flags, whole = slots_of(self.scores), (0, len(self.utterance.text))
        if self._answers_yes_or_no() and self.asked is not None and (self.asked.yes or self.asked.no):
            flags[SLOTS.index(self.asked.id)] = True
        for number in sorted(np.flatnonzero(flags), key=lambda number: SLOTS[number] != "entity"):
            slot = _slot(self.kb, self.asked, SLOTS[number])
            if slot is None or (slot.kind == "age" and self.asked is not None and self.asked.kind == "date"):
                continue
            span = stretch(self.scores.tags, int(number), self.utterance)
            if slot.yes and slot is not self.asked and span == whole and self.scores.slots[number] < _NOWHERE:
                continue
            owner = self._owner(slot, span)
            read = self._yes_or_no(slot) or value(self.kb, owner, self.utterance, span, self.today, entity)
            if owner.id == "entity" and read.value is not None:
                entity = str(read.value)
            yield told_as(owner, self.utterance, span, read, float(self.scores.slots[number])), read

    def _owner(self, slot: Slot, span: tuple[int, int]) -> Slot:
        """Another slot of the dialog that a word beside the value says it is (純資産は4億円 is no capital)."""
        beside = []
        for other in self.kb.content.slots.values():
            if other.id in FAMILIAR or not _alike(other, slot) or not other.words or slot.kind == "people":
                continue
            own = marked(self.kb, other, self.utterance, (), self.today)
            if own is not None and own[0] < span[1] and span[0] < own[1] and self._value(other, own).value is not None:
                beside.append(other)
        if beside:
            return max(beside, key=lambda other: self._word_before(other, span[0]))
        if self._is_bare() and self.asked is not None and _alike(self.asked, slot):
            return self.asked if not any(word in self.utterance.text for word in slot.words) else slot
        if (
            self.asked is not None
            and self.asked.id not in FAMILIAR
            and self.asked.kind == slot.kind
            and not self.asked.learned_as
        ):
            return slot if marked(self.kb, slot, self.utterance, (), self.today) else self.asked
        foreign = self.dialogs and not any(slot.id == one.id for dialog in self.dialogs for one in dialog.slots)
        if slot.kind in ("yen", "months") and foreign:
            return next((one for one in self._free(slot.kind, frozenset()) if self._value(one, span).value is not None), slot)
        return slot

    def _is_bare(self) -> bool:
        """Whether the text is little else than a value."""
        longest = max((one.end - one.start for one in self.utterance.mentions), default=0)
        return bool(longest) and len(self.utterance.text) - longest <= _LITTLE_BESIDE

    def _value(self, slot: Slot, span: tuple[int, int]) -> Read:
        return value(self.kb, slot, self.utterance, span, self.today, self.entity)

    def _free(self, kind: str, taken: frozenset[str]) -> list[Slot]:
        """The slots of the dialogs that a value of a kind may be for, when nothing says which: the one asked, those not known, the others."""
        slots = [
            slot
            for dialog in self.dialogs
            for slot in dialog.asks
            if slot.kind == kind and slot.id not in FAMILIAR and not slot.learned_as and slot.id not in taken
        ]
        asked = [slot for slot in slots if self.asked is not None and slot.id == self.asked.id]
        unknown = [slot for slot in slots if slot.id not in self.known]
        return list(dict.fromkeys([*asked, *unknown, *reversed(slots)]))

    def _left_over(self, told: list[Told]) -> Iterator[tuple[Told, Read]]:
        """Values that nobody has taken, for slots that the network knows nothing of (34か月, said of a mutual aid's premiums)."""
        if not self.dialogs:
            yield from self._bare_amount(told)
        if not self.dialogs or set(self.acts) <= _NO_ANSWER:
            return
        taken = frozenset(one.slot for one in told)
        for mention in self.utterance.mentions:
            kind = _LEFT_OVER.get(mention.kind, "")
            if not kind or any(
                one.start < mention.end and mention.start < one.end and self._kind(one.slot) in (kind, "age") for one in told
            ):
                continue
            span = (mention.start, mention.end)
            reads = ((slot, self._value(slot, span)) for slot in self._free(kind, taken))
            found = next(((slot, read) for slot, read in reads if read.value is not None), None)
            if found is not None:
                taken |= {found[0].id}
                yield told_as(found[0], self.utterance, span, found[1], 1.0), found[1]

    def _not_begun(self, slot: Slot) -> Iterator[tuple[Told, Read]]:
        """A wish to begin a business says that there is none yet (これから創業します)."""
        span = _optioned(slot, self.utterance)
        read = Read(next(iter(chosen(self.kb, replace(slot, kind="choice"), self.utterance.text)), None)) if span else Read()
        if span is not None and read.value is not None and len(self.utterance.text) <= _LONGEST_WISH:
            yield told_as(slot, self.utterance, span, read, 1.0), read

    def _none_of_it(self) -> tuple[Told, Read] | None:
        """A bare denial of a number that was asked for: there is none."""
        asked = self.asked
        if asked is None or asked.kind not in ("yen", "people") or self.utterance.text not in _BARE_DENIAL:
            return None
        return told_as(asked, self.utterance, (0, len(self.utterance.text)), Read(0), 1.0), Read(0)

    def _plainly_said(self, slot: Slot) -> Iterator[tuple[Told, Read]]:
        """A choice that the network passed over, where a long word of an option says it (先月、法人成りした).

        Of a slot with several answers only the rare ones, which have no button, are heard so.
        """
        if slot.id in self.known and "correct" not in self.acts:
            return
        if slot.partial:
            return
        is_asked = self.asked is not None and slot.id == self.asked.id
        if slot.yes and not is_asked and self.scores.slots[SLOTS.index(slot.id)] < _CONCEIVABLE:
            return
        options = slot.options if slot.kind == "choice" else tuple(option for option in slot.options if not option.shown)
        meant = by_words(options, self.utterance.text, _LONG_WORD)
        if len(meant) == 1:
            whole = (0, len(self.utterance.text))
            read = Read((meant[0],) if slot.kind == "choices" else meant[0])
            yield told_as(slot, self.utterance, whole, read, 1.0), read

    def _all_taken(self, slot: Slot, stretches: list[tuple[int, int]]) -> bool:
        """Whether every value of a slot's kind in the text is told for another slot."""
        values = [one for one in self.utterance.mentions if _LEFT_OVER.get(one.kind) == slot.kind]
        return bool(values) and all(any(start < one.end and one.start < end for start, end in stretches) for one in values)

    def _kind(self, slot_id: str) -> str:
        slot = self.kb.content.slots.get(slot_id)
        return slot.kind if slot is not None else ""

    def _bare_amount(self, told: list[Told]) -> Iterator[tuple[Told, Read]]:
        """An amount alone, outside any task (金額は300万円), is what is to be borrowed."""
        amounts = [one for one in self.utterance.mentions if one.kind == "yen"]
        slot = self.kb.content.slots.get("amount")
        if "inform" in self.acts and "ask" not in self.acts and not told and len(amounts) == 1 and slot is not None:
            span = (amounts[0].start, amounts[0].end)
            yield told_as(slot, self.utterance, span, self._value(slot, span), 1.0), self._value(slot, span)

    def _answers_yes_or_no(self) -> bool:
        bare = "affirm" in self.acts or "deny" in self.acts
        return bare and "inform" not in self.acts and self.asked is not None and self.asked.id in SLOTS

    def _yes_or_no(self, slot: Slot) -> Read | None:
        """A bare yes or no to the slot asked is the option that staff gave for it."""
        if self.asked is None or slot.id != self.asked.id or not self._answers_yes_or_no():
            return None
        option = slot.yes if "affirm" in self.acts else slot.no
        if not option:
            return None
        return Read((option,) if slot.kind == "choices" else option)

    def _marked(self, stretches: list[tuple[int, int]]) -> Iterator[tuple[Told, Read]]:
        """Slots that are known by the words beside a value or by an option's words: those of the dialogs, and any that a number is for."""
        here = {slot.id for dialog in self.dialogs for slot in dialog.slots}
        for slot in self.kb.content.slots.values():
            if slot.kind == "age" and not set(self.acts) & {"ask", "why", "clarify"}:
                yield from self._not_begun(slot)
            if slot.id in FAMILIAR and slot.kind in ("choice", "choices") and set(self.acts) & {"inform", "correct"}:
                yield from self._plainly_said(slot)
            if slot.id in FAMILIAR or (slot.id not in here and not slot.words):
                continue
            is_asked = self.asked is not None and slot.id == self.asked.id
            span = marked(self.kb, slot, self.utterance, () if is_asked else stretches, self.today)
            if slot.kind == "people":
                span = (0, len(self.utterance.text)) if any(word in self.utterance.text for word in slot.words) else span
            if span is None and is_asked and not set(self.acts) & _NO_ANSWER and not self._all_taken(slot, stretches):
                span = (0, len(self.utterance.text))
            if span is None and slot.options and slot.id in here and "ask" not in self.acts:
                span = _optioned(slot, self.utterance)
            if span is None and slot.kind == "date" and slot.id in here:
                exact = any(isinstance(one.value, Day) and one.value.exact for one in self.utterance.mentions)
                span = (0, len(self.utterance.text)) if exact or is_asked else None
            if span is None:
                continue
            read = value(self.kb, slot, self.utterance, span, self.today, self.entity)
            if read.value is not None or read.impossible:
                yield told_as(slot, self.utterance, span, read, 1.0), read

    def _word_before(self, slot: Slot, place: int) -> int:
        """Where the last of a slot's words before a place stands, -1 where none does."""
        return max((self.utterance.text[:place].rfind(word) for word in slot.words), default=-1)

    def _each_number_once(self, found: list[tuple[Told, Read]]) -> list[tuple[Told, Read]]:
        """What words mark, each number for one slot: the one whose word stands before it, not one that is named after it."""
        numbers = [one for one, _ in found if self._kind(one.slot) in _NUMBERS and one.end - one.start < len(self.utterance.text)]
        best: dict[tuple[int, int], Told] = {}
        for one in numbers:
            other = best.get((one.start, one.end))
            slots = self.kb.content.slots
            if other is None or self._word_before(slots[one.slot], one.start) > self._word_before(slots[other.slot], one.start):
                best[one.start, one.end] = one
        return [(one, read) for one, read in found if one not in numbers or best[one.start, one.end] == one]


def _each_for_one(found: list[tuple[Told, Read]]) -> list[tuple[Told, Read]]:
    """What was told, each number for the slot that it is likelier for."""
    taken: list[tuple[Told, Read]] = []
    for one, read in sorted(found, key=lambda pair: -pair[0].confidence):
        same = (other for other, _ in taken if (other.start, other.end, other.value) == (one.start, one.end, one.value))
        if not isinstance(one.value, int) or next(same, None) is None:
            taken.append((one, read))
    return [pair for pair in found if pair in taken]


def _alike(one: Slot, other: Slot) -> bool:
    """Whether what is told for one slot could be told for the other: both amounts, both lengths of time."""
    return one.kind == other.kind or {one.kind, other.kind} <= {"months", "age"}


def _slot(kb: KnowledgeBase, asked: Slot | None, name: str) -> Slot | None:
    """The dialogs' slot for a learned one: the one asked where it goes by that name."""
    if asked is not None and asked.learned_as == name:
        return asked
    return kb.content.slots.get(name)


def _optioned(slot: Slot, utterance: Utterance) -> tuple[int, int] | None:
    """The whole text where a word of an option stands in it, for slots that are known by their words alone."""
    said = any(word in utterance.text for option in slot.options for word in option.words if len(word) > 1)
    return (0, len(utterance.text)) if said else None
