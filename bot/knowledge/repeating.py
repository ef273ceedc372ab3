"""Figures that stand in more than one place must agree: in an entry's summary, with a desk, with the entry that they repeat.

An entry's ``repeats`` names where its figures come from: ``id`` or ``id/row of its table or field``, for all of its figures,
or with the figures meant after a colon.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from bot.knowledge import schema
from bot.knowledge.figures import figures, is_phone, one_form, unit_of
from bot.knowledge.files import LoadedFile, Located
from bot.knowledge.passages import Passage, passages
from bot.knowledge.problems import Position, Problem

FEE_ENTRY = "hoshoryo-calc"
"""The entry that tells how a guarantee fee is worked out, factors included."""

_RETOLD = frozenset({"summary", "aliases", "web", "older"})
"""Fields that say in other words what stands elsewhere, or stood."""


@dataclass(frozen=True, slots=True)
class _Origin:
    """What an entry repeats, or the part of it that is meant."""

    said: str
    one: Located
    passages: tuple[Passage, ...]

    @property
    def figures(self) -> frozenset[str]:
        return frozenset(figure for passage in self.passages for figure in passage.figures)


def disagreements(files: Sequence[LoadedFile], located: Sequence[Located]) -> Iterator[Problem]:
    """Every figure that is not what it is elsewhere, at its line and with the line of the other."""
    entries = {one.entry.id: one for one in located}
    dates = {source.id: _dates(source.as_of) for file in files for source in file.content.sources}
    pages = {page.id for file in files for page in file.content.pages}
    for one in located:
        said = passages(one)
        free = _free(one, dates)
        origins = list(_origins(one, entries))
        yield from _dangling(one, entries, said)
        if one.entry.sources[0].id not in pages:  # there the summary is the answer itself, its lines only add to it
            yield from _summary(one, said, origins, entries, free)
        yield from _phones(one, said, origins, entries)
        for number, repeated in enumerate(one.entry.repeats):
            wanted = [origin for origin in origins if origin.said == (repeated.label or repeated.text)]
            if repeated.label and wanted:
                yield from _named(one, number, repeated.text, wanted[0], said)
        yield from _whole(one, said, origins, free)
    yield from _phones_of_two(located)


def rules_that_disagree(files: Sequence[LoadedFile], located: Sequence[Located]) -> Iterator[Problem]:
    """What the rules compute with, and the entries that say it to users, hold the same figures."""
    entries = {one.entry.id: passages(one) for one in located}
    for file in files:
        for number, top_up in enumerate(file.content.ward_top_ups):
            most = {"most_yen": f"{top_up.most_yen}円", "most_percent": f"{top_up.most_percent}%"}
            said = entries.get(top_up.entry, ())
            yield from _in_rules(file.at("ward_top_ups", number, "says"), figures(top_up.says), said)
            for key, figure in most.items():
                if getattr(top_up, key) and not any(f"上限{figure}" in one_form(passage.text) for passage in said):
                    yield from _in_rules(
                        file.at("ward_top_ups", number, key), (figure,), [one for one in said if "上限" in one.text]
                    )
        for key in ("equal", "uneven"):
            factors = [figures(getattr(factor, key))[0] for factor in file.content.fee_factors]
            told = max(entries.get(FEE_ENTRY, ()), key=lambda one: len(set(factors) & set(one.figures)), default=None)
            for number, factor in enumerate(factors):
                if told is not None:
                    yield from _in_rules(file.at("fee_factors", number, key), (factor,), [told])
            if told is None or not factors:
                continue
            at = file.at("fee_factors")
            for figure in told.figures:
                if "." in figure and figure not in factors:
                    yield Problem(told.at, f"「{figure}」は、計算に使う係数（{at}）にありません。どちらかを直してください")


def _in_rules(at: Position, meant: Sequence[str], said: Sequence[Passage]) -> Iterator[Problem]:
    there = {figure for passage in said for figure in passage.figures}
    for figure in meant:
        if said and figure not in there:
            other = _alike(figure, said, meant) or said[0]
            yield Problem(
                at, f"「{figure}」は、利用者が読む文（{other.at}「{_short(other.text)}」）と合いません。どちらかを直してください"
            )


def _origins(one: Located, entries: Mapping[str, Located]) -> Iterator[_Origin]:
    for repeated in one.entry.repeats:
        said = repeated.label or repeated.text
        identifier, _, part = said.partition("/")
        if identifier in entries:
            origin = entries[identifier]
            within = tuple(passage for passage in passages(origin) if _belongs(origin, passage, part))
            yield _Origin(said, origin, within)


def _belongs(origin: Located, passage: Passage, part: str) -> bool:
    """Whether a passage stands in the field or in the table's row of that name; without one, among the entry's own lines."""
    if not part:
        return passage.field not in _RETOLD
    if isinstance(origin.entry, schema.RuleTable) and passage.field == "rows":
        return origin.entry.rows[int(passage.path[1])][0] == part
    return passage.field == part


def _dangling(one: Located, entries: Mapping[str, Located], said: Sequence[Passage]) -> Iterator[Problem]:
    for number, repeated in enumerate(one.entry.repeats):
        name = repeated.label or repeated.text
        identifier, _, part = name.partition("/")
        if identifier not in entries:
            yield Problem(one.at("repeats", number), f"「{identifier}」という id の項目はありません。つづりを確かめてください")
        elif part and not any(_belongs(entries[identifier], passage, part) for passage in passages(entries[identifier])):
            yield Problem(
                one.at("repeats", number),
                f"項目「{identifier}」に「{part}」という欄や行はありません。limit などの欄の名前か、表の行の名前を書いてください",
            )
    own = {figure for passage in said for figure in passage.figures}
    for number, reckoned in enumerate(one.entry.reckoned):
        for figure in figures(reckoned.label or reckoned.text):
            if figure not in own:
                yield Problem(
                    one.at("reckoned", number),
                    f"「{reckoned.label or reckoned.text}」は、この項目の文にありません。消してください",
                )


def _summary(
    one: Located, said: Sequence[Passage], origins: Sequence[_Origin], entries: Mapping[str, Located], free: set[str]
) -> Iterator[Problem]:
    """What the summary says in figures, the entry's own lines say too; or its desk, or else what it repeats."""
    lines = [passage for passage in said if passage.field not in _RETOLD]
    own = {figure for passage in lines for figure in passage.figures}
    units = {unit_of(figure) for figure in own}
    elsewhere = {figure for desk in one.entry.contacts if desk in entries for figure in _numbers(entries[desk])}
    elsewhere |= {figure for origin in origins for figure in origin.figures if unit_of(figure) not in units}
    summary = next((passage for passage in said if passage.field == "summary"), None)
    if summary is None or not own:
        return
    for figure in dict.fromkeys(summary.figures):
        if figure not in own | free | elsewhere:
            other = _alike(figure, lines, summary.figures)
            where = f"（{other.at} では「{_short(other.text)}」）" if other else ""
            yield Problem(summary.at, f"概要の「{figure}」が、この項目のほかの行にありません{where}。どちらかを直してください")


def _alike(figure: str, lines: Sequence[Passage], beside: Sequence[str]) -> Passage | None:
    """The line that says most of what stands ``beside`` a figure, and another figure of its unit."""
    unit = unit_of(figure)
    having = [line for line in lines if any(unit_of(one) == unit and one not in beside for one in line.figures)]

    def likeness(line: Passage) -> tuple[int, float]:
        odd = [one for one in line.figures if one not in beside]
        return len(set(line.figures) & set(beside)), max(fuzz.ratio(figure, one) for one in odd)

    return max(having, key=likeness, default=None)


def _free(one: Located, dates: Mapping[str, set[str]]) -> set[str]:
    """Figures that need no second place: the dates of what is cited, and what the editors counted or worked out themselves."""
    cited = {*(source.id for source in one.entry.sources), *(older.source for older in one.entry.older)}
    free = {figure for source in cited for figure in dates.get(source, ())}
    return free | {figure for reckoned in one.entry.reckoned for figure in figures(reckoned.label or reckoned.text)}


def _dates(as_of: str) -> set[str]:
    whole = "".join(f"{int(part)}{unit}" for part, unit in zip(as_of.split("-"), "年月日", strict=False))
    return {f"{as_of[:4]}年", *figures(whole)}


def _numbers(desk: Located) -> set[str]:
    entry = desk.entry
    if not isinstance(entry, schema.ContactPoint):
        return set()
    said = [phone.text for phone in entry.phones] + ([entry.fax] if entry.fax else [])
    return {figure for text in said for figure in figures(text)}


def _phones(
    one: Located, said: Sequence[Passage], origins: Sequence[_Origin], entries: Mapping[str, Located]
) -> Iterator[Problem]:
    """A telephone number stands in a desk; whoever says it names the desk."""
    desks = [one, *(entries[desk] for desk in one.entry.contacts if desk in entries), *(origin.one for origin in origins)]
    known = {number for desk in desks for number in _numbers(desk)} | {figure for origin in origins for figure in origin.figures}
    for passage in said:
        if passage.field in ("phones", "fax"):
            continue
        for figure in filter(is_phone, passage.figures):
            if figure not in known:
                numbers = [desk for desk in desks if _numbers(desk)]
                at = f"窓口「{numbers[0].entry.id}」（{numbers[0].at('phones')}）" if numbers else "contacts に書いた窓口"
                yield Problem(passage.at, f"電話番号「{figure}」は、{at}の番号と合いません。どちらかを直してください")


def _phones_of_two(located: Sequence[Located]) -> Iterator[Problem]:
    first: dict[str, Located] = {}
    for one in located:
        repeated = {(fact.label or fact.text).partition("/")[0] for fact in one.entry.repeats}
        for number in sorted(_numbers(one)):
            other = first.setdefault(number, one)
            names = {(fact.label or fact.text).partition("/")[0] for fact in other.entry.repeats}
            if other is not one and other.entry.id not in repeated and one.entry.id not in names:
                yield Problem(
                    one.at("phones"),
                    f"「{number}」は窓口「{other.entry.id}」（{other.at('phones')}）の番号でもあります。"
                    "同じ番号なら repeats にその id を書き、違うなら直してください",
                )


def _named(one: Located, number: int, text: str, origin: _Origin, said: Sequence[Passage]) -> Iterator[Problem]:
    """The figures that an entry says it repeats stand both in it and there."""
    there = origin.figures
    own = {figure: passage for passage in said for figure in passage.figures}
    for figure in figures(text):
        if figure in own and figure not in there:
            yield _disagrees(figure, own[figure], origin)
        elif figure not in own:
            odd = _alike(figure, said, [*there, *figures(text)])
            yield Problem(
                odd.at if odd else one.at("repeats", number),
                f"「{figure}」のはずが、そう書かれていません（もとの項目「{origin.said}」は {_place(origin, figure)}、"
                f"くり返しの宣言は {one.at('repeats', number)}）。どれかを直してください",
            )


def _whole(one: Located, said: Sequence[Passage], origins: Sequence[_Origin], free: set[str]) -> Iterator[Problem]:
    """Where nothing else is said, every figure of an entry stands in what it repeats."""
    whole = {repeated.text for repeated in one.entry.repeats if not repeated.label}
    allowed = {figure for origin in origins for figure in origin.figures} | free
    meant = [origin for origin in origins if origin.said in whole]
    for passage in said if meant else ():
        if passage.field not in ("web", "older"):
            for figure in passage.figures:
                if figure not in allowed:
                    likest = max(meant, key=lambda origin: len(origin.figures & set(passage.figures)))
                    yield _disagrees(figure, passage, likest)


def _disagrees(figure: str, passage: Passage, origin: _Origin) -> Problem:
    other = _alike(figure, origin.passages, passage.figures)
    where = f"{other.at} では「{_short(other.text)}」" if other else str(origin.one.at())
    return Problem(
        passage.at,
        f"「{figure}」は、もとの項目「{origin.said}」にありません（{where}）。どちらかを直してください。"
        "この項目だけの数字なら、repeats を「id: くり返す数字」の形にします",
    )


def _place(origin: _Origin, figure: str) -> str:
    passage = next((one for one in origin.passages if figure in one.figures), None)
    return str(passage.at if passage else origin.one.at())


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
