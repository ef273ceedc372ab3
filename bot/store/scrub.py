"""Takes personal data out of texts that staff will read."""

from __future__ import annotations

import re

from bot.nlp.normalize import clean

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<!\d)(?:\+?81[-\s]?|[0０])[\d０-９](?:[-－ー\s()（）]?[\d０-９]){7,9}(?!\d)")
_NAMED = re.compile(r"((?:名前|氏名|担当者|代表者?|社長)(?:は|：|:|の)\s*)[^\s、。,]{1,20}")
LONGEST = 500


def scrub(text: str) -> str:
    """``text`` without phone numbers, mail addresses and names marked as such; 500 characters at most.

    >>> scrub("名前は山田太郎、電話は090-1234-5678です")
    '名前は［氏名］、電話は［電話番号］です'
    """
    text = clean(text)[:LONGEST]
    text = _MAIL.sub("［メール］", text)
    text = _PHONE.sub("［電話番号］", text)
    return _NAMED.sub(r"\1［氏名］", text)
