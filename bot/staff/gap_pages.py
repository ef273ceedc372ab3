"""Questions that were not answered: an entry takes them as examples, or they are none of ours."""

from __future__ import annotations

import re
from collections.abc import Sequence

from starlette.responses import Response

from bot.gaps import KINDS, MOST, find_gaps, stub_for
from bot.knowledge.editing import Proposal, add_question
from bot.knowledge.entries import Entry
from bot.knowledge.saving import Conflict
from bot.knowledge.yaml_edit import EditError
from bot.staff.changing import save, today
from bot.staff.forms import Refused
from bot.staff.knowledge import search
from bot.staff.shell import Visit, guarded

_MOST_IDS = 2000
_LONGEST_QUESTION = 600
_EXAMPLES = 8
_ID = re.compile(r"[0-9]{1,15}")
_IDS = re.compile(r"[0-9]{1,15}(?:,[0-9]{1,15}){0,1999}")


async def overview(visit: Visit) -> Response:
    gaps = await find_gaps(visit.staff.store, visit.staff.worker.kb)
    return visit.page("gaps.html", gaps=gaps, total=sum(gap.count for gap in gaps), kinds=KINDS)


async def show(visit: Visit) -> Response:
    """One gap, by the id of any of its questions, and where it could go."""
    number = visit.request.path_params["question"]
    number = int(number) if _ID.fullmatch(number) else 0
    gap = next((one for one in await find_gaps(visit.staff.store, visit.staff.worker.kb) if number in one.ids), None)
    if gap is None:
        raise Refused(404, "この質問は、もう片づいています。「答えられなかった質問」の一覧を開き直してください。")
    words, found = _found(visit)
    asked_as = {one.text: one.id for one in await visit.staff.store.staffing.open_questions(MOST) if one.id in gap.ids}
    return visit.page("gap.html", gap=gap, found=found, words=words, kinds=KINDS, stub=stub_for([gap]), asked_as=asked_as)


async def find(visit: Visit) -> Response:
    """Entries for the words in the address, for the page to put in its place."""
    words, found = _found(visit)
    return visit.page("gap_found.html", words=words, found=found)


async def attach(visit: Visit) -> Response:
    """What would come of giving the question to an entry."""
    entry, question, ids = _entry(visit), _question(visit), _ids(visit)
    try:
        proposal = await _proposal(visit, entry, question)
    except EditError as error:
        return _attach_page(visit, entry, question, ids, None, f"{error}。", 422)
    return _attach_page(visit, entry, question, ids, proposal)


async def keep(visit: Visit) -> Response:
    """Give the question to the entry; those who asked are told."""
    entry, question, ids = _entry(visit), _question(visit), _ids(visit)
    proposal: Proposal | None = None
    done, told = "にはこの質問例がもうあるので", ""
    try:
        proposal = await _proposal(visit, entry, question)
        if proposal.changes:
            if visit.form.raw("base", 64) != proposal.spots[entry.id].fingerprint:
                raise Conflict("ファイルは、開いたあとにほかの人が変えました。もう一度、内容を確かめてから保存してください")
            done, told = "に質問例を加え", await save(visit, proposal, "question added")
    except EditError as error:
        status = 409 if isinstance(error, Conflict) else 422
        return _attach_page(visit, entry, question, ids, proposal, f"{error}。", status)
    count = await visit.staff.store.staffing.settle_questions(ids, "answered", visit.who, entry.id)
    return await visit.back("/gaps", f"「{entry.name}」{done}、{count}件を回答済みにしました。{told}")


async def dismiss(visit: Visit) -> Response:
    count = await visit.staff.store.staffing.settle_questions(_ids(visit), "dismissed", visit.who)
    return await visit.back("/gaps", f"{count}件を対象外にしました。")


def _found(visit: Visit) -> tuple[str, list[Entry]]:
    words = visit.query.text("q", 200, required=False)
    return words, search(visit.staff.worker.kb, words)[:_EXAMPLES] if words else []


def _attach_page(
    visit: Visit,
    entry: Entry,
    question: str,
    ids: Sequence[int],
    proposal: Proposal | None,
    failure: str = "",
    status: int = 200,
) -> Response:
    return visit.page(
        "gap_attach.html",
        status,
        entry=entry,
        question=question,
        ids=",".join(map(str, ids)),
        count=len(ids),
        proposal=proposal,
        base=proposal.spots[entry.id].fingerprint if proposal is not None else "",
        failure=failure,
    )


async def _proposal(visit: Visit, entry: Entry, question: str) -> Proposal:
    return await visit.staff.keeper.propose({entry.id: add_question(question)}, today(visit))


def _entry(visit: Visit) -> Entry:
    entry_id = visit.form.text("entry", 100, required=False)
    entry = visit.staff.worker.kb.entry(entry_id)
    if entry is None:
        raise Refused(422, "どの項目に加えるかが選ばれていません。前のページに戻って、項目を選んでください。")
    return entry


def _question(visit: Visit) -> str:
    return " ".join(visit.form.text("question", _LONGEST_QUESTION).split())


def _ids(visit: Visit) -> list[int]:
    given = visit.form.raw("ids", 16 * _MOST_IDS)
    if not _IDS.fullmatch(given):
        raise Refused(422, "質問を読み取れませんでした。一覧を開き直して、もう一度お試しください。")
    return [int(one) for one in given.split(",")]


ROUTES = (
    guarded("/gaps", overview, "desk"),
    guarded("/gaps/find", find, "desk"),
    guarded("/gaps/attach", attach, "editor", "POST"),
    guarded("/gaps/save", keep, "editor", "POST"),
    guarded("/gaps/dismiss", dismiss, "editor", "POST"),
    guarded("/gaps/{question}", show, "desk"),
)
