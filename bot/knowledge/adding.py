"""How staff add a public page and an entry that rests on it: proposed, looked at and saved like a change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from bot.knowledge.editing import ORDER, Proposal, Raw, Spot, difference
from bot.knowledge.files import knowledge_files, load_folder
from bot.knowledge.live import Library
from bot.knowledge.saving import Change, fingerprint_of
from bot.knowledge.trial import try_out
from bot.knowledge.yaml_edit import EditError, exchange
from bot.knowledge.yaml_reader import read

SECTION = "rules"
"""Where an entry on a page stands: its summary is the answer itself."""

_PAGES = "pages"
_PAGE_ORDER = ("id", "title", "publisher", "url", "as_of", "as_of_label", "read", "review_months", "note")


def homes(folder: Path) -> list[str]:
    """The files, relative to the folder, that an entry may be added to; those with entries on pages come first."""
    files, _ = load_folder(folder)
    pages = {page.id for file in files for page in file.content.pages}
    found = [file for file in files if file.content.rules]
    on_pages = {file.document.file for file in found for one in file.content.rules for cited in one.sources if cited.id in pages}
    found.sort(key=lambda file: (file.document.file not in on_pages, file.document.file))
    return [file.document.file.relative_to(folder).as_posix() for file in found]


def propose(library: Library, page: Raw, entry: Raw, home: str, today: date) -> Proposal:
    """What comes of adding a page and an entry on it to the file ``home``; a page that is only an id stands there already.

    Raises :class:`EditError`. To be called on the library's thread.
    """
    file = next((one for one in knowledge_files(library.folder) if one.relative_to(library.folder).as_posix() == home), None)
    if file is None:
        raise EditError("書き加えるファイルがありません。一覧から選び直してください")
    texts: dict[Path, tuple[str, str]] = {}
    diffs: dict[str, str] = {}
    new: list[tuple[Path, str, Raw, tuple[str, ...]]] = [(file, SECTION, entry, ORDER)]
    if set(page) != {"id"}:
        new.insert(0, (_file_of_pages(library.folder), _PAGES, page, _PAGE_ORDER))
    for where, section, item, order in new:
        before, text = texts.get(where) or (where.read_bytes().decode(),) * 2
        edited = _appended(text, section, item, order)
        texts[where] = before, edited
        diffs[str(item.get("id", ""))] = difference(where.relative_to(library.folder), text, edited)
    changes = tuple(Change(one, fingerprint_of(before.encode()), before, after) for one, (before, after) in texts.items())
    verdict = try_out(library, {one.file: one.after.removeprefix("\ufeff") for one in changes}, {str(entry.get("id", ""))}, today)
    return Proposal(changes, dict(_spots(file, entry, texts[file])), diffs, verdict)


def _file_of_pages(folder: Path) -> Path:
    """The file that pages stand in; where there are none yet, the one with the documents."""
    files, _ = load_folder(folder)
    for section in (_PAGES, "sources"):
        for file in files:
            if getattr(file.content, section):
                return file.document.file
    raise EditError("出典のファイルがありません。先に sources.yaml を作ってください")


def _appended(text: str, section: str, item: Raw, order: tuple[str, ...]) -> str:
    document, problems = read(Path(), text.removeprefix("\ufeff"))
    if document is None or problems or not isinstance(document.data, dict):
        raise EditError("ファイルがYAMLとして読めません。先にファイルを直してください")
    items = document.data.get(section) or []
    ordered = {name: item[name] for name in order if item.get(name) not in (None, "", [])}
    return exchange(text, (), {**document.data, section: [*items, ordered]})


def _spots(file: Path, entry: Raw, texts: tuple[str, str]) -> Iterator[tuple[str, Spot]]:
    """Where the new entry comes to stand."""
    document, _ = read(file, texts[1].removeprefix("\ufeff"))
    if document is not None and isinstance(document.data, dict):
        index = len(document.data[SECTION]) - 1
        at = document.at((SECTION, index))
        name = str(entry.get("id", ""))
        yield name, Spot(name, SECTION, file, index, at.line, entry, document, fingerprint_of(texts[0].encode()))
