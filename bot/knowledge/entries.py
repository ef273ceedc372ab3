"""What the core knows: plain immutable data, made from validated YAML by :mod:`bot.knowledge.build`."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.knowledge.criteria import Criterion
from bot.knowledge.dialogs import Dialog, Slot
from bot.knowledge.rules import Rules


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an answer, with a label where the text alone would not be understood."""

    text: str
    label: str = ""

    def __str__(self) -> str:
        return f"{self.label}：{self.text}" if self.label else self.text


@dataclass(frozen=True, slots=True)
class Section:
    """All lines of one part (limit, rate, who …) of an entry; ``label`` is how it is called where not as usual."""

    part: str
    lines: tuple[Line, ...]
    label: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A document or a public page; ``as_of`` is ``YYYY[-MM[-DD]]``, ``review_months`` how long it may go unreviewed.

    A page has an address and the day on which it was ``read``; one that shows no date has no ``as_of``.
    """

    id: str
    title: str
    publisher: str
    as_of: str
    as_of_label: str
    review_months: int
    official: bool
    url: str = ""
    read: str = ""

    @property
    def is_page(self) -> bool:
        """Whether it is a public page, the second tier of knowledge."""
        return bool(self.read)


@dataclass(frozen=True, slots=True)
class Citation:
    """A source, and the heading in it where the entry's facts stand."""

    source: Source
    place: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """How to reach a contact point."""

    phones: tuple[Line, ...] = ()
    fax: str = ""
    address: str = ""
    postcode: str = ""
    hours: str = ""
    serves: str = ""
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be asked about."""

    id: str
    kind: str
    name: str
    summary: str
    topic: str
    status: str
    as_of: str
    checked: str
    sources: tuple[Citation, ...]
    reading: str = ""
    aliases: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    organisation: str = ""
    category: str = ""
    stages: tuple[int, ...] = ()
    sections: tuple[Section, ...] = ()
    contacts: tuple[str, ...] = ()
    web: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    replaced_by: str = ""
    desk: Desk | None = None
    fits: tuple[Criterion, ...] = ()
    """Whom a program fits; empty where its entry says nothing of that."""
    known: str = ""
    """Where what people ask of it is known, "" for an entry that tells it: who asks is then told what is known, and that it is not all."""
    within: str = ""
    """The program that this one is a kind of, where that one is offered in its stead."""

    def section(self, part: str) -> Section | None:
        return next((section for section in self.sections if section.part == part), None)

    @property
    def pages(self) -> tuple[Source, ...]:
        """The public pages among its sources."""
        return tuple(one.source for one in self.sources if one.source.is_page)

    @property
    def rows(self) -> list[tuple[str, str]]:
        """A table's rows: their names and the rest of their cells as text."""
        section = self.section("table")
        return [(line.label, line.text) for line in section.lines] if section is not None else []

    @property
    def text(self) -> str:
        """Everything the entry says, for searching inside it."""
        lines = [self.name, *self.aliases, self.summary]
        lines += [str(line) for section in self.sections for line in section.lines]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Municipality:
    """A ward, city, town or village of Tokyo. ``name`` carries its suffix (台東区).

    ``areas`` are names people use that are no town of the postal table (下北沢, 錦糸町).
    """

    name: str
    kana: str
    romaji: str
    kind: str
    area: str
    branch: str
    areas: tuple[str, ...] = ()

    @property
    def stem(self) -> str:
        return self.name.removesuffix(self.kind)


@dataclass(frozen=True, slots=True)
class PartWords:
    """A part of an answer: the words that ask for it, and the parts that may answer in its stead."""

    id: str
    label: str
    cues: tuple[str, ...]
    also: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Talk:
    """Small talk (``replies`` to choose from) or a subject outside the knowledge base (one reply).

    ``names`` are official names that must not be taken for a similar one that is covered.
    """

    id: str
    name: str
    questions: tuple[str, ...]
    replies: tuple[str, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Menu:
    """A button of the greeting and the entries behind it."""

    id: str
    label: str
    text: str
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """A whole knowledge base as data, without any index."""

    entries: dict[str, Entry]
    sources: dict[str, Source]
    organisations: dict[str, str]
    """Names by id."""
    organisation_words: dict[str, tuple[str, ...]]
    """How people call an organisation, by id."""
    municipalities: tuple[Municipality, ...]
    parts: tuple[PartWords, ...]
    smalltalk: tuple[Talk, ...]
    boundaries: tuple[Talk, ...]
    synonyms: tuple[tuple[str, ...], ...]
    menus: tuple[Menu, ...] = ()
    rules: Rules = field(default_factory=Rules)
    slots: dict[str, Slot] = field(default_factory=dict)
    """What the dialogs ask and hear, by id."""
    dialogs: tuple[Dialog, ...] = ()
    asked: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Questions of many people, by the entry that answers them."""
    version: str = field(default="")
