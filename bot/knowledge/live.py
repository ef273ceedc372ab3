"""The knowledge base that serves, exchanged as a whole when its folder has a valid new version."""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from bot.knowledge.base import Builder, KnowledgeBase
from bot.knowledge.consistency import load_content
from bot.knowledge.entries import Content
from bot.knowledge.files import fingerprint
from bot.knowledge.problems import KnowledgeError, Position, Problem
from bot.nlp.encoder import Encoder

log = logging.getLogger(__name__)

Outcome = Literal["loaded", "same", "refused"]


class Library:
    """A folder and the last valid knowledge base that stood in it.

    ``kb`` may be another object at the next look: who needs one for several steps takes it once. ``problems`` says why
    the folder as it is now is not served, and is empty when it is.
    """

    def __init__(self, folder: Path, encoder: Encoder, cache_file: Path | None) -> None:
        """Load the folder. Raises :class:`KnowledgeError`."""
        self.folder = folder
        self.problems: tuple[Problem, ...] = ()
        self._builder = Builder(encoder, cache_file)
        self._seen: str | None = fingerprint(folder)
        self.kb: KnowledgeBase = self._builder.build(load_content(folder))
        self.loaded_at = datetime.now(UTC)

    def try_out(self, content: Content) -> KnowledgeBase:
        """``content`` as it would be found if it served. One thread at a time, that of :meth:`reload`."""
        return self._builder.try_out(content)

    def reload(self) -> Outcome:
        """Look at the folder and serve what is new and valid in it. Never raises. One thread at a time.

        ``refused`` is said once of a content; while it stays as it is, that is ``same``.
        """
        try:
            return self._reload()
        except KnowledgeError as error:
            self.problems = tuple(error.problems)
        except Exception as error:  # whatever stands in the files, what serves goes on serving
            log.exception("the knowledge base could not be loaded")
            self._seen = None  # perhaps it was not the files: they are tried again
            self.problems = (
                Problem(
                    Position(self.folder), f"読み込めませんでした（{type(error).__name__}）。プログラムの不具合かもしれません"
                ),
            )
        return "refused"

    def _reload(self) -> Outcome:
        seen = fingerprint(self.folder)
        if seen == self._seen:
            return "same"
        self._seen = seen
        with _staying():
            content = load_content(self.folder)
            changed = content.version != self.kb.version
            if changed:
                self.kb = self._builder.build(content)
                self.loaded_at = datetime.now(UTC)
        self.problems = ()
        return "loaded" if changed else "same"


@contextmanager
def _staying() -> Iterator[None]:
    """What is made here stays long: the collector is spared from going through it again and again.

    Everything older was set aside in the same way, so that the one collection here looks at little but what is new.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.collect()
        gc.freeze()
