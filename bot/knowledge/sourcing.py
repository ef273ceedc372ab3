"""Compares what entries say with the text of their sources: a figure, a heading or a whole sentence that should not be there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bot.knowledge.figures import figures, one_form
from bot.knowledge.files import LoadedFile, Located
from bot.knowledge.passages import Passage, passages
from bot.knowledge.problems import Position, Problem
from bot.knowledge.source_schema import Source

LONGEST_COPY = 30
"""So many characters may stand in a row as they stand in a source; names may be longer."""

_WEB = re.compile(r"https?://\S+")
_LIGHT = re.compile(r"[\s・「」『』（）()、。，．:：!！?？～~—-]+")
_DECIMAL = re.compile(r"\d+\.\d+")
_MANY_KANA = 0.2
"""What has less hiragana in it is no sentence but a name, or several."""

_NAMES = frozenset({"name", "aliases", "address", "web"})


@dataclass(frozen=True)
class SourceText:
    """The text of a source, and the figures that it holds."""

    text: str

    @cached_property
    def form(self) -> str:
        return one_form(self.text)

    @cached_property
    def figures(self) -> frozenset[str]:
        """Also line by line and word by word: without white space, numbers that stand in columns run into each other."""
        pieces = {self.text, *self.text.splitlines(), *self.text.split()}
        return frozenset(figure for piece in pieces for figure in figures(piece))

    @cached_property
    def decimals(self) -> frozenset[str]:
        return frozenset(figure for word in self.text.split() if _DECIMAL.fullmatch(word) for figure in figures(word))

    @cached_property
    def light(self) -> str:
        return _light(self.text)

    @cached_property
    def solid(self) -> str:
        return _solid(self.text)

    def holds(self, figure: str) -> bool:
        """Whether a figure stands here; a date's year may stand apart from its day, a rate's sign at the head of its table."""
        if figure in self.figures:
            return True
        if not figure.isdigit() and re.search(rf"(?<![\d.]){re.escape(figure)}(?!\d)", self.form):
            return True
        if match := re.fullmatch(r"(\d+年)(\d+月)(\d+日)?", figure):
            return all(part is None or part in self.form for part in match.groups())
        return figure.endswith("%") and figure[:-1] in self.decimals


def read_sources(files: Sequence[LoadedFile], folder: Path) -> tuple[dict[str, SourceText], list[Problem]]:
    """The texts of the sources, by id; what is missing is a problem."""
    texts: dict[str, SourceText] = {}
    problems = []
    for file in files:
        for number, source in enumerate(file.content.sources):
            text = "\n".join(source.holds)
            if source.file is not None:
                try:
                    text += (folder / source.file).read_text("utf-8-sig")
                except (OSError, UnicodeDecodeError):
                    at = file.at("sources", number, "file")
                    problems.append(
                        Problem(at, f"資料の本文「{folder / source.file}」を読めません。場所と名前を確かめてください")
                    )
                    continue
            if text:
                texts[source.id] = SourceText(f"{_dates(source)}\n{text}")
    return texts, problems


def unsupported(located: Sequence[Located], texts: dict[str, SourceText], pages: Collection[str] = ()) -> Iterator[Problem]:
    """Figures and headings that stand in no source of their entry, and passages that were copied from one.

    What an entry repeats, and its desks' numbers, are compared where they come from. ``pages`` are the ids of public pages,
    whose text is not kept.
    """
    said = {one.entry.id: {figure for passage in passages(one) for figure in passage.figures} for one in located}
    names = {_solid(name) for one in located for name in (one.entry.name, *one.entry.aliases)}
    for one in located:
        yield from _headings(one, texts, pages)
        cited = [*(source.id for source in one.entry.sources), *(older.source for older in one.entry.older)]
        if any(source not in texts for source in cited):
            continue  # what cannot be read cannot be compared
        sources = [texts[source] for source in dict.fromkeys(cited)]
        elsewhere = {figure for fact in one.entry.reckoned for figure in figures(fact.label or fact.text)}
        for other in (*one.entry.contacts, *((fact.label or fact.text).partition("/")[0] for fact in one.entry.repeats)):
            elsewhere |= said.get(other, set())
        for passage in passages(one):
            yield from _figures(passage, sources, elsewhere, cited)
            if passage.field not in _NAMES:
                yield from _copied(passage, sources, names)


def _figures(passage: Passage, sources: Sequence[SourceText], elsewhere: set[str], cited: Sequence[str]) -> Iterator[Problem]:
    for figure in dict.fromkeys(passage.figures):
        if figure not in elsewhere and not any(source.holds(figure) for source in sources):
            yield Problem(
                passage.at,
                f"「{figure}」は出典（{'、'.join(dict.fromkeys(cited))}）の本文にありません。資料で確かめてください。"
                "数えたり計算したりした数字なら、reckoned に「数字: 求め方」を書いてください",
            )


def _headings(one: Located, texts: dict[str, SourceText], pages: Collection[str]) -> Iterator[Problem]:
    for number, cited in enumerate(one.entry.sources):
        at = one.at("sources", number)
        if cited.id in pages:
            continue
        if cited.place is None:
            yield Problem(at, f"出典「{cited.id}」のどこにあるかがありません。place に資料の見出しを書いてください")
        elif cited.id in texts:
            for heading in re.split(r"[／\s]+", cited.place):
                if _light(heading) not in texts[cited.id].light:
                    yield Problem(at, f"見出し「{heading}」は「{cited.id}」の本文にありません。本文のとおりに書いてください")


def _copied(passage: Passage, sources: Sequence[SourceText], names: set[str]) -> Iterator[Problem]:
    said = _solid(_WEB.sub("、", passage.text))
    for source in sources:
        start = 0
        while start + LONGEST_COPY < len(said):
            end = start + LONGEST_COPY + 1
            if said[start:end] not in source.solid:
                start += 1
                continue
            while end < len(said) and said[start : end + 1] in source.solid:
                end += 1
            copy = said[start:end]
            if not (_is_name(copy) or any(copy in name for name in names)):
                yield Problem(passage.at, f"「{copy}」は資料の文と同じです（{len(copy)}字）。短く言い直してください")
                return
            start = end


def _is_name(text: str) -> bool:
    return "法律" in text or sum("ぁ" <= sign <= "ん" for sign in text) < _MANY_KANA * len(text)


def _dates(source: Source) -> str:
    """How answers call the date of a source, which is not always said in it."""
    numbers = "".join(f"{part.lstrip('0')}{unit}" for part, unit in zip(source.as_of.split("-"), "年月日", strict=False))
    return f"{source.as_of_label}、{numbers}、{source.as_of.split('-')[0]}年"


def _light(text: str) -> str:
    return _LIGHT.sub("", unicodedata.normalize("NFKC", text)).lower()


def _solid(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def missing_folder(folder: Path) -> Problem:
    """What is said when there is no such folder."""
    return Problem(Position(folder), "資料の本文のフォルダがありません。場所を確かめてください")
