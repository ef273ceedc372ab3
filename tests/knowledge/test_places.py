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


@pytest.mark.parametrize(
    ("text", "municipality"),
    [
        ("杉並で", "杉並区"),
        ("足立の会社", "足立区"),
        ("品川で店", "品川区"),
        ("葛飾", "葛飾区"),
        ("江東で", "江東区"),
        ("墨田の工場", "墨田区"),
        ("練馬です", "練馬区"),
        ("江東橋", "墨田区"),
        ("蒲田で", "大田区"),
        ("高円寺の", "杉並区"),
        ("下北沢", "世田谷区"),
        ("神田で", "千代田区"),
        ("浅草", "台東区"),
        ("渋谷の宇田川町", "渋谷区"),
        ("西東京", "西東京市"),
        ("八丈島", "八丈町"),
        ("大島町", "大島町"),
        ("神津島", "神津島村"),
        ("東京都府中市", "府中市"),
        ("東京の北区", "北区"),
        ("千駄木", "文京区"),
        ("葛\U000e0100飾区", "葛飾区"),
        ("⻄東京市", "西東京市"),
        ("豐島區", "豊島区"),
        ("澁谷區", "渋谷区"),
        ("濱松町", "港区"),
        ("渋谷の会社", "渋谷区"),
        ("新宿商店街", "新宿区"),
    ],
)
def test_a_place_is_one_place_and_one_municipality(kb: KnowledgeBase, text: str, municipality: str) -> None:
    assert _found(kb, text) == [{municipality}]


@pytest.mark.parametrize(
    ("text", "among"),
    [
        ("三田", {"港区", "目黒区"}),
        ("三田で会社", {"港区", "目黒区"}),
        ("春日", {"文京区", "練馬区"}),
        ("松原", {"世田谷区", "昭島市"}),
        ("大塚", {"文京区", "八王子市"}),
        ("神明", {"足立区", "日野市"}),
        ("本町", {"渋谷区", "中野区", "板橋区"}),
        ("大島で", {"大島町", "江東区"}),
    ],
)
def test_a_name_of_several_towns_gives_them_all(kb: KnowledgeBase, text: str, among: set[str]) -> None:
    (names,) = _found(kb, text)

    assert among <= names


@pytest.mark.parametrize(
    "text",
    """横浜市の担当支店 大阪で開業 さいたま市 沖縄県 大阪府北区 大阪市北区 大阪の北区 名古屋の港区 名古屋市港区 札幌の中央区 鳥取県日野町
    広島の府中市 広島県府中市 静岡の清水 横浜の緑区 大阪 京都です 仙台に本社 横浜 博多 港北区""".split(),  # noqa: SIM905  # a list would take a page
)
def test_places_elsewhere_are_known_to_be_elsewhere(kb: KnowledgeBase, text: str) -> None:
    (place,) = kb.gazetteer.find(text)

    assert place.outside
    assert not place.municipalities


def test_places_come_in_their_order(kb: KnowledgeBase) -> None:
    assert _found(kb, "品川から大田区に移った") == [{"品川区"}, {"大田区"}]
    assert [place.outside for place in kb.gazetteer.find("大阪から港区に移った")] == ["大阪", ""]


@pytest.mark.parametrize(
    "text",
    "大田さん 港屋 目黒産業 足立社長 渋谷商店株式会社 中央会 中央銀行 中野製作所 新宿信用金庫 千代田化工 株式会社足立 有田焼".split(),  # noqa: SIM905
)
def test_names_of_people_firms_and_goods_are_no_places(kb: KnowledgeBase, text: str) -> None:
    assert kb.gazetteer.find(f"{text}です") == []


@pytest.mark.parametrize("text", ["台東区", "本町", "大阪", "港", "1110041 ", "taito ", "かめいど "])
def test_a_text_of_places_alone_is_read_in_one_go(kb: KnowledgeBase, text: str) -> None:
    once, twice = (len(kb.gazetteer.find((text * size)[:size])) for size in (1000, 2000))

    assert twice <= 2 * once + 2


@pytest.mark.parametrize("text", ["保証料はいくらですか", "限度額", "中央会に相談したい", "", "12345678", "日本", "東京"])
def test_texts_without_a_place_have_none(kb: KnowledgeBase, text: str) -> None:
    assert _found(kb, text) == []


def test_every_municipality_of_tokyo_has_a_branch_that_serves_it(kb: KnowledgeBase) -> None:
    branches = {one.name: kb.branch(one) for one in kb.content.municipalities}

    assert len(branches) == 62
    assert all(branch is not None and branch.desk is not None and branch.desk.phones for branch in branches.values())
