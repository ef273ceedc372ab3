"""What must hold of entries that rest on public pages, the second tier of knowledge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from bot.knowledge.files import LoadedFile, Located
from bot.knowledge.freshness import OPEN, due_for_review
from bot.knowledge.problems import Problem
from bot.knowledge.source_schema import PublicPage


def check_pages(files: Sequence[LoadedFile], located: Iterable[Located]) -> Iterator[Problem]:
    """Entries that name no desk to confirm them, or count as open although nobody knows how old their page is."""
    pages = _pages(files)
    for one in located:
        if any(cited.id in pages for cited in one.entry.sources) and not one.entry.contacts:
            yield Problem(
                one.at("sources"),
                "公式ページによる項目には、内容を確かめられる窓口が要ります。contacts に窓口の id を書き加えてください",
            )
        main = pages.get(one.entry.sources[0].id)
        if main is not None and main.as_of is None and one.entry.status == OPEN:
            yield Problem(
                one.at("status"), "日付のない公式ページによる項目は「受付中」にできません。status を「要確認」にしてください"
            )


def unread(files: Sequence[LoadedFile], today: date) -> Iterator[Problem]:
    """Pages that nobody has read for their review period."""
    for file in files:
        for number, page in enumerate(file.content.pages):
            if due_for_review(page.read, page.review_months, today):
                yield Problem(
                    file.at("pages", number, "read"),
                    f"「{page.title}」を読んだのは{page.read}で、見直しの期限（{page.review_months}か月）を過ぎています。"
                    "ページを読み直し、日付と内容を直して、read に読んだ日を書いてください",
                    "warning",
                )


def aged(files: Sequence[LoadedFile], located: Iterable[Located], today: date) -> Iterator[Problem]:
    """Entries that count as open on pages older than their review period."""
    pages = _pages(files)
    for one in located:
        main = pages.get(one.entry.sources[0].id)
        if main is None or main.as_of is None or one.entry.status != OPEN:
            continue
        if due_for_review(main.as_of, main.review_months, today):
            yield Problem(
                one.at("status"),
                f"{main.as_of_label}の公式ページによる項目は、{main.review_months}か月を過ぎると「受付中」にできません。status を「要確認」にしてください",
                "warning",
            )


def _pages(files: Sequence[LoadedFile]) -> dict[str, PublicPage]:
    return {page.id: page for file in files for page in file.content.pages}
