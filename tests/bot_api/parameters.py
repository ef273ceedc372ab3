"""What calls and updates bring: parameters, checked as the real server checks them, and what an update is."""

from __future__ import annotations

import json

from aiohttp import web

from tests.bot_api.markup import CannotParse, parse, units
from tests.bot_api.model import Json, Refused


async def values_in(request: web.Request) -> Json:
    """Fields of a form, those that hold JSON read."""
    values: Json = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            values[name] = value.file.read()
            continue
        values[name] = value
        if isinstance(value, str) and value[:1] in ("{", "["):
            values[name] = json.loads(value)
    return values


def text_in(values: Json) -> tuple[str, list[Json]]:
    text = str(values.get("text", ""))
    entities: list[Json] = []
    if values.get("parse_mode") == "HTML":
        try:
            text, entities = parse(text)
        except CannotParse as error:
            raise Refused(400, f"Bad Request: can't parse entities: {error}") from None
    if not text.strip():
        raise Refused(400, "Bad Request: message text is empty")
    if units(text) > 4096:
        raise Refused(400, "Bad Request: message is too long")
    return text, entities


def keyboard_in(values: Json) -> list[list[Json]]:
    markup = values.get("reply_markup") or {}
    rows: list[list[Json]] = markup.get("inline_keyboard", [])
    for row in rows:
        for button in row:
            if not 1 <= len(button.get("callback_data", "x").encode()) <= 64:
                raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
    return rows


def number_of(update: Json) -> int:
    number = update.get("update_id")
    return number if isinstance(number, int) else 1 << 62


def kind_of(update: Json) -> str:
    return next((name for name in update if name != "update_id"), "")
