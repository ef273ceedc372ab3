"""The knowledge base that serves follows its folder, and never to anything that is not valid."""

from __future__ import annotations

import gc
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.knowledge.check import check_folder
from bot.knowledge.live import Library
from bot.nlp.encoder import Encoder
from bot.step import step
from bot.talk.conversation import Conversation
from bot.talk.turns import Said
from tests import editing

NOW = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return editing.small(tmp_path)


@pytest.fixture
def library(folder: Path, encoder: Encoder) -> Library:
    return Library(folder, encoder, None)


def _summary(library: Library, entry_id: str = "lantern") -> str:
    entry = library.kb.entry(entry_id)
    assert entry is not None
    return entry.summary


def _told(library: Library) -> list[str]:
    return [str(problem) for problem in library.edition.problems]


def _checked(folder: Path, encoder: Encoder) -> list[str]:
    """What ``python -m bot check`` prints of errors."""
    report = check_folder(folder, encoder, None, date(2026, 11, 1))
    return [str(problem) for problem in report.problems if problem.severity == "error"]


def test_what_did_not_change_goes_on_serving(library: Library) -> None:
    before = library.edition

    assert library.reload() == "same"
    assert library.edition is before


def test_a_valid_edit_serves_as_a_whole_and_what_was_taken_before_stays_what_it_was(library: Library, folder: Path) -> None:
    before = library.kb
    editing.replace(folder / "lantern.yaml", "半分", "三分の二")
    editing.replace(folder / "signboard.yaml", "お貸しします", "低利でお貸しします")

    outcome = library.reload()

    assert outcome == "loaded"
    assert "三分の二" in _summary(library)
    assert "低利" in _summary(library, "signboard")
    assert "半分" in before.content.entries["lantern"].summary
    assert library.kb.version != before.version


def test_a_remark_makes_no_new_version(library: Library, folder: Path) -> None:
    before = library.kb
    editing.replace(folder / "lantern.yaml", "programs:", "# 来年度も続く見込み\nprograms:")

    assert library.reload() == "same"
    assert library.kb is before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    summary: ", "    summary: ["),
        ("    summary: ", "    sumary: "),
        ("status: 受付中", "status: たぶん"),
        ("related: [signboard]", "related: [no-such]"),
        ("id: lantern", "id: signboard"),
        ("sources: [paper]", "sources: [rumour]"),
        ("name: ちょうちん補助金", "name: 看板づくり融資"),
    ],
    ids=["broken YAML", "unknown key", "unknown status", "dangling reference", "id twice", "unknown source", "name twice"],
)
def test_a_mistake_keeps_the_old_one_and_is_told_as_by_check(
    library: Library, folder: Path, encoder: Encoder, old: str, new: str
) -> None:
    before = library.kb
    editing.replace(folder / "lantern.yaml", old, new)

    outcome = library.reload()

    assert outcome == "refused"
    assert library.kb is before
    assert _told(library) == _checked(folder, encoder)
    assert _told(library)


def test_a_mistake_is_refused_once_and_stays_known(library: Library, folder: Path) -> None:
    editing.replace(folder / "lantern.yaml", "    summary: ", "    sumary: ")
    library.reload()
    told = _told(library)

    assert library.reload() == "same"
    assert _told(library) == told


def test_of_what_was_refused_nothing_stays_in_memory(library: Library, folder: Path) -> None:
    editing.replace(folder / "lantern.yaml", "    summary: ", "    sumary: ")
    library.reload()
    gc.collect()
    gc.freeze()
    before = gc.get_freeze_count()

    for number in range(20):
        editing.replace(folder / "lantern.yaml", "programs:", f"# {number}\nprograms:")
        assert library.reload() == "refused"

    assert gc.get_freeze_count() - before < 20 * 20  # each time hundreds of objects were read


def test_a_valid_file_beside_a_broken_one_waits_for_it(library: Library, folder: Path) -> None:
    editing.replace(folder / "lantern.yaml", "    summary: ", "    sumary: ")
    editing.replace(folder / "signboard.yaml", "お貸しします", "低利でお貸しします")
    library.reload()
    assert "低利" not in _summary(library, "signboard")

    editing.replace(folder / "lantern.yaml", "    sumary: ", "    summary: ")

    assert library.reload() == "loaded"
    assert "低利" in _summary(library, "signboard")
    assert not library.edition.problems


def test_taking_a_mistake_back_leaves_what_served(library: Library, folder: Path) -> None:
    before = library.kb
    editing.replace(folder / "lantern.yaml", "    summary: ", "    sumary: ")
    library.reload()
    editing.replace(folder / "lantern.yaml", "    sumary: ", "    summary: ")

    assert library.reload() == "same"
    assert library.kb is before
    assert not library.edition.problems


def test_files_come_and_go(library: Library, folder: Path) -> None:
    editing.replace(folder / "lantern.yaml", "    related: [signboard]\n", "")
    (folder / "signboard.yaml").rename(folder / "signboard.yaml.old")
    assert library.reload() == "loaded"
    assert library.kb.entry("signboard") is None
    assert not [hit for hit in library.kb.search("看板を作るお金を借りたい") if hit.id == "signboard"]

    (folder / "more").mkdir()
    (folder / "signboard.yaml.old").rename(folder / "more/signboard.yaml")

    assert library.reload() == "loaded"
    assert library.kb.search("看板を作るお金を借りたい")[0].id == "signboard"


def test_a_folder_that_is_gone_is_told_and_one_that_is_back_serves(library: Library, folder: Path, encoder: Encoder) -> None:
    before = library.kb
    away = folder.rename(folder.with_name("away"))

    assert library.reload() == "refused"
    assert library.kb is before
    assert _told(library) == _checked(folder, encoder)
    assert str(folder) in _told(library)[0]

    away.rename(folder)
    assert library.reload() == "same"
    assert not library.edition.problems


def test_bytes_that_are_no_text_are_refused(library: Library, folder: Path) -> None:
    (folder / "lantern.yaml").write_bytes(b"\xff\xfe\x00programs")

    assert library.reload() == "refused"
    assert "UTF-8" in _told(library)[0]


def test_a_conversation_goes_on_when_what_it_was_about_is_gone(library: Library, folder: Path) -> None:
    conversation = step(library.kb, Conversation(), Said("看板づくり融資"), NOW).conversation
    assert conversation.subject.entry == "signboard"
    editing.replace(folder / "lantern.yaml", "    related: [signboard]\n", "")
    shutil.move(folder / "signboard.yaml", folder.parent)
    library.reload()

    for text in ("続き", "ほかには？", "電話番号は？", "看板づくり融資", "ちょうちん補助金"):
        taken = step(library.kb, conversation, Said(text), NOW)
        conversation = taken.conversation
        assert taken.replies

    assert conversation.subject.entry == "lantern"
