"""Municipalities side by side."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.knowledge.base import KnowledgeBase
from bot.step import step
from bot.talk import phrases
from bot.talk.conversation import Conversation
from bot.talk.taken import Step
from bot.talk.turns import Said
from tests.talking import knowing

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def _ask(kb: KnowledgeBase, text: str, ward: str = "") -> Step:
    return step(kb, knowing(municipality=ward) if ward else Conversation(), Said(text), NOW)


def _text(taken: Step) -> str:
    return "\n".join(reply.text for reply in taken.replies)


@pytest.mark.parametrize(
    "text",
    [
        "中央区と足立区の補助を比べて",
        "足立区、中央区 補助 違い",
        "中央区と足立区、創業するならどっちが得？",
        "中央と足立の利子補給と保証料の比較",
        "ちゅうおうくとあだちくの ほじょの ちがい",
        "中央区と足立区では、融資の補助はどちらが手厚いですか",
        "compare the subsidies of Chuo and Adachi",
    ],
)
def test_what_is_known_of_each_and_what_is_not(kb: KnowledgeBase, text: str) -> None:
    told = _text(_ask(kb, text))

    assert "残りの保証料を全額補助（上限30万円）" in told
    assert "支払う利息の2/3（上限1.7%）" in told
    assert f"足立区：{phrases.NOT_IN_SOURCES}" in told
    assert f"中央区：{phrases.NOT_IN_SOURCES}" in told
    assert "八重洲支店" in told
    assert "千住支店" in told
    assert "2025年ごろ" in told
    assert phrases.COMPARED_NOTE[0] in told


def test_only_what_was_asked_for_is_compared(kb: KnowledgeBase) -> None:
    told = _text(_ask(kb, "中央区と足立区の保証料補助どっちが手厚い？"))

    assert "残りの保証料を全額補助" in told
    assert "利子補給" not in told


def test_up_to_four_stand_side_by_side(kb: KnowledgeBase) -> None:
    told = _text(_ask(kb, "大田区と杉並区と文京区と台東区の違いを教えて"))

    assert all(branch in told for branch in ("大田支店", "新宿支店", "上野支店"))
    assert "産業振興課" in told


def test_the_users_own_ward_is_the_other_one(kb: KnowledgeBase) -> None:
    told = _text(_ask(kb, "足立区と比べてどうですか", ward="中央区"))

    assert phrases.COMPARED.format(places="足立区と中央区") in told


def test_where_nothing_is_known_that_is_said_and_kept_for_the_staff(kb: KnowledgeBase) -> None:
    taken = _ask(kb, "墨田区と江戸川区、補助はどっちが有利？")

    assert "どの区市町村についても資料に記載がありません" in _text(taken)
    assert taken.events[0].kind == "unknown"
    assert "融資担当課" in _text(taken)


def test_of_a_place_outside_it_is_said_that_it_is_outside(kb: KnowledgeBase) -> None:
    told = _text(_ask(kb, "足立区と横浜市の補助を比べて"))

    assert phrases.COMPARED_OUTSIDE.format(place="横浜市") in told
    assert "支払う利息の2/3" in told


def test_branches_alone_can_be_compared(kb: KnowledgeBase) -> None:
    told = _text(_ask(kb, "立川市と八王子市の支店の違いは？"))

    assert "042-525-6621" in told
    assert "042-646-2511" in told
    assert phrases.COMPARED_NOTE[0] not in told


@pytest.mark.parametrize(
    "text",
    [
        "本店は中央区、自宅は足立区です。どちらに申し込めばいいですか",
        "登記は港区で店は新宿区 どちらの窓口に行けばいいの",
        "都と区の補助の違い",
        "経営セーフと経営セーフティ共済の違い",
        "港区から渋谷区に引っ越したら窓口はどっち",
        "足立区の補助",
    ],
)
def test_other_questions_are_not_taken_for_a_comparison(kb: KnowledgeBase, text: str) -> None:
    assert "の比較" not in _ask(kb, text).replies[0].text.split("\n", 1)[0]
