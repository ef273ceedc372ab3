"""Questions that were left open: which of them ask for the same, and what staff make of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gaps import gaps_in, stub_for
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.consistency import load_content
from bot.knowledge.problems import KnowledgeError
from bot.knowledge.stub import Asked, stub
from bot.knowledge.yaml_reader import read
from bot.store.staffing import OpenQuestion

NOW = datetime(2026, 11, 2, tzinfo=UTC)


def _open(*texts: str) -> list[OpenQuestion]:
    """The newest first, as the store gives them."""
    return [OpenQuestion(100 - n, "telegram:1", text, "unknown", NOW - timedelta(hours=n)) for n, text in enumerate(texts)]


def _read(text: str) -> Any:
    document, problems = read(Path(), text)
    assert document is not None
    assert not problems
    return document.data


def test_other_words_for_the_same_make_one_gap(kb: KnowledgeBase) -> None:
    gaps = gaps_in(kb, _open("社宅 補助金", "電気代が高くて困ってます", "社宅の補助はありますか", "電気代の支援", "社宅 補助金"))

    assert [(gap.text, gap.count) for gap in gaps] == [("社宅 補助金", 3), ("電気代が高くて困ってます", 2)]
    assert gaps[0].texts == ("社宅 補助金", "社宅の補助はありますか")
    assert gaps[0].ids == (100, 98, 96)
    assert gaps[0].last_asked == NOW


@pytest.mark.parametrize(
    ("one", "other"),
    [("IT導入補助金いつまで", "AI導入の補助金はある？"), ("法人税の納付期限", "事業承継の税制"), ("hotel", "テスト")],
)
def test_what_only_sounds_alike_stays_apart(kb: KnowledgeBase, one: str, other: str) -> None:
    assert len(gaps_in(kb, _open(one, other))) == 2


def test_no_questions_make_no_gaps(kb: KnowledgeBase) -> None:
    assert gaps_in(kb, []) == []


def test_the_beginning_of_an_entry_names_all_that_is_missing(kb: KnowledgeBase, tmp_path: Path) -> None:
    text = stub_for(gaps_in(kb, _open("社宅 補助金", "社宅の補助はありますか")))
    (tmp_path / "new.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(KnowledgeError) as caught:
        load_content(tmp_path)

    assert _read(text)["faqs"][0]["questions"] == ["社宅 補助金", "社宅の補助はありますか"]
    lines = text.splitlines()
    wrong = {lines[one.at.line - 1].strip().split(":")[0] for one in caught.value.problems}
    assert {"- id", "topic", "sources"} <= wrong


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1), min_size=1, max_size=3))
def test_whatever_was_asked_stands_in_it_as_it_was_asked(texts: list[str]) -> None:
    written = _read(stub([Asked(texts[0], texts, ())]))

    assert written["faqs"][0]["name"] == texts[0]
    assert written["faqs"][0]["questions"][: len(set(texts))] == list(dict.fromkeys(texts))
