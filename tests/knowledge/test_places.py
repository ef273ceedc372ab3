"""Places in what people write, and the branch for each."""

from __future__ import annotations

import pytest

from bot.knowledge.base import KnowledgeBase


def _found(kb: KnowledgeBase, text: str) -> list[set[str]]:
    return [{one.name for one in place.municipalities} for place in kb.gazetteer.find(text)]


@pytest.mark.parametrize(
    ("text", "municipality"),
    [
        ("台東区の窓口は？", "台東区"),
        ("台東の窓口", "台東区"),
        ("たいとうく", "台東区"),
        ("Taito-ku", "台東区"),
        ("taito city", "台東区"),
        ("〒111-0041", "台東区"),
        ("郵便番号1110041です", "台東区"),
        ("吉祥寺で店をやっています", "武蔵野市"),
        ("自由が丘", "目黒区"),
        ("自由ヶ丘", "目黒区"),
        ("八丈町", "八丈町"),
        ("奥多摩で宿をしています", "奥多摩町"),
        ("三鷹駅の近く", "三鷹市"),
        ("歌舞伎町", "新宿区"),
    ],
)
def test_a_place_is_read_however_it_is_written(kb: KnowledgeBase, text: str, municipality: str) -> None:
    assert {municipality} in _found(kb, text)


def test_a_town_in_two_municipalities_gives_both(kb: KnowledgeBase) -> None:
    (places,) = _found(kb, "日本橋と本町")[1:] or _found(kb, "本町")

    assert len(places) > 1


@pytest.mark.parametrize("text", ["横浜市の担当支店", "大阪で開業", "さいたま市", "沖縄県"])
def test_places_elsewhere_are_known_to_be_elsewhere(kb: KnowledgeBase, text: str) -> None:
    places = kb.gazetteer.find(text)

    assert [place.outside for place in places if place.outside]
    assert not [place for place in places if place.municipalities]


@pytest.mark.parametrize("text", ["保証料はいくらですか", "限度額", "中央会に相談したい", "", "12345678"])
def test_texts_without_a_place_have_none(kb: KnowledgeBase, text: str) -> None:
    assert _found(kb, text) == []


def test_every_municipality_of_tokyo_has_a_branch_that_serves_it(kb: KnowledgeBase) -> None:
    branches = {one.name: kb.branch(one) for one in kb.content.municipalities}

    assert len(branches) == 62
    assert all(branch is not None and branch.desk is not None and branch.desk.phones for branch in branches.values())
