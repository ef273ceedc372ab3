"""What a knowledge base file may hold: the edge where YAML becomes typed data.

Keys are English, text is Japanese. A file is a mapping whose keys are the sections of
:class:`KnowledgeFile`; any section may stand in any file, so staff can split files by topic.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from bot.knowledge.dialog_schema import Dialog, Slot
from bot.knowledge.fits_schema import Criterion, Profile, SharedCriteria
from bot.knowledge.rule_schema import (
    ExcludedIndustry,
    FeeFactor,
    Industry,
    StageAdvice,
    StageRule,
    WardTopUp,
)
from bot.knowledge.source_schema import PublicPage, Source
from bot.knowledge.yaml_types import AsOf, Id, Kana, Name, Phone, Postcode, Strict, Text, Url

Status = Literal["受付中", "公募終了", "要確認"]
Known = Literal["ほかの地域だけ", "窓口だけ"]
"""Where what people ask is known, for entries that cannot tell it for Tokyo: elsewhere, or to a desk alone."""
"""受付中: can be offered as it is. 公募終了: the call is over. 要確認: ask before relying on it."""

Topic = Literal["branch", "guarantee", "tokyo-loan", "overseas", "national-loan", "mutual-aid", "subsidy", "other"]
"""What an entry is about; decides which desk is named when nothing better is known."""

Category = Literal[
    "loan",
    "guarantee",
    "subsidy",
    "insurance",
    "mutual-aid",
    "consultation",
    "expert",
    "training",
    "matching",
    "research",
    "publication",
    "information",
    "facility",
    "scheme",
]


def _labelled(value: object) -> object:
    """Read ``- text`` and ``- label: text`` alike."""
    if isinstance(value, str):
        return {"text": value}
    if isinstance(value, dict) and len(value) == 1:
        ((label, text),) = value.items()
        if label not in ("text", "label"):
            return {"label": label, "text": text}
    return value


class Fact(Strict):
    """One line of an answer: in YAML either ``- 文`` or ``- 見出し: 文``."""

    text: Text
    label: Name | None = None


Facts = list[Annotated[Fact, BeforeValidator(_labelled)]]


class Citation(Strict):
    """Where an entry's facts come from."""

    id: Id
    place: Name | None = None


def _cited(value: object) -> object:
    return {"id": value} if isinstance(value, str) else value


class Older(Strict):
    """What an older document says about the same thing; the answer names it with its date."""

    as_of: AsOf
    source: Id
    text: Text


class Organisation(Strict):
    """Who offers programs or answers the telephone."""

    id: Id
    name: Name
    short: Name
    aliases: list[Name] = []


class Municipality(Strict):
    """A ward, city, town or village of Tokyo and the guarantee corporation's branch for it."""

    name: Name
    kana: Kana
    romaji: Annotated[str, StringConstraints(pattern=r"^[a-z]+$")]
    kind: Literal["区", "市", "町", "村"]
    area: Literal["23区", "多摩", "島しょ"]
    branch: Id
    areas: list[Name] = []


class Entry(Strict):
    """What every entry has. The fields from ``who`` on are the parts that a user can ask for."""

    id: Id
    name: Name
    reading: Kana | None = None
    aliases: list[Name] = []
    questions: Annotated[list[Text], Field(min_length=2)]
    topic: Topic
    status: Status | None = None
    """Only what does not follow from the source's period and the day: a call that is over, or a doubt."""
    as_of: AsOf | None = None
    """Follows from the first source; one that is written must be the same."""
    checked: AsOf | None = None
    sources: Annotated[list[Annotated[Citation, BeforeValidator(_cited)]], Field(min_length=1)]
    organisation: Id | None = None
    stages: list[Annotated[int, Field(ge=1, le=4)]] = []
    summary: Text
    who: Facts = []
    gives: Facts = []
    use: Facts = []
    limit: Facts = []
    rate: Facts = []
    term: Facts = []
    fee: Facts = []
    security: Facts = []
    period: Facts = []
    time: Facts = []
    how: Facts = []
    documents: Facts = []
    where: Facts = []
    count: Facts = []
    conditions: Facts = []
    caution: Facts = []
    details: Facts = []
    contacts: list[Id] = []
    web: list[Url] = []
    related: list[Id] = []
    repeats: Facts = []
    """Where the entry's figures come from: ``id`` or ``id/row or field``, also with the figures meant."""
    reckoned: Facts = []
    """Figures that stand in no source because we counted or worked them out, and how."""
    older: list[Older] = []
    fits: list[Criterion] = []
    within: Id | None = None
    known: Known | None = None


class Program(Entry):
    """Something to apply for or use: a loan, guarantee, subsidy, consultation, fair …"""

    category: Category
    replaced_by: Id | None = None


class ContactPoint(Entry):
    """A desk or a branch."""

    address: Text | None = None
    postcode: Postcode | None = None
    phones: list[Annotated[Fact, BeforeValidator(_labelled)]] = []
    fax: Phone | None = None
    hours: Text | None = None
    serves: Text | None = None
    topics: list[Topic] = []


class Faq(Entry):
    """A question that people ask as such; ``name`` is the question, ``summary`` the short answer."""


class Definition(Entry):
    """What a word or a scheme means."""


class Rule(Entry):
    """A condition, exclusion or rule of thumb."""


class Example(Entry):
    """A worked example or a case."""


class Step(Strict):
    """One step of a flow."""

    title: Text
    who: Name | None = None
    does: Text | None = None
    takes: Name | None = None
    caution: Text | None = None


class Flow(Entry):
    """Numbered steps: who does what, and how long it takes."""

    steps: Annotated[list[Step], Field(min_length=2)]


class Item(Strict):
    """One item of a checklist."""

    name: Text
    get_from: Text | None = None
    note: Text | None = None


class Checklist(Entry):
    """Things to bring, have or meet."""

    items: Annotated[
        list[Annotated[Item, BeforeValidator(lambda v: {"name": v} if isinstance(v, str) else v)]], Field(min_length=1)
    ]


def _rectangular(table: RuleTable) -> RuleTable:
    for row in table.rows:
        if len(row) != len(table.columns):
            raise ValueError(f"列は{len(table.columns)}個ですが、行「{row[0] if row else ''}」は{len(row)}個です")
    return table


Cell = Annotated[str, StringConstraints(max_length=300, strip_whitespace=True)]


class RuleTable(Entry):
    """A table; the first column names the row. An empty cell means that the source gives nothing."""

    columns: Annotated[list[Name], Field(min_length=2)]
    rows: Annotated[list[list[Cell]], Field(min_length=1)]


class Stage(Entry):
    """A stage of the overseas roadmap."""

    number: Annotated[int, Field(ge=1, le=4)]
    goals: Facts


PartId = Literal[
    "summary",
    "who",
    "fits",
    "gives",
    "use",
    "limit",
    "rate",
    "term",
    "fee",
    "security",
    "period",
    "time",
    "how",
    "documents",
    "where",
    "count",
    "conditions",
    "caution",
    "details",
    "contact",
    "phone",
    "fax",
    "address",
    "hours",
    "area",
    "web",
    "steps",
    "items",
    "table",
    "goals",
    "programs",
    "older",
]
"""The parts of an answer. ``summary`` answers "what is it", ``fits`` whether one can use it oneself; the rest are what is asked about it."""


class PartWords(Strict):
    """How a part is called in answers, and the words by which people ask for it."""

    id: PartId
    label: Name
    labels: dict[Category | Topic, Name] = {}
    """Other labels for programs of a category, or for entries on a topic: a subsidy has no 利率."""
    cues: list[Name] = []
    also: list[PartId] = []
    """Parts to lead with when an entry lacks this one, best first."""


class SmallTalk(Strict):
    """Talk that is no question: greeting, thanks, "who are you"."""

    id: Id
    questions: Annotated[list[Text], Field(min_length=2)]
    replies: Annotated[list[Text], Field(min_length=1)]


class Boundary(Strict):
    """A subject that the knowledge base does not cover and must not pretend to."""

    id: Id
    name: Name
    names: list[Name] = []
    """Official names of programs not covered, which must not be taken for similar ones that are."""
    questions: Annotated[list[Text], Field(min_length=2)]
    reply: Text


class Menu(Strict):
    """A button of the greeting and the entries behind it."""

    id: Id
    label: Annotated[str, StringConstraints(min_length=1, max_length=20)]
    text: Text
    entries: Annotated[list[Id], Field(min_length=1, max_length=8)]


class KnowledgeFile(Strict):
    """The sections that one YAML file may have."""

    sources: list[Source] = []
    pages: list[PublicPage] = []
    organisations: list[Organisation] = []
    municipalities: list[Municipality] = []
    programs: list[Program] = []
    contacts: list[ContactPoint] = []
    faqs: list[Faq] = []
    definitions: list[Definition] = []
    rules: list[Rule] = []
    examples: list[Example] = []
    flows: list[Flow] = []
    checklists: list[Checklist] = []
    tables: list[Annotated[RuleTable, AfterValidator(_rectangular)]] = []
    stages: list[Stage] = []
    synonyms: list[Annotated[list[Name], Field(min_length=2)]] = []
    parts: list[PartWords] = []
    smalltalk: list[SmallTalk] = []
    boundaries: list[Boundary] = []
    menus: list[Menu] = []
    industries: list[Industry] = []
    excluded_industries: list[ExcludedIndustry] = []
    countries: list[Annotated[list[Name], Field(min_length=1)]] = []
    stage_rules: list[StageRule] = []
    stage_advice: list[StageAdvice] = []
    fee_factors: list[FeeFactor] = []
    ward_top_ups: list[WardTopUp] = []
    shared_criteria: list[SharedCriteria] = []
    profiles: list[Profile] = []
    slots: list[Slot] = []
    dialogs: list[Dialog] = []
