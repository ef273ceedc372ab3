"""What plain wordings mean, from the text to the reading."""

from __future__ import annotations

from datetime import date

import pytest

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.labels import Act
from bot.talk.acts import Reading, Setting, Value
from bot.understanding.understand import understand
from bot.understanding.utterance import Utterance

TODAY = date(2026, 11, 23)


def _read(kb: KnowledgeBase, text: str, setting: Setting | None = None) -> Reading:
    return understand(kb, setting or Setting(), Utterance.of(kb, text, TODAY), TODAY)


def _told(reading: Reading) -> dict[str, Value | None]:
    return {one.slot: one.value for one in reading.told}


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("株式会社です", "corporation"),
        ("合同会社の代表をしています", "corporation"),
        ("個人事業主です", "sole"),
        ("フリーランスなんですが", "sole"),
        ("保証料いくら", None),
    ],
)
def test_the_kind_of_business_is_read(kb: KnowledgeBase, text: str, entity: str | None) -> None:
    assert _told(_read(kb, text)).get("entity") == entity


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("こんにちは", "greet"),
        ("ありがとうございます", "thank"),
        ("やめます", "cancel"),
        ("最初からやり直したい", "restart"),
        ("一つ前に戻って", "back"),
        ("担当者と話したい", "handover"),
        ("わかりません", "unknown"),
        ("なぜそれを聞くのですか", "why"),
        ("結果を教えて", "result"),
        ("信用保証料とは何ですか", "ask"),
    ],
)
def test_plain_acts_are_understood(kb: KnowledgeBase, text: str, act: Act) -> None:
    assert _read(kb, text, Setting("fee", "amount")).has(act)


def test_several_facts_at_once(kb: KnowledgeBase) -> None:
    told = _told(_read(kb, "1200万円を24か月、均等分割で借ります", Setting("fee", "amount")))

    assert (told["amount"], told["months"], told["repayment"]) == (12_000_000, 24, "equal")


def test_a_bare_number_is_the_slot_that_was_asked(kb: KnowledgeBase) -> None:
    assert _told(_read(kb, "800", Setting("fee", "amount"))) == {"amount": 8_000_000}
    assert _told(_read(kb, "15人", Setting("size", "employees"))) == {"employees": 15}


def test_a_slot_of_staff_is_heard_when_it_is_asked(kb: KnowledgeBase) -> None:
    assert _told(_read(kb, "4億円", Setting("bond", "net_assets"))).get("net_assets") == 400_000_000


def test_a_wish_opens_its_task_and_brings_its_facts(kb: KnowledgeBase) -> None:
    reading = _read(kb, "500万円借りたときの保証料を計算してください")

    assert reading.begin == "fee"
    assert _told(reading)["amount"] == 5_000_000


def test_what_is_named_is_known(kb: KnowledgeBase) -> None:
    assert _read(kb, "責任共有制度").named
    assert not _read(kb, "ありがとうございます").named


def test_a_place_outside_and_a_date_that_there_is_not_are_told_apart(kb: KnowledgeBase) -> None:
    assert _read(kb, "横浜市です", Setting("branch", "municipality")).outside == "横浜市"
    assert _read(kb, "2027年2月30日", Setting("plan", "day")).impossible


def test_every_act_has_its_confidence(kb: KnowledgeBase) -> None:
    reading = _read(kb, "台東区の窓口は？")

    assert all(0 <= sure <= 1 for _, sure in reading.confidence)
    assert reading.sure("ask") == dict(reading.confidence)["ask"]


def test_the_same_text_is_always_read_the_same(kb: KnowledgeBase) -> None:
    text = "台東区で飲食店をやっています。従業員は3人で、500万円借りたい"

    assert _read(kb, text) == _read(kb, text)


def test_what_is_only_wished_for_is_not_there_yet(kb: KnowledgeBase) -> None:
    wished = _told(_read(kb, "計画はできていて、資金調達を実行して現地に支店を出したいです", Setting("roadmap", "country")))
    there = _told(_read(kb, "バンコクに支店があって、もう5年やってます", Setting("roadmap", "bases")))

    assert "bases" not in wished
    assert there["bases"] == "yes"


def test_a_likelier_one_of_two_alone_is_no_answer(kb: KnowledgeBase) -> None:
    told = _told(_read(kb, "ふーん で今回いくら払うの", Setting("fee", "sharing")))

    assert told.get("sharing") is None


def test_two_countries_of_which_neither_is_chosen_leave_it_open(kb: KnowledgeBase) -> None:
    assert _told(_read(kb, "台湾かハワイかな", Setting("roadmap", "country")))["country"] == "undecided"
    assert _told(_read(kb, "台湾です", Setting("roadmap", "country")))["country"] == "台湾"


def test_what_is_over_is_no_obstacle_any_more(kb: KnowledgeBase) -> None:
    over = _told(_read(kb, "自己破産は免責おりて、もう整理済みです", Setting("loan", "barriers")))
    still = _told(_read(kb, "自己破産の手続きがまだ終わっていません", Setting("loan", "barriers")))

    assert over["barriers"] == ("none",)
    assert still["barriers"] != ("none",)


def test_a_number_is_for_the_word_before_it_and_not_for_the_one_behind(kb: KnowledgeBase) -> None:
    told = _told(_read(kb, "インタレストなんとかが3.1倍 純資産倍率は書いてない", Setting("bond")))

    assert told["coverage"] == "3.1"
    assert "multiple" not in told


def test_family_among_the_employees_is_taken_off(kb: KnowledgeBase) -> None:
    assert _told(_read(kb, "22人のうち3人は奥さんと息子と娘です", Setting("size", "employees")))["employees"] == 19
    assert _told(_read(kb, "22人のうち3人は正社員です", Setting("size", "employees")))["employees"] != 19


def test_a_case_that_ends_in_a_question_opens_what_would_answer_it(kb: KnowledgeBase) -> None:
    reading = _read(kb, "タイに子会社を作って6年になる会社です。海外展開の段階でいうとどこでしょうか")

    assert reading.begin == "roadmap"
