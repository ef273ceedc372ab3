"""What a form sent: read no further than allowed, and only what is asked for is taken from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from starlette.requests import Request

from bot.channels.http import read_body

LONGEST = 128 * 1024
"""Bytes of a form, unless its page says otherwise."""

_MOST_FIELDS = 3000
_FORM = "application/x-www-form-urlencoded"


class Refused(Exception):  # noqa: N818  # named for what happened
    """A request that is not carried out; ``message`` tells its sender why and how to go on."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass(frozen=True, slots=True)
class Form:
    """Fields by name. Every method raises :class:`Refused` where a field is not as asked for."""

    fields: Mapping[str, list[str]] = field(default_factory=dict)

    def text(self, name: str, longest: int, *, required: bool = True) -> str:
        """A field without blanks around it, with single line feeds; "" where it is empty and may be."""
        value = self.raw(name, longest).strip()
        if required and not value:
            raise Refused(422, "入力されていない欄があります。前のページに戻って、すべての欄に入力してください。")
        return value

    def raw(self, name: str, longest: int) -> str:
        """A field as it was typed, with single line feeds; "" where there is none."""
        value = self.fields.get(name, [""])[0].replace("\r\n", "\n").replace("\0", "")
        if len(value) > longest:
            raise Refused(422, f"入力が長すぎます（{longest}文字まで）。短くして、もう一度送ってください。")
        return value

    def number(self, name: str) -> int:
        """A whole number of at most 15 digits."""
        value = self.text(name, 20)
        if not (value.isascii() and value.isdecimal() and len(value) <= 15):
            raise Refused(422, "番号を読み取れませんでした。半角の数字で入力してください。")
        return int(value)

    def many(self, name: str, longest: int, most: int = 1000) -> list[str]:
        """All values of a field, e.g. of ticked boxes."""
        values = self.fields.get(name, [])
        if len(values) > most or any(len(value) > longest for value in values):
            raise Refused(422, "選ばれた数が多すぎます。減らして、もう一度送ってください。")
        return [value.replace("\0", "") for value in values]


async def read_form(request: Request, longest: int = LONGEST) -> Form:
    """The form in a request's body of at most ``longest`` bytes. Raises :class:`Refused`."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise Refused(415, "この形式では受け取れません。ページのボタンから送ってください。")
    body = await read_body(request, longest)
    if body is None:
        raise Refused(413, "送られた内容が大きすぎます。短くして、もう一度送ってください。")
    return parse(body.decode("utf-8", "replace"))


def parse(text: str) -> Form:
    """Fields of an encoded form or query. Raises :class:`Refused`."""
    try:
        return Form(parse_qs(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError:
        raise Refused(422, "送られた内容を読み取れませんでした。ページを開き直して、もう一度お試しください。") from None
