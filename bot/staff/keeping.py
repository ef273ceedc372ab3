"""The folder of the knowledge base as the pages work on it: changes are proposed, saved, and serve."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache, partial
from pathlib import Path

from bot.knowledge import adding, editing, examples
from bot.knowledge.editing import Edit, Place, Proposal, Raw, Spot
from bot.knowledge.examples import Example, Written
from bot.knowledge.live import Library
from bot.reloading import Reloader

SERVED = "反映しました。いまから、この内容でご案内します。"
_NOT_SERVED = "保存しました。ただし、知識ベースに{count}件の誤りがあり、直るまで反映されません（最初の誤り：{first}）。"


class Keeper:
    """The folder of the knowledge base, and whatever serves it. The work is done on the library's own thread."""

    def __init__(self, library: Library, reloader: Reloader) -> None:
        self.library = library
        self._reloader = reloader

    def problems(self) -> list[str]:
        """Why the files as they stand now do not serve, each with its place; empty when they do."""
        folder = f"{self.library.folder}/"
        return [str(problem).removeprefix(folder) for problem in self.library.edition.problems]

    async def find(self, entry_id: str) -> Spot | None:
        """Where an entry stands now."""
        return await self._reloader.beside(partial(editing.find, self.library.folder, entry_id))

    async def places(self) -> Mapping[str, Place]:
        """Where the entries that serve stand, by id."""
        return await self._reloader.beside(partial(_places, self.library.folder, self.library.kb.version))

    async def propose(self, edits: Mapping[str, Edit], today: date) -> Proposal:
        """What comes of changing entries, by id. Raises :class:`EditError`."""
        return await self._reloader.beside(partial(editing.propose, self.library, edits, today))

    async def homes(self) -> list[str]:
        """The files that an entry on a public page may be added to."""
        return await self._reloader.beside(partial(adding.homes, self.library.folder))

    async def propose_page(self, page: Raw, entry: Raw, home: str, today: date) -> Proposal:
        """What comes of adding a public page and an entry on it. Raises :class:`EditError`."""
        return await self._reloader.beside(partial(adding.propose, self.library, page, entry, home, today))

    async def save(self, proposal: Proposal) -> str:
        """Write a proposal and wait until it serves; returns what to tell. Raises :class:`EditError`."""
        await self._reloader.beside(partial(editing.save, self.library, proposal))
        await self._reloader.reload()
        problems = self.library.edition.problems
        return _NOT_SERVED.format(count=len(problems), first=problems[0].message) if problems else SERVED

    async def alike(self, example: Example) -> list[Written]:
        """The examples that stand in the folder with the same text in the same setting."""
        return await self._reloader.beside(partial(examples.alike, self.library.folder, example))

    async def teach(self, example: Example) -> int:
        """Append an example to the staff's; returns its line. Raises :class:`EditError`."""
        return await self._reloader.beside(partial(examples.add, self.library.folder, example))


@lru_cache(maxsize=1)
def _places(folder: Path, version: str) -> Mapping[str, Place]:  # a new version has places of its own
    return editing.places(folder)
