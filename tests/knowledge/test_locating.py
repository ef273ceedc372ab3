"""Which branch is in charge when a text says one place, several, or what they are."""

from __future__ import annotations

import pytest

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.locating import locate


@pytest.mark.parametrize(
    ("text", "entity", "municipality"),
    [
        ("個人事業主で、自宅は足立区、店は中央区です。窓口は？", "sole", "足立区"),
        ("会社です。登記は港区、工場は大田区。担当支店は？", "corporation", "港区"),
        ("本店登記は渋谷区で、事務所は新宿区にあります", "corporation", "渋谷区"),
        ("お店は台東区ですが住まいは練馬区、個人でやってます", "sole", "練馬区"),
        ("荒川区です。窓口は上野ですか", "", "荒川区"),
        ("府中市の本町", "", "府中市"),
    ],
)
def test_the_place_that_decides_is_chosen(kb: KnowledgeBase, text: str, entity: str, municipality: str) -> None:
    located = locate(text, kb.gazetteer.find(text), entity)

    assert located.municipality is not None
    assert located.municipality.name == municipality


def test_two_places_without_a_word_about_them_stay_open(kb: KnowledgeBase) -> None:
    text = "品川区と板橋区に店があります。担当は？"

    located = locate(text, kb.gazetteer.find(text), "")

    assert {one.name for one in located.candidates} == {"品川区", "板橋区"}
