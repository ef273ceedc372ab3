"""Looking into the knowledge base: by folder, by topic, by search, and entry by entry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO

import segno
from starlette.responses import Response

from bot.advisor.compose import Asker, compose
from bot.advisor.links import entry_link
from bot.business_days import TOKYO
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.editing import Place, confirm
from bot.knowledge.entries import Entry
from bot.knowledge.freshness import past_review
from bot.knowledge.yaml_edit import EditError
from bot.nlp.normalize import fold
from bot.staff.changing import refused, save, seen, today
from bot.staff.entry_fields import SECTIONS
from bot.staff.forms import Refused
from bot.staff.shell import Visit, guarded
from bot.staff.words import RATINGS, TOPICS
from bot.store.entry_records import EntryRecords
from bot.store.staffing import Asked

_LONGEST_QUERY = 200
_MOST_FOUND = 30
_WHOLE = 1_000_000
"""Characters of a screen that holds any answer."""

_DAYS = 90
_RATED = {**RATINGS, "": "評価なし"}
_NO_ENTRY = "この項目はありません。id が変わったか、消されたようです。「知識ベース」から探してください。"


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry as a list shows it."""

    entry: Entry
    place: Place | None
    due: bool


@dataclass(frozen=True, slots=True)
class Usage:
    """How often an entry answered, by day, municipality and rating."""

    total: int
    days: tuple[tuple[date, int], ...]
    wards: tuple[tuple[str, int], ...]
    ratings: tuple[tuple[str, int], ...]


async def browse(visit: Visit) -> Response:
    kb = visit.staff.worker.kb
    places = await visit.staff.keeper.places()
    words = visit.query.text("q", _LONGEST_QUERY, required=False)
    folder, topic = visit.query.raw("folder", 200), visit.query.raw("topic", 40)
    chosen: Sequence[Entry] | None = None
    if words:
        chosen = search(kb, words)
    elif "folder" in visit.query.fields or topic:
        everywhere = "folder" not in visit.query.fields
        chosen = [
            entry
            for entry in kb.content.entries.values()
            if (not topic or entry.topic == topic) and (everywhere or _folder(places, entry) == folder)
        ]
    entries = kb.content.entries.values()
    return visit.page(
        "knowledge.html",
        listed=None if chosen is None else [_listed(one, places, today(visit)) for one in chosen],
        words=words,
        folder=folder if "folder" in visit.query.fields else None,
        topic=topic,
        folders=sorted(Counter(_folder(places, entry) for entry in entries).items()),
        topics=[(name, label, sum(one.topic == name for one in entries)) for name, label in TOPICS.items()],
        total=len(entries),
        sections=SECTIONS,
        problems=visit.staff.keeper.problems(),
    )


def search(kb: KnowledgeBase, words: str) -> list[Entry]:
    """Entries for words: those whose id or name has them, then what the bot itself would find."""
    part = fold(words)
    named = [
        entry
        for entry in kb.content.entries.values()
        if part in entry.id or any(part in fold(name) for name in (entry.name, *entry.aliases))
    ]
    found = kb.entries(hit.id for hit in kb.search(words, _MOST_FOUND))
    return list({entry.id: entry for entry in (*named, *found)}.values())[:_MOST_FOUND]


async def show(visit: Visit) -> Response:
    entry = entry_of(visit)
    kb, now = visit.staff.worker.kb, visit.staff.worker.now()
    records = EntryRecords(visit.staff.store.database)
    answered = await records.answered(entry.id, now - timedelta(days=_DAYS))
    return visit.page(
        "entry.html",
        entry=entry,
        reply=compose(entry, entry.name, kb, Asker(None, now), screen=_WHOLE),
        place=(await visit.staff.keeper.places()).get(entry.id),
        due=past_review(entry, today(visit)),
        related=kb.entries((*entry.contacts, *entry.related)),
        usage=usage(answered),
        days=_DAYS,
        faulted=await records.found_wanting(entry.id),
        deeds=await records.deeds(entry.id),
        link=_deep_link(visit, entry),
        seen=seen(entry),
        topics=TOPICS,
        ratings=_RATED,
    )


def entry_of(visit: Visit) -> Entry:
    """The entry in the address. Raises :class:`Refused`."""
    entry = visit.staff.worker.kb.entry(visit.request.path_params["entry"])
    if entry is None:
        raise Refused(404, _NO_ENTRY)
    return entry


def usage(answered: Sequence[Asked]) -> Usage:
    """Counts of what an entry answered, newest day and largest number first."""
    days = Counter(one.asked_at.astimezone(TOKYO).date() for one in answered)
    wards = Counter(one.ward for one in answered)
    ratings = Counter(one.rating for one in answered)
    return Usage(
        len(answered),
        tuple(sorted(days.items(), reverse=True)),
        tuple(wards.most_common()),
        tuple((rating, ratings[rating]) for rating in _RATED if ratings[rating]),
    )


async def code(visit: Visit) -> Response:
    """The deep link as a QR code."""
    link = _deep_link(visit, entry_of(visit))
    if not link:
        raise Refused(404, "Telegram につながっていないため、リンクはありません。")
    svg = BytesIO()
    segno.make(link, error="m", micro=False).save(svg, kind="svg", scale=6, xmldecl=False)
    return Response(svg.getvalue(), media_type="image/svg+xml")


async def confirm_one(visit: Visit) -> Response:
    """Note that the entry was looked at today and holds."""
    entry = entry_of(visit)
    if visit.form.raw("seen", 32) != seen(entry):
        raise Refused(
            409, f"「{entry.name}」は、ページを開いたあとに変わりました。いまの内容を見てから、もう一度押してください。"
        )
    try:
        proposal = await visit.staff.keeper.propose({entry.id: confirm(today(visit))}, today(visit))
        told = await save(visit, proposal, "entry confirmed")
    except EditError as error:
        raise refused(error) from None
    return await visit.back(f"/knowledge/{entry.id}", f"確認した日を書きました。{told}")


def _folder(places: Mapping[str, Place], entry: Entry) -> str:
    place = places.get(entry.id)
    return place.folder if place is not None else ""


def _listed(entry: Entry, places: Mapping[str, Place], day: date) -> Listed:
    return Listed(entry, places.get(entry.id), past_review(entry, day))


def _deep_link(visit: Visit, entry: Entry) -> str:
    """What opens the entry on Telegram; "" where the bot is not there."""
    name = visit.staff.worker.bot_name
    return entry_link(name, entry) if name else ""


ROUTES = (
    guarded("/knowledge", browse, "desk"),
    guarded("/knowledge/{entry}", show, "desk"),
    guarded("/knowledge/{entry}/qr.svg", code, "desk"),
    guarded("/knowledge/{entry}/confirm", confirm_one, "editor", "POST"),
)
