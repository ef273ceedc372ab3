"""Characters that nobody sees: what they are called, and how a message shows them."""

from __future__ import annotations

import re
import unicodedata

_NAMES = {
    "\t": "タブ",
    "\u00a0": "改行しない空白",
    "\u00ad": "ソフトハイフン",
    "\u200b": "ゼロ幅の空白",
    "\u200c": "ゼロ幅の非接合子",
    "\u200d": "ゼロ幅の接合子",
    "\u200e": "文字の向きの指定",
    "\u200f": "文字の向きの指定",
    "\u2028": "行の区切り",
    "\u2029": "段落の区切り",
    "\u202a": "文字の向きの指定",
    "\u202b": "文字の向きの指定",
    "\u202c": "文字の向きの指定",
    "\u202d": "文字の向きの指定",
    "\u202e": "文字の向きの指定",
    "\u2060": "単語をつなぐ印",
    "\u3000": "全角の空白",
    "\ufeff": "バイト順の印（BOM）",
}

CLASS = "\u0000-\u0009\u000b-\u001f\u007f-\u00a0\u00ad\u061c\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\ufeff\ufff9-\ufffb"
"""The inside of a class of a pattern: control and format characters, and spaces that are none of the keyboard's."""

_INVISIBLE = re.compile(f"[{CLASS}]")
_IN_EMOJI = re.compile("\u200d(?=[\u2600-\u27bf\U0001f300-\U0001faff])")


def named(character: str) -> str:
    """What to call a character.

    >>> named(chr(0x200B)), named(chr(7))
    ('ゼロ幅の空白 U+200B', '制御文字 U+0007')
    """
    name = _NAMES.get(character) or ("制御文字" if unicodedata.category(character) == "Cc" else "見えない文字")
    return f"{name} U+{ord(character):04X}"


def visible(text: str) -> str:
    """The text with a name in the place of each character that nobody would see.

    >>> visible("受付中" + chr(0x200B))
    '受付中⟨ゼロ幅の空白 U+200B⟩'
    """
    return _INVISIBLE.sub(lambda found: f"⟨{named(found[0])}⟩", text)


def find(text: str) -> str:
    """The first invisible character in a text, "" when there is none; those that join an emoji do not count."""
    found = _INVISIBLE.search(_IN_EMOJI.sub("", text))
    return found[0] if found else ""
