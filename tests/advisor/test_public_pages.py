"""Answers that rest on public pages: each says how old they are, and which desk confirms."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.citing import age
from bot.step import step
from bot.talk.conversation import Conversation
from bot.talk.taken import Step
from bot.talk.turns import Commanded, Pressed, Said

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
        ("倒産防止共済を解約すると掛金はどれだけ返りますか", "納付が40か月以上で"),
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


def test_what_cancelling_pays_back_is_worked_out_with_formula_and_age(kb: KnowledgeBase) -> None:
    talk = step(kb, Conversation(), Commanded("kaiyaku"), NOW).conversation
    said = ""
    for turn in (Said("3年"), Said("月10万円"), Pressed("s:refund:cancelling:voluntary"), Said("500万円")):
        taken = step(kb, talk, turn, NOW)
        talk, said = taken.conversation, "\n".join(reply.text for reply in taken.replies)
        assert "日付のない公式ページによります" in said

    assert "2,945,000円" in said
    assert "借りた500万円の10分の1" in said
    assert "共済相談室" in said


def test_a_fee_by_the_year_says_whose_shares_they_are(kb: KnowledgeBase) -> None:
    talk = step(kb, Conversation(), Commanded("fee"), NOW).conversation
    taken = step(kb, talk, Said("1,000万円を5年、料率1.15%で一括返済です。中央区です"), NOW)
    taken = step(kb, taken.conversation, Said("結果を見る"), NOW)
    more = "\n".join(reply.text for reply in step(kb, taken.conversation, Pressed("more"), NOW).replies)

    assert "貸付のとき：575,000円 × 60% ＝ 345,000円" in more
    assert "ほかの地域の協会のもの" in more
    assert "公式ページの2022年1月31日時点の内容です" in more
    assert "日付のない公式ページによります" in more
