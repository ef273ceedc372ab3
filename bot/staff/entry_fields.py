"""The fields of the form by which staff change an entry, made from the schema of the YAML files."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from bot.knowledge.editing import ORDER
from bot.knowledge.schema import KnowledgeFile
from bot.staff.words import TOPICS

Kind = Literal["line", "text", "number", "choice", "ticks", "lines", "facts", "criteria", "references", "table", "groups"]
"""How a field is filled in.

``line`` and ``text`` are one value, short or long; ``choice`` is one of several, ``ticks`` any of them. ``lines``, ``facts`` and
``criteria`` (YAML in brackets) have a line for each item, ``table`` one for each row; ``references`` are ids, ``groups`` are items of several ``parts``.
"""

Choices = tuple[tuple[str, str], ...]
"""Values with what people read for them."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field. ``suggestions`` names the list of ids it takes from: entries, contacts, sources or organisations."""

    name: str
    label: str
    kind: Kind
    required: bool = False
    hint: str = ""
    choices: Choices = ()
    suggestions: str = ""
    parts: tuple[Field, ...] = ()
    whole_numbers: bool = False


SECTIONS = {
    "programs": "制度・支援",
    "contacts": "窓口",
    "faqs": "よくある質問",
    "definitions": "用語",
    "rules": "条件・規則",
    "examples": "事例",
    "flows": "手順",
    "checklists": "持ち物・一覧",
    "tables": "表",
    "stages": "海外展開の段階",
}

_CATEGORIES = {
    "loan": "融資",
    "guarantee": "保証",
    "subsidy": "補助金",
    "insurance": "保険",
    "mutual-aid": "共済",
    "consultation": "相談",
    "expert": "専門家",
    "training": "研修・講座",
    "matching": "商談・マッチング",
    "research": "調査",
    "publication": "資料・出版物",
    "information": "情報提供",
    "facility": "施設",
    "scheme": "制度",
}

_LABELS = {
    "name": "名前",
    "reading": "読み（かな）",
    "aliases": "別の呼び方",
    "questions": "質問例",
    "topic": "分野",
    "category": "種類",
    "status": "状態",
    "as_of": "情報の時点",
    "checked": "確認した日",
    "sources": "出典",
    "organisation": "機関",
    "stages": "海外展開の段階",
    "summary": "概要",
    "who": "対象",
    "gives": "受けられる支援",
    "use": "使いみち",
    "limit": "限度額",
    "rate": "利率・料率",
    "term": "期間",
    "fee": "費用",
    "security": "担保・保証人",
    "period": "受付時期",
    "time": "かかる時間",
    "how": "手続き",
    "documents": "必要なもの",
    "where": "場所・申込先",
    "count": "数・実績",
    "conditions": "条件",
    "caution": "注意",
    "details": "そのほか",
    "contacts": "問い合わせ先",
    "web": "ホームページ",
    "related": "関連する項目",
    "repeats": "数字のもとの項目",
    "reckoned": "こちらで数えた数字",
    "fits": "だれが使えるか（条件）",
    "within": "どの制度の一種か",
    "known": "東京の答えがないとき",
    "older": "古い資料の内容",
    "replaced_by": "後継の制度",
    "address": "所在地",
    "postcode": "郵便番号",
    "phones": "電話",
    "fax": "FAX",
    "hours": "受付時間",
    "serves": "担当（地域か用件）",
    "topics": "相談できる分野",
    "steps": "手順",
    "items": "一覧",
    "columns": "列の見出し",
    "rows": "行",
    "number": "段階の番号",
    "goals": "この段階ですること",
    "programs": "使える支援",
    "sources.id": "資料",
    "sources.place": "資料の中の見出し",
    "older.as_of": "時点",
    "older.source": "資料",
    "older.text": "内容",
    "steps.title": "見出し",
    "steps.who": "だれが",
    "steps.does": "すること",
    "steps.takes": "かかる時間",
    "steps.caution": "注意",
    "items.name": "名前",
    "items.get_from": "入手先",
    "items.note": "補足",
}

_HINTS = {
    "questions": "利用者が実際に打つ言葉を、一行に一つずつ",
    "status": "募集が終わったか、疑いがあるときだけ選びます。空なら資料の期間と確認した日から決まります",
    "known": "聞かれることの答えを、資料が東京については述べていないときだけ選びます。回答は「わからない」として数えます",
    "as_of": "空のままにします（主な出典の時点になります）",
    "checked": "2026-11-23 の形",
    "repeats": "「項目の id」か「項目の id/欄や表の行」。一部の数字だけなら、後に「: 数字」",
    "reckoned": "「数字: 求め方」。資料にない数字のときだけ",
    "facts": "一行に一つずつ。「見出し: 内容」とも書けます（コロンの後に空白）",
    "lines": "一行に一つずつ",
    "criteria": "一行に条件を一つずつ。例: {says: 創業後5年未満の方, when: {business_age: {below: 60}}}（書き方は運用の手引き）",
    "table": "一行に一行ずつ。列は「 | 」で区切ります",
    "aliases": "この項目だけを指す呼び方を、一行に一つずつ",
    "web": "ホームページのアドレスを、一行に一つずつ",
}

_SUGGESTIONS = {
    "contacts": "contacts",
    "related": "entries",
    "programs": "entries",
    "replaced_by": "entries",
    "within": "entries",
    "organisation": "organisations",
    "sources.id": "sources",
    "older.source": "sources",
}

_WRITTEN_IN_LINES: dict[str, Kind] = {"Fact": "facts", "Criterion": "criteria"}

_SHOWN_AS = {**TOPICS, **_CATEGORIES}


@lru_cache
def fields_of(section: str) -> tuple[Field, ...]:
    """The fields of the entries in a section of the files, without the id, which stays what it is."""
    schema = KnowledgeFile.model_json_schema()
    definitions: dict[str, Any] = schema["$defs"]
    model = definitions[_reference(schema["properties"][section]["items"])]
    names = sorted(model["properties"].keys() - {"id"}, key=ORDER.index)
    return tuple(_field(name, model["properties"][name], definitions, model) for name in names)


def _field(name: str, schema: dict[str, Any], definitions: dict[str, Any], model: dict[str, Any], within: str = "") -> Field:
    schema = next((one for one in schema.get("anyOf", ()) if one.get("type") != "null"), schema)
    path = f"{within}.{name}" if within else name
    items = schema.get("items", {})
    kind = _kind(schema, items, path)
    parts: tuple[Field, ...] = ()
    if kind == "groups":
        inner = definitions[_reference(items)]
        parts = tuple(_field(one, value, definitions, inner, path) for one, value in inner["properties"].items())
    return Field(
        name,
        _LABELS[path],
        kind,
        name in model["required"],
        _HINTS.get(path) or _HINTS.get(kind, ""),
        _choices(schema if kind == "choice" else items),
        _SUGGESTIONS.get(path, ""),
        parts,
        "integer" in {schema["type"], items.get("type")},
    )


def _kind(schema: dict[str, Any], items: dict[str, Any], path: str) -> Kind:
    match schema["type"]:
        case "integer":
            return "number"
        case "string":
            return "choice" if "enum" in schema else "text" if schema.get("maxLength", 0) > 200 else "line"
    if "$ref" in items:
        return _WRITTEN_IN_LINES.get(_reference(items), "groups")
    if items["type"] == "array":
        return "table"
    if path in _SUGGESTIONS:
        return "references"
    return "ticks" if items["type"] == "integer" or "enum" in items else "lines"


def _choices(schema: dict[str, Any]) -> Choices:
    if schema.get("type") == "integer":
        return tuple((str(one), f"段階{one}") for one in range(schema["minimum"], schema["maximum"] + 1))
    return tuple((one, _SHOWN_AS.get(one, one)) for one in schema.get("enum", ()))


def _reference(schema: dict[str, Any]) -> str:
    return str(schema["$ref"]).rpartition("/")[2]
