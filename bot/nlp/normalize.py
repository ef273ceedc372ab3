"""Brings what people type into one form: widths, dashes, long vowels, old characters, kana.

Everything downstream (tokens, matching, places, values) works on :func:`fold`\\ ed text.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import jaconv

MAX_CHARACTERS = 4000
"""Longest text that is looked at; Sudachi itself refuses more than 49,149 bytes."""

_OLD_FORMS = str.maketrans(
    "會證險應對當經營發價團國學區縣號齋齊澤邊廣鐵關實圓會濱瀧龍髙﨑",
    "会証険応対当経営発価団国学区県号斎斉沢辺広鉄関実円会浜滝竜高崎",
)
_DASHES = re.compile(r"[‐‑‒–—―−─━ｰ﹣－]")
_KANA_DASH = re.compile(r"(?<=[ぁ-ゖァ-ヺー])[-~]+(?=[ぁ-ゖァ-ヺー]|$|[^0-9a-z~\-])")
_LONG_VOWELS = re.compile(r"ー{2,}")
_WAVES = re.compile(r"[〜～∼〰]")
_SPACES = re.compile(r"\s+")
_INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Cn"}
_KANA_ONLY = re.compile(r"[ぁ-ゖァ-ヺー\s、。？！?!・0-9~]+")
_LATIN_WORD = re.compile(r"[a-z][a-z-]+")
_HAS_JAPANESE = re.compile(r"[ぁ-ゖァ-ヺー一-鿿々]")


def clean(text: str) -> str:
    """Drop control, bidirectional and private characters, fold white space, bound the length."""
    kept = text[: MAX_CHARACTERS * 2]
    if not kept.isprintable():
        kept = "".join(c if unicodedata.category(c) not in _INVISIBLE else " " if c in "\n\r\t" else "" for c in kept)
    return _SPACES.sub(" ", kept).strip()[:MAX_CHARACTERS]


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """The one form that texts are compared in: NFKC, lower case, one dash, one wave, new characters.

    >>> fold("ＡＢＬ　保證料率は？")
    'abl 保証料率は?'
    """
    text = unicodedata.normalize("NFKC", clean(text)).lower().translate(_OLD_FORMS)
    text = _WAVES.sub("~", _DASHES.sub("-", text))
    text = _KANA_DASH.sub("ー", text)
    return _SPACES.sub(" ", _LONG_VOWELS.sub("ー", text)).strip()


def squeeze(text: str) -> str:
    """Folded text without any white space or punctuation between words, for exact comparison of names."""
    return re.sub(r"[\s・/()「」『』【】\[\],.、。?!:;'\"]+", "", fold(text))


def hiragana(text: str) -> str:
    """Katakana as hiragana; everything else stays."""
    return str(jaconv.kata2hira(text))


def is_kana_only(text: str) -> bool:
    """Whether a text is written without kanji and Latin letters."""
    return bool(_KANA_ONLY.fullmatch(text)) and bool(_HAS_JAPANESE.search(text))


def has_japanese(text: str) -> bool:
    return bool(_HAS_JAPANESE.search(text))


def romaji_to_hiragana(text: str) -> str:
    """Latin words that spell Japanese, as hiragana; words that do not fit (or are keys hit at random) stay as they are.

    >>> romaji_to_hiragana("rit jigyou toiawase")
    'rit じぎょう といあわせ'
    """
    return _LATIN_WORD.sub(lambda match: _as_kana(match[0]), text)


def _as_kana(word: str) -> str:
    kana = str(jaconv.alphabet2kana(word))
    return word if re.search(r"[a-z]|っ(?:っ|$)", kana) else kana
