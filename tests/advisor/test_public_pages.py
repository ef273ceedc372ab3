"""Answers that rest on public pages: each says how old they are, and which desk confirms."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.citing import age
from bot.step import step
from bot.talk.conversation import Conversation
from bot.talk.taken import Step
from bot.talk.turns import Pressed, Said

NOW = datetime.fromisoformat("2026-11-26T10:00:00+09:00")
PUBLIC = "公式ページ"


def _asked(kb: KnowledgeBase, text: str) -> Step:
    return step(kb, Conversation(), Said(text), NOW)


def test_no_answer_on_a_page_goes_without_its_age(kb: KnowledgeBase) -> None:
    asked = [(entry, question) for entry in kb.content.entries.values() if entry.pages for question in entry.questions]
    assert len(asked) >= 200
    answered = 0
    for entry, question in asked:
        taken = _asked(kb, question)
        seen = "\n".join(reply.text for reply in taken.replies)
        if entry.summary not in seen and not any(str(line) in seen for section in entry.sections for line in section.lines):
            continue
        answered += 1
        assert age(entry.pages) in seen, question
        assert "窓口" in seen, question
    assert answered >= 0.9 * len(asked)


def test_the_button_to_an_entry_on_a_page_tells_its_age(kb: KnowledgeBase) -> None:
    for entry in kb.content.entries.values():
        if entry.pages:
            assert age(entry.pages) in step(kb, Conversation(), Pressed(f"e:{entry.id}"), NOW).replies[0].text


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("保証付きの融資を予定より早く全部返したら保証料は返ってくる？", "一部が戻ることがあります"),
        ("信用保証料は一年ごとの分割にできますか", "信用保証料分割支払承認依頼書"),
        ("赤字だと保証協会に断られますか", "三重県と宮城県の協会は"),
        ("うちの商売がセーフティネット5号の指定業種に入っているか知りたい", "日本標準産業分類"),
        ("認定書の有効期間はどのくらい？", "30日"),
        ("倒産防止共済を解約すると掛金はどれだけ返りますか", "40か月"),
        ("小規模企業共済の掛金はいくらから？", "1,000円～7万円"),
        ("小規模企業共済って会社員の副業でも入れるんですか", "副業"),
        ("個人事業を法人にしたら保証付きの借入はどうなりますか", "債務引受"),
        ("経営者保証を外す制度だと保証料はどれだけ上乗せされますか", "0.25%"),
    ],
)
def test_what_owners_ask_beyond_the_documents_is_answered(kb: KnowledgeBase, question: str, says: str) -> None:
    seen = "\n".join(reply.text for reply in _asked(kb, question).replies)

    assert says in seen
    assert PUBLIC in seen


@pytest.mark.parametrize("question", ["国民健康保険料を滞納しています。公庫の審査に響きますか", "公庫の審査は何日かかりますか"])
def test_what_no_page_could_confirm_is_refused_with_the_desks(kb: KnowledgeBase, question: str) -> None:
    seen = "\n".join(reply.text for reply in _asked(kb, question).replies)

    assert "お答えできません" in seen
    assert "0120-154-505" in seen
    assert PUBLIC in seen


def test_the_two_mutual_aids_are_told_apart(kb: KnowledgeBase) -> None:
    small = _asked(kb, "小規模企業共済の掛金はいくら").replies[0].text
    safety = _asked(kb, "経営セーフティ共済の掛金はいくら").replies[0].text

    assert "7万円" in small
    assert "200,000円" in safety
    assert "7万円" not in safety
