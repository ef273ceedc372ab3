"""An utterance taken apart, once: every reader and the network look at this and not at the text again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from bot.knowledge.base import KnowledgeBase
from bot.nlp.normalize import fold
from bot.nlp.sentence_model import Pieces
from bot.nlp.tokenizer import Token, tokenize
from bot.understanding.mentions import Mention, mentions

LONGEST = 1000
"""Characters of a text that are understood; what stands beyond them is passed over."""


@dataclass(frozen=True)
class Utterance:
    """``text`` is folded, and spelt in the usual way where it was written in kana alone; all positions are in it."""

    text: str
    tokens: tuple[Token, ...]
    pieces: Pieces
    mentions: tuple[Mention, ...]

    @classmethod
    def of(cls, kb: KnowledgeBase, text: str, today: date) -> Utterance:
        """Take a text apart; ``today`` is the day in Japan that relative dates go by."""
        folded = fold(kb.speller.spell(fold(text)[:LONGEST])) or " "
        return cls(folded, tokenize(folded), kb.encoder.read(folded), mentions(kb, folded, today))

    @cached_property
    def token_starts(self) -> tuple[int, ...]:
        """Where each token starts in the text."""
        starts, position = [], 0
        for token in self.tokens:
            starts.append(position)
            position += len(token.surface)
        return tuple(starts)

    def overlapping(self, start: int, end: int) -> tuple[Mention, ...]:
        """The mentions that share a character with a stretch."""
        return tuple(one for one in self.mentions if one.start < end and start < one.end)
