"""Staff change entries without touching YAML: proposals show what would come of it, saving is safe."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given

from bot.knowledge.editing import Edit, Proposal, add_question, by_field, change, confirm, find, propose, save
from bot.knowledge.live import Library
from bot.knowledge.saving import Change, Conflict, fingerprint_of, write
from bot.knowledge.yaml_edit import EditError, exchange
from bot.nlp.encoder import UniversalSentenceEncoder
from tests import editing
from tests.knowledge.test_yaml_edit import TEXTS

TODAY = date(2026, 11, 23)
ENTRY = "menu-setsubi"
FILE = "tokyo-loan/menus.yaml"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """A copy of the knowledge base, loaded."""
    folder = tmp_path_factory.mktemp("editing")
    return Library(editing.copy(folder), UniversalSentenceEncoder(), editing.cache(folder))


@pytest.fixture
def library(served: Library) -> Iterator[Library]:
    """The same for every test: what one wrote is taken back."""
    yield served
    shutil.rmtree(served.folder)
    editing.copy(served.folder.parent)
    served.reload()


def _propose(library: Library, edit: Edit, entry: str = ENTRY) -> Proposal:
    return propose(library, {entry: edit}, TODAY)


def _added(diff: str) -> list[str]:
    return [line for line in diff.splitlines() if line.startswith(("+", "-")) and not line.startswith(("+++", "---"))]


def test_a_question_is_added_as_one_line(library: Library) -> None:
    proposal = _propose(library, add_question("製麺機を新しくするときに使える都の融資"))

    assert _added(proposal.diff) == ["+      - 製麺機を新しくするときに使える都の融資"]
    assert proposal.diff.startswith(f"--- {FILE}\n+++ {FILE}\n")
    assert proposal.refused == ""


def test_what_is_saved_serves_after_the_next_look(library: Library) -> None:
    question = "製麺機を新しくするときに使える都の融資"

    save(library, _propose(library, add_question(question)))

    assert library.reload() == "loaded"
    assert library.kb.search(question, 1)[0].id == ENTRY


def test_looking_at_a_proposal_changes_nothing(library: Library) -> None:
    before = library.kb, (library.folder / FILE).read_bytes()

    _propose(library, add_question("製麺機を新しくするときに使える都の融資"))

    assert (library.kb, (library.folder / FILE).read_bytes()) == before
    assert library.reload() == "same"


def test_a_check_is_dated_before_the_source(library: Library) -> None:
    save(library, _propose(library, confirm(TODAY)))

    again = _propose(library, confirm(date(2026, 12, 1)))

    assert _added(again.diff) == ["-    checked: 2026-11-23", "+    checked: 2026-12-01"]
    assert "category: loan\n    checked: 2026-11-23\n" in (library.folder / FILE).read_text("utf-8")


def test_several_entries_are_confirmed_at_once(library: Library) -> None:
    ids = [*editing.ids(library.folder / FILE)[:3], "tgc-about"]

    proposal = propose(library, {one: confirm(TODAY) for one in ids}, TODAY)
    save(library, proposal)

    assert len(proposal.changes) == 2
    assert [line for line in _added(proposal.diff) if "checked" in line] == ["+    checked: 2026-11-23"] * 4
    library.reload()
    assert {library.kb.content.entries[one].checked for one in ids} == {"2026-11-23"}


def test_fields_are_changed_added_and_removed(library: Library) -> None:
    fields = {"status": "要確認", "fee": [{"手数料": "無料"}], "rate": None}

    proposal = _propose(library, change(fields))

    assert _added(proposal.diff)[0] == "+    status: 要確認"
    assert "+      - 手数料: 無料" in _added(proposal.diff)
    assert "-    rate:" in _added(proposal.diff)
    assert proposal.refused == ""


def test_the_id_stays_whatever_is_asked_for(library: Library) -> None:
    assert _propose(library, change({"id": "another"})).diff == ""


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (change({"status": "たぶん"}), "受付中"),
        (change({"name": ""}), "空のまま"),
        (change({"questions": ["一つだけ"]}), "少なすぎます"),
        (change({"sumary": "つづりの誤り"}), "使えません"),
        (change({"related": ["no-such"]}), "no-such"),
        (change({"name": "経営セーフ"}), "名前でもあります"),
        (change({"web": ["javascript:alert(1)"]}), "https://"),
        (add_question("責任共有制度とは"), "質問例「責任共有制度とは」は項目"),
        (change({"summary": "あ" * 700}), "長すぎます"),
        (change({"details": ["あ" * 500] * 1000}), "大きすぎます"),
    ],
)
def test_what_check_would_refuse_is_told_and_not_saved(library: Library, edit: Edit, message: str) -> None:
    proposal = _propose(library, edit)

    assert any(message in one.message for one in proposal.verdict.errors)
    with pytest.raises(EditError, match="誤り"):
        save(library, proposal)


def test_a_question_that_takes_another_entrys_place_is_told(library: Library) -> None:
    taken = "保証協会の本店はどこに ありますか"

    proposal = _propose(
        library, change({"questions": [taken, "保証協会の本店はどこにありますか？", "本店"], "name": "保証協会の本店の場所"})
    )

    assert any("tgc-honten" in one.message or "見つかりません" in one.message for one in proposal.verdict.errors)


def test_faults_that_were_there_before_are_told_apart_and_do_not_hinder(library: Library) -> None:
    editing.replace(library.folder / "jfc/common-questions.yaml", "organisation: jfc", "organisation: nobody")

    proposal = _propose(library, add_question("製麺機を新しくするときに使える都の融資"))

    assert proposal.verdict.problems == ()
    assert [one.message for one in proposal.verdict.before if "nobody" in one.message]
    assert proposal.refused == ""


def test_a_faulty_entry_can_be_mended(library: Library) -> None:
    editing.replace(library.folder / FILE, "    topic: tokyo-loan", "    topic: たぶん")
    entry = editing.ids(library.folder / FILE)[0]

    save(library, _propose(library, change({"topic": "tokyo-loan"}), entry))

    assert library.reload() == "same"
    assert library.edition.problems == ()


def test_a_date_that_is_over_is_a_warning(library: Library) -> None:
    proposal = _propose(library, change({"period": [{"締切": "令和6年2月29日"}], "checked": "2026-11-22"}))

    assert {one.severity for one in proposal.verdict.problems} == {"warning"}
    assert any("期限の日付が過ぎています" in one.message for one in proposal.verdict.problems)
    assert proposal.refused == ""


def test_a_figure_that_another_entry_repeats_is_told_and_can_be_saved(library: Library) -> None:
    old = library.kb.content.entries["sme-size-oroshi"].summary

    proposal = _propose(library, change({"summary": old.replace("1億円", "2億円")}), "sme-size-oroshi")

    told = [one for one in proposal.verdict.problems if "「200000000円」" in one.message]
    assert told
    assert all(one.severity == "warning" for one in told)
    assert any("size.yaml:" in one.message for one in told)
    assert proposal.refused == ""


def test_nothing_changed_is_nothing_to_save(library: Library) -> None:
    proposal = _propose(library, add_question("設備投資・企業立地の対象"))

    with pytest.raises(EditError, match="変わったところ"):
        save(library, proposal)


def test_a_file_that_somebody_changed_meanwhile_is_not_overwritten(library: Library) -> None:
    proposal = _propose(library, add_question("製麺機を新しくするときに使える都の融資"))
    editing.mark(library.folder / FILE, "別")
    theirs = (library.folder / FILE).read_bytes()

    with pytest.raises(Conflict, match="ほかの人"):
        save(library, proposal)

    assert (library.folder / FILE).read_bytes() == theirs


def test_of_many_saves_at_once_one_wins_and_the_file_is_whole(library: Library) -> None:
    proposals = [_propose(library, add_question(f"製麺機を{number}台買うときに使える都の融資")) for number in range(6)]
    failed: list[EditError] = []

    def one(proposal: Proposal) -> None:
        try:
            save(library, proposal)
        except EditError as error:
            failed.append(error)

    threads = [threading.Thread(target=one, args=(proposal,)) for proposal in proposals]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [type(error) for error in failed] == [Conflict] * 5
    assert (library.folder / FILE).read_text("utf-8") in [proposal.changes[0].after for proposal in proposals]


def test_saving_keeps_the_mode_and_leaves_nothing_beside(library: Library) -> None:
    file = library.folder / FILE
    file.chmod(0o640)
    before = sorted(file.parent.iterdir())

    save(library, _propose(library, confirm(TODAY)))

    assert file.stat().st_mode & 0o777 == 0o640
    assert sorted(file.parent.iterdir()) == before


def test_all_files_or_none_are_written(library: Library, tmp_path: Path) -> None:
    proposal = propose(library, {ENTRY: confirm(TODAY), "tgc-about": confirm(TODAY)}, TODAY)
    second = proposal.changes[1]
    broken = Change(second.file, second.based_on, second.before, "\ud83d")  # cannot be encoded
    before = [one.file.read_bytes() for one in proposal.changes]

    with pytest.raises(UnicodeEncodeError):
        write(library.folder, [proposal.changes[0], broken])

    assert [one.file.read_bytes() for one in proposal.changes] == before
    assert not list(library.folder.rglob(".*"))


@pytest.mark.parametrize(
    "wrong", [{"summary": "", "web": ["ftp://a"], "older": [{"as_of": "x", "source": "y"}]}, {"related": ["no-such"]}]
)
def test_a_problem_is_told_at_its_field(library: Library, wrong: dict[str, object]) -> None:
    found = by_field(_propose(library, change(wrong)), ENTRY)

    assert set(found) == set(wrong)


@given(TEXTS)
def test_any_question_that_is_saved_is_read_again_exactly(question: str) -> None:
    with TemporaryDirectory() as made:
        file = Path(made) / "small.yaml"
        before = "rules:\n  - id: one\n    questions:\n      - 一つめ  # 注釈\n"
        file.write_text(before, "utf-8")
        spot = find(file.parent, "one")
        assert spot is not None

        after = exchange(before, (spot.section, spot.index), add_question(question)(spot.raw))
        write(file.parent, [Change(file, spot.fingerprint, before, after)])

        again = find(file.parent, "one")
        assert again is not None
        assert again.raw["questions"] == list(dict.fromkeys(["一つめ", question.strip()]))
        assert file.read_text("utf-8").startswith(before)


@pytest.mark.parametrize("place", ["../outside.yaml", "link.yaml", "linked/file.yaml", "notes.txt", ".hidden.yaml"])
def test_nothing_outside_the_folder_is_written(library: Library, tmp_path: Path, place: str) -> None:
    outside = tmp_path / "file.yaml"
    outside.write_text("faqs: []\n", "utf-8")
    (library.folder.parent / "outside.yaml").write_text("faqs: []\n", "utf-8")
    (library.folder / "link.yaml").symlink_to(outside)
    (library.folder / "linked").symlink_to(tmp_path)
    for name in ("notes.txt", ".hidden.yaml"):
        (library.folder / name).write_text("faqs: []\n", "utf-8")
    file = library.folder / place

    with pytest.raises(EditError, match="フォルダの中"):
        write(library.folder, [Change(file, fingerprint_of(b"faqs: []\n"), "faqs: []\n", "x: 1\n")])

    assert file.read_text("utf-8") == "faqs: []\n"


@pytest.mark.parametrize("entry", ["no-such", "../../etc/passwd", "", "menu-setsubi\n", "a" * 10_000, "*"])
def test_an_id_that_is_none_finds_nothing(library: Library, entry: str) -> None:
    assert find(library.folder, entry) is None
    with pytest.raises(EditError, match="見つからない"):
        _propose(library, confirm(TODAY), entry)


def test_an_entry_is_found_with_its_line(library: Library) -> None:
    spot = find(library.folder, ENTRY)

    assert spot is not None
    assert spot.file == library.folder / FILE
    assert spot.line == editing.line_of(spot.file, f"id: {ENTRY}")
    assert spot.raw["name"] == "設備投資・企業立地"
