"""The form by which an editor says what a text meant: looked at beside what the bot reads, kept as an example to learn from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.responses import Response

from bot.dialogs.agenda import dialog_of
from bot.gaps import MOST
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.examples import STAFF, Example, Written, faults_of, line_of
from bot.knowledge.labels import SLOTS, TASKS
from bot.knowledge.yaml_edit import EditError
from bot.nlp.normalize import clean
from bot.staff import meanings
from bot.staff.changing import today
from bot.staff.forms import Form
from bot.staff.shell import Visit, guarded
from bot.staff.trying import Trials
from bot.store.scrub import LONGEST, scrub
from bot.talk.acts import Setting
from bot.threads import beside
from bot.understanding.understand import understand
from bot.understanding.utterance import Utterance

_ID = re.compile(r"[0-9]{1,15}")
_LABEL = 40
_ALIKE = 5
_GONE = "［氏名］"
_SAVED = "例文を保存しました（{file}の{line}行目）。ボットに効くのは、make train で学び直したあとです。"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a text comes from: an open question by its id, a trial, or nowhere."""

    question: str = ""
    trial: bool = False

    @classmethod
    def of(cls, fields: Form) -> Origin:
        question = fields.raw("question", _LABEL)
        return cls(question if _ID.fullmatch(question) else "", fields.raw("from", _LABEL) == "try")

    @property
    def path(self) -> str:
        """The page to go back to."""
        return f"/gaps/{self.question}" if self.question else "/try" if self.trial else "/gaps"


@dataclass(frozen=True, slots=True)
class Draft:
    """A form as it is filled in. ``impersonal`` is ticked where what looks like contact data is none."""

    origin: Origin
    example: Example
    impersonal: bool = False

    @property
    def scrubbed(self) -> str:
        """The text without what looks like contact data, where there is any and nobody said that it is none."""
        text = self.example.text.replace(_GONE, f"、{_GONE}")  # a name that is gone already counts for none
        found = scrub(text)
        return found.replace(f"、{_GONE}", _GONE) if found != text[: len(found)] and not self.impersonal else ""


@dataclass(frozen=True, slots=True)
class Row:
    """One aspect of a text's meaning, as it is taught and as the bot reads it now."""

    name: str
    taught: str
    read: str

    @property
    def same(self) -> bool:
        return self.taught == self.read


async def show(visit: Visit) -> Response:
    """The form, with the text that it is opened for."""
    origin = Origin.of(visit.query)
    text, setting = "", Setting()  # an open question is scrubbed already
    if origin.question:
        text = await _open_question(visit, origin.question)
        origin = origin if text else Origin()
    elif origin.trial:
        typed = visit.shared(Trials).of(visit.token).typed
        text, setting = (scrub(typed.said), typed.setting or Setting()) if typed is not None else ("", Setting())
    task, asked = _learned(visit.staff.worker.kb, setting)
    return _page(visit, Draft(origin, _example(task=task, asked=asked, text=text)))


async def send(visit: Visit) -> Response:
    """Save, or only look at what would be saved."""
    draft = _draft(visit)
    faults: dict[str, list[str]] = {}
    for path, message in faults_of(draft.example):
        faults.setdefault(".".join(path), []).append(message)
    if faults or draft.scrubbed:
        return _page(visit, draft, 422, faults=faults)
    if visit.form.raw("do", 10) != "save":
        return await _looked_at(visit, draft)
    try:
        line = await visit.staff.keeper.teach(draft.example)
    except EditError as error:
        return await _looked_at(visit, draft, f"{error}。", 422)
    await visit.staff.store.staffing.note(visit.who, "example added", f"{STAFF.as_posix()}:{line}", f"+{line_of(draft.example)}")
    still = not draft.origin.question or await _open_question(visit, draft.origin.question)
    return await visit.back(draft.origin.path if still else "/gaps", _SAVED.format(file=STAFF.as_posix(), line=line))


async def _open_question(visit: Visit, question: str) -> str:
    """The text of a question that is still open, or ""."""
    found = await visit.staff.store.staffing.open_questions(MOST)
    return next((one.text for one in found if one.id == int(question)), "")


def _draft(visit: Visit) -> Draft:
    form = visit.form
    said = {slot: clean(form.raw(f"slot.{slot}", LONGEST)) for slot in SLOTS}
    example = _example(
        task=form.raw("task", _LABEL),
        asked=form.raw("asked", _LABEL),
        text=clean(form.text("text", LONGEST, required=False)),
        acts=list(dict.fromkeys(form.many("acts", _LABEL, 100))),
        begin=form.raw("begin", _LABEL),
        slots={slot: words for slot, words in said.items() if words},
    )
    return Draft(Origin.of(form), example, bool(form.raw("impersonal", 10)))


def _example(
    *,
    task: str,
    asked: str,
    text: str,
    acts: Sequence[str] = (),
    begin: str = "",
    slots: Mapping[str, str] | None = None,
) -> Example:
    """An example that may be unfinished: what is wrong with it is told beside the form."""
    return Example.model_construct(task=task, asked=asked, text=text, acts=list(acts), begin=begin, slots=dict(slots or {}))


def _learned(kb: KnowledgeBase, setting: Setting) -> tuple[str, str]:
    """A setting of the dialogs in the words of the labels; what has no label is left out."""
    if setting.task not in TASKS:
        return "", ""
    slot = kb.content.slots.get(setting.asked)
    asked = (slot.learned_as or slot.id) if slot is not None else ""
    return setting.task, asked if asked in SLOTS else ""


def _said_into(kb: KnowledgeBase, example: Example) -> Setting:
    """The setting of an example in the words of the dialogs."""
    dialog = dialog_of(kb, example.task)
    own = next((slot.id for slot in dialog.slots if slot.learned_as == example.asked), "") if dialog and example.asked else ""
    return Setting(example.task, own or example.asked)


def _compared(kb: KnowledgeBase, visit: Visit, example: Example) -> list[Row]:
    """What is taught beside what the bot reads now."""
    day = today(visit)
    reading = understand(kb, _said_into(kb, example), Utterance.of(kb, example.text, day), day)
    tasks, slots = meanings.tasks(kb), meanings.slots(kb)
    told: dict[str, str] = {}
    for one in reading.told:
        slot = kb.content.slots.get(one.slot)
        name = (slot.learned_as or slot.id) if slot is not None else one.slot
        told[slots.get(name) or (slot.label if slot is not None else name)] = one.said
    taught = {slots[slot]: said for slot, said in example.slots.items()}
    return [
        Row("意味", _named(example.acts), _named(reading.acts)),
        Row("始める手続き", tasks.get(example.begin, ""), tasks.get(reading.begin, reading.begin)),
        *(Row(name, taught.get(name, ""), told.get(name, "")) for name in dict.fromkeys([*taught, *told])),
    ]


def _named(acts: Sequence[str]) -> str:
    return "、".join(name for act, name, _ in meanings.acts() if act in acts)


async def _looked_at(visit: Visit, draft: Draft, failure: str = "", status: int = 200) -> Response:
    rows = await beside(_compared, visit.staff.worker.kb, visit, draft.example)
    alike = await visit.staff.keeper.alike(draft.example)
    return _page(visit, draft, status, line=line_of(draft.example), rows=rows, alike=alike, failure=failure)


def _page(
    visit: Visit,
    draft: Draft,
    status: int = 200,
    *,
    faults: Mapping[str, Sequence[str]] | None = None,
    line: str = "",
    rows: Sequence[Row] = (),
    alike: Sequence[Written] = (),
    failure: str = "",
) -> Response:
    kb = visit.staff.worker.kb
    return visit.page(
        "teaching.html",
        status,
        draft=draft,
        example=draft.example,
        acts=meanings.acts(),
        tasks=meanings.tasks(kb),
        slots=meanings.slots(kb),
        sayings=meanings.sayings(),
        faults=faults or {},
        line=line,
        rows=rows,
        alike=[(one.at, _named(one.example.acts)) for one in alike[:_ALIKE]],
        folder=visit.staff.keeper.library.folder,
        failure=failure,
        file=STAFF.as_posix(),
        longest=LONGEST,
    )


ROUTES = (
    guarded("/teach", show, "editor"),
    guarded("/teach", send, "editor", "POST"),
)
