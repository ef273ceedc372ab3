"""Which options some words mean: by staff's words, by their examples, and by learned weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pytest

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.dialogs import Option, Slot
from bot.nlp.encoder import Encoder
from bot.nlp.sentence_model import Array
from bot.understanding import options
from bot.understanding.options import COLUMNS, columns_of, learned, likelihoods
from bot.understanding.weights import shipped

NOTHING: Mapping[str, Array] = {}
DOWN = Option("down", "売上が減った", ("売上", "客が減"), ("お客さんがさっぱり来ない", "前の年の半分しか売れていない"))
PRICES = Option("prices", "物価が上がった", ("値上", "電気代"), ("仕入れの値段がどんどん高くなる",))
NONE = Option("none", "ない", ("落ちてな", "特にな"))


def _slot(*options: Option, several: bool = True, no: str = "none") -> Slot:
    return Slot("worry", "困りごと", "choices" if several else "choice", "?", "?", "?", options=options, no=no)


WORRY = _slot(DOWN, PRICES, NONE)
Meaning = Callable[..., tuple[str, ...]]


@pytest.fixture
def meaning(encoder: Encoder) -> Meaning:
    """The options that a text means, by weights where they are given."""

    def chosen(slot: Slot, text: str, weights: Mapping[str, Array] = NOTHING) -> tuple[str, ...]:
        return options.chosen(slot, text, weights, encoder, text)

    return chosen


def test_a_word_of_an_option_means_it(meaning: Meaning) -> None:
    assert meaning(WORRY, "電気代がきつい") == ("prices",)
    assert meaning(WORRY, "物価が上がった") == ("prices",)


def test_nothing_alike_means_nothing(meaning: Meaning) -> None:
    assert meaning(WORRY, "こんにちは") == ()
    assert meaning(WORRY, "") == ()


def test_of_several_possible_answers_all_count_the_surest_first(meaning: Meaning) -> None:
    assert set(meaning(WORRY, "売上が下がって電気代も高い")) == {"down", "prices"}


def test_where_one_is_asked_for_the_longest_word_counts(meaning: Meaning) -> None:
    slot = _slot(Option("short", "短い", ("小口",)), Option("long", "長い", ("小口零細",)), several=False)

    assert meaning(slot, "小口零細です") == ("long",)


def test_a_word_inside_a_longer_one_of_another_option_does_not_count(meaning: Meaning) -> None:
    slot = _slot(Option("company", "法人", ("法人",)), Option("npo", "NPO", ("npo法人",)))

    assert meaning(slot, "npo法人です") == ("npo",)


def test_none_of_them_excludes_the_others(meaning: Meaning) -> None:
    assert meaning(WORRY, "売上は落ちてないです") == ("none",)


@pytest.mark.parametrize("text", ["売上でなくて電気代", "売上じゃないです。電気代が上がって", "売上ではなく電気代のことです"])
def test_what_is_taken_back_is_not_meant(text: str, meaning: Meaning) -> None:
    assert meaning(WORRY, text) == ("prices",)


def test_an_example_alike_means_its_option(meaning: Meaning) -> None:
    assert meaning(WORRY, "お客さんがさっぱり来ません") == ("down",)
    assert meaning(WORRY, "仕入れの値段がどんどん高くなって") == ("prices",)


def test_an_example_said_as_it_stands_counts_more_than_a_word_in_it(meaning: Meaning) -> None:
    slot = _slot(Option("yes", "ある", ("ある",)), Option("made", "作ってある", (), ("作ってあるところ",)), several=False)

    assert meaning(slot, "作ってあるところ") == ("made",)


def _weights(**texts: str) -> dict[str, Array]:
    """Weights that have learned one text for each option."""
    table = np.full((COLUMNS, len(texts)), -1.0, dtype=np.float32)
    for place, text in enumerate(texts.values()):
        table[columns_of(text), place] = 6.0
    return {
        "option_names_worry": np.array(list(texts)),
        "option_worry": table,
        "option_worry_scale": np.ones(len(texts), dtype=np.float32),
        "option_bias_worry": np.zeros(len(texts), dtype=np.float32),
        "option_meaning_worry": np.zeros((512, len(texts)), dtype=np.float32),
    }


def test_what_was_learned_needs_no_word(meaning: Meaning, encoder: Encoder) -> None:
    weights = _weights(down="閑古鳥が鳴いている", prices="何もかも高い")

    assert learned("worry", weights) == ("down", "prices")
    assert meaning(WORRY, "閑古鳥が鳴いている", weights) == ("down",)
    assert likelihoods("worry", "何もかも高い", weights, encoder)[0][0] == "prices"


def test_an_option_that_the_weights_do_not_know_goes_by_its_words(meaning: Meaning) -> None:
    weights = _weights(down="閑古鳥が鳴いている")

    assert meaning(WORRY, "電気代がきつい", weights) == ("prices",)


def test_an_option_that_staff_took_away_is_not_meant_any_more(meaning: Meaning) -> None:
    weights = _weights(gone="閑古鳥が鳴いている", down="客が減った")

    assert "gone" not in meaning(_slot(DOWN, NONE), "閑古鳥が鳴いている", weights)


def test_likelihoods_are_probabilities_the_likeliest_first(encoder: Encoder) -> None:
    known = shipped().arrays
    names = [name.removeprefix("option_names_") for name in known if name.startswith("option_names_")]

    assert names
    for name in names:
        found = likelihoods(name, "売上が減って困っています", known, encoder)
        sure = [one for _, one in found]
        assert sure == sorted(sure, reverse=True)
        assert all(0 <= one <= 1 for one in sure)
        assert {option for option, _ in found} == set(learned(name, known))


@pytest.mark.parametrize(
    ("slot", "text", "meant"),
    [
        ("entity", "個人事業主です", ("sole",)),
        ("entity", "株式会社です", ("corporation",)),
        ("purpose", "運転資金です", ("working",)),
        ("purpose", "機械を買いたい", ("equipment",)),
        ("trouble", "取引先が倒産した", ("bankruptcy",)),
        ("repayment", "一括で返します", ("lump",)),
        ("repayment", "毎月均等に返します", ("equal",)),
        ("sharing", "責任共有の対象外です", ("outside",)),
        ("bases", "海外に工場があります", ("yes",)),
        ("plan_ready", "計画はまだありません", ("none",)),
        ("needs", "展示会に出たい", ("fairs",)),
        ("barriers", "税金を滞納しています", ("tax",)),
    ],
)
def test_plain_answers_are_understood(kb: KnowledgeBase, slot: str, text: str, meant: tuple[str, ...], meaning: Meaning) -> None:
    assert meaning(kb.content.slots[slot], text, shipped().arrays) == meant


def test_every_option_is_understood_by_its_own_label(kb: KnowledgeBase, meaning: Meaning) -> None:
    fresh = [slot for slot in kb.content.slots.values() if slot.options and not learned(slot.id, shipped().arrays)]

    missed = [
        (slot.id, option.id)
        for slot in fresh
        for option in slot.options
        if option.id not in meaning(slot, option.label.casefold())
    ]

    assert fresh
    assert missed == []
