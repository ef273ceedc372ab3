"""What is due for review, closed, or ends soon; confirming that it still holds takes one click."""

from __future__ import annotations

from starlette.responses import Response

from bot.knowledge.editing import confirm
from bot.knowledge.entries import Entry
from bot.knowledge.freshness import stale
from bot.knowledge.yaml_edit import EditError
from bot.staff.changing import refused, save, seen, today
from bot.staff.forms import Refused
from bot.staff.shell import Visit, guarded

_MOST = 400


async def show(visit: Visit) -> Response:
    content = visit.staff.worker.kb.content
    found = stale(content.entries.values(), today(visit))
    overdue = sorted(found.overdue.items(), key=lambda one: content.sources[one[0]].as_of)
    return visit.page(
        "freshness.html",
        found=found,
        overdue=[(content.sources[source], entries) for source, entries in overdue],
        seen=seen,
    )


async def confirm_all(visit: Visit) -> Response:
    """Write today's date to all entries that were ticked, or to the one whose button was pressed."""
    one = visit.form.raw("one", 100)
    entries = [_entry(visit, entry_id) for entry_id in ([one] if one else dict.fromkeys(visit.form.many("entry", 100, _MOST)))]
    if not entries:
        raise Refused(422, "項目が選ばれていません。前のページに戻って、確かめた項目に印を付けてください。")
    try:
        proposal = await visit.staff.keeper.propose({entry.id: confirm(today(visit)) for entry in entries}, today(visit))
        told = await save(visit, proposal, "entry confirmed")
    except EditError as error:
        raise refused(error) from None
    return visit.page("freshness_done.html", entries=entries, proposal=proposal, told=told)


def _entry(visit: Visit, entry_id: str) -> Entry:
    entry = visit.staff.worker.kb.entry(entry_id)
    if entry is None:
        raise Refused(422, "選ばれた項目がありません。「鮮度」を開き直して、もう一度お試しください。")
    if visit.form.raw(f"seen.{entry.id}", 32) != seen(entry):
        raise Refused(409, f"「{entry.name}」は、ページを開いたあとに変わりました。内容を見てから、もう一度確認してください。")
    return entry


ROUTES = (
    guarded("/freshness", show, "desk"),
    guarded("/freshness", confirm_all, "editor", "POST"),
)
