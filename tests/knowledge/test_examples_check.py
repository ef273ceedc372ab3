"""``check`` finds what is wrong with the examples of utterances, and tells when the weights were learned from others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.cli.check import check
from bot.cli.main import library, main
from bot.cli.problems import OperatorError
from bot.knowledge.check import check_folder
from bot.knowledge.examples import STAFF, UTTERANCES, Example, add, digest, line_of, read_examples
from bot.knowledge.yaml_edit import EditError
from bot.nlp.encoder import Encoder
from bot.settings import Settings
from bot.understanding import weights
from tests import editing

GOOD = {
    "task": "",
    "asked": "",
    "text": "千葉の窓口より台東区の窓口",
    "acts": ["inform"],
    "begin": "",
    "slots": {"municipality": "台東区"},
}


def _line(**changed: object) -> str:
    return json.dumps(GOOD | changed, ensure_ascii=False)


def _without(name: str) -> str:
    return json.dumps({key: value for key, value in GOOD.items() if key != name}, ensure_ascii=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small knowledge base, as yet without examples."""
    return editing.small(tmp_path)


@pytest.fixture(autouse=True)
def _weights_read_anew() -> Iterator[None]:
    weights.shipped.cache_clear()
    yield
    weights.shipped.cache_clear()


def _write(folder: Path, *lines: str, name: str = "training/someone.jsonl") -> Path:
    file = folder / UTTERANCES / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file


def _learned(place: Path, folder: Path) -> Path:
    """Weights that say they were learned from the examples as they stand now."""
    weights.write(place / "weights.npz", {}, digest(folder / UTTERANCES))
    return place / "weights.npz"


@pytest.mark.parametrize(
    ("line", "blamed", "message"),
    [
        ("{", "", "JSONとして読めません"),
        ('{"text": "あ" "acts": []}', '"acts"', "JSONとして読めません"),
        ("[" * 100_000, "[", "JSONとして読めません"),
        ('{"n": ' + "1" * 5000 + "}", "{", "JSONとして読めません"),
        ('"台東区"', '"台東区"', "{ } で囲んで"),
        (_without("text"), "{", "「text」がありません"),
        (_line(txt="台東区"), '"txt"', "「txt」は使えません"),
        (_line(text=12), '"text"', "「text」は"),
        (_line(text=""), '"text"', "「text」が空です"),
        (_line(text=" ", slots={}), '"text"', "文（text）が空です"),
        (_line(text="あ" * 2001), '"text"', "2000字まで"),
        (_line(acts="inform"), '"acts"', "一覧で"),
        (_line(acts=[1]), '"acts"', "「acts」は"),
        (_line(slots=["台東区"]), '"slots"', "「slots」は { }"),
        (_line(slots={"municipality": None}), '"municipality"', "「municipality」は"),
        (_line(acts=[], slots={}), '"acts"', "1つ以上"),
        (_line(acts=["inform", "infrom"]), '"acts"', "意味（acts）に「infrom」はありません"),
        (_line(task="lone"), '"task"', "手続き（task）に「lone」はありません"),
        (_line(acts=["begin", "inform"], begin="lone"), '"begin":', "手続き（begin）に「lone」はありません"),
        (_line(acts=["begin", "inform"]), '"begin":', "始める手続き（begin）"),
        (_line(begin="loan"), '"begin":', "始める手続き（begin）"),
        (_line(asked="amount"), '"asked"', "途中の手続き（task）も"),
        (_line(task="loan", asked="amuont"), '"asked"', "項目（asked）に「amuont」はありません"),
        (_line(slots={"munic": "台東区"}), '"munic"', "項目（slots）に「munic」はありません"),
        (_line(slots={"municipality": "墨田区"}), '"municipality"', "「墨田区」は文の中にありません"),
        (_line(slots={"municipality": " "}), '"municipality"', "言葉が空です"),
        (_line(acts=["ask"]), '"acts"', "項目（slots）があるときは"),
    ],
)
def test_a_fault_is_an_error_at_its_place(folder: Path, encoder: Encoder, line: str, blamed: str, message: str) -> None:
    file = _write(folder, _line(), "", line)

    report = check_folder(folder, encoder, None, date(2026, 2, 1))

    found = next(problem for problem in report.problems if message in problem.message)
    assert found.severity == "error"
    assert str(found).startswith(f"{file}:3:{line.find(blamed) + 1 if blamed else 2}: ")
    assert not any(word in problem.message for problem in report.problems for word in ("valid", "Input", "should"))
    assert report.examples == 1


def test_every_fault_of_every_line_is_found_in_one_run(folder: Path) -> None:
    lines = [_line(acts=["infrom"], task="lone", slots={}), "{", json.dumps({"text": 1, "acts": 2, "more": 3})]
    _write(folder, *lines, name="development/someone.jsonl")

    _, problems = read_examples(folder / UTTERANCES)

    assert [problem.at.line for problem in problems] == [1, 1, 2, 3, 3, 3]


def test_a_file_that_cannot_be_read_is_a_problem_and_not_the_end(folder: Path) -> None:
    good, odd = _write(folder, _line()), folder / UTTERANCES / "training" / "odd.jsonl"
    odd.write_bytes(f"{_line()}\n".encode() + "台東区".encode("cp932"))
    (odd.parent / "folder.jsonl").mkdir()

    found, problems = read_examples(folder / UTTERANCES)

    assert [one.at.file for one in found] == [good]
    assert [(one.at.file.name, one.at.line, one.message.split("。")[0]) for one in problems] == [
        ("folder.jsonl", 1, "ファイルを開けません（フォルダです）"),
        ("odd.jsonl", 2, "文字コードがUTF-8ではありません"),
    ]


def test_marks_and_line_breaks_of_other_systems_do_no_harm(folder: Path) -> None:
    file = _write(folder, _line())
    other = _line(text="台東区の\u2028窓口")
    file.write_bytes(b"\xef\xbb\xbf" + f"{_line()}\r\n{other}\r\n".encode())

    found, problems = read_examples(folder / UTTERANCES)

    assert problems == []
    assert [one.at.line for one in found] == [1, 2]


def test_the_examples_of_the_repository_have_no_problem() -> None:
    found, problems = read_examples(editing.ROOT / "knowledge_base" / UTTERANCES)

    assert problems == []
    assert len(found) > 10_000


def test_an_example_is_appended_in_the_form_of_the_others_and_once(folder: Path) -> None:
    example = Example.model_validate(GOOD)

    assert [add(folder, example), add(folder, example.model_copy(update={"task": "loan"}))] == [1, 2]
    with pytest.raises(EditError, match="もうあります"):
        add(folder, example)

    assert (folder / STAFF).read_text("utf-8") == f"{_line()}\n{_line(task='loan')}\n"
    assert line_of(example) == _line()
    assert [one.writer for one in read_examples(folder / UTTERANCES)[0]] == ["staff", "staff"]


def test_without_examples_there_is_nothing_to_say(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(folder, tmp_path) == 0

    assert capsys.readouterr().out == "3ファイル、2項目、例文0件を確かめました。誤り 0件、警告 0件。\n"


def test_weights_that_were_learned_from_other_examples_are_a_warning(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(folder, _line())
    monkeypatch.setattr(weights, "FILE", _learned(tmp_path, folder))
    assert check(folder, tmp_path) == 0
    assert "警告 0件" in capsys.readouterr().out

    add(folder, Example.model_validate(GOOD))

    assert check(folder, tmp_path) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{tmp_path / 'weights.npz'}:1:1: 警告: 例文が変わっています。make train で学び直してください",
        "3ファイル、2項目、例文2件を確かめました。誤り 0件、警告 1件。",
    ]


@pytest.fixture(params=["missing", "empty", "damaged", "foreign"])
def unusable(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Weights that cannot be used."""
    file = tmp_path / "unusable.npz"
    contents = {"empty": b"", "damaged": b"weights"}
    if request.param == "foreign":
        monkeypatch.setattr(weights, "FORM", weights.FORM - 1)
        weights.write(file, {}, "")
        monkeypatch.undo()
    elif request.param in contents:
        file.write_bytes(contents[request.param])
    monkeypatch.setattr(weights, "FILE", file)
    return file


def test_unusable_weights_stop_the_start_with_one_line(
    folder: Path, unusable: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(OperatorError, match=f"{unusable}.*Run `make train`"):
        library(Settings(knowledge_base=folder, cache_dir=tmp_path))

    monkeypatch.setenv("BOT_KNOWLEDGE_BASE", str(folder))
    monkeypatch.setenv("BOT_TOKEN", "123456:loopback-token")
    monkeypatch.setenv("BOT_CACHE_DIR", str(tmp_path))
    for command in ("run", "worker", "ask", "chat"):
        assert main([command]) == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err.count("\n") == 1
        assert str(unusable) in said.err


def test_unusable_weights_are_an_error_of_check(
    folder: Path, unusable: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(folder, tmp_path) == 1

    first, last = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{unusable}:1:1: 学んだ内容のファイルがない")
    assert "誤り 1件" in last
