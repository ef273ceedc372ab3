"""Reads slots out of an utterance: everything that is marked as a slot's own, and a bare answer to the question asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from bot.advisor import desks
from bot.dialogs import moves
from bot.dialogs.declaration import Option, Slot, Value
from bot.knowledge.base import KnowledgeBase
from bot.nlp.normalize import fold
from bot.nlp.values.amounts import amounts
from bot.nlp.values.dates import days
from bot.nlp.values.numbers import NUMBER, number, whole
from bot.nlp.values.people import people
from bot.nlp.values.periods import months
from bot.nlp.values.shares import percents, times
from bot.talk.conversation import Entity

_CLAUSE = re.compile(r"[。、,;\n?!]|ですが|ますが|けど|だけど|けれど|それと|あと")
_REACH = 14
"""Characters between a label and the number that it marks."""

_NONE = re.compile(r"(?:は|が|も)?(?:ありません|ない(?:です)?|ゼロ|なし|いません|おりません|(?<![\d,.])0(?![\d,.]))")
_JUST_NONE = re.compile(
    r"^(?:まだ|特に|とくに|うちは)?(?:なし|ない|無し|ありません|いません|いない|ゼロ|0(?:円|人)?)(?:です)?[。!]?$"
)
_NEGATED = re.compile(
    r"(?:っ?[てで]い?|(?<=[てで])い?)(?:ません|ない|なく)|(?:は|を)やめ|(?:じゃ|では)な[くい]|わけで(?:は|も)(?:ない|ありません)"
)
"""Right after what an option is known by: that it is not so (売上は落ちていません)."""

_TOTAL = re.compile(r"(?:全部で|合計(?:で|は)?|あわせて|合わせて|総勢|計|足して)[^。、]{0,3}$")
_NO_EMPLOYEES = re.compile(r"(?:役員|家族|ボランティア|取締役|顧客|お客)[^、。]{0,4}$")
_CHANGE = re.compile(r"[^人名、。]{1,6}[人名](?:が|を|も|ほど)?(?:入っ|入り|増え|辞め|やめ|減っ|減り|採用|退職)")
"""People who came or left, beside the number of those there are."""

_PART_TIMERS = re.compile(r"(?:パート|バイト)(?!.{0,6}(?:含|入れ|込))[^、。,0-9]{0,8}$")
_ONLY_PART_TIMERS = re.compile(r"(?:パート|バイト).{0,12}(?:だけ|のみ|しか)")

_PLANNED = re.compile(r"(?:に|へ)?を?(?:作り|つくり|出し|開き|設立し)(?:たい|ます|たく|て(?:みたい|いきたい))")
"""After a word for a business: one that is only wished for (工場を作りたい)."""

_PAST = re.compile(r"でした|ました|実行され|入金され|実行日")
_MOST_TIMES = 10_000
_MAN = 10_000
_PLAINLY_YEN = 100_000
"""A bare number below this, asked for an amount, is meant in 万円."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """What is needed to read an utterance: the slot asked, those answered, and whether something is taken back."""

    kb: KnowledgeBase
    today: date
    entity: Entity
    asked: str = ""
    answered: frozenset[str] = frozenset()
    correcting: bool = False
    only_marked: bool = False
    """Whether a number counts only beside its slot's label: outside a dialog it may be about anything."""


def hear(slots: Sequence[Slot], text: str, hearing: Hearing) -> dict[str, Value]:
    """What ``text`` says about ``slots``; for the slot asked a bare answer counts too.

    Where a text takes back what it said first (65人…やっぱり45人です), the second counts.
    """
    folded = fold(text)
    heard = _hear(slots, folded, hearing)
    both = moves.taken_back(folded)
    if both is not None:
        before, after = both
        earlier = _hear(slots, before, hearing)
        for slot in slots:
            if slot.id in earlier and slot.kind not in ("choices", "place"):
                alone = sum(one.kind == slot.kind and one.id in earlier for one in slots) == 1
                again = replace(hearing, asked=slot.id if alone else "", correcting=True, only_marked=not alone)
                heard |= _hear([slot], after, again)
    return heard


def _hear(slots: Sequence[Slot], folded: str, hearing: Hearing) -> dict[str, Value]:
    heard: dict[str, Value] = {}
    for kind in ("yen", "months", "date", "percent", "times"):
        heard |= _measured([slot for slot in slots if slot.kind == kind], folded, hearing)
    for slot in slots:
        value = _read(slot, folded, hearing)
        if value is not None:
            heard[slot.id] = value
    return {slot.id: heard[slot.id] for slot in slots if slot.id in heard}


def _read(slot: Slot, text: str, hearing: Hearing) -> Value | None:
    direct = slot.id == hearing.asked
    match slot.kind:
        case "choice":
            return _choice(slot.options, text, direct=direct)
        case "choices":
            chosen = tuple(option.id for option in slot.options if _says(option, text, direct=direct))
            return chosen or None
        case "people":
            return _people(slot, text, direct=direct, only_marked=hearing.only_marked)
        case "place":
            return _place(hearing.kb, text, hearing.entity)
        case "industry":
            return industry_of(hearing.kb, text)
        case "country":
            return country_of(hearing.kb, text)
    return None


@dataclass(frozen=True, slots=True)
class _Measure:
    """A value with where it stands; ``bare`` ones have no unit and only answer a question."""

    value: Value
    start: int
    bare: bool = False


def _measured(slots: Sequence[Slot], text: str, hearing: Hearing) -> dict[str, Value]:
    """Values of one kind, each to the slot whose label marks it, else to the one asked, else to the first one."""
    if not slots:
        return {}
    asked = next((slot for slot in slots if slot.id == hearing.asked), None)
    heard: dict[str, Value] = {}
    for measure in _measures(slots[0], text, hearing):
        marked = [(distance, slot) for slot in slots if (distance := _marked(slot.near, text, measure.start)) is not None]
        if marked:
            owner: Slot | None = min(marked, key=lambda one: one[0])[1]
        elif asked is not None:
            owner = asked
        else:
            main = slots[0]
            free = hearing.correcting or main.id not in hearing.answered
            owner = main if free and not hearing.only_marked else None
        if owner is not None and owner.id not in heard and (not measure.bare or owner is asked):
            heard[owner.id] = measure.value
    if slots[0].kind in ("yen", "months"):
        for slot in slots:
            if slot.id not in heard and _says_none(slot, text, direct=slot is asked):
                heard[slot.id] = 0
    return heard


def _measures(slot: Slot, text: str, hearing: Hearing) -> Iterable[_Measure]:
    match slot.kind:
        case "yen":
            for amount in (one for one in amounts(text) if one.low >= 0):
                small = amount.bare and amount.yen < _PLAINLY_YEN
                yield _Measure(amount.yen * (_MAN if small else 1), amount.start, amount.bare)
        case "months":
            for period in months(text):
                if period.is_length:
                    yield _Measure(period.months, period.start)
            if bare := re.fullmatch(rf"\s*({NUMBER})(?:です)?[。!]?", text):
                count = whole(bare[1])
                if count is not None and 0 < count <= 1200:
                    yield _Measure(count, 0, bare=True)
        case "date":
            for day in days(text, hearing.today, nearest=bool(_PAST.search(text))):
                if day.date is not None:
                    yield _Measure(day.date.isoformat(), day.start)
        case "percent":
            for share in percents(text):
                yield _Measure(str(share.value), share.start)
            yield from _bare_number(text)
        case _:
            for multiple in times(text):
                if multiple.value < _MOST_TIMES:
                    yield _Measure(str(multiple.value), multiple.start)
            yield from _bare_number(text)


def _bare_number(text: str) -> Iterable[_Measure]:
    bare = re.fullmatch(rf"\s*({NUMBER})(?:です)?[。!]?", text)
    value = number(bare[1]) if bare else None
    if value is not None and value < _MOST_TIMES:
        yield _Measure(str(value), 0, bare=True)


def _says_none(slot: Slot, text: str, *, direct: bool) -> bool:
    """「資本金はありません」, or just 「なし」 to the question."""
    if direct and slot.kind == "yen" and _JUST_NONE.match(text):
        return True
    return bool(slot.near) and any(_NONE.match(text, label.end()) for label in _pattern(slot.near).finditer(text))


@lru_cache(maxsize=1024)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


def _says(option: Option, text: str, *, direct: bool) -> bool:
    if option.cue and any(not _NEGATED.match(text, match.end()) for match in _pattern(option.cue).finditer(text)):
        return True
    if not direct:
        return False
    return fold(option.label) in text or bool(option.short and _pattern(option.short).search(text))


def _choice(options: Iterable[Option], text: str, *, direct: bool) -> str | None:
    """The first option that the text says; where several are said the first declared wins."""
    return next((option.id for option in options if _says(option, text, direct=direct)), None)


def _marked(near: str, text: str, position: int) -> int | None:
    """How far before or after ``position`` the slot's label stands in the same clause; ``None`` when it does not."""
    if not near:
        return None
    starts = [0, *(match.end() for match in _CLAUSE.finditer(text) if match.end() <= position)]
    ends = [match.start() for match in _CLAUSE.finditer(text) if match.start() >= position]
    start, end = starts[-1], ends[0] if ends else len(text)
    distances = [
        position - match.end() if match.end() <= position else match.start() - position + 4
        for match in _pattern(near).finditer(text, start, end)
    ]
    return min((one for one in distances if one <= _REACH), default=None)


def _people(slot: Slot, text: str, *, direct: bool, only_marked: bool) -> int | None:
    found = [
        (one.count, one.start)
        for one in people(text)
        if not _NO_EMPLOYEES.search(text[: one.start])
        and not _CHANGE.match(text, one.start)
        and bool(_PART_TIMERS.search(text[: one.start])) == (slot.id == "part_timers")
    ]
    totals = [one.count for one in people(text) if _TOTAL.search(text[: one.start])]
    if totals:
        return None if slot.id == "part_timers" else totals[-1]  # part-timers are in the total already
    for value, start in found:
        if _marked(slot.near, text, start) is not None:
            return value
    if found and not only_marked:
        return found[0][0]
    if direct and not found and _ONLY_PART_TIMERS.search(text):
        return 0
    for label in _pattern(slot.near).finditer(text):
        if _NONE.match(text, label.end()):
            return 0
        bare = re.match(rf"(?:数)?(?:は|が|:)?\s*({NUMBER})(?![万億円年月日%0-9])", text[label.end() :])
        if bare and (count := whole(bare[1])) is not None:
            return count
    if direct:
        bare = re.fullmatch(rf"\s*(?:約|およそ)?({NUMBER})(?:人|名)?(?:です|くらい|ぐらい|ほど)*[。!]?", text)
        if bare and (count := whole(bare[1])) is not None and count < 1_000_000:
            return count
        if _JUST_NONE.match(text) or re.search(r"自分(?:だけ|一人|1人)|一人で|ひとりで", text):
            return 0
    return None


def _place(kb: KnowledgeBase, text: str, entity: Entity) -> str | None:
    branches = {one.branch for one in kb.content.municipalities}
    names = [fold(entry.name) for entry in kb.entries(kb.index.named(text)) if entry.id in branches]
    places = [place for place in kb.gazetteer.find(text) if not any(place.said in name for name in names)]
    located = desks.locate(text, places, desks.entity_of(text) or entity)
    return located.municipality.name if located.municipality is not None else None


def industry_of(kb: KnowledgeBase, text: str) -> str | None:
    """The kind of business said; longer words win (ソフトウェア業 over 業), the first among equals."""
    best: tuple[int, int, str] | None = None
    for industry in kb.content.rules.industries:
        for word in industry.words:
            if word not in text:
                continue
            match = _word(word).search(text)
            position = match.start() if match else -1
            if position >= 0 and not _PLANNED.match(text, position + len(word)):
                candidate = (-len(word), position, industry.id)
                best = min(best, candidate) if best else candidate
    return best[2] if best else None


@lru_cache(maxsize=1024)
def _word(word: str) -> re.Pattern[str]:
    """A word that is no part of a longer one in katakana or Latin letters (バー in ドライバー)."""
    if re.fullmatch(r"[ァ-ヺー]+", word):
        return re.compile(rf"(?<![ァ-ヺー]){re.escape(word)}(?![ァ-ヺー])")
    if word.isascii():
        return re.compile(rf"(?<![a-z]){re.escape(word)}(?![a-z])")
    return re.compile(re.escape(word))


def country_of(kb: KnowledgeBase, text: str) -> str | None:
    """The country or region named first; of several names at one place the longest."""
    found = [
        (match.start(), -len(word), name)
        for name, words in kb.content.rules.countries
        for word in words
        if word in text and (match := _country(word).search(text)) is not None
    ]
    return min(found)[2] if found else None


@lru_cache(maxsize=1024)
def _country(word: str) -> re.Pattern[str]:
    """A country's name, but not as a part of another word (タイ料理, ドイツ語)."""
    edges = (r"(?<![a-z])", r"(?![a-z])") if word.isascii() else ("", "")
    return re.compile(rf"{edges[0]}{re.escape(word)}{edges[1]}(?!料理|人|語|産|ドル)")
