"""The form by which an editor adds a public page, the second kind of source, and an entry that rests on it."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from bot.knowledge.adding import SECTION
from bot.knowledge.editing import Proposal, Raw
from bot.knowledge.yaml_edit import EditError
from bot.staff.changing import save, today
from bot.staff.entry_editing import LONGEST, suggestions
from bot.staff.entry_fields import fields_of
from bot.staff.entry_form import changes, posted, values_of
from bot.staff.shell import Visit, guarded

_PATH = "/knowledge/pages/new"
_STATUS = "要確認"
_ASKED = ("name", "questions", "topic", "organisation", "summary", "conditions", "how", "caution", "contacts", "related")
"""What the form asks of the entry; the rest is added with the form for entries."""


@dataclass(frozen=True, slots=True)
class PageField:
    """A field of the page itself."""

    name: str
    label: str
    hint: str = ""


_FIELDS = (
    PageField("id", "id", "page- で始まる英小文字とハイフン。もうあるページなら、id だけを書きます"),
    PageField("title", "ページの題名"),
    PageField("publisher", "公表した機関"),
    PageField("url", "アドレス", "https:// で始まるもの"),
    PageField("as_of", "ページに表示された日付", "2022-01-31、2022-01、2022 のどれかの形。表示がなければ空けます"),
    PageField("as_of_label", "いつの内容かを示す言葉", "「2022年1月31日」。日付がなければ「日付なし」"),
    PageField("read", "読んだ日", "2026-11-26 の形"),
)


async def new(visit: Visit) -> Response:
    return await _page(visit, {"read": today(visit).isoformat(), "as_of_label": ""})


async def send(visit: Visit) -> Response:
    """Save the page and the entry, or only look at what would be saved."""
    page = {one.name: value for one in _FIELDS if (value := visit.form.text(f"page.{one.name}", 300, required=False))}
    if set(page) == {"id", "read"}:
        del page["read"]  # the form fills it in; whoever names a page that is there leaves the rest empty
    entry = _entry(visit, page)
    try:
        proposal = await visit.staff.keeper.propose_page(page, entry, visit.form.raw("home", 200), today(visit))
        if visit.form.raw("do", 10) != "save" or proposal.refused:
            return await _page(visit, page, proposal)
        told = await save(visit, proposal, "page added")
    except EditError as error:
        return await _page(visit, page, failure=f"{error}。", status=422)
    return await visit.back(f"/knowledge/{entry['id']}", f"項目を加えました。{told}")


def _entry(visit: Visit, page: Raw) -> Raw:
    """The entry as it is to stand in its file; as of when it tells follows from the page."""
    fields = fields_of(SECTION)
    fixed = {"status": _STATUS, "sources": [page.get("id", "")]}
    return {"id": visit.form.text("id", 48, required=False), **changes(posted(visit.form.fields, fields), {}, fields), **fixed}


async def _page(visit: Visit, page: Raw, proposal: Proposal | None = None, failure: str = "", status: int = 200) -> Response:
    fields = fields_of(SECTION)
    sent = bool(visit.form.fields)
    return visit.page(
        "page_new.html",
        status,
        path=_PATH,
        page_fields=_FIELDS,
        page=page,
        id=visit.form.raw("id", 48),
        fields=sorted((one for one in fields if one.name in _ASKED), key=lambda one: _ASKED.index(one.name)),
        values=posted(visit.form.fields, fields) if sent else values_of({}, fields),
        homes=await visit.staff.keeper.homes(),
        home=visit.form.raw("home", 200),
        suggestions=suggestions(visit.staff.worker.kb.content),
        proposal=proposal,
        problems=proposal.verdict.problems if proposal is not None else (),
        failure=failure,
    )


ROUTES = (
    guarded(_PATH, new, "editor"),
    guarded(_PATH, send, "editor", "POST", LONGEST),
)
