"""The beginning of a new entry, to be filled in by staff: what is known already stands in it, what is not is marked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.knowledge.yaml_writing import pair

_COLUMN = 4
_MOST_QUESTIONS = 10
_TODO = "要記入"
_HINTS = {
    "id": "英小文字とハイフン。ほかと重ならないもの",
    "topic": "branch guarantee tokyo-loan overseas national-loan mutual-aid subsidy other のどれか",
    "sources": "{id: sources.yaml の id, place: 資料の見出し}。資料にないことは書きません",
    "summary": "一、二文の答え",
    "related": "近い項目。関係がなければ消します",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asked: the question in several wordings, the ids of entries near it."""

    name: str
    questions: Sequence[str]
    near: Sequence[str]


def stub(asked: Iterable[Asked]) -> str:
    """YAML of a file with one FAQ for each; ``check`` refuses it until every gap in it is filled."""
    return "faqs:\n" + "\n".join(_faq(number, one) for number, one in enumerate(asked, 1))


def _faq(number: int, asked: Asked) -> str:
    wordings = list(dict.fromkeys((asked.name, *asked.questions)))[:_MOST_QUESTIONS]
    fields: dict[str, object] = {
        "id": f"{_TODO}-{number}",
        "name": asked.name,
        "questions": wordings if len(wordings) > 1 else [*wordings, _TODO],
        "topic": _TODO,
        "sources": [_TODO],
        "summary": _TODO,
        "related": list(asked.near),
    }
    lines = [_with_hint(name, pair(name, value, _COLUMN)) for name, value in fields.items()]
    return "  - " + f"\n{' ' * _COLUMN}".join(lines) + "\n"


def _with_hint(name: str, written: str) -> str:
    """The hint stands on the field's own line, before the items of a list."""
    first, newline, rest = written.partition("\n")
    return f"{first}  # {_HINTS[name]}{newline}{rest}" if name in _HINTS else written
