"""What staff are told of the knowledge base: which version serves, and what is wrong with the one that does not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.advisor import phrases
from bot.advisor.replies import Reply, say
from bot.dialogs.reminding import TOKYO
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.problems import Problem

_MOST = 10
"""Problems told in one message."""

_LONGEST = 300
"""Characters of a problem; a wrong value quoted in it can be any text."""


def version(kb: KnowledgeBase, loaded_at: datetime, problems: Sequence[Problem] = ()) -> Reply:
    """The version that serves; with ``problems``, why a newer one does not."""
    lines = [phrases.VERSION.format(**_of(kb, loaded_at))]
    return say(*lines, *_listed(problems)) if problems else say(*lines)


def loaded(kb: KnowledgeBase, loaded_at: datetime) -> Reply:
    return say(phrases.RELOADED, phrases.VERSION.format(**_of(kb, loaded_at)))


def unchanged(kb: KnowledgeBase, loaded_at: datetime) -> Reply:
    return say(phrases.NOT_CHANGED, phrases.VERSION.format(**_of(kb, loaded_at)))


def refused(problems: Sequence[Problem]) -> Reply:
    """The problems as ``python -m bot check`` prints them, of many only the first."""
    return say(*_listed(problems))


def mended(kb: KnowledgeBase, loaded_at: datetime) -> Reply:
    return say(phrases.MENDED, phrases.VERSION.format(**_of(kb, loaded_at)))


def _of(kb: KnowledgeBase, loaded_at: datetime) -> dict[str, object]:
    time = loaded_at.astimezone(TOKYO)
    moment = f"{time.year}年{time.month}月{time.day}日 {time:%H:%M:%S}"
    return {"version": kb.version, "count": len(kb.content.entries), "time": moment}


def _listed(problems: Sequence[Problem]) -> list[str]:
    errors = [str(one) for one in problems]
    lines = [one if len(one) <= _LONGEST else f"{one[:_LONGEST]}…" for one in errors[:_MOST]]
    if len(errors) > _MOST:
        lines.append(phrases.MORE_PROBLEMS.format(count=len(errors) - _MOST))
    return [phrases.REFUSED.format(count=len(errors)), *lines]
