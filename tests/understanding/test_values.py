"""What some words tell for a slot, kind by kind."""

from __future__ import annotations

from datetime import date

import pytest

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.dialogs import Slot
from bot.nlp.normalize import fold
from bot.talk.acts import Value
from bot.understanding.spoken import Read
from bot.understanding.utterance import Utterance
from bot.understanding.values import marked, value

TODAY = date(2026, 11, 23)


def _read(kb: KnowledgeBase, slot: str, text: str, said: str = "", entity: str = "") -> Read:
    """What ``said`` tells in a text, or the whole text."""
    utterance = Utterance.of(kb, text, TODAY)
    words = fold(said) or utterance.text
    start = utterance.text.index(words)
    return value(kb, _slot(kb, slot), utterance, (start, start + len(words)), TODAY, entity)


def _slot(kb: KnowledgeBase, slot: str) -> Slot:
    return kb.content.slots[slot]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("500万円", 5_000_000),
        ("1億2千万円です", 120_000_000),
        ("１，２００万円", 12_000_000),
        ("800万", 8_000_000),
        ("800", 8_000_000),
        ("3000です", 30_000_000),
        ("5000000", 5_000_000),
        ("0円", 0),
        ("なし", 0),
        ("ありません", 0),
    ],
)
def test_yen_and_bare_numbers_in_ten_thousands(kb: KnowledgeBase, text: str, expected: int) -> None:
    assert _read(kb, "amount", text).value == expected


def test_a_range_of_yen_keeps_both_ends_and_a_rough_amount_says_so(kb: KnowledgeBase) -> None:
    assert _read(kb, "amount", "500万から800万円くらい") == Read(8_000_000, 5_000_000, vague=True)
    assert _read(kb, "amount", "だいたい700万円") == Read(7_000_000, vague=True)
    assert _read(kb, "amount", "700万円") == Read(7_000_000)


@pytest.mark.parametrize("text", ["800万、いや1200万円", "800万じゃなくて1200万円です", "800万円→1200万円"])
def test_the_amount_that_takes_anothers_place_counts(kb: KnowledgeBase, text: str) -> None:
    assert _read(kb, "amount", text, "800万").value == 12_000_000


def test_words_without_an_amount_are_none(kb: KnowledgeBase) -> None:
    assert _read(kb, "amount", "そこそこの額") == Read()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("15人", 15),
        ("従業員は20名です", 20),
        ("社員5、パート3", 5),
        ("役員2人、従業員8人", 8),
        ("妻と2人でやっています、社員は1人", 1),
        ("従業員10人、パート4人", 10),
        ("パートを入れて全部で12人", 12),
        ("家族3人だけです", 0),
        ("役員2人のみ", 0),
        ("パート3人だけ", 0),
        ("一人でやっています", 0),
        ("従業員はいません", 0),
        ("ワンオペです", 0),
        ("15人、いや20人です", 20),
    ],
)
def test_employees_are_neither_officers_nor_family_nor_part_timers(kb: KnowledgeBase, text: str, expected: int) -> None:
    assert _read(kb, "employees", text).value == expected


def test_employees_of_two_kinds_add_up(kb: KnowledgeBase) -> None:
    assert _read(kb, "employees", "社員3人、職人2人").value == 5


def test_a_range_of_people_keeps_both_ends(kb: KnowledgeBase) -> None:
    assert _read(kb, "employees", "2、3人くらい") == Read(3, 2, vague=True)


@pytest.mark.parametrize(("text", "expected"), [("社員5人、パート3人", 3), ("バイトが4人います", 4), ("社員5人です", None)])
def test_part_timers_are_counted_by_their_own_word(kb: KnowledgeBase, text: str, expected: int | None) -> None:
    assert _read(kb, "part_timers", text).value == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("24か月", 24), ("5年", 60), ("2年半", 30), ("７ヶ月", 7), ("60回払い", 60), ("5", 60), ("36", 36), ("なし", 0)],
)
def test_lengths_of_time_in_months(kb: KnowledgeBase, text: str, expected: int) -> None:
    assert _read(kb, "months", text).value == expected


def test_a_range_of_months_keeps_both_ends(kb: KnowledgeBase) -> None:
    read = _read(kb, "months", "3年から5年")

    assert (read.value, read.low) == (60, 36)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3年", 36),
        ("3年目です", 30),
        ("半年", 6),
        ("2016年から", 120),
        ("平成28年創業", 120),
        ("2025年11月に開業しました", 12),
        ("これから創業", "before"),
        ("来年開業予定", "before"),
        ("10", 120),
    ],
)
def test_time_in_business(kb: KnowledgeBase, text: str, expected: Value) -> None:
    assert _read(kb, "business_age", text).value == expected


@pytest.mark.parametrize(
    ("slot", "text", "expected"),
    [
        ("equity", "25%", "25"),
        ("equity", "２５．５パーセント", "25.5"),
        ("equity", "25", "25"),
        ("multiple", "2.1倍", "2.1"),
        ("multiple", "2", "2"),
    ],
)
def test_shares_and_multiples(kb: KnowledgeBase, slot: str, text: str, expected: str) -> None:
    assert _read(kb, slot, text).value == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("区分5", 5), ("５です", 5), ("九", 9), ("区分0", None), ("区分10", None), ("わからん", None)]
)
def test_a_plain_number_keeps_within_its_bounds(kb: KnowledgeBase, text: str, expected: int | None) -> None:
    assert _read(kb, "fee_class", text).value == expected


@pytest.mark.parametrize(("text", "expected"), [("24回払い", 24), ("2年、24回で返します", 24), ("2年で返します", None)])
def test_numbers_of_payments(kb: KnowledgeBase, text: str, expected: int | None) -> None:
    assert _read(kb, "payments", text).value == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("台東区です", "台東区"), ("〒111-0041", "台東区"), ("吉祥寺", "武蔵野市"), ("八王子", "八王子市")],
)
def test_a_place_is_its_municipality(kb: KnowledgeBase, text: str, expected: str) -> None:
    assert _read(kb, "municipality", text).value == expected


@pytest.mark.parametrize(
    ("text", "entity", "expected"),
    [
        ("登記は港区、工場は大田区", "corporation", "港区"),
        ("自宅は足立区、店は中央区", "sole", "足立区"),
        ("登記は渋谷区で自宅は杉並区", "corporation", "渋谷区"),
        ("登記は渋谷区で自宅は杉並区", "sole", "杉並区"),
        ("お店は台東区ですが住まいは練馬区", "sole", "練馬区"),
    ],
)
def test_of_several_places_the_one_that_decides_counts(kb: KnowledgeBase, text: str, entity: str, expected: str) -> None:
    assert _read(kb, "municipality", text, entity=entity).value == expected


def test_a_place_that_leaves_it_open_names_the_candidates(kb: KnowledgeBase) -> None:
    read = _read(kb, "municipality", "本町です")

    assert read.value is None
    assert len(read.ambiguous) > 1


def test_a_place_outside_tokyo_is_none_and_named(kb: KnowledgeBase) -> None:
    assert _read(kb, "municipality", "横浜市です") == Read(outside="横浜市")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("飲食店です", "retail-food"), ("製造業", "manufacturing"), ("卸売業をしています", "wholesale"), ("旅館を経営", "ryokan")],
)
def test_a_trade_by_the_words_of_staff(kb: KnowledgeBase, text: str, expected: str) -> None:
    assert _read(kb, "industry", text).value == expected


def test_a_trade_that_cannot_be_guaranteed_is_known_as_one(kb: KnowledgeBase) -> None:
    excluded = kb.content.rules.excluded[0]

    assert _read(kb, "industry", excluded.words[0]).value == f"excluded:{excluded.label}"


@pytest.mark.parametrize(
    ("text", "expected"), [("タイに輸出したい", "タイ"), ("ベトナム", "ベトナム"), ("まだ決まっていない", "undecided")]
)
def test_a_country(kb: KnowledgeBase, text: str, expected: str) -> None:
    assert _read(kb, "country", text).value == expected


def test_a_country_that_nobody_wrote_down_stays_in_the_users_words(kb: KnowledgeBase) -> None:
    assert _read(kb, "country", "ボラボラ").value == "other:ボラボラ"


def test_a_place_in_japan_is_no_country(kb: KnowledgeBase) -> None:
    assert _read(kb, "country", "港区").value is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [("令和9年2月10日", "2027-02-10"), ("2027年2月10日", "2027-02-10"), ("2027/2/10", "2027-02-10"), ("明日", "2026-11-24")],
)
def test_a_day(kb: KnowledgeBase, text: str, expected: str) -> None:
    assert _read(kb, "day", text).value == expected


@pytest.mark.parametrize("text", ["2027年2月30日", "4月31日", "13月1日"])
def test_a_day_that_there_is_not(kb: KnowledgeBase, text: str) -> None:
    read = _read(kb, "day", text)

    assert read.value is None
    assert read.impossible


@pytest.mark.parametrize(
    ("slot", "text", "expected"),
    [
        ("entity", "個人事業主です", "sole"),
        ("entity", "株式会社です", "corporation"),
        ("repayment", "一括で返します", "lump"),
        ("needs", "展示会に出たい", ("fairs",)),
        ("which", "もう入金されました", "executed"),
    ],
)
def test_options(kb: KnowledgeBase, slot: str, text: str, expected: Value) -> None:
    assert _read(kb, slot, text).value == expected


@pytest.mark.parametrize(
    ("slot", "text", "expected"),
    [
        ("capital", "資本金は1000万円、借りたいのは500万円", "1000万円"),
        ("own_funds", "300万円借りたい。自己資金は100万円", "100万円"),
        ("capital", "500万円借りたい", None),
        ("net_assets", "純資産4億円", "4億円"),
    ],
)
def test_a_word_beside_a_value_marks_whose_it_is(kb: KnowledgeBase, slot: str, text: str, expected: str | None) -> None:
    utterance = Utterance.of(kb, text, TODAY)

    span = marked(kb, _slot(kb, slot), utterance, (), TODAY)

    assert (utterance.text[slice(*span)] if span is not None else None) == expected


def test_a_value_that_another_slot_has_taken_is_not_marked_again(kb: KnowledgeBase) -> None:
    utterance = Utterance.of(kb, "資本金は1000万円", TODAY)
    whole = (0, len(utterance.text))

    assert marked(kb, _slot(kb, "capital"), utterance, [whole], TODAY) is None
