"""「うちは○○を使える？」: the program's criteria answer, one by one, with what would change the verdict."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from bot.knowledge.base import KnowledgeBase, open_knowledge_base
from bot.nlp.encoder import Encoder
from bot.step import step
from bot.talk.acts import Value
from bot.talk.conversation import Conversation
from bot.talk.turns import Said
from tests import editing
from tests.talking import knowing

NOW = datetime.fromisoformat("2026-11-23T10:00:00+09:00")


def _answer(kb: KnowledgeBase, text: str, conversation: Conversation | None = None) -> str:
    return step(kb, conversation or Conversation(), Said(text), NOW).replies[0].text


def _knowing(**facts: Value) -> Conversation:
    return knowing(**facts)


def test_each_criterion_is_met_not_met_or_open(kb: KnowledgeBase) -> None:
    text = _answer(kb, "セーフティネット保証は使えますか", _knowing(trouble=("bankruptcy",)))

    assert "セーフティネット保証は、条件しだいです。" in text
    assert "○ 取引先の倒産" in text
    assert "？ 区市町村長の認定を受けること" in text
    assert "→ 区市町村の商工担当課へ認定申請書2通を出し" in text
    assert "出典：" in text


def test_what_speaks_against_it_comes_first_with_the_figures(kb: KnowledgeBase) -> None:
    text = _answer(kb, "小規模事業融資は使えますか", _knowing(industry="retail-food", employees=6))

    assert text.startswith("小規模事業融資は、お話の内容では対象になりません。")
    assert "小売業・飲食業は5人以下" in text


def test_somebody_who_meets_everything_is_told_so(kb: KnowledgeBase) -> None:
    text = _answer(kb, "創業融資は使えますか", _knowing(business_age=24, purpose=("working",)))

    assert "対象になりそうです" in text


def test_without_a_fact_the_criteria_of_ones_own_case_are_shown_as_open(kb: KnowledgeBase) -> None:
    text = _answer(kb, "うちは小規模事業融資を使える？")

    assert "条件しだい" in text
    assert "業種、従業員数がわかると決まります" in text


def test_a_group_says_which_of_its_programs_it_is(kb: KnowledgeBase) -> None:
    text = _answer(kb, "セーフティネット貸付は使えますか", _knowing(trouble=("bank",)))

    assert "○ 金融環境変化対応資金" in text
    assert "× 取引企業倒産対応資金" in text


@pytest.mark.parametrize("question", ["経営セーフの対象者は？", "経営セーフの限度額はいくらですか", "小規模事業融資とは何ですか"])
def test_a_general_question_is_answered_from_the_entry(kb: KnowledgeBase, question: str) -> None:
    assert "条件ごとの結果" not in _answer(kb, question, _knowing(trouble=("sales-down",)))


def test_a_trade_that_is_not_served_is_told_at_once(kb: KnowledgeBase) -> None:
    text = _answer(kb, "農業です。機械を買うお金を借りたい")

    assert "農林・漁業は、信用保証の対象外です" in text
    assert "担当支店で確かめられます" in text
    assert "設備投資・企業立地" not in text


LEAFLET = """\
programs:
  - id: noren-loan
    name: のれん新調融資
    questions: [のれんを新しくするお金を借りたい, 店ののれんの資金]
    topic: other
    category: loan
    status: 受付中
    as_of: 2026-04
    sources: [{id: tgc-guide-2024, place: のれん}]
    summary: 小さな飲食店がのれんや看板を新しくする資金です。
    fits:
      - says: のれんや看板を新しくする設備資金
        kind: purpose
        when: {purpose: [equipment]}
      - says: 飲食業・小売業であること
        when: {industry: [retail-food]}
        unmet: 飲食業と小売業のための融資です
      - says: 創業して3年以上
        when: {business_age: {min: 36}}
"""


def test_a_program_added_in_a_file_is_offered_to_whom_it_fits_and_to_nobody_else(tmp_path: Path, encoder: Encoder) -> None:
    folder = editing.copy(tmp_path)
    (folder / "noren.yaml").write_text(LEAFLET, "utf-8")
    kb = open_knowledge_base(folder, encoder, editing.cache(tmp_path))
    fits = _knowing(purpose=("equipment",), industry="retail-food", business_age=60)
    wrong_trade = _knowing(purpose=("equipment",), industry="service", business_age=60)
    too_young = _knowing(purpose=("equipment",), industry="retail-food", business_age=12)

    offered = [_choice(kb, one) for one in (fits, wrong_trade, too_young)]

    assert ["1. のれん新調融資" in text for text in offered] == [True, False, False]
    assert "飲食業と小売業のための融資です" in _answer(kb, "のれん新調融資は使えますか", wrong_trade)
    assert "対象になりそうです" in _answer(kb, "のれん新調融資は使えますか", fits)


def _choice(kb: KnowledgeBase, conversation: Conversation) -> str:
    begun = step(kb, conversation, Said("/loan"), NOW)
    return step(kb, begun.conversation, Said("結果を見せてください"), NOW).replies[0].text
