"""The models of the sources that knowledge comes from: documents, and pages of official web sites (the second tier)."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from bot.knowledge.yaml_types import AsOf, Day, Id, Name, Strict, Text, Url

UNDATED = "日付なし"
"""How the label of a page that shows no date begins."""


class Source(Strict):
    """A document that knowledge comes from."""

    id: Id
    title: Name
    publisher: Name
    as_of: AsOf
    as_of_label: Name
    review_months: Annotated[int, Field(ge=1, le=120)]
    official: bool
    until: AsOf | None = None
    """When the period ends that the document describes."""
    undated: bool = False
    """Nobody knows how old it is: what rests on it is to be confirmed until somebody checks it."""
    file: Name | None = None
    """The document's text, for ``check --sources``."""
    holds: list[Text] = []
    """The figures of a page whose text is not kept."""
    damage: list[Text] = []
    note: Text | None = None


class PublicPage(Strict):
    """A page of an official web site: a source of the second kind, whose age every answer says that rests on it.

    ``as_of`` is the date that the page shows, if any; ``read`` is the day on which somebody read it.
    """

    id: Id
    title: Name
    publisher: Name
    url: Url
    as_of: AsOf | None = None
    as_of_label: Name
    read: Day
    review_months: Annotated[int, Field(ge=1, le=6)] = 6
    note: Text | None = None

    @model_validator(mode="after")
    def _says_its_age(self) -> Self:
        if (self.as_of is None) != self.as_of_label.startswith(UNDATED):
            raise ValueError(
                "as_of と as_of_label が合いません。ページに日付があれば両方に書き、"
                f"なければ as_of を消して as_of_label を「{UNDATED}」で始めてください"
            )
        return self
