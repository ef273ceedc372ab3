"""The form by which an entry is changed: checked while somebody types, shown as a diff, saved."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from starlette.responses import Response

from bot.knowledge.editing import Proposal, Spot, by_field, change
from bot.knowledge.entries import Content
from bot.knowledge.problems import Problem
from bot.knowledge.saving import Conflict
from bot.knowledge.yaml_edit import EditError
from bot.staff.changing import save, today
from bot.staff.entry_fields import Choices, Field, fields_of
from bot.staff.entry_form import Value, changes, posted, values_of
from bot.staff.forms import Refused
from bot.staff.shell import Visit, guarded

LONGEST = 512 * 1024
"""Bytes of a form: the longest entries have some 20 KB."""

_STALE = "この項目のファイルは、開いたあとにほかの人が変えました。いまの内容に、あなたの変更を重ねて表示しています。確かめてから、もう一度保存してください。"
_BOTH = "この欄は、ほかの人も変えました。いまファイルにある内容："


@dataclass(frozen=True, slots=True)
class Draft:
    """A form as it is filled in. ``untouched`` are marks of what each field held when the form was first shown.

    ``theirs`` is what stands in the file now, by field, where somebody else changed what is changed here as well.
    """

    spot: Spot
    fields: Sequence[Field]
    values: Mapping[str, Value]
    untouched: Mapping[str, str]
    theirs: Mapping[str, Value] = field(default_factory=dict)


async def edit(visit: Visit) -> Response:
    spot = await _spot(visit)
    fields = fields_of(spot.section)
    values = values_of(spot.raw, fields)
    return _page(visit, Draft(spot, fields, values, _marks(values)))


async def check(visit: Visit) -> Response:
    """What would come of the form as it is, for the page to put in its place."""
    draft = await _draft(visit)
    proposal, failure = await _proposal(visit, draft)
    return _checked(visit, "entry_check.html", draft, proposal, failure)


async def send(visit: Visit) -> Response:
    """Save, or only look at what would be saved."""
    draft = await _draft(visit)
    proposal, failure = await _proposal(visit, draft)
    if visit.form.raw("do", 10) != "save" or proposal is None or proposal.refused:
        return _checked(visit, "entry_edit.html", draft, proposal, failure)
    if visit.form.raw("base", 64) != draft.spot.fingerprint:
        return _checked(visit, "entry_edit.html", draft, proposal, _STALE, 409)
    try:
        told = await save(visit, proposal, "entry changed")
    except Conflict:
        draft = await _draft(visit)
        return _checked(visit, "entry_edit.html", draft, proposal, _STALE, 409)
    except EditError as error:
        return _checked(visit, "entry_edit.html", draft, proposal, f"{error}。", 422)
    served = visit.staff.worker.kb.entry(draft.spot.id) is not None
    return await visit.back(f"/knowledge/{draft.spot.id}" if served else f"/knowledge/{draft.spot.id}/edit", told)


async def _spot(visit: Visit) -> Spot:
    spot = await visit.staff.keeper.find(visit.request.path_params["entry"])
    if spot is None:
        raise Refused(404, "この項目がファイルに見つかりません。消されたか、ファイルがYAMLとして読めないようです。")
    return spot


async def _draft(visit: Visit) -> Draft:
    """The form that was sent, over what stands in the file now: what was not touched in the form is as it is there."""
    spot = await _spot(visit)
    fields = fields_of(spot.section)
    now, typed = values_of(spot.raw, fields), posted(visit.form.fields, fields)
    marks = {one.name: visit.form.raw(f"was.{one.name}", 40) for one in fields}
    touched = {name for name, mark in marks.items() if mark and mark != _mark(typed[name])}
    values = {name: typed[name] if name in touched else now[name] for name in now}
    theirs = {name: now[name] for name in touched if _mark(now[name]) != marks[name] and now[name] != typed[name]}
    untouched = {name: _mark(now[name]) for name in now}
    return Draft(spot, fields, values, untouched, theirs)


async def _proposal(visit: Visit, draft: Draft) -> tuple[Proposal | None, str]:
    """What the form would change, or why that cannot be told."""
    fields = changes(draft.values, draft.spot.raw, draft.fields)
    try:
        return await visit.staff.keeper.propose({draft.spot.id: change(fields)}, today(visit)), ""
    except EditError as error:
        return None, f"{error}。"


def _checked(visit: Visit, template: str, draft: Draft, proposal: Proposal | None, failure: str, status: int = 200) -> Response:
    problems = by_field(proposal, draft.spot.id) if proposal is not None else {}
    return _page(visit, draft, template, status, proposal=proposal, problems=problems, failure=failure)


def _page(
    visit: Visit,
    draft: Draft,
    template: str = "entry_edit.html",
    status: int = 200,
    *,
    proposal: Proposal | None = None,
    problems: Mapping[str, Iterable[Problem]] | None = None,
    failure: str = "",
) -> Response:
    folder = visit.staff.keeper.library.folder
    shown = {one.name for one in draft.fields if one.required or draft.values[one.name]} | {
        "aliases",
        "status",
        "checked",
        "caution",
    }
    return visit.page(
        template,
        status,
        draft=draft,
        spot=draft.spot,
        file=draft.spot.file.relative_to(folder).as_posix(),
        name=str(draft.spot.raw.get("name", draft.spot.id)),
        open_fields=[one for one in draft.fields if one.name in shown],
        more_fields=[one for one in draft.fields if one.name not in shown],
        suggestions=suggestions(visit.staff.worker.kb.content),
        proposal=proposal,
        problems=problems or {},
        failure=failure,
        both=_BOTH,
    )


def suggestions(content: Content) -> dict[str, Choices]:
    """Ids that references may name, with what they stand for."""
    entries = content.entries.values()
    return {
        "entries": tuple((one.id, one.name) for one in entries),
        "contacts": tuple((one.id, one.name) for one in entries if one.kind == "contact"),
        "sources": tuple((one.id, one.title) for one in content.sources.values()),
        "organisations": tuple(content.organisations.items()),
    }


def _marks(values: Mapping[str, Value]) -> dict[str, str]:
    return {name: _mark(value) for name, value in values.items()}


def _mark(value: Value) -> str:
    return hashlib.blake2b(json.dumps(value).encode(), digest_size=8).hexdigest()


ROUTES = (
    guarded("/knowledge/{entry}/edit", edit, "editor"),
    guarded("/knowledge/{entry}/edit", send, "editor", "POST", LONGEST),
    guarded("/knowledge/{entry}/check", check, "editor", "POST", LONGEST),
)
