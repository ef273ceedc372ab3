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
