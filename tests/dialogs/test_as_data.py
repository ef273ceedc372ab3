"""Dialogs are data: an editor teaches an option, an engineer adds a dialog, and neither touches code nor weights."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from bot.knowledge.base import open_knowledge_base
from bot.knowledge.check_dialogs import check_dialogs
from bot.knowledge.files import load_folder
from bot.nlp.encoder import Encoder
from bot.step import step
from bot.talk.conversation import Conversation
from bot.talk.taken import Step
from bot.talk.turns import Commanded, Pressed, Said, Turn
from bot.understanding.options import learned
from bot.understanding.weights import shipped
from tests import editing

NOW = datetime.fromisoformat("2026-11-23T10:00:00+09:00")

OPTION = """\
      - id: succession
        label: 事業承継の資金
        words: [事業承継, 株の買い取り, 跡を継ぐ]
        examples: [先代から会社を引き継ぐためのお金, 親父の店を譲り受けるときの支払い]
      - id: working
"""

DIALOG = """\
slots:
  - id: street
    label: 場所
    kind: choice
    question: 提灯を掛けるのは、商店街ですか。
    why: 商店街だけの補助だからです。
    hint: 「商店街です」のように送ってください。
    options:
      - {id: arcade, label: 商店街, words: [アーケード], examples: [お店が並んでいる通り]}
      - {id: elsewhere, label: ほかの場所, words: [路地, 住宅地]}
dialogs:
  - id: lamps
    title: 提灯の補助の確認
    command: lamps
    calculator: texts
    intro: 提灯の補助の対象かどうかを確かめます。
    asks: [street]
    hears: [municipality]
    concludes:
      - when: {street: [arcade]}
        text: 提灯の補助の対象です。
        entries: [tokyo-loan]
      - when: {street: [elsewhere]}
        text: 提灯の補助の対象ではありません。
"""


class _User:
    """Somebody who talks with the bot on an edited knowledge base."""

    def __init__(self, folder: Path, encoder: Encoder, vectors: Path) -> None:
        self.kb = open_knowledge_base(folder, encoder, vectors)
        self.talk = Conversation()

    def take(self, turn: Turn) -> Step:
        taken = step(self.kb, self.talk, turn, NOW)
        self.talk = taken.conversation
        return taken

    def says(self, text: str) -> str:
        return "\n".join(reply.text for reply in self.take(Said(text)).replies)


def test_an_option_and_a_dialog_need_nothing_but_yaml(tmp_path: Path, encoder: Encoder) -> None:
    folder = editing.copy(tmp_path)
    editing.replace(folder / "dialogs/slots-money.yaml", "      - id: working\n", OPTION)
    (folder / "dialogs/lamps.yaml").write_text(DIALOG, "utf-8")
    files, problems = load_folder(folder)
    assert problems == []
    assert [one for one in check_dialogs(files, {"tokyo-loan"}) if "lamps.yaml" in str(one.at)] == []
    assert "succession" not in learned("purpose", shipped().arrays)
    user = _User(folder, encoder, editing.cache(tmp_path))

    # The option, by its word, by wording like its examples, by its button.
    for words in ("事業承継です", "先代から会社を引き継ぐためのお金です"):
        user.talk = Conversation()
        user.take(Commanded("loan"))
        assert user.talk.asked.slot == "purpose"
        assert "資金の使いみち：事業承継の資金" in user.says(words)
        assert user.talk.value("purpose") == ("succession",)
    user.talk = Conversation()
    user.take(Commanded("loan"))
    user.take(Pressed("s:loan:purpose:succession"))
    user.take(Pressed("s:loan:purpose:working"))
    assert user.talk.value("purpose") == ("succession", "working")

    # The dialog, by its command: it asks, understands, concludes with its source, and is corrected.
    user.talk = Conversation()
    asked = user.take(Commanded("lamps"))
    assert "提灯を掛けるのは、商店街ですか。" in asked.replies[0].text
    assert [button.label for button in asked.replies[0].buttons][:2] == ["商店街", "ほかの場所"]
    concluded = user.says("アーケードです")
    assert "提灯の補助の対象です。" in concluded
    assert "出典：" in concluded
    assert "提灯の補助の対象ではありません。" in user.says("すみません、住宅地でした")
    assert "場所：ほかの場所" in user.says("/profile")
