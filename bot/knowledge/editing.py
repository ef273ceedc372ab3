"""How staff change entries without touching YAML: a change is proposed, looked at, and saved."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.knowledge.files import ENTRY_SECTIONS, knowledge_files, load_folder, locate
from bot.knowledge.live import Library
from bot.knowledge.problems import Problem
from bot.knowledge.saving import Change, fingerprint_of, write
from bot.knowledge.trial import Verdict, try_out
from bot.knowledge.yaml_edit import EditError, exchange
from bot.knowledge.yaml_reader import MAX_BYTES, Document, read

Raw = Mapping[str, object]
"""An entry as it stands in its file."""

Edit = Callable[[Raw], Raw]

ORDER = (
    *("id", "name", "reading", "aliases", "questions", "topic", "category", "status", "replaced_by", "as_of", "checked"),
    *("sources", "organisation", "stages", "number", "summary", "postcode", "address", "serves", "phones", "fax", "hours"),
    *("goals", "steps", "items", "columns", "rows", "who", "gives", "use", "limit", "rate", "term", "fee", "security"),
    *(
        "period",
        "time",
        "how",
        "documents",
        "where",
        "count",
        "conditions",
        "details",
        "caution",
        "fits",
        "within",
        "known",
        "older",
        "web",
    ),
    *("contacts", "topics", "related", "repeats", "reckoned"),
)
"""Where a new field goes in a file."""

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an entry stands and what it says there. ``line`` counts from 1; ``fingerprint`` is the whole file's."""

    id: str
    section: str
    file: Path
    index: int
    line: int
    raw: Raw
    document: Document
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change that could be saved. ``spots`` are the entries before it, ``diffs`` what it does to each, both by id."""

    changes: tuple[Change, ...]
    spots: Mapping[str, Spot]
    diffs: Mapping[str, str]
    verdict: Verdict

    @property
    def diff(self) -> str:
        """The whole change as a unified diff."""
        return "".join(self.diffs.values())

    @property
    def refused(self) -> str:
        """Why it cannot be saved, "" when it can."""
        if not self.changes:
            return "変わったところがありません"
        return "誤りがあるため、保存できません" if self.verdict.errors else ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands: ``file`` is relative to the folder, ``line`` counts from 1."""

    file: str
    line: int
    section: str

    @property
    def folder(self) -> str:
        """The first part of ``file``, "" for a file that stands in no folder."""
        return self.file.rpartition("/")[0]


def places(folder: Path) -> dict[str, Place]:
    """Where all entries stand, by id."""
    files, _ = load_folder(folder)
    return {
        one.entry.id: Place(one.file.document.file.relative_to(folder).as_posix(), one.at().line, one.section)
        for one in locate(files)
    }


def find(folder: Path, entry_id: str) -> Spot | None:
    """Where an entry stands; also one that is not served, because it or something else is faulty."""
    if not _ID.fullmatch(entry_id):
        return None
    for file in knowledge_files(folder):
        try:
            content = file.read_bytes()
        except OSError:
            continue
        if entry_id.encode() in content and len(content) <= MAX_BYTES:
            spot = _spot(file, content, entry_id)
            if spot is not None:
                return spot
    return None


def _spot(file: Path, content: bytes, entry_id: str) -> Spot | None:
    try:
        document, problems = read(file, content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return None
    if document is None or problems or not isinstance(document.data, dict):
        return None
    for section in ENTRY_SECTIONS:
        items = document.data.get(section)
        for index, raw in enumerate(items if isinstance(items, list) else []):
            if isinstance(raw, dict) and raw.get("id") == entry_id:
                line = document.at((section, index)).line
                return Spot(entry_id, section, file, index, line, raw, document, fingerprint_of(content))
    return None


def add_question(text: str) -> Edit:
    """The entry answers this question too."""
    question = text.strip()

    def edit(raw: Raw) -> Raw:
        there = raw.get("questions")
        questions = there if isinstance(there, list) else []
        return raw if question in questions else {**raw, "questions": [*questions, question]}

    return edit


def confirm(day: date) -> Edit:
    """Somebody made sure on that day that the entry still holds."""
    return lambda raw: {**raw, "checked": day.isoformat()}


def change(fields: Mapping[str, object]) -> Edit:
    """The fields become what is given; those that are ``None`` go."""
    return lambda raw: {name: value for name, value in {**raw, **fields, "id": raw["id"]}.items() if value is not None}


def propose(library: Library, edits: Mapping[str, Edit], today: date) -> Proposal:
    """What comes of changing entries, by id. Raises :class:`EditError`. To be called on the library's thread."""
    texts: dict[Path, tuple[str, str]] = {}
    spots: dict[str, Spot] = {}
    diffs: dict[str, str] = {}
    for entry_id, edit in edits.items():
        spot = find(library.folder, entry_id)
        if spot is None:
            raise EditError(f"「{entry_id[:48]}」という項目が見つからないか、そのファイルに誤りがあります")
        if spot.file not in texts:
            text = _text(spot)
            texts[spot.file] = text, text
        before, text = texts[spot.file]
        new = edit(spot.raw)
        edited = text if new == spot.raw else exchange(text, (spot.section, spot.index), new, ORDER)
        texts[spot.file] = before, edited
        spots[entry_id] = spot
        diffs[entry_id] = difference(spot.file.relative_to(library.folder), text, edited)
    changes = tuple(
        Change(file, fingerprint_of(before.encode()), before, after) for file, (before, after) in texts.items() if before != after
    )
    if not changes:
        return Proposal((), spots, diffs, Verdict(()))
    verdict = try_out(library, {one.file: one.after.removeprefix("\ufeff") for one in changes}, set(edits), today)
    return Proposal(changes, spots, diffs, verdict)


def by_field(proposal: Proposal, entry_id: str) -> dict[str, list[Problem]]:
    """The proposal's problems by the field of an entry where they stand; those that stand elsewhere under ""."""
    spot = proposal.spots[entry_id]
    fields: dict[tuple[int, int], str] = {}
    for change in proposal.changes:
        document, _ = read(change.file, change.after.removeprefix("\ufeff"))
        if change.file == spot.file and document is not None:
            inside = [path for path in document.positions if path[:2] == (spot.section, spot.index) and len(path) > 2]
            fields = {document.positions[path]: str(path[2]) for path in inside}
    found: dict[str, list[Problem]] = {}
    for problem in proposal.verdict.problems:
        here = problem.at.file == spot.file
        field = fields.get((problem.at.line, problem.at.column), "") if here else ""
        found.setdefault(field, []).append(problem)
    return found


def save(library: Library, proposal: Proposal) -> None:
    """Write what was proposed. Raises :class:`EditError` when it has errors or its files were changed meanwhile."""
    if proposal.refused:
        raise EditError(proposal.refused)
    write(library.folder, proposal.changes)


def _text(spot: Spot) -> str:
    content = spot.file.read_bytes()
    if fingerprint_of(content) != spot.fingerprint:
        raise EditError("ファイルが変わったところです。もう一度お試しください")
    return content.decode()


def difference(file: Path, before: str, after: str) -> str:
    """A change of a file as a unified diff, "" where there is none."""
    old, new = (text.removesuffix("\n").split("\n") for text in (before, after))
    found = list(difflib.unified_diff(old, new, file.as_posix(), file.as_posix(), n=2, lineterm=""))
    return "\n".join([*found, ""]) if found else ""
