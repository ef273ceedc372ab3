"""The knowledge base that serves, exchanged as a whole when its folder has a valid new version."""

from __future__ import annotations

import gc
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from bot.business_days import TOKYO
from bot.knowledge.base import Builder, KnowledgeBase
from bot.knowledge.consistency import load_content
from bot.knowledge.entries import Content
from bot.knowledge.files import fingerprint
from bot.knowledge.problems import KnowledgeError, Position, Problem, reason
from bot.nlp.encoder import Encoder

log = logging.getLogger(__name__)

Outcome = Literal["loaded", "same", "refused"]

_ATTEMPTS = 3
"""How often a folder is read in which something changes meanwhile."""

_SWITCH_SECONDS = 0.0005
"""How long whoever answers meanwhile waits for the interpreter, each of the many times that a turn needs it again."""


@dataclass(frozen=True, slots=True)
class Edition:
    """What serves, since when, and why the folder as it is now does not; ``problems`` is empty when it does."""

    kb: KnowledgeBase
    loaded_at: datetime
    problems: tuple[Problem, ...] = ()


class Library:
    """A folder and the last valid knowledge base that stood in it.

    ``kb`` may be another object at the next look: who needs one for several steps takes it once.
    """

    def __init__(self, folder: Path, encoder: Encoder, cache_file: Path | None) -> None:
        """Load the folder. Raises :class:`KnowledgeError`."""
        self.folder = folder
        self._builder = Builder(encoder, cache_file)
        self._seen: str | None = _state(folder)
        content = load_content(folder)
        if _state(folder) != self._seen:
            self._seen = None  # it changed meanwhile, and the next look tells what it is now
        self.edition = Edition(self._builder.build(content), datetime.now(UTC))

    @property
    def kb(self) -> KnowledgeBase:
        return self.edition.kb

    def try_out(self, content: Content) -> KnowledgeBase:
        """``content`` as it would be found if it served. One thread at a time, that of :meth:`reload`."""
        return self._builder.try_out(content)

    def reload(self) -> Outcome:
        """Look at the folder and serve what is new and valid in it. Never raises. One thread at a time.

        ``refused`` is said once of a content; while it stays as it is, that is ``same``.
        """
        try:
            return self._reload()
        except OSError as error:
            self._seen = None  # it was not what stands in the files: they are tried again
            problems = (
                self._problem(f"読み込めませんでした（{reason(error)}）。アクセス権と、ドライブの接続を確かめてください"),
            )
        except Exception as error:  # whatever stands in the files, what serves goes on serving
            log.exception("the knowledge base could not be loaded")
            self._seen = None
            problems = (self._problem(f"読み込めませんでした（{type(error).__name__}）。プログラムの不具合かもしれません"),)
        self.edition = replace(self.edition, problems=problems)
        return "refused"

    def _reload(self) -> Outcome:
        for _ in range(_ATTEMPTS):
            seen = _state(self.folder)
            if seen == self._seen:
                return "same"
            with _staying():
                found = _read(self.folder)
                if _state(self.folder) == seen:  # otherwise one file may be older than another
                    return self._take(seen, found)
        return "same"  # who goes on changing it gives cause for another look

    def _take(self, seen: str, found: Content | tuple[Problem, ...]) -> Outcome:
        self._seen = seen
        if not isinstance(found, Content):
            self.edition = replace(self.edition, problems=found)
            return "refused"
        if found.version == self.kb.version:
            self.edition = replace(self.edition, problems=())
            return "same"
        self.edition = Edition(self._builder.build(found), datetime.now(UTC))
        return "loaded"

    def _problem(self, message: str) -> Problem:
        return Problem(Position(self.folder), message)


def _state(folder: Path) -> str:
    """Changes when the folder does, and with the day, on which it depends what can be relied on."""
    return f"{fingerprint(folder)} {datetime.now(TOKYO).date()}"


def _read(folder: Path) -> Content | tuple[Problem, ...]:
    """The content, or why there is none. The error itself would keep all that was read until the collector comes."""
    try:
        return load_content(folder)
    except KnowledgeError as error:
        return tuple(error.problems)


@contextmanager
def _staying() -> Iterator[None]:
    """What is made here stays long: the collector is spared from going through it again and again.

    Everything older was set aside in the same way, so that the one collection here looks at little but what is new.
    """
    gc.disable()
    interval = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(interval)
        gc.enable()
        gc.collect()
        gc.freeze()
