"""Municipalities side by side: what the knowledge base says of each, and what it does not say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.advisor.branches import Question, asks_for_desk
from bot.advisor.compose import Asker
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.citing import desk_lines, source_lines
from bot.knowledge.entries import Entry, Line, Municipality
from bot.nlp.normalize import fold, hiragana
from bot.talk import phrases
from bot.talk.conversation import Conversation
from bot.talk.replies import Answered, Block, Button, Found, Reply
from bot.talk.taken import Step

_COMPARES = ("比較", "比べ", "くらべ", "違い", "違う", "ちがい", "ちがう", "の差", "差は", "差が", "差を", "有利", "得", "手厚", "vs", "versus", "compare", "difference")  # fmt: skip
_WHICH = ("どっち", "どちら", "which")
_WHERE_TO_GO = ("申込", "申し込", "申請", "相談", "行け", "行く", "行った", "出せ", "出す", "管轄", "担当", "支店", "窓口")
"""「どちらに申し込めば」 asks which of the places counts, not what they offer."""

_SUBSIDY = ("補助", "利子", "利息", "金利", "保証料", "助成", "支援", "あっせん", "融資", "制度", "subsid")
_MOST = 4


@dataclass(frozen=True, slots=True)
class _RowOf:
    """A row of the comparison: its heading, and the words of the lines that belong in it."""

    heading: str
    words: tuple[str, ...]
    without: str = ""
    first: bool = False

    def holds(self, text: str) -> bool:
        if self.first:
            return text.startswith(self.words)
        return _any(self.words, text.replace(self.without, "") if self.without else text)


_ROWS = (
    _RowOf("保証料の補助", ("保証料",), "保証料率"),
    _RowOf("利子補給（利息の補助）", ("利子", "利息", "実質の金利")),
    _RowOf("相談先の例", ("相談先",), first=True),
)


def _any(words: Iterable[str], text: str) -> bool:
    return any(word in text for word in words)


@dataclass(frozen=True, slots=True)
class _Fact:
    entry: Entry
    line: Line


def comparison(kb: KnowledgeBase, conversation: Conversation, question: Question, asker: Asker) -> Step | None:
    """Two to four municipalities side by side, if that is what a text asks for."""
    folded = fold(question.text)
    if not _asks(folded):
        return None
    wards = _wards(kb, conversation, question)
    outside = [place.outside for place in question.places if place.outside]
    if not (2 if not outside else 1) <= len(wards) <= _MOST:
        return None
    rows = [] if _asks_only_for_desks(kb, question.text) else _asked_rows(question.text)
    known = {ward.name: _facts_of(kb, ward) for ward in wards}
    cited: dict[str, Entry] = {}
    blocks = [Block("title", (phrases.COMPARED.format(places="と".join([*(ward.name for ward in wards), *outside])),))]
    blocks += [Block("note", (phrases.COMPARED_OUTSIDE.format(place=place),)) for place in outside]
    for row in rows:
        facts = [(ward, [one for one in known[ward.name] if row.holds(str(one.line))]) for ward in wards]
        cited |= {one.entry.id: one.entry for _, found in facts for one in found}
        if any(found for _, found in facts):
            blocks.append(Block("facts", tuple(line for ward, found in facts for line in _cell(ward, found)), row.heading))
    told = bool(cited)
    if rows and not told:
        blocks.append(Block("text", (phrases.COMPARED_UNKNOWN.format(rows="、".join(row.heading for row in rows[:2])),)))
    branches = [(ward, branch) for ward in wards if (branch := kb.branch(ward)) is not None]
    blocks.append(Block("facts", tuple(_branch(ward, branch) for ward, branch in branches), phrases.COMPARED_BRANCH))
    if rows:
        office = kb.entry("ward-office")
        blocks.append(Block("note", phrases.COMPARED_NOTE))
        blocks += [Block("desk", tuple(desk_lines(office)), "窓口")] if office is not None else []
    cited |= {branch.id: branch for _, branch in branches[:1]}
    sources = dict.fromkeys(line for entry in cited.values() for line in source_lines(entry, kb, asker.now.date()))
    blocks.append(Block("source", tuple(sources)))
    examples = [entry for entry in cited.values() if entry.kind != "contact"][:_MOST]
    buttons = tuple(Button(entry.name, f"e:{entry.id}") for entry in examples)
    following = conversation.about("", question.text, (), tuple(entry.id for entry in examples))
    found = tuple(Found(entry.id, entry.name, 1.0) for entry in cited.values())
    event = Answered("answer", found, 1.0) if told or not rows else Answered("unknown", (), 1.0, question.text)
    return Step(following, (Reply(tuple(blocks), buttons),), (event,))


def _asks(folded: str) -> bool:
    if _any(_COMPARES, folded):
        return True
    return _any(_WHICH, folded) and _any(_SUBSIDY, folded) and not _any(_WHERE_TO_GO, folded)


def _wards(kb: KnowledgeBase, conversation: Conversation, question: Question) -> list[Municipality]:
    """The municipalities to compare; with one said, the user's own is the other one."""
    said = [place.municipalities[0] for place in question.places if len(place.municipalities) == 1]
    if len(said) < 2:
        said = _listed(kb.content.municipalities, fold(question.text)) or said
    own = kb.municipality(conversation.municipality)
    if len(said) == 1 and own is not None and _any(_COMPARES, fold(question.text)):
        said.append(own)
    return list({ward.name: ward for ward in said}.values())


_JOINTS = ("と", "や", "、", ",", "・", "/", "対", "vs.", "vs")


def _listed(municipalities: tuple[Municipality, ...], folded: str) -> list[Municipality]:
    """Municipalities side by side in a list (千代田と港, あだちくとちゅうおうく): there short names mean them too."""
    forms = _forms(municipalities)
    bare = folded.replace(" ", "")
    for start in range(len(bare)):
        found: list[Municipality] = []
        place = start
        while (name := _name_at(forms, bare, place)) is not None:
            found.append(forms[name])
            place += len(name)
            joint = next((one for one in _JOINTS if bare.startswith(one, place)), "")
            if not joint or _name_at(forms, bare, place + len(joint)) is None:
                break
            place += len(joint)
        if len(found) > 1:
            return found
    return []


def _name_at(forms: Mapping[str, Municipality], text: str, place: int) -> str | None:
    return next(
        (text[place:end] for end in range(min(len(text), place + _LONGEST_NAME), place + 1, -1) if text[place:end] in forms), None
    )


_LONGEST_NAME = 12


@lru_cache(maxsize=2)
def _forms(municipalities: tuple[Municipality, ...]) -> Mapping[str, Municipality]:
    forms: dict[str, Municipality] = {}
    for one in municipalities:
        kana = hiragana(one.kana)
        short = (kana[:-1],) if one.kind in "区市" and len(kana) > 3 else ()
        forms |= dict.fromkeys((fold(one.name), fold(one.stem), kana, *short), one)
    return {form: one for form, one in forms.items() if len(form) > 1 or form == "港"}


def _asks_only_for_desks(kb: KnowledgeBase, text: str) -> bool:
    return asks_for_desk(kb, text) and not _any(_SUBSIDY, fold(text))


def _asked_rows(text: str) -> Sequence[_RowOf]:
    """The rows that a text names, or all of them."""
    asked = [row for row in _ROWS[:2] if row.holds(fold(text))]
    return asked or _ROWS


def _facts_of(kb: KnowledgeBase, ward: Municipality) -> list[_Fact]:
    """Lines about what a municipality offers: all of the entries about it, or else those that name it."""
    entries = [entry for entry in kb.content.entries.values() if entry.kind != "contact"]
    own = [entry for entry in entries if any(ward.name in name for name in (entry.name, *entry.aliases))]
    if own:
        return [_Fact(entry, line) for entry in own for line in _lines(entry)]
    return [_Fact(entry, line) for entry in entries for line in _lines(entry) if ward.name in str(line)]


def _lines(entry: Entry) -> list[Line]:
    return [line for section in entry.sections if section.part not in {"older", "caution"} for line in section.lines]


def _cell(ward: Municipality, facts: Sequence[_Fact]) -> list[str]:
    if not facts:
        return [f"▪ {ward.name}：{phrases.NOT_IN_SOURCES}"]
    texts = list(dict.fromkeys(str(one.line) for one in facts))
    return [f"▪ {ward.name}", *(f"・{text}" for text in texts)]


def _branch(ward: Municipality, branch: Entry) -> str:
    phones = "、".join(str(line) for line in branch.desk.phones) if branch.desk is not None else ""
    return f"▪ {ward.name}：{branch.name}" + (f"（TEL {phones}）" if phones else "")
