"""The knowledge base as the core sees it: content, search and places in one immutable object."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bot.knowledge.consistency import load_content
from bot.knowledge.entries import Content, Entry, Line, Municipality, PartWords, Talk
from bot.knowledge.places import Gazetteer
from bot.knowledge.search import Analysed, Document, Hit, SearchIndex, analyse, sentences
from bot.nlp import tokenizer
from bot.nlp.encoder import Encoder, VectorCache
from bot.nlp.spelling import Speller, Spelling
from bot.nlp.synonyms import Synonyms

TALK = "talk:"
BOUNDARY = "boundary:"
BRANCH_OF_WARD = "tanto-branch"
"""The contact that stands for "the branch of the user's ward"."""


@dataclass(frozen=True)
class KnowledgeBase:
    """Everything a turn needs to know. Built by :func:`open_knowledge_base`; never changes."""

    content: Content
    index: SearchIndex
    gazetteer: Gazetteer
    speller: Speller
    encoder: Encoder

    @property
    def version(self) -> str:
        return self.content.version

    def entry(self, entry_id: str) -> Entry | None:
        return self.content.entries.get(entry_id)

    def entries(self, ids: Iterable[str]) -> list[Entry]:
        return [self.content.entries[one] for one in ids if one in self.content.entries]

    def search(self, question: str, limit: int = 10) -> list[Hit]:
        return self.index.search(question, limit)

    def talk(self, hit_id: str) -> Talk | None:
        """The small talk behind a search hit, if it is one."""
        return self._talk.get(hit_id)

    def boundary(self, hit_id: str) -> Talk | None:
        """The outside subject behind a search hit, if it is one."""
        return self._boundaries.get(hit_id)

    def municipality(self, name: str) -> Municipality | None:
        return self._municipalities.get(name)

    def branch(self, municipality: Municipality) -> Entry | None:
        """The guarantee corporation's branch for a municipality (guide of 2024-03, list of offices)."""
        return self.entry(municipality.branch)

    def part(self, part_id: str) -> PartWords:
        return self._parts.get(part_id) or PartWords(part_id, part_id, (), ())

    @property
    def parts(self) -> tuple[PartWords, ...]:
        return self.content.parts

    @cached_property
    def _talk(self) -> dict[str, Talk]:
        return {TALK + talk.id: talk for talk in self.content.smalltalk}

    @cached_property
    def _boundaries(self) -> dict[str, Talk]:
        return {BOUNDARY + talk.id: talk for talk in self.content.boundaries}

    @cached_property
    def _parts(self) -> dict[str, PartWords]:
        return {part.id: part for part in self.content.parts}

    @cached_property
    def _municipalities(self) -> dict[str, Municipality]:
        return {one.name: one for one in self.content.municipalities}


def documents_of(content: Content) -> list[Document]:
    """What the search is built from: every entry, all small talk, all outside subjects."""
    documents = [
        Document(
            id=entry.id,
            names=(entry.name, *entry.aliases),
            questions=tuple(entry.questions),
            summary=entry.summary,
            body="\n".join(str(line) for section in entry.sections for line in section.lines if section.part != "web"),
            readings=(entry.reading,) if entry.reading else (),
            asked=content.asked.get(entry.id, ()),
        )
        for entry in content.entries.values()
    ]
    for prefix, talks in ((TALK, content.smalltalk), (BOUNDARY, content.boundaries)):
        documents += [Document(prefix + talk.id, talk.names, talk.questions, talk.name, "") for talk in talks]
    return documents


class Builder:
    """Indexes one content after the other; what did not change since the last one is used again.

    Vectors of texts seen before come from ``cache_file``. Not to be shared between threads.
    """

    def __init__(self, encoder: Encoder, cache_file: Path | None) -> None:
        self._encoder = encoder
        self._vectors = VectorCache(encoder, cache_file)
        self._content: Content | None = None
        self._synonyms = Synonyms()
        self._gazetteer = Gazetteer(())
        self._analysed: dict[Document, Analysed] = {}

    def build(self, content: Content) -> KnowledgeBase:
        """Index ``content``."""
        return self._build(content, keep=True)

    def try_out(self, content: Content) -> KnowledgeBase:
        """Index ``content`` for a look at it; what was built last stays what the next one starts from."""
        return self._build(content, keep=False)

    def _build(self, content: Content, *, keep: bool) -> KnowledgeBase:
        before = self._content
        known = self._analysed
        if before is not None and before.synonyms == content.synonyms:
            synonyms = self._synonyms
        else:
            synonyms, known = Synonyms(content.synonyms), {}
        if before is not None and before.municipalities == content.municipalities:
            gazetteer = self._gazetteer
        else:
            gazetteer = Gazetteer(content.municipalities)
        documents = documents_of(content)
        by_document = {one: known.get(one) or analyse(one, synonyms) for one in documents}
        analysed = [by_document[one] for one in documents]
        vectors = self._vectors.encode(sentences(analysed), keep=keep)
        index = SearchIndex(analysed, synonyms, self._encoder, vectors)
        if keep:
            self._content, self._synonyms, self._gazetteer, self._analysed = content, synonyms, gazetteer, by_document
        tokenizer.forget()
        places = [Spelling(one.kana, one.name) for one in content.municipalities]
        speller = Speller((spelling for one in analysed for spelling in one.spellings), places)
        return KnowledgeBase(content, index, gazetteer, speller, self._encoder)


def open_knowledge_base(folder: Path, encoder: Encoder, cache_file: Path | None) -> KnowledgeBase:
    """Load and index a folder. Raises :class:`KnowledgeError` with every problem when a file is broken."""
    return Builder(encoder, cache_file).build(load_content(folder))


__all__ = [
    "BOUNDARY",
    "BRANCH_OF_WARD",
    "TALK",
    "Builder",
    "KnowledgeBase",
    "Line",
    "documents_of",
    "open_knowledge_base",
]
