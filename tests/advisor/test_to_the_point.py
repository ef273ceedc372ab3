"""Of two entries that both fit, the one that knows what was asked answers, and it leads with that."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.advisor.compose import Asker, compose
from bot.advisor.judging import judge
from bot.knowledge.base import KnowledgeBase
from bot.step import step
from bot.talk.conversation import Conversation
from bot.talk.turns import Said

NOW = datetime(2026, 11, 1, tzinfo=UTC)


class User:
    """Somebody who types, and reads the replies to the last text as one."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self._kb = kb
        self._conversation = Conversation()
        self.kinds: list[str] = []

    def says(self, text: str) -> str:
        taken = step(self._kb, self._conversation, Said(text), NOW)
        self._conversation = taken.conversation
        self.kinds += [event.kind for event in taken.events]
        return "\n".join(reply.text for reply in taken.replies)


def _first_screen(kb: KnowledgeBase, entry_id: str, question: str) -> str:
    entry = kb.entry(entry_id)
    assert entry is not None
    return compose(entry, question, kb, Asker(None, NOW)).text


def test_a_detail_is_answered_by_the_entry_about_it_even_when_another_one_is_named(kb: KnowledgeBase) -> None:
    assert judge(kb, "ABL保証 在庫の担保に登記は要るか").outcome.hits[0].id == "abl-rules"


def test_a_variant_with_a_name_of_its_own_does_not_take_the_place_of_the_one_named(kb: KnowledgeBase) -> None:
    assert judge(kb, "当貸1 限度").outcome.hits[0].id == "tgc-toukashi1"


def test_a_word_that_stands_in_one_line_only_brings_that_line_to_the_first_screen(kb: KnowledgeBase) -> None:
    assert "夜逃げ" in _first_screen(kb, "keiei-safety-kyosai", "得意先の夜逃げにセーフティ共済は効く？")


def test_a_desk_that_nobody_names_is_the_users_own_branch(kb: KnowledgeBase) -> None:
    user = User(kb)
    user.says("台東区で革小物を作っています")

    assert "上野支店" in user.says("その窓口の電話は？")


def test_asked_for_its_telephone_a_program_leads_with_its_desk(kb: KnowledgeBase) -> None:
    lines = User(kb).says("経営セーフティ共済の電話番号は？").splitlines()

    assert "050-5541-7171" in "".join(lines[:2])


def test_several_things_asked_of_one_program_are_all_told(kb: KnowledgeBase) -> None:
    told = User(kb).says("資本性ローンの国民生活事業の限度額と、担保が要るか、期間を教えてください")

    assert "4,000万円" in told
    assert "無担保" in told
    assert "5年1か月" in told


def test_what_is_known_only_elsewhere_counts_as_not_known(kb: KnowledgeBase) -> None:
    user = User(kb)
    user.says("赤字決算だと保証協会に断られますか")

    assert user.kinds[-1] == "unknown"
