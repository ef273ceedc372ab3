"""What must hold between the files of a knowledge base: ids, references, names, places. A broken one is never served."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from rapidfuzz import fuzz

from bot.business_days import TOKYO
from bot.knowledge import schema
from bot.knowledge.asked import by_entry, read_asked, unknown_entries
from bot.knowledge.build import build_content
from bot.knowledge.check_dialogs import check_dialogs
from bot.knowledge.check_fits import check_fits
from bot.knowledge.check_pages import check_pages
from bot.knowledge.check_rules import check_rules
from bot.knowledge.entries import Content
from bot.knowledge.files import LoadedFile, Located, load_folder, locate
from bot.knowledge.places import municipalities_of_tokyo
from bot.knowledge.problems import KnowledgeError, Position, Problem
from bot.nlp.normalize import squeeze

_NEARLY_THE_SAME = 94
"""Per cent of likeness (RapidFuzz ratio) from which two FAQ questions count as one asked twice."""


def load_content(folder: Path, today: date | None = None) -> Content:
    """Load a folder as it stands on a day, by default today in Tokyo.

    Raises :class:`KnowledgeError` with every problem when anything in it is wrong.
    """
    files, problems = load_folder(folder)
    problems += contradictions(files, locate(files), problems, folder)
    asked, wrong = read_asked(folder)
    problems += [*wrong, *unknown_entries(asked, {one.entry.id for one in locate(files)})]
    if problems:
        raise KnowledgeError(sorted(set(problems)))
    return replace(build_content(files, today or datetime.now(TOKYO).date()), asked=by_entry(asked))


def contradictions(
    files: Sequence[LoadedFile], located: Sequence[Located], found: Sequence[Problem], folder: Path
) -> Iterator[Problem]:
    """Whatever does not fit together; ``found`` are the problems within single files, whose ids may yet exist."""
    duplicates = list(_duplicate_ids(located))
    yield from duplicates
    yield from _references(located, files, _ids_in_broken_files(files, [*found, *duplicates]))
    yield from check_pages(files, located)
    yield from _name_collisions(located)
    yield from _near_duplicates(located)
    yield from _municipalities(files, located, folder)
    yield from _wording(files)


def _duplicate_ids(located: Sequence[Located]) -> Iterator[Problem]:
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


def _references(located: Sequence[Located], files: Sequence[LoadedFile], unsure: set[str]) -> Iterator[Problem]:
    entries = {one.entry.id: one.entry for one in located}
    known = set(entries) | unsure
    sources = (
        {one.id for file in files for one in file.content.sources}
        | {one.id for file in files for one in file.content.pages}
        | unsure
    )
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
    yield from check_dialogs(files, known)
    yield from check_fits(files, known)


def _name_collisions(located: Sequence[Located]) -> Iterator[Problem]:
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


def _near_duplicates(located: Sequence[Located]) -> Iterator[Problem]:
    asked: dict[str, Located] = {}
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


def _municipalities(files: Sequence[LoadedFile], located: Sequence[Located], folder: Path) -> Iterator[Problem]:
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
        for section in ("parts", "smalltalk", "boundaries", "menus", "sources", "pages", "organisations"):
            for number, item in enumerate(getattr(file.content, section)):
                key = f"{'sources' if section == 'pages' else section}/{item.id}"
                position = file.at(section, number, "id")
                if key in first:
                    yield Problem(position, f"id「{item.id}」は {first[key]} でも使われています。別の id にしてください")
                first.setdefault(key, position)
