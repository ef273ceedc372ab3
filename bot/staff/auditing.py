"""The log of what staff did."""

from __future__ import annotations

from starlette.responses import Response

from bot.staff.exports import as_csv
from bot.staff.forms import Form, Refused
from bot.staff.shell import Visit, guarded
from bot.staff.words import moment, who

_A_PAGE = 50
_MOST = 50_000


async def show(visit: Visit) -> Response:
    person, action, before = _wanted(visit.query)
    staffing = visit.staff.store.staffing
    found = await staffing.deeds(_A_PAGE + 1, before, person, action)
    people, actions = await staffing.deed_names()
    return visit.page(
        "auditing.html",
        deeds=found[:_A_PAGE],
        older=found[_A_PAGE - 1].id if len(found) > _A_PAGE else None,
        newest=before is None,
        person=visit.person,
        chosen=person,
        action=action,
        people=people,
        actions=actions,
    )


async def take(visit: Visit) -> Response:
    person, action, _ = _wanted(visit.query)
    found = await visit.staff.store.staffing.deeds(_MOST, None, person, action)
    rows = [(one.id, moment(one.at), who(one.who), one.action, one.subject, one.detail) for one in found]
    return as_csv("audit", ("番号", "日時", "だれが", "何を", "対象", "くわしく"), rows)


ROUTES = (
    guarded("/audit", show, "admin"),
    guarded("/export/audit.csv", take, "admin"),
)


def _wanted(query: Form) -> tuple[str, str, int | None]:
    """Whose deeds, which, and before which number."""
    before = query.raw("before", 18)
    if before and not (before.isascii() and before.isdecimal()):
        raise Refused(422, "この続きは開けません。一覧から開き直してください。")
    return query.raw("who", 80), query.raw("action", 40), int(before) if before else None
