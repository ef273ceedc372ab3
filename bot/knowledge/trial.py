"""What would be wrong with a knowledge base if some of its files read differently; nothing is written to find out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from bot.knowledge.base import KnowledgeBase, documents_of
from bot.knowledge.build import build_content
from bot.knowledge.check import leads_elsewhere, misled, passed_dates
from bot.knowledge.check_pages import aged
from bot.knowledge.consistency import contradictions
from bot.knowledge.dating import wrong_dates
from bot.knowledge.files import LoadedFile, Located, load_folder, locate
from bot.knowledge.live import Library
from bot.knowledge.problems import Problem
from bot.knowledge.repeating import disagreements, rules_that_disagree
from bot.knowledge.search import Document
from bot.knowledge.yaml_reader import MAX_BYTES, too_large

_NEIGHBOURS = 3
"""Entries near each new text of a changed one whose own example questions are tried as well."""

_PLACE = re.compile(r":\d+:\d+")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What ``python -m bot check`` would say. ``problems`` come of the change: errors, and warnings about the changed entries.

    ``before`` are errors that stand in the folder already: until they are mended, nothing new serves.
    """

    problems: tuple[Problem, ...]
    before: tuple[Problem, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(one for one in self.problems if one.severity == "error")


def try_out(library: Library, texts: Mapping[Path, str], ids: Collection[str], today: date) -> Verdict:
    """Check the library's folder with ``texts`` in the place of files, where the entries ``ids`` changed.

    Of the example questions, those of the changed entries and of their neighbours are tried: no other entry can be found
    less than before. To be called on the library's thread.
    """
    files, found = _load(library.folder, texts)
    located = locate(files)
    found += [too_large(file) for file, text in texts.items() if len(text.encode()) > MAX_BYTES]
    before: list[Problem] = []
    new = found
    if found:
        before = _load(library.folder, {})[1]
        new = _without(found, before)
        before = _without(found, new)
    elif len({one.entry.id for one in located}) == len(located):
        new = [*_lost(library, files, located, today), *_disagreeing(files, located, texts, today)]
    changed = [one for one in located if one.entry.id in ids]
    warnings = [*passed_dates(files, changed, today), *aged(files, changed, today)]
    return Verdict(tuple(sorted({*new, *warnings})), tuple(sorted(set(before))))


def _disagreeing(
    files: Sequence[LoadedFile], located: Sequence[Located], texts: Collection[Path], today: date
) -> Iterator[Problem]:
    """What no longer agrees with another place. Only a warning: the other place may be another entry, to be changed next."""
    for one in (*disagreements(files, located), *rules_that_disagree(files, located), *wrong_dates(files, located, today)):
        if one.at.file in texts or any(f"{file}:" in one.message for file in texts):
            yield replace(one, severity="warning")


def _load(folder: Path, texts: Mapping[Path, str]) -> tuple[list[LoadedFile], list[Problem]]:
    files, problems = load_folder(folder, texts)
    return files, [*problems, *contradictions(files, locate(files), problems, folder)]


def _without(problems: Iterable[Problem], known: Iterable[Problem]) -> list[Problem]:
    """Those that are not known; a change may have moved them to other lines."""
    left = Counter(map(_key, known))
    new = []
    for problem in problems:
        if left[_key(problem)]:
            left[_key(problem)] -= 1
        else:
            new.append(problem)
    return new


def _key(problem: Problem) -> tuple[Path, str]:
    return problem.at.file, _PLACE.sub("", problem.message)


def _lost(library: Library, files: Sequence[LoadedFile], located: Sequence[Located], today: date) -> Iterator[Problem]:
    """Example questions that lead elsewhere, and did not before."""
    content = replace(build_content(files, today), asked=library.kb.content.asked)
    known = {one.id: one for one in documents_of(library.kb.content)}
    changed = [one for one in documents_of(content) if one != known.get(one.id)]
    if not changed:
        return
    kb = library.try_out(content)
    new = [text for one in changed for text in _texts(one) - (_texts(known[one.id]) if one.id in known else set())]
    near = {one.id for one in changed} | {hit.id for text in new for hit in kb.search(text, _NEIGHBOURS)}
    for one in located:
        if one.entry.id in near:
            yield from _newly_lost(one, kb, library.kb)


def _texts(document: Document) -> set[str]:
    return {*document.names, *document.questions, document.summary, *document.body.splitlines()}


def _newly_lost(one: Located, kb: KnowledgeBase, before: KnowledgeBase) -> Iterator[Problem]:
    serving = before.entry(one.entry.id)
    for number, question in enumerate(one.entry.questions):
        other = misled(kb, one.entry, question)
        known = serving is not None and question in serving.questions
        if other is not None and not (known and misled(before, one.entry, question) is not None):
            yield leads_elsewhere(one, number, other)
