"""Everything that can be wrong with a knowledge base, every problem in one run; also what only a search or the date tells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from bot.knowledge import schema
from bot.knowledge.asked import by_entry, read_asked, unknown_entries
from bot.knowledge.base import Builder, KnowledgeBase
from bot.knowledge.build import build_content, dated_sources, status_of
from bot.knowledge.check_fits import profiles_misjudged
from bot.knowledge.check_pages import aged, unread
from bot.knowledge.consistency import contradictions
from bot.knowledge.dating import wrong_dates
from bot.knowledge.examples import UTTERANCES, read_examples
from bot.knowledge.files import LoadedFile, Located, load_folder, locate
from bot.knowledge.freshness import OPEN, due_for_review, last_date
from bot.knowledge.overlooked import overlooked
from bot.knowledge.problems import Problem
from bot.knowledge.repeating import disagreements, rules_that_disagree
from bot.knowledge.sourcing import missing_folder, read_sources, unsupported
from bot.nlp.encoder import Encoder


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found; ``entries``, ``files`` and ``examples`` (of utterances) count what was loaded."""

    problems: tuple[Problem, ...]
    entries: int
    files: int
    examples: int

    @property
    def errors(self) -> int:
        return sum(problem.severity == "error" for problem in self.problems)


def check_folder(folder: Path, encoder: Encoder, cache_file: Path | None, today: date, sources: Path | None = None) -> Report:
    """Check a whole knowledge base; against the documents' texts as well where ``sources`` is their folder."""
    files, problems = load_folder(folder)
    located = locate(files)
    broken = bool(problems)
    problems += contradictions(files, located, list(problems), folder)
    questions, wrong = read_asked(folder)
    problems += [*wrong, *unknown_entries(questions, {one.entry.id for one in located})]
    if located and not broken and len({one.entry.id for one in located}) == len(located):
        content = replace(build_content(files, today), asked=by_entry(questions))
        problems += unfindable(located, Builder(encoder, cache_file).build(content))
        problems += profiles_misjudged(files, content)
    if len({one.entry.id for one in located}) == len(located):
        problems += disagreements(files, located)
        problems += rules_that_disagree(files, located)
    problems += overlooked(folder, files)
    problems += wrong_dates(files, located, today)
    if sources is not None:
        problems += _against(files, located, sources)
    problems += _past_review(files, located, today)
    problems += [*unread(files, today), *aged(files, located, today)]
    problems += passed_dates(files, located, today)
    examples, wrong = read_examples(folder / UTTERANCES)
    problems += wrong
    return Report(tuple(sorted(set(problems))), len(located), len(files), len(examples))


def _against(files: Sequence[LoadedFile], located: Sequence[Located], folder: Path) -> Iterator[Problem]:
    if not folder.is_dir():
        yield missing_folder(folder)
        return
    texts, problems = read_sources(files, folder)
    yield from problems
    yield from unsupported(located, texts, {page.id for file in files for page in file.content.pages})


def _past_review(files: Sequence[LoadedFile], located: Sequence[Located], today: date) -> Iterator[Problem]:
    """Sources past review, with how many entries nobody has checked since."""
    resting: dict[str, int] = defaultdict(int)
    checked: dict[str, int] = defaultdict(int)
    for one in located:
        resting[one.entry.sources[0].id] += 1
        checked[one.entry.sources[0].id] += one.entry.checked is not None
    for file in files:
        for number, source in enumerate(file.content.sources):
            unchecked = resting[source.id] - checked[source.id]
            if unchecked and due_for_review(source.as_of, source.review_months, today):
                yield Problem(
                    file.at("sources", number, "as_of"),
                    f"「{source.title}」は{source.as_of_label}の資料で、見直しの期限（{source.review_months}か月）を過ぎています。"
                    f"この資料による{unchecked}件が未確認です。確かめた項目には checked に日付を書いてください",
                    "warning",
                )


def passed_dates(files: Sequence[LoadedFile], located: Iterable[Located], today: date) -> Iterator[Problem]:
    """Dates that are over in entries that count as open."""
    sources = dated_sources(files)
    for one in located:
        if status_of(one.entry, sources, today) != OPEN:
            continue
        for number, fact in enumerate(one.entry.period):
            ends = last_date(fact.text)
            if ends is not None and ends < today:
                yield Problem(
                    one.at("period", number),
                    "期限の日付が過ぎています。status に「公募終了」か「要確認」を書いてください",
                    "warning",
                )


def unfindable(located: Iterable[Located], kb: KnowledgeBase) -> Iterator[Problem]:
    """Example questions that do not lead to their entry."""
    for one in located:
        for number, question in enumerate(one.entry.questions):
            other = misled(kb, one.entry, question)
            if other is not None:
                yield leads_elsewhere(one, number, other)


def misled(kb: KnowledgeBase, entry: schema.Entry, question: str) -> str | None:
    """What a question finds first if that is not the entry; one that the entry refers to may be it, as it leads here."""
    found = next((hit.id for hit in kb.search(question, 1)), "なし")
    return None if found in {entry.id, *entry.related, *entry.contacts} else found


def leads_elsewhere(one: Located, number: int, other: str) -> Problem:
    """An example question that finds ``other`` first."""
    return Problem(
        one.at("questions", number),
        f"質問例「{one.entry.questions[number]}」で、この項目が見つかりません（先に出るのは「{other}」）。"
        "言い方を変えるか、質問例を移してください",
    )
