"""Conversations as text for their table, those of the version before included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pydantic import TypeAdapter, ValidationError

from bot.talk.acts import Value
from bot.talk.conversation import VERSION, Asked, Conversation, Entity, Fact, Passed, Subject, Task
from bot.talk.replies import Block, Button

_FORM = TypeAdapter(Conversation)

_BEFORE = 2
"""The version that kept the ward, the form and a profile apart, and the answers with each dialog."""

_TASKS = {"eligible": "size"}
_SLOTS = {"plan": "plan_ready", "age": "business_age", "business_months": "business_age", "topic": "subject"}
"""What goes by another name now."""

_OPTIONS = {"default": "arrears"}
_CHANGED = frozenset({"circumstances", "decided"})
"""Slots whose options are others now, so that an answer tells nothing any more."""

_NUMBERS = frozenset({"fee_class"})
"""Choices that are plain numbers now."""


@dataclass(frozen=True, slots=True)
class _OldDialog:
    """A dialog under way, as version 2 kept it."""

    id: str
    answers: dict[str, Value] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    open_: tuple[str, ...] = ()
    asked: str = ""
    times: int = 0
    misses: int = 0
    done: bool = False


@dataclass(frozen=True, slots=True)
class _OldConversation:
    """A conversation, as version 2 kept it; what only guided its very next turn is not read."""

    municipality: str = ""
    entity: Entity = ""
    focus: str = ""
    asked: str = ""
    others: tuple[str, ...] = ()
    more: tuple[Block, ...] = ()
    buttons: tuple[Button, ...] = ()
    talked: int = 0
    profile: dict[str, Value] = field(default_factory=dict)
    dialogs: tuple[_OldDialog, ...] = ()
    laid_by: tuple[_OldDialog, ...] = ()
    last_turn: str = ""
    said: str = ""
    ticked: dict[str, tuple[int, ...]] = field(default_factory=dict)
    passed: tuple[Passed, ...] = ()
    told: tuple[str, ...] = ()
    desk: bool = False
    wording: bool = False
    quiet: bool = False
    version: int = _BEFORE


@dataclass(frozen=True, slots=True)
class _Versioned:
    version: int = VERSION


_VERSION = TypeAdapter(_Versioned)
_OLD_FORM = TypeAdapter(_OldConversation)


def dump(conversation: Conversation) -> str:
    """A conversation as JSON."""
    return _FORM.dump_json(conversation).decode()


def load(text: str) -> Conversation | None:
    """The conversation that :func:`dump` wrote, in this version or the one before; ``None`` for anything else.

    >>> told = Conversation().about("abl-hosho", "ABLとは")
    >>> load(dump(told)) == told
    True
    >>> load('{"municipality": "港区", "version": 2}').municipality
    '港区'
    >>> load("{")
    """
    try:
        if _VERSION.validate_json(text).version == _BEFORE:
            return _renewed(_OLD_FORM.validate_json(text))
        return _FORM.validate_json(text)
    except ValidationError:
        return None


def _renewed(old: _OldConversation) -> Conversation:
    """Everything that is still of use: what is known of the business, the dialogs under way, and what was talked about."""
    top = old.dialogs[-1] if old.dialogs else None
    return Conversation(
        facts={slot: Fact(value, old.last_turn) for slot, value in _known(old)},
        tasks=tuple(
            Task(_TASKS.get(one.id, one.id), tuple(_named(one.open_)), tuple(_named(one.order)), one.done) for one in old.dialogs
        ),
        asked=Asked(_SLOTS.get(top.asked, top.asked), top.times, top.misses) if top is not None and top.asked else Asked(),
        subject=Subject(old.focus, old.asked, old.more, old.others),
        buttons=old.buttons,
        talked=old.talked,
        last_turn=old.last_turn,
        said=(old.said,) if old.said else (),
        ticked=old.ticked,
        passed=old.passed,
        told=old.told,
        desk=old.desk,
        wording=old.wording,
        quiet=old.quiet,
    )


def _known(old: _OldConversation) -> Iterator[tuple[str, Value]]:
    """Every fact by its slot, the ones that count last: answers, newer ones after older, then the profile."""
    for dialog in (*old.laid_by, *old.dialogs):
        for slot, value in dialog.answers.items():
            if slot not in _CHANGED:
                yield _SLOTS.get(slot, slot), _valued(slot, value)
    yield from old.profile.items()
    if old.municipality:
        yield "municipality", old.municipality
    if old.entity:
        yield "entity", old.entity


def _valued(slot: str, value: Value) -> Value:
    if isinstance(value, tuple):
        return tuple(_OPTIONS.get(one, one) for one in value)
    return int(value) if slot in _NUMBERS and isinstance(value, str) and value.isdecimal() else value


def _named(slots: Iterable[str]) -> Iterator[str]:
    return (_SLOTS.get(slot, slot) for slot in slots if slot not in _CHANGED)
