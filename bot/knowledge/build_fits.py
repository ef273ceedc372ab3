"""Turns whom programs fit, as validated YAML tells it, into plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.knowledge import fits_schema as models
from bot.knowledge.conditions import Between, Condition, Every, Facts, Fits, Not, OneOf, Some
from bot.knowledge.criteria import Criterion

Shared = Mapping[str, Sequence[models.Criterion]]
"""Criteria that many programs refer to, by id."""


def build_fits(
    written: Sequence[models.Criterion], shared: Shared, source: tuple[str, str], within: tuple[str, ...] = ()
) -> tuple[Criterion, ...]:
    """The criteria of an entry, those that it refers to in their place. ``source`` counts where a criterion names none of its own."""
    return tuple(_built(written, shared, source, within))


def _built(
    written: Sequence[models.Criterion], shared: Shared, source: tuple[str, str], within: tuple[str, ...]
) -> Iterator[Criterion]:
    for one in written:
        if one.use is not None:
            if one.use not in within:
                yield from _built(shared.get(one.use, ()), shared, source, (*within, one.use))
            continue
        place = (one.source.id, one.source.place or "") if one.source is not None else source
        when = condition(one.when) if one.when is not None else None
        yield Criterion(one.says or "", one.kind, when, one.unmet or "", one.open_ or "", *place, bool(within), one.brief or "")


def condition(written: models.Condition) -> Condition:
    """A condition as the evaluator takes it."""
    parts: list[Condition] = []
    for slot, wanted in (written.__pydantic_extra__ or {}).items():
        if isinstance(wanted, models.Bounds) and wanted.only:
            parts.append(OneOf(slot, tuple(wanted.only), only=True))
        elif isinstance(wanted, models.Bounds):
            parts.append(Between(slot, wanted.min, wanted.max, wanted.over, wanted.below))
        else:
            parts.append(OneOf(slot, tuple(wanted)))
    if written.all is not None:
        parts.append(Every(tuple(map(condition, written.all))))
    if written.any is not None:
        parts.append(Some(tuple(map(condition, written.any))))
    if written.not_ is not None:
        parts.append(Not(condition(written.not_)))
    if written.program is not None:
        parts.append(Fits(written.program))
    return parts[0] if len(parts) == 1 else Every(tuple(parts))


def facts(profile: models.Profile) -> Facts:
    """What a profile tells, as the frame of facts holds it."""
    return {slot: tuple(value) if isinstance(value, list) else value for slot, value in profile.told.items()}
