"""What staff are told of the knowledge base: which version serves, and what is wrong with the one that does not."""

from __future__ import annotations

from collections.abc import Sequence

from bot.business_days import TOKYO
from bot.knowledge.live import Edition
from bot.knowledge.problems import Problem
from bot.talk import phrases
from bot.talk.replies import Reply, say

_MOST = 10
"""Problems told in one message."""

_LONGEST = 300
"""Characters of a problem; a wrong value quoted in it can be any text."""


def version(edition: Edition) -> Reply:
    """The version that serves."""
    return say(_version(edition))


def standing(edition: Edition) -> Reply:
    """The version that serves and, if the folder holds something else, what is wrong with that."""
    return say(_version(edition), *(_listed(edition.problems) if edition.problems else ()))


def loaded(edition: Edition) -> Reply:
    return say(phrases.RELOADED, _version(edition))


def unchanged(edition: Edition) -> Reply:
    return say(phrases.NOT_CHANGED, _version(edition))


def refused(problems: Sequence[Problem]) -> Reply:
    """The problems as ``python -m bot check`` prints them, of many only the first."""
    return say(*_listed(problems))


def mended(edition: Edition) -> Reply:
    return say(phrases.MENDED, _version(edition))


def _version(edition: Edition) -> str:
    time = edition.loaded_at.astimezone(TOKYO)
    moment = f"{time.year}年{time.month}月{time.day}日 {time:%H:%M:%S}"
    return phrases.VERSION.format(version=edition.kb.version, count=len(edition.kb.content.entries), time=moment)


def _listed(problems: Sequence[Problem]) -> list[str]:
    errors = [str(one) for one in problems]
    lines = [one if len(one) <= _LONGEST else f"{one[:_LONGEST]}…" for one in errors[:_MOST]]
    if len(errors) > _MOST:
        lines.append(phrases.MORE_PROBLEMS.format(count=len(errors) - _MOST))
    return [phrases.REFUSED.format(count=len(errors)), *lines]
