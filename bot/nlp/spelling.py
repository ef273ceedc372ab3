"""Writes a text that came in kana alone the way the knowledge base would: しほんきんは → 資本金は.

What is written in kana has no word boundaries that a tokenizer could find, and the patterns of dialogs and places know the
usual spelling. The words come from the knowledge base itself, so that staff who add a program teach its words too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import jaconv

from bot.nlp.normalize import fold, hiragana

_KANA = re.compile(r"[ぁ-ゖ][ぁ-ゖー]*")
_KANJI_OR_LATIN = re.compile(r"[一-鿿々a-z]")
_SPELT = re.compile(r"[一-鿿々]|^[ァ-ヺー]{4,}$")
_READING = re.compile(r"[ぁ-ゖー]{2,}")
_GAP = re.compile(r"(?<=[ぁ-ゖ一-鿿]) (?=[ぁ-ゖ一-鿿0-9])")
_LONGEST = 16
_SHORT = 3
"""Characters up to which a word may be seen by chance in what is none."""

_SURE = 2
"""How many times as often as the next one a spelling must occur to be the one meant."""

_FUNCTIONS = frozenset(
    [
        "はい",
        "いいえ",
        "うん",
        "ええ",
        "でしょう",
        "て",
        "た",
        "てます",
        "は",
        "が",
        "を",
        "に",
        "で",
        "と",
        "も",
        "の",
        "へ",
        "や",
        "か",
        "ね",
        "よ",
        "な",
        "から",
        "まで",
        "より",
        "って",
        "とは",
        "です",
        "ます",
        "でした",
        "ました",
        "ません",
        "ない",
        "たい",
        "たいです",
        "ください",
        "して",
        "した",
        "する",
        "している",
        "してる",
        "てる",
        "なる",
        "なり",
        "なります",
        "なりました",
        "だ",
        "だけ",
        "など",
        "けど",
        "けれど",
        "のです",
        "んです",
        "ですか",
        "ますか",
        "でしょうか",
        "いくら",
        "どこ",
        "いつ",
        "なに",
        "なん",
        "どう",
        "どれ",
        "どの",
        "なぜ",
        "だれ",
        "ある",
        "あります",
        "ありません",
        "いる",
        "います",
        "これ",
        "それ",
        "あれ",
        "この",
        "その",
        "あの",
        "もらえる",
        "もらえます",
        "できる",
        "できます",
        "お",
        "ご",
        "ですが",
        "ますが",
        "について",
        "しか",
        "くらい",
        "ぐらい",
        "ほど",
        "れば",
        "たら",
        "ても",
        "でも",
        "ので",
        "のに",
        "うち",
        "わたし",
        "すみません",
        "ありがとう",
        "ございます",
        "ございました",
        "こんにちは",
        "こんばんは",
        "おはよう",
        "やめる",
        "やめます",
        "やめたい",
        "やっぱり",
        "さっき",
        "きょう",
        "あした",
        "きのう",
        "いけない",
        "とき",
        "こと",
        "もの",
        "ところ",
        "いい",
        "よい",
        "てん",
        "ちょっと",
        "もう",
        "まだ",
    ]
)
_DIGITS = {"いち": 1, "いっ": 1, "に": 2, "さん": 3, "よん": 4, "よ": 4, "し": 4, "ご": 5, "ろく": 6, "ろっ": 6, "なな": 7, "しち": 7, "はち": 8, "はっ": 8, "きゅう": 9, "く": 9}  # fmt: skip
_SMALL = {"じゅう": 10, "じゅっ": 10, "じっ": 10, "ひゃく": 100, "びゃく": 100, "ぴゃく": 100, "ひゃっ": 100, "せん": 1000, "ぜん": 1000}  # fmt: skip
_LARGE = {"まん": 10_000, "おく": 100_000_000}
_UNITS = {"えん": "円", "にん": "人", "めい": "名", "かげつ": "か月", "ヶげつ": "か月", "ねんかん": "年間", "ねん": "年", "かい": "回", "ぱーせんと": "%"}  # fmt: skip
_SYLLABLES = sorted({**_DIGITS, **_SMALL, **_LARGE}, key=len, reverse=True)
_NUMBER = re.compile(
    rf"(?<![ぁ-ゖー0-9])((?:{'|'.join(_SYLLABLES)})+)(?:({'|'.join(sorted(_UNITS, key=len, reverse=True))})(?:です)?(?=$|[^ぁ-ゖー]|[はがをでのとにも]|くらい|ぐらい|ほど|いじょう|いか))"
)
_COUNTED = re.compile(rf"(?<=[0-9])\s*({'|'.join(sorted([*_UNITS, *_LARGE], key=len, reverse=True))})")
_WRITTEN = {**_UNITS, "まん": "万", "おく": "億"}


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a reading in hiragana is written."""

    reading: str
    written: str


class Speller:
    """Knows how words that sound like something are written."""

    def __init__(self, spellings: Iterable[Spelling], names: Iterable[Spelling] = ()) -> None:
        """``names`` are written as given, however often the others occur."""
        counts: dict[str, Counter[str]] = {}
        for one in spellings:
            counts.setdefault(one.reading, Counter())[one.written] += 1
        self._written: dict[str, str] = {}
        for reading, written in counts.items():
            (best, often), *others = written.most_common(2)
            if not others or often >= _SURE * others[0][1]:
                self._written[reading] = best
        self._written |= {one.reading: one.written for one in names}

    def spell(self, text: str) -> str:
        """The text in its usual spelling, where it is written in kana alone; any other text stays as it is."""
        folded = fold(text)
        if _KANJI_OR_LATIN.search(folded):
            return text
        if not _KANA.search(folded):
            return self._from_katakana(text, folded)
        return _GAP.sub("", _KANA.sub(lambda match: self._words(match[0]), _counted(folded)))

    def _from_katakana(self, text: str, folded: str) -> str:
        """ホショウリョウ as 保証料; a stretch with anything in it that is no word known is a word from abroad and stays."""
        said = hiragana(folded)
        counted = _counted(said)
        runs = {match[0]: {_kind(*piece) for piece in self._pieces(match[0])} for match in _KANA.finditer(counted)}
        known = {run for run, kinds in runs.items() if "unknown" not in kinds}
        if counted == said and all(runs[run] == {"function"} for run in known):
            return text
        written = _KANA.sub(
            lambda match: self._words(match[0]) if match[0] in known else str(jaconv.hira2kata(match[0])), counted
        )
        return _GAP.sub("", written)

    def _words(self, run: str) -> str:
        pieces = self._pieces(run)
        kinds = ["edge", *(_kind(said, written) for said, written in pieces), "edge"]
        return "".join(
            said if kind == "word" and not _stands(said, before, after) else written
            for (said, written), before, kind, after in zip(pieces, kinds, kinds[1:], kinds[2:], strict=False)
        )

    def _pieces(self, run: str) -> list[tuple[str, str]]:
        """The cheapest way to read a stretch of kana as words; what is no word costs most."""
        best: list[tuple[float, int, str]] = [(0.0, 0, "")]
        for end in range(1, len(run) + 1):
            options = [(best[end - 1][0] + 3.0, end - 1, run[end - 1])]
            for start in range(max(0, end - _LONGEST), end):
                piece = run[start:end]
                if piece in _FUNCTIONS:
                    options.append((best[start][0] + 0.8 + 0.1 * (len(piece) == 1), start, piece))
                elif piece in self._written:
                    options.append((best[start][0] + (1.0 if len(piece) > 2 else 1.9), start, self._written[piece]))
            best.append(min(options))
        pieces: list[tuple[str, str]] = []
        end = len(run)
        while end:
            _, start, piece = best[end]
            pieces.append((run[start:end], piece))
            end = start
        return pieces[::-1]


def _kind(said: str, written: str) -> str:
    if said != written:
        return "word" if len(said) <= _SHORT else "long word"
    return "function" if said in _FUNCTIONS else "unknown"


def _stands(said: str, before: str, after: str) -> bool:
    """Whether a short word may be one: between others that are known, and one of two kana with an end of its own."""
    if len(said) > 2:
        return "unknown" not in (before, after)
    return before in ("edge", "function", "long word") and after in ("edge", "function")


def spellings(tokens: Iterable[tuple[str, str]]) -> Iterable[Spelling]:
    """Spellings of single words, and of two that follow each other, from pairs of surface and reading."""
    known = [Spelling(reading, surface) for surface, reading in tokens]
    for one in known:
        if _SPELT.search(one.written) and _READING.fullmatch(one.reading):
            yield one
    for one, following in pairwise(known):
        if all(_SPELT.search(each.written) and _READING.fullmatch(each.reading) for each in (one, following)):
            yield Spelling(one.reading + following.reading, one.written + following.written)


def _counted(text: str) -> str:
    """Numbers and units in kana as digits and kanji."""
    return _COUNTED.sub(lambda match: _WRITTEN[match[1]], _NUMBER.sub(_number, text))


def _number(match: re.Match[str]) -> str:
    """A number said in kana as digits; what makes no number stays."""
    total = group = digit = 0
    for syllable in re.findall("|".join(_SYLLABLES), match[1]):
        if syllable in _DIGITS:
            digit = _DIGITS[syllable]
        elif syllable in _SMALL:
            group, digit = group + (digit or 1) * _SMALL[syllable], 0
        else:
            total, group, digit = total + ((group + digit) or 1) * _LARGE[syllable], 0, 0
    value = total + group + digit
    return f"{value}{_UNITS[match[2]]}{match[0][match.end(2) - match.start() :]}"
