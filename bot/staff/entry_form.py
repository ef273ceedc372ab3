"""Between an entry as it stands in its file and what a form shows of it and sends back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.knowledge.editing import Raw
from bot.knowledge.yaml_reader import read
from bot.knowledge.yaml_writing import on_one_line
from bot.staff.entry_fields import Field

Value = str | list[str] | list[dict[str, str]]
"""What a form holds for a field: one text (lines and tables too), several, or groups of texts by the name of their part."""

MOST_GROUPS = 60
"""Items of a list that are read from a form."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BREAK = "⏎"
"""Stands for a line break within an item, where each item has a line."""

_SHORT = {"sources": "id", "items": "name"}
"""Items that are written as a mere text when they have nothing but this part."""

Posted = Mapping[str, Sequence[str]]
"""A form that was sent: every name may come several times."""


def clean(text: str) -> str:
    """What people may have typed: line breaks as we write them, no control characters, nothing at the ends."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def values_of(raw: Raw, fields: Sequence[Field]) -> dict[str, Value]:
    """What the form shows of an entry."""
    return {field.name: _shown(field, raw.get(field.name)) for field in fields}


def posted(form: Posted, fields: Sequence[Field]) -> dict[str, Value]:
    """What the form holds now."""
    return {field.name: _posted(form, field) for field in fields}


def changes(values: Mapping[str, Value], raw: Raw, fields: Sequence[Field]) -> dict[str, object]:
    """The fields that the form changed, as they are to stand in the file; ``None`` for those that go.

    Of a list, items that look as before stay as they are written.
    """
    before = values_of(raw, fields)
    changed = [field for field in fields if values[field.name] != before[field.name]]
    return {field.name: _meant(field, values[field.name], raw.get(field.name)) for field in changed}


def _shown(field: Field, raw: object) -> Value:
    items = raw if isinstance(raw, list) else [] if raw is None else [raw]
    match field.kind:
        case "groups":
            return [_group(field, one) for one in items]
        case "references":
            return [clean(str(one)) for one in items]
        case "ticks":
            return _as_on_the_page(field, [clean(str(one)) for one in items])
        case "lines" | "facts" | "criteria" | "table":
            return "\n".join(line for one in items if (line := _line(field, one)))
        case _:
            return clean(str(raw)) if raw is not None else ""


def _group(field: Field, raw: object) -> dict[str, str]:
    parts = raw if isinstance(raw, dict) else {field.parts[0].name: raw}
    return {part.name: clean(str(parts[part.name])) if parts.get(part.name) is not None else "" for part in field.parts}


def _line(field: Field, raw: object) -> str:
    if field.kind == "table" and isinstance(raw, list):
        return " | ".join(_on_a_line(str(cell)).replace("|", "\\|") for cell in raw).strip()
    if field.kind == "criteria":
        return on_one_line(raw)
    if field.kind == "facts" and isinstance(raw, dict):
        if len(raw) == 1 and not {"text", "label"} & set(raw):
            ((label, text),) = raw.items()
        else:
            label, text = raw.get("label") or "", raw.get("text", "")
        return f"{_on_a_line(str(label))}: {_on_a_line(str(text))}".strip()
    text = _on_a_line(str(raw))
    return f": {text}" if field.kind == "facts" and ": " in text else text


def _on_a_line(text: str) -> str:
    return clean(text).replace("\n", _BREAK)


def _posted(form: Posted, field: Field) -> Value:
    match field.kind:
        case "groups":
            groups = [
                {part.name: _one(form, f"{field.name}.{number}.{part.name}") for part in field.parts}
                for number in range(MOST_GROUPS)
            ]
            return [group for group in groups if any(group.values())]
        case "ticks":
            return _as_on_the_page(field, [clean(one) for one in form.get(field.name, ())])
        case "references":
            return [text for one in form.get(field.name, ()) if (text := clean(one))]
        case "lines" | "facts" | "criteria" | "table":
            return "\n".join(text for line in _one(form, field.name).split("\n") if (text := line.strip()))
        case _:
            return _one(form, field.name)


def _as_on_the_page(field: Field, ticked: Sequence[str]) -> list[str]:
    """In the order in which a browser sends boxes that are ticked."""
    order = [value for value, _ in field.choices]
    return sorted(ticked, key=lambda value: order.index(value) if value in order else len(order))


def _one(form: Posted, name: str) -> str:
    return clean(next(iter(form.get(name, ())), ""))


def _meant(field: Field, value: Value, raw: object) -> object:
    if not value and not field.required:
        return None
    if isinstance(value, list):
        there = raw if isinstance(raw, list) else []
        old = {str(_shown(field, [one])[0]): one for one in there}
        return [old[str(one)] if str(one) in old else _item(field, one) for one in value]
    if field.kind in {"lines", "facts", "criteria", "table"}:
        there = raw if isinstance(raw, list) else []
        known = {_line(field, one): one for one in there}
        return [known[line] if line in known else _item(field, line) for line in value.split("\n") if line]
    return int(value) if field.whole_numbers and value.isdecimal() and value.isascii() and len(value) < 9 else value


def _item(field: Field, item: str | dict[str, str]) -> object:
    if isinstance(item, dict):
        parts = {name: text for name, text in item.items() if text}
        return parts[_SHORT[field.name]] if list(parts) == [_SHORT.get(field.name)] else parts
    if field.kind == "ticks":
        return int(item) if field.whole_numbers and re.fullmatch(r"[0-9]{1,3}", item) else item
    if field.kind == "table":
        return [cell.strip().replace("\\|", "|").replace(_BREAK, "\n") for cell in re.split(r"(?<!\\)\|", item)]
    if field.kind == "criteria":
        document, problems = read(Path(), f"- {item}\n")
        return document.data[0] if document is not None and not problems and isinstance(document.data, list) else item
    return _fact(item) if field.kind == "facts" else item.replace(_BREAK, "\n")


def _fact(line: str) -> object:
    line = line.replace(_BREAK, "\n")
    label, colon, text = line.partition(": ")
    if not colon:
        return line
    if not label.strip():
        return text.strip()
    if label in {"text", "label"}:
        return {"label": label, "text": text.strip()}
    return {label.strip(): text.strip()}
