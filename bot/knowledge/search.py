"""Hybrid search: words (BM25), sound (reading trigrams), single sentences, meaning (sentence vectors), names (fuzzy).

Each kind of evidence is brought to 0…1 and weighed. The weights come from
``python -m benchmarks.retrieval`` and the development questions under ``benchmarks/questions/``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from sys import intern

import numpy as np

from bot.nlp.bm25 import Bag, Bm25, weigh
from bot.nlp.cosine import SentenceCosine
from bot.nlp.encoder import Encoder, Vectors, encode_in_turns
from bot.nlp.names import Name, NameIndex
from bot.nlp.normalize import fold, has_japanese, is_kana_only, romaji_to_hiragana
from bot.nlp.postings import Values
from bot.nlp.spelling import Spelling, spellings
from bot.nlp.synonyms import Synonyms, document_terms, query_terms
from bot.nlp.tokenizer import reading, tokenize

_LONG_BODY = 2000
"""Characters of a body beyond which its sound says nothing: every trigram stands in it."""

_BY_MEANING = 0.6
"""What meaning counts where two questions are compared; their words count the rest."""


@dataclass(frozen=True, slots=True)
class Document:
    """What the search knows of an entry: names, example questions, a short and a long text; ``asked`` are questions of many, as they typed them."""

    id: str
    names: tuple[str, ...]
    questions: tuple[str, ...]
    summary: str
    body: str
    readings: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """The texts that get a vector each."""
        title = self.names[0] if self.names else (self.questions[0] if self.questions else "")
        return (*self.names, *self.questions, *self.asked, f"{title} {self.summary or self.body}"[:300])


@dataclass(frozen=True, slots=True)
class Analysed:
    """A document taken apart: all that the search needs of it alone, whatever stands beside it."""

    document: Document
    sentences: tuple[str, ...]
    words: Bag
    sounds: Bag
    phrases: tuple[tuple[str, ...], ...]
    names: tuple[Name, ...]
    spellings: tuple[Spelling, ...]


def analyse(document: Document, synonyms: Synonyms) -> Analysed:
    """Take a document apart. This is the slow part of building a search, a few milliseconds."""
    return Analysed(
        document,
        tuple(map(fold, document.sentences)),
        weigh(_terms(document, synonyms), {"name": 2.5, "question": 1.2, "body": 1.0}),
        weigh(_sounds(document), {"name": 2.0, "question": 1.0, "body": 0.6}),
        tuple(
            tuple(map(intern, _grams(text))) for text in (*document.names, *document.questions, *document.asked, document.summary)
        ),
        tuple(Name.of(name) for name in (*document.names, *document.readings)),
        tuple(
            spelling
            for text in (*document.names, *document.questions, document.summary)
            for spelling in spellings((intern(token.surface), intern(token.reading)) for token in tokenize(text))
        ),
    )


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a document was found; every value lies between 0 and 1."""

    words: float
    coverage: float
    sound: float
    meaning: float
    name: float
    named: float
    phrase: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A document found, with its score (without unit; higher is better) and what speaks for it."""

    id: str
    score: float
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Weights:
    """What each kind of evidence counts in a score."""

    words: float = 1.2
    coverage: float = 0.1
    sound: float = 0.2
    meaning: float = 0.8
    name: float = 0.4
    named: float = 0.15
    phrase: float = 0.6


class SearchIndex:
    """Built once from documents and their vectors; safe to share between threads."""

    def __init__(
        self,
        documents: Sequence[Analysed],
        synonyms: Synonyms,
        encoder: Encoder,
        vectors: Vectors,
        weights: Weights | None = None,
    ) -> None:
        """``vectors`` holds a row for each of :func:`sentences`."""
        self.documents = tuple(one.document for one in documents)
        self.weights = weights or Weights()
        self._synonyms = synonyms
        self._encoder = encoder
        self._vectors = vectors
        self._owners = np.array([number for number, document in enumerate(documents) for _ in document.sentences], dtype=np.intp)
        self._words = Bm25([document.words for document in documents], b=0.4)
        self._sounds = Bm25([document.sounds for document in documents], b=0.4)
        phrases = [(number, grams) for number, document in enumerate(documents) for grams in document.phrases]
        self._phrases = SentenceCosine([grams for _, grams in phrases], [number for number, _ in phrases], len(documents))
        self._names = NameIndex((number, name) for number, document in enumerate(documents) for name in document.names)

    def __len__(self) -> int:
        """How many texts have a vector."""
        return len(self._vectors)

    def search(self, question: str, limit: int = 10) -> list[Hit]:
        """The best documents for a question, best first."""
        if not self.documents or not question.strip():
            return []
        variants = _variants(question)
        words = np.zeros(len(self.documents))
        coverage = np.zeros(len(self.documents))
        for text in variants:
            terms = query_terms(text, self._synonyms)
            ceiling = sum(weight * self._words.idf(term) for term, weight in terms.items()) * 2.2 or 1.0
            words = np.maximum(words, self._words.scores(terms) / ceiling)
            coverage = np.maximum(coverage, self._words.coverage(terms))
        grams = dict.fromkeys(_grams(variants[-1]), 1.0)
        sound = self._sounds.coverage(grams)
        phrase = self._phrases.scores(grams)
        meaning = self._meaning(variants)
        name = np.zeros(len(self.documents))
        for text in variants:
            for mention in self._names.mentions(text):
                strength = mention.likeness**2 * (0.4 + 0.6 * mention.coverage)
                name[mention.owner] = max(name[mention.owner], strength)
        named = np.zeros(len(self.documents))
        named[self._names.exact(question)] = 1.0
        weights = self.weights_for(question)
        total = (
            weights.words * words
            + weights.coverage * coverage
            + weights.sound * sound
            + weights.meaning * meaning
            + weights.name * name
            + weights.named * named
            + weights.phrase * phrase
        )
        best = np.argsort(-total, kind="stable")[:limit]
        kinds = np.column_stack((words, coverage, sound, meaning, name, named, phrase))
        return [Hit(self.documents[i].id, float(total[i]), Evidence(*map(float, kinds[i]))) for i in best]

    def weights_for(self, question: str) -> Weights:
        """What each kind of evidence counts for a question: one without kanji is spelled by ear."""
        return replace(self.weights, sound=self.weights.sound * 2.0) if is_kana_only(fold(question)) else self.weights

    def groups_in(self, question: str) -> list[int]:
        """The numbers of the staff's synonym groups that a question speaks of."""
        return sorted({number for text in _variants(question) for number in self._synonyms.groups_in(text)})

    def rarity(self, term: str) -> float | None:
        """How telling a normalized word is, the more the rarer; ``None`` for one that no document holds."""
        return self._words.idf(term) if term in self._words else None

    def named(self, question: str) -> list[str]:
        """Ids of the documents whose names stand in the question as written; longer names win over parts of them."""
        return [self.documents[owner].id for owner in self._names.exact(question)]

    def likeness(self, texts: Sequence[str]) -> Values:
        """How much each of ``texts`` is like each other one, 0 to 1: by meaning, and by words as rare as these documents make them."""
        folded = [fold(text) for text in texts]
        columns: dict[str, int] = {}
        weighted = [
            {columns.setdefault(term, len(columns)): weight * self._words.idf(term) for term, weight in terms.items()}
            for terms in (query_terms(text, self._synonyms) for text in folded)
        ]
        words = np.zeros((len(texts), max(1, len(columns))), dtype=np.float32)
        for row, terms in enumerate(weighted):
            words[row, list(terms)] = list(terms.values())
        lengths = np.linalg.norm(words, axis=1, keepdims=True)
        words /= np.where(lengths == 0, 1, lengths)
        meaning = encode_in_turns(self._encoder, folded)
        return np.clip(_BY_MEANING * (meaning @ meaning.T) + (1 - _BY_MEANING) * (words @ words.T), 0.0, 1.0)

    def _meaning(self, variants: Sequence[str]) -> np.ndarray:
        similarity = (self._encoder.encode(variants) @ self._vectors.T).max(axis=0)
        result = np.zeros(len(self.documents))
        np.maximum.at(result, self._owners, similarity)
        return result


def _terms(document: Document, synonyms: Synonyms) -> dict[str, list[str]]:
    return {
        "name": [term for name in document.names for term in document_terms(name, synonyms)],
        "question": [term for one in (*document.questions, *document.asked) for term in document_terms(one, synonyms)],
        "body": document_terms(f"{document.summary}\n{document.body}", synonyms),
    }


def _sounds(document: Document) -> dict[str, list[str]]:
    return {
        "name": [gram for one in (*document.names, *document.readings) for gram in _grams(one)],
        "question": [gram for text in (*document.questions, *document.asked, document.summary) for gram in _grams(text)],
        "body": [] if len(document.body) > _LONG_BODY else _grams(document.body),
    }


def sentences(documents: Iterable[Analysed]) -> list[str]:
    """Every text that needs a vector, in the order in which :class:`SearchIndex` expects them."""
    return [sentence for document in documents for sentence in document.sentences]


def _variants(question: str) -> list[str]:
    """The question, and its romaji read as Japanese where it has no Japanese."""
    folded = fold(question)
    if has_japanese(folded):
        return [folded]
    kana = romaji_to_hiragana(folded)
    return [folded] if kana == folded else [folded, kana]


def _grams(text: str) -> list[str]:
    kana = reading(text)
    return [kana[start : start + 3] for start in range(len(kana) - 2)]
