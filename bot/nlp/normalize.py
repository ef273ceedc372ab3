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
    "會證險應對當經營發價團國學區縣號齋齊澤邊邉廣鐵關實濱瀧龍髙﨑圓豐澁澀櫻藏壽惠萬壹貳貮參佰仟戶淺來條從勞總擔稅廳讓賣讀辯續轉傳專獨效變榮樓曾竝禮錢圖臺檢權"
    "據舊假數與豫餘顯寫瀨德黑綠每步靑淸錄敎飮龜麥黃鹽鑛鄕輕藥藝莊燒灣樣橫戰拂拔廢寶壓增單劑兩亞佛倂嶋嶌",
    "会証険応対当経営発価団国学区県号斎斉沢辺辺広鉄関実浜滝竜高崎円豊渋渋桜蔵寿恵万壱弐弐参百千戸浅来条従労総担税庁譲売読弁続転伝専独効変栄楼曽並礼銭図台検権"
    "拠旧仮数与予余顕写瀬徳黒緑毎歩青清録教飲亀麦黄塩鉱郷軽薬芸荘焼湾様横戦払抜廃宝圧増単剤両亜仏併島島",
)
"""Characters as they were before the reforms of 1946 and in names, with those of today (also in 大字: 壱 for 壹)."""

_RADICALS = str.maketrans("⻄⺟⻑⻘⻝⻩⻲⻤⻨⻯⻭⻁⺠⻆⻣⻫⻮⺼⺝⺌", "西母長青食黄亀鬼麦竜歯虎民角骨斉歯肉月小")
"""Radicals that PDF files put in place of the character; NFKC knows only the block of Kangxi radicals."""

_SELECTORS = re.compile("[\ufe00-\ufe0f\u20e3\U000e0100-\U000e01ef]")
"""What chooses a character's form (葛 in 葛飾, emoji) or draws a key around it: it has no meaning of its own."""

_CIRCLED = re.compile(r"([①-⑳])(?=\s*\d)")
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
    """Drop control, bidirectional and private characters and selectors of forms, fold white space, bound the length."""
    kept = text[: MAX_CHARACTERS * 2]
    if not kept.isascii():
        kept = _SELECTORS.sub("", kept)
    if not kept.isprintable():
        kept = "".join(c if unicodedata.category(c) not in _INVISIBLE else " " if c in "\n\r\t" else "" for c in kept)
    return _SPACES.sub(" ", kept).strip()[:MAX_CHARACTERS]


def bounded(text: str, most: int) -> str:
    """As much of the beginning of a :func:`clean` text as :func:`fold` makes at most ``most`` characters of.

    >>> bounded("千代田区", 3), bounded("ﷺﷺ", 20)
    ('千代田', 'ﷺ')
    """
    left = most
    for place, sign in enumerate(text):
        left -= len(unicodedata.normalize("NFKC", sign).lower())
        if left < 0:
            text = text[:place]
            break
    while (excess := len(fold(text)) - most) > 0:  # what signs come to side by side may be a little longer
        text = text[:-excess]
    return text


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """The one form that texts are compared in: NFKC, lower case, one dash, one wave, characters of today.

    At most ``MAX_CHARACTERS`` long: NFKC makes eighteen characters of some. The number of an item stays apart from the
    number after it.

    >>> fold("ＡＢＬ　保證料率は？"), fold("①300万")
    ('abl 保証料率は?', '1:300万')
    """
    text = _CIRCLED.sub(r"\1:", clean(text))
    text = unicodedata.normalize("NFKC", text)[:MAX_CHARACTERS].lower().translate(_RADICALS).translate(_OLD_FORMS)
    text = _WAVES.sub("~", _DASHES.sub("-", text))
    text = _KANA_DASH.sub("ー", text)
    return _SPACES.sub(" ", _LONG_VOWELS.sub("ー", text)).strip()[:MAX_CHARACTERS].rstrip()


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
