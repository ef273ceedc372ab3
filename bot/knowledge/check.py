"""Everything that can be wrong with a knowledge base beyond one file's form; every problem in one run."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rapidfuzz import fuzz

from bot.knowledge import schema
from bot.knowledge.base import KnowledgeBase, build_knowledge_base
from bot.knowledge.build import build_content
from bot.knowledge.check_rules import check_rules
from bot.knowledge.files import LoadedFile, load_folder
from bot.knowledge.places import municipalities_of_tokyo
from bot.knowledge.problems import Position, Problem
from bot.nlp.encoder import Encoder
from bot.nlp.normalize import squeeze

_NEARLY_THE_SAME = 94
"""Per cent of likeness (RapidFuzz ratio) from which two FAQ questions count as one asked twice."""

_JAPANESE_DATE = re.compile(r"(平成|令和)(\d{1,2}|元)年(\d{1,2})月(\d{1,2})日")
_ERA_START = {"平成": 1988, "令和": 2018}


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found; ``entries`` and ``files`` count what was loaded."""

    problems: tuple[Problem, ...]
    entries: int
    files: int

    @property
    def errors(self) -> int:
        return sum(problem.severity == "error" for problem in self.problems)


@dataclass(frozen=True, slots=True)
class _Located:
    """An entry and where it stands."""

    entry: schema.Entry
    file: LoadedFile
    section: str
    index: int

    def at(self, *path: str | int) -> Position:
        return self.file.at(self.section, self.index, *path)


def check_folder(folder: Path, encoder: Encoder, cache_file: Path | None, today: date) -> Report:
    """Check a whole knowledge base."""
    files, problems = load_folder(folder)
    located = [_Located(entry, file, section, index) for file in files for section, index, entry in file.entries()]
    broken = bool(problems)
    duplicates = list(_duplicate_ids(located))
    problems += duplicates
    problems += _references(located, files, _ids_in_broken_files(files, problems))
    problems += _name_collisions(located)
    problems += _near_duplicates(located)
    problems += _municipalities(files, located, folder)
    problems += _wording(files)
    problems += _ages(files, located, today)
    if files and not broken and not duplicates:
        content = build_content(files)
        problems += _unfindable(located, build_knowledge_base(content, encoder, cache_file))
    return Report(tuple(sorted(set(problems))), len(located), len(files))


def _duplicate_ids(located: Sequence[_Located]) -> Iterator[Problem]:
    first: dict[str, Position] = {}
    for one in located:
        if one.entry.id in first:
            yield Problem(
                one.at("id"), f"id「{one.entry.id}」は {first[one.entry.id]} でも使われています。別の id にしてください"
            )
        else:
            first[one.entry.id] = one.at("id")


def _ids_in_broken_files(files: Sequence[LoadedFile], problems: Iterable[Problem]) -> set[str]:
    """Ids that stand in files with problems, so that references to them are not reported as well."""
    ids: set[str] = set()
    for file in {problem.at.file for problem in problems}:
        if file.is_file():
            ids |= set(re.findall(r"\bid:\s*([a-z0-9-]+)", file.read_text("utf-8", errors="replace")))
    return ids


def _references(located: Sequence[_Located], files: Sequence[LoadedFile], unsure: set[str]) -> Iterator[Problem]:
    entries = {one.entry.id: one.entry for one in located}
    known = set(entries) | unsure
    sources = {source.id for file in files for source in file.content.sources} | unsure
    organisations = {one.id for file in files for one in file.content.organisations} | unsure
    for one in located:
        entry = one.entry
        for number, citation in enumerate(entry.sources):
            if citation.id not in sources:
                yield Problem(
                    one.at("sources", number),
                    f"出典「{citation.id}」は sources にありません。つづりを確かめるか、出典を登録してください",
                )
        for number, older in enumerate(entry.older):
            if older.source not in sources:
                yield Problem(
                    one.at("older", number, "source"),
                    f"出典「{older.source}」は sources にありません。つづりを確かめるか、出典を登録してください",
                )
        if entry.organisation and entry.organisation not in organisations:
            yield Problem(
                one.at("organisation"),
                f"機関「{entry.organisation}」は organisations にありません。つづりを確かめるか、機関を登録してください",
            )
        for number, contact in enumerate(entry.contacts):
            if contact not in known:
                yield Problem(
                    one.at("contacts", number), f"窓口「{contact}」がありません。contacts に登録された id を書いてください"
                )
            elif contact in entries and not isinstance(entries[contact], schema.ContactPoint):
                yield Problem(
                    one.at("contacts", number), f"「{contact}」は窓口ではありません。contacts に登録された id を書いてください"
                )
        listed = [("related", entry.related)]
        if isinstance(entry, schema.Stage):
            listed.append(("programs", entry.programs))
        if isinstance(entry, schema.Program) and entry.replaced_by:
            listed.append(("replaced_by", [entry.replaced_by]))
        for key, ids in listed:
            for number, other in enumerate(ids):
                if other not in known:
                    yield Problem(one.at(key, number), f"「{other}」という id の項目はありません。つづりを確かめてください")
                elif other == entry.id:
                    yield Problem(one.at(key, number), "自分自身を指しています。消してください")
    for file in files:
        for number, menu in enumerate(file.content.menus):
            for place, other in enumerate(menu.entries):
                if other not in known:
                    yield Problem(
                        file.at("menus", number, "entries", place),
                        f"「{other}」という id の項目はありません。つづりを確かめてください",
                    )
    yield from check_rules(files, known)


def _name_collisions(located: Sequence[_Located]) -> Iterator[Problem]:
    owners: dict[str, tuple[str, Position]] = {}
    for one in located:
        names: list[tuple[str, Position]] = [(one.entry.name, one.at("name"))]
        names += [(alias, one.at("aliases", number)) for number, alias in enumerate(one.entry.aliases)]
        for name, position in names:
            key = squeeze(name)
            owner = owners.setdefault(key, (one.entry.id, position))
            if owner[0] != one.entry.id:
                yield Problem(
                    position,
                    f"「{name}」は {owner[1]} の項目「{owner[0]}」の名前でもあります。どちらかを区別できる名前にしてください",
                )


def _near_duplicates(located: Sequence[_Located]) -> Iterator[Problem]:
    asked: dict[str, _Located] = {}
    for one in located:
        for number, question in enumerate(one.entry.questions):
            other = asked.setdefault(squeeze(question), one)
            if other.entry.id != one.entry.id:
                yield Problem(
                    one.at("questions", number),
                    f"質問例「{question}」は項目「{other.entry.id}」にもあります。どちらか一方に残してください",
                )
    faqs = [one for one in located if isinstance(one.entry, schema.Faq)]
    for number, one in enumerate(faqs):
        for other in faqs[:number]:
            if fuzz.ratio(squeeze(one.entry.name), squeeze(other.entry.name)) >= _NEARLY_THE_SAME:
                yield Problem(
                    one.at("name"),
                    f"よくある質問「{one.entry.name}」は項目「{other.entry.id}」とほとんど同じです。一つにまとめてください",
                )


def _municipalities(files: Sequence[LoadedFile], located: Sequence[_Located], folder: Path) -> Iterator[Problem]:
    """Each municipality of Tokyo has exactly one branch, and the branches' own lists agree."""
    contacts = {one.entry.id: one for one in located if isinstance(one.entry, schema.ContactPoint)}
    seen: dict[str, str] = {}
    where = Position(folder)
    real = municipalities_of_tokyo()
    for file in files:
        for number, one in enumerate(file.content.municipalities):
            where = file.at("municipalities")
            position = file.at("municipalities", number)
            if one.name not in real:
                yield Problem(position, f"「{one.name}」は東京都の区市町村ではありません。名前を確かめてください")
            if one.name in seen:
                yield Problem(position, f"「{one.name}」が二度書かれています。一つにしてください")
            if one.branch not in contacts:
                yield Problem(
                    file.at("municipalities", number, "branch"),
                    f"支店「{one.branch}」が contacts にありません。つづりを確かめてください",
                )
            seen[one.name] = one.branch
    if not seen:
        return
    for name in sorted(real - set(seen)):
        yield Problem(where, f"「{name}」の担当支店がありません。municipalities に書き加えてください")
    for branch, found in contacts.items():
        if branch not in seen.values():
            continue
        served = str(getattr(found.entry, "serves", None) or "")
        for name in re.split(r"[・、]", served):
            if name in seen and seen[name] != branch:
                yield Problem(
                    found.at("serves"), f"「{name}」は municipalities では「{seen[name]}」の担当です。どちらかを直してください"
                )


def _wording(files: Sequence[LoadedFile]) -> Iterator[Problem]:
    first: dict[str, Position] = {}
    for file in files:
        for section in ("parts", "smalltalk", "boundaries", "menus", "sources", "organisations"):
            for number, item in enumerate(getattr(file.content, section)):
                key = f"{section}/{item.id}"
                position = file.at(section, number, "id")
                if key in first:
                    yield Problem(position, f"id「{item.id}」は {first[key]} でも使われています。別の id にしてください")
                first.setdefault(key, position)


def _ages(files: Sequence[LoadedFile], located: Sequence[_Located], today: date) -> Iterator[Problem]:
    """Sources past review, and dates that are over in entries that do not say so."""
    resting: dict[str, int] = defaultdict(int)
    checked: dict[str, int] = defaultdict(int)
    for one in located:
        resting[one.entry.sources[0].id] += 1
        checked[one.entry.sources[0].id] += one.entry.checked is not None
    for file in files:
        for number, source in enumerate(file.content.sources):
            months = _months_since(source.as_of, today)
            unchecked = resting[source.id] - checked[source.id]
            if months > source.review_months and unchecked:
                yield Problem(
                    file.at("sources", number, "as_of"),
                    f"「{source.title}」は{source.as_of_label}の資料で、見直しの期限（{source.review_months}か月）を過ぎています。"
                    f"この資料による{unchecked}件が未確認です。確かめた項目には checked に日付を書いてください",
                    "warning",
                )
    for one in located:
        if one.entry.status == "公募終了":
            continue
        for number, fact in enumerate(one.entry.period):
            ends = [_western(match) for match in _JAPANESE_DATE.finditer(fact.text)]
            if ends and max(ends) < today and one.entry.status == "受付中":
                yield Problem(
                    one.at("period", number),
                    "期限の日付が過ぎていますが、status が「受付中」です。「公募終了」か「要確認」にしてください",
                    "warning",
                )


def _months_since(as_of: str, today: date) -> int:
    year, *rest = as_of.split("-")
    return (today.year - int(year)) * 12 + today.month - (int(rest[0]) if rest else 1)


def _western(match: re.Match[str]) -> date:
    year = 1 if match[2] == "元" else int(match[2])
    try:
        return date(_ERA_START[match[1]] + year, int(match[3]), int(match[4]))
    except ValueError:
        return date.max


def _unfindable(located: Sequence[_Located], kb: KnowledgeBase) -> Iterator[Problem]:
    """Example questions that another entry would answer; one that this entry refers to may, as it leads here."""
    for one in located:
        near = {one.entry.id, *one.entry.related, *one.entry.contacts}
        for number, question in enumerate(one.entry.questions):
            hits = kb.search(question, 1)
            if not hits or hits[0].id not in near:
                yield Problem(
                    one.at("questions", number),
                    f"質問例「{question}」で、この項目が見つかりません（先に出るのは「{hits[0].id if hits else 'なし'}」）。"
                    "言い方を変えるか、質問例を移してください",
                )
