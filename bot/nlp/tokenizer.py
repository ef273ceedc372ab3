"""SudachiPy in short units (mode A), with normalized forms, readings and synonym groups."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sudachipy

from bot.nlp.normalize import fold, hiragana


@dataclass(frozen=True, slots=True)
class Token:
    """One short unit: ``surface`` as written, ``normal`` as Sudachi normalizes it, ``reading`` in hiragana."""

    surface: str
    normal: str
    reading: str
    kind: str
    detail: str
    groups: tuple[int, ...] = ()

    @property
    def is_content(self) -> bool:
        """Whether the token carries meaning of its own (no particles, auxiliaries or signs)."""
        return self.kind not in _FUNCTION_KINDS and self.normal not in _STOP_WORDS


_FUNCTION_KINDS = {"助詞", "助動詞", "補助記号", "空白", "接続詞", "感動詞", "連体詞"}
_STOP_WORDS = frozenset(  # words that stand in any question
    """
    為る 有る 居る 成る 出来る 教える 下さる 下さい 願う 御願い 頂く 呉れる 貰う
    知る 言う 思う 良い 御 の 事 物 者 方 時 所 為 様 其れ 此れ 何れ 何
    何処 誰 無い 訳 因る 付く 就く 対する 関する 置く 見る 行く 来る 有り 位
    程 さん 些 ちょっと 的 等 達 私 俺 僕 我々 弊社 当社 内 家 くれる です
    ます 聞く 分かる 解る 欲しい 遣る 教え 御座る 致す 戴く 可能 場合 どう 如何
    について 本当 今 其の 此の どこ
    """.split()  # noqa: SIM905  # a list would take a page
)

_KEPT = 16_384
"""Texts whose tokens are kept: all names and questions of a knowledge base, which building the search needs several times."""

_local = threading.local()


def _tokenizer() -> Any:
    """Sudachi's tokenizer is not safe to share between threads: one a thread."""
    if not hasattr(_local, "tokenizer"):
        _local.tokenizer = _dictionary().tokenizer(sudachipy.SplitMode.A)
    return _local.tokenizer


@lru_cache(maxsize=1)
def _dictionary() -> sudachipy.Dictionary:
    return sudachipy.Dictionary(dict="core")


@lru_cache(maxsize=_KEPT)
def tokenize(text: str) -> tuple[Token, ...]:
    """Tokens of ``text`` after :func:`bot.nlp.normalize.fold`."""
    morphemes = list(_tokenizer().tokenize(fold(text)))
    readings = hiragana("".join(f"{morpheme.reading_form()}\n" for morpheme in morphemes)).splitlines()
    tokens = []
    for morpheme, kana in zip(morphemes, readings, strict=True):
        kind, detail, more = morpheme.part_of_speech()[:3]
        surface = morpheme.surface()
        groups = tuple(morpheme.synonym_group_ids())
        tokens.append(Token(surface, morpheme.normalized_form(), kana or surface, kind, f"{detail}/{more}", groups))
    return tuple(tokens)


def content_tokens(text: str) -> list[Token]:
    return [token for token in tokenize(text) if token.is_content]


@lru_cache(maxsize=_KEPT)
def reading(text: str) -> str:
    """The whole text's reading in hiragana, without spaces and signs."""
    return "".join(token.reading if token.kind not in ("補助記号", "空白") else "" for token in tokenize(text))


def forget() -> None:
    """Drop the tokens of all texts so far. After a knowledge base is indexed those of its long texts are of no more use."""
    tokenize.cache_clear()
    reading.cache_clear()
