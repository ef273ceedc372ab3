"""The beginning of a new entry, to be filled in by staff: what is known already stands in it, what is not is marked."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

_MOST_QUESTIONS = 10
_TODO = "要記入"
_HINTS = {
    "id": "英小文字とハイフン。ほかと重ならないもの",
    "topic": "branch guarantee tokyo-loan overseas national-loan mutual-aid subsidy other のどれか",
    "status": "受付中、公募終了、要確認",
    "as_of": "情報の時点（YYYY、YYYY-MM、YYYY-MM-DD）",
    "sources": "sources.yaml の id。資料にないことは書きません",
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
    faqs = []
    for number, one in enumerate(asked, 1):
        wordings = list(dict.fromkeys((one.name, *one.questions)))[:_MOST_QUESTIONS]
        faq = CommentedMap(
            {
                "id": f"{_TODO}-{number}",
                "name": one.name,
                "questions": wordings if len(wordings) > 1 else [*wordings, _TODO],
                "topic": _TODO,
                "status": "受付中",
                "as_of": _TODO,
                "sources": [_TODO],
                "summary": _TODO,
                "related": list(one.near),
            }
        )
        for key, hint in _HINTS.items():
            faq.yaml_add_eol_comment(hint, key, column=0)
        faqs.append(faq)
    yaml = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = 10_000
    text = io.StringIO()
    yaml.dump({"faqs": faqs}, text)
    return text.getvalue()
