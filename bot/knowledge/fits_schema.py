"""The models of whom a program fits (``fits`` of an entry), of criteria that many share, and of profiles to try them with."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from bot.knowledge.criteria import Kind
from bot.knowledge.yaml_types import Id, Name, SlotId, Strict, Text


class Bounds(Strict):
    """The bounds of a number (yen, people, months as whole numbers), or the only answers that there may be."""

    only: list[Name] = []
    min: int | None = None
    max: int | None = None
    over: int | None = None
    below: int | None = None


class Condition(BaseModel):
    """What must hold: slots with the answers that fulfil it or the bounds of their number, and ``all``, ``any``, ``not``, ``program``.

    Several keys must all hold. ``program`` is the id of another program that must fit.
    """

    model_config = ConfigDict(strict=True, extra="allow", frozen=True)
    __pydantic_extra__: dict[SlotId, Annotated[list[Name], Field(min_length=1)] | Bounds]

    all: Annotated[list[Condition], Field(min_length=1)] | None = None
    any: Annotated[list[Condition], Field(min_length=1)] | None = None
    not_: Annotated[Condition | None, Field(alias="not")] = None
    program: Id | None = None


class Place(Strict):
    """Where a criterion stands: the document and the heading in it."""

    id: Id
    place: Name | None = None


class Criterion(Strict):
    """One criterion: in words, what it is about, when it is met, what is said when it is not or when that is open, and where it stands.

    ``brief`` is the same in a few words, for lists. ``use`` names criteria that many programs share, in place of all else.
    """

    use: Id | None = None
    says: Text | None = None
    brief: Annotated[str, StringConstraints(min_length=1, max_length=24)] | None = None
    kind: Kind = "who"
    when: Condition | None = None
    unmet: Text | None = None
    open_: Annotated[Text | None, Field(alias="open")] = None
    source: Place | None = None


class SharedCriteria(Strict):
    """Criteria that many programs share."""

    id: Id
    criteria: Annotated[list[Criterion], Field(min_length=1)]


class Profile(Strict):
    """Somebody made up, and which programs they can use, cannot use, or may use depending on what is not told."""

    who: Text
    told: dict[SlotId, int | Name | list[Name]]
    can: list[Id] = []
    depends: list[Id] = []
    cannot: list[Id] = []
