"""Turns validated YAML models into the core's plain data."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.knowledge import schema, source_schema
from bot.knowledge.build_dialogs import build_dialogs, build_slots
from bot.knowledge.build_fits import Shared, build_fits
from bot.knowledge.build_rules import build_rules
from bot.knowledge.entries import (
    Citation,
    Content,
    Desk,
    Entry,
    Line,
    Menu,
    Municipality,
    PartWords,
    Section,
    Source,
    Talk,
)
from bot.knowledge.files import LoadedFile
from bot.knowledge.freshness import CLOSED, due_for_review, status_on

FACT_PARTS = (
    "who",
    "gives",
    "use",
    "limit",
    "rate",
    "term",
    "fee",
    "security",
    "period",
    "time",
    "how",
    "documents",
    "where",
    "count",
    "conditions",
    "details",
    "caution",
)
"""The parts that every entry may have, in the order in which an answer shows them."""

_KINDS: dict[type[schema.Entry], str] = {
    schema.Program: "program",
    schema.ContactPoint: "contact",
    schema.Faq: "faq",
    schema.Definition: "definition",
    schema.Rule: "rule",
    schema.Example: "example",
    schema.Flow: "flow",
    schema.Checklist: "checklist",
    schema.RuleTable: "table",
    schema.Stage: "stage",
}


Dated = source_schema.Source | source_schema.PublicPage
"""What an entry's age follows from."""


@dataclass(frozen=True, slots=True)
class _Around:
    """What an entry takes from elsewhere: its sources and status, the programs of each stage, what parts are called, criteria."""

    sources: Mapping[str, Source]
    statuses: Mapping[str, str]
    at_stage: Mapping[int, Sequence[str]]
    labels: Mapping[Any, Mapping[Any, str]]
    shared: Shared


def build_content(files: Sequence[LoadedFile], today: date) -> Content:
    """The content of all files as it stands on a day, which decides what can be relied on. Ids must be unique and references resolvable (see :mod:`bot.knowledge.check`)."""
    contents = [file.content for file in files]
    sources = {
        source.id: Source(
            source.id,
            source.title,
            source.publisher,
            source.as_of,
            source.as_of_label,
            source.review_months,
            source.official,
        )
        for content in contents
        for source in content.sources
    } | {page.id: _page(page) for content in contents for page in content.pages}
    dated = dated_sources(files)
    statuses = {entry.id: status_of(entry, dated, today) for file in files for _, _, entry in file.entries()}
    at_stage = {
        stage: [entry.name for file in files for _, _, entry in file.entries() if _belongs(entry, stage, statuses)]
        for stage in range(1, 5)
    }
    labels = {part.id: part.labels for content in contents for part in content.parts}
    shared = {one.id: one.criteria for content in contents for one in content.shared_criteria}
    around = _Around(sources, statuses, at_stage, labels, shared)
    entries = {entry.id: _entry(entry, around) for file in files for _, _, entry in file.entries()}
    slots = build_slots(contents)
    digest = hashlib.blake2b(digest_size=6)
    for content in contents:
        digest.update(content.model_dump_json().encode())
    digest.update("".join(statuses.values()).encode())
    return Content(
        entries=entries,
        sources=sources,
        organisations={one.id: one.name for content in contents for one in content.organisations},
        organisation_words={
            one.id: tuple({one.name, one.short, *one.aliases}) for content in contents for one in content.organisations
        },
        municipalities=tuple(
            Municipality(one.name, one.kana, one.romaji, one.kind, one.area, one.branch, tuple(one.areas))
            for content in contents
            for one in content.municipalities
        ),
        parts=tuple(
            PartWords(part.id, part.label, tuple(part.cues), tuple(part.also)) for content in contents for part in content.parts
        ),
        smalltalk=tuple(
            Talk(talk.id, "", tuple(talk.questions), tuple(talk.replies)) for content in contents for talk in content.smalltalk
        ),
        boundaries=tuple(
            Talk(one.id, one.name, tuple(one.questions), (one.reply,), tuple(one.names))
            for content in contents
            for one in content.boundaries
        ),
        synonyms=tuple(tuple(group) for content in contents for group in content.synonyms),
        rules=build_rules(contents),
        slots=slots,
        dialogs=build_dialogs(contents, slots),
        menus=tuple(Menu(one.id, one.label, one.text, tuple(one.entries)) for content in contents for one in content.menus),
        version=digest.hexdigest(),
    )


def dated_sources(files: Sequence[LoadedFile]) -> dict[str, Dated]:
    """The documents and public pages, by id."""
    documents: dict[str, Dated] = {one.id: one for file in files for one in file.content.sources}
    return documents | {one.id: one for file in files for one in file.content.pages}


def as_known(source: Dated) -> str:
    """As of when a source tells: its date, or the day on which an undated page was read."""
    return source.as_of or (source.read if isinstance(source, source_schema.PublicPage) else "")


def status_of(entry: schema.Entry, sources: Mapping[str, Dated], today: date) -> str:
    """An entry's status on a day, by what an editor wrote and by its first source.

    What rests on a public page is open only while the page's own date is within its review period, whoever checked it.
    """
    source = sources.get(entry.sources[0].id)
    if isinstance(source, source_schema.PublicPage):
        aged = source.as_of is None or due_for_review(source.as_of, source.review_months, today)
        return status_on(today, entry.status, None, None, undated=aged)
    until, undated = (source.until, source.undated) if source else (None, False)
    return status_on(today, entry.status, entry.checked, until, undated=undated)


def _belongs(entry: schema.Entry, stage: int, statuses: Mapping[str, str]) -> bool:
    """Whether an entry is one of the programs that a stage of the roadmap offers."""
    return isinstance(entry, schema.Program) and stage in entry.stages and statuses[entry.id] != CLOSED


def _page(page: source_schema.PublicPage) -> Source:
    return Source(
        page.id,
        page.title,
        page.publisher,
        page.as_of or "",
        page.as_of_label,
        page.review_months,
        official=True,
        url=page.url,
        read=page.read,
    )


def _entry(entry: schema.Entry, around: _Around) -> Entry:
    desk = None
    if isinstance(entry, schema.ContactPoint):
        desk = Desk(
            _lines(entry.phones),
            entry.fax or "",
            entry.address or "",
            entry.postcode or "",
            entry.hours or "",
            entry.serves or "",
            tuple(entry.topics),
        )
    cited = tuple(Citation(around.sources[one.id], one.place or "") for one in entry.sources if one.id in around.sources)
    web = (*entry.web, *(one.source.url for one in cited if one.source.is_page))
    return Entry(
        id=entry.id,
        kind=_KINDS[type(entry)],
        name=entry.name,
        summary=entry.summary,
        topic=entry.topic,
        status=around.statuses[entry.id],
        as_of=cited[0].source.as_of or cited[0].source.read if cited else "",
        checked=entry.checked or "",
        sources=cited,
        reading=entry.reading or "",
        aliases=tuple(entry.aliases),
        questions=tuple(entry.questions),
        organisation=entry.organisation or "",
        category=entry.category if isinstance(entry, schema.Program) else "",
        stages=tuple(entry.stages),
        sections=tuple(_labelled(entry, _sections(entry, desk, around, web), around)),
        contacts=tuple(entry.contacts),
        web=web,
        related=tuple(entry.related),
        replaced_by=(entry.replaced_by or "") if isinstance(entry, schema.Program) else "",
        desk=desk,
        fits=build_fits(entry.fits, around.shared, (entry.sources[0].id, entry.sources[0].place or "")),
        within=entry.within or "",
        known=entry.known or "",
    )


def _labelled(entry: schema.Entry, sections: Iterable[Section], around: _Around) -> Iterable[Section]:
    """The sections with the label that fits what the entry is about."""
    kinds = (entry.category, entry.topic) if isinstance(entry, schema.Program) else (entry.topic,)
    for section in sections:
        fitting = around.labels.get(section.part, {})
        yield replace(section, label=next((fitting[kind] for kind in kinds if kind in fitting), ""))


def _lines(facts: Iterable[schema.Fact]) -> tuple[Line, ...]:
    return tuple(Line(fact.text, fact.label or "") for fact in facts)


def _sections(entry: schema.Entry, desk: Desk | None, around: _Around, web: Sequence[str]) -> Iterable[Section]:
    if desk is not None:
        yield from _desk_sections(desk)
    if isinstance(entry, schema.Stage):
        yield Section("goals", _lines(entry.goals))
    if isinstance(entry, schema.Flow):
        yield Section("steps", tuple(_step(number, step) for number, step in enumerate(entry.steps, 1)))
    if isinstance(entry, schema.Checklist):
        yield Section("items", tuple(map(_item, entry.items)))
    if isinstance(entry, schema.RuleTable):
        yield Section("table", tuple(_row(entry.columns, row) for row in entry.rows))
    for part in FACT_PARTS:
        facts = getattr(entry, part)
        if facts:
            yield Section(part, _lines(facts))
    if isinstance(entry, schema.Stage) and around.at_stage[entry.number]:
        yield Section("programs", tuple(map(Line, around.at_stage[entry.number])))
    if web:
        yield Section("web", tuple(map(Line, web)))
    if entry.older:
        yield Section("older", tuple(Line(older.text, f"{as_of_label(older.as_of)}の資料") for older in entry.older))


def _desk_sections(desk: Desk) -> Iterable[Section]:
    if desk.phones:
        yield Section("phone", desk.phones)
    if desk.fax:
        yield Section("fax", (Line(desk.fax),))
    if desk.address:
        yield Section("address", (Line(f"〒{desk.postcode} {desk.address}" if desk.postcode else desk.address),))
    if desk.serves:
        yield Section("area", (Line(desk.serves),))
    if desk.hours:
        yield Section("hours", (Line(desk.hours),))


def _step(number: int, step: schema.Step) -> Line:
    notes = "、".join(note for note in (step.who, step.takes) if note)
    text = step.title + (f"（{notes}）" if notes else "")
    if step.does:
        text += f" {step.does}"
    if step.caution:
        text += f" ※{step.caution}"
    return Line(f"{number}. {text}")


def _item(item: schema.Item) -> Line:
    notes = "。".join(note.rstrip("。") for note in (item.get_from and f"入手先は{item.get_from}", item.note) if note)
    return Line(f"□ {item.name}" + (f"（{notes}）" if notes else ""))


def _row(columns: Sequence[str], row: Sequence[str]) -> Line:
    cells = [f"{column} {cell}" for column, cell in zip(columns[1:], row[1:], strict=True) if cell]
    return Line("／".join(cells) or "資料に記載がありません", row[0])


def as_of_label(as_of: str) -> str:
    """``2016-02`` as 2016年2月.

    >>> as_of_label("2016-02"), as_of_label("2025")
    ('2016年2月', '2025年')
    """
    year, *rest = as_of.split("-")
    return f"{year}年" + "".join(f"{int(number)}{unit}" for number, unit in zip(rest, "月日", strict=False))
