"""Places in what people write: municipalities of Tokyo, postcodes, town names, and places elsewhere."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.knowledge.entries import Municipality
from bot.knowledge.place_names import Boundaries, Kind, Names, in_another_name, of_product
from bot.knowledge.postal import (
    municipalities_of_tokyo,
    names_elsewhere,
    shared_prefixes,
    small_ga,
    spoken_town,
    tokyo_towns,
    town_forms,
    whole_town,
)
from bot.nlp.normalize import fold, hiragana, romaji_to_hiragana

__all__ = ["Gazetteer", "Place", "municipalities_of_tokyo"]

_POSTCODE = re.compile(r"(?<!\d)(\d{3})-?(\d{4})(?![\d-])")
_POSTCODE_WORDS = ("〒", "郵便番号")
_SPOKEN_WORD = re.compile(r"(?<![a-zぁ-ゖー一-鿿ァ-ヺ])(?:[a-z]{4,}|[ぁ-ゖー]{3,}?)(?=$|[\s、。,.?!]|(?:no|です|desu)\b)")
_SAYS_WHERE = re.compile(r"(?:です|だけど|なんだけど|なんです|在住|に(?:ある|住んで)|で(?:店|お店|会社|商売))")
"""What makes a name at the beginning of a text the place where the user is."""

_ALL_OF_TOKYO = ("東京都", "東京", "日本", "全国")
"""Names that are no municipality and hide others (京都 in 東京都)."""

_TOKYO_CODES = {f"{number:02d}" for number in range(10, 21)}
_GAPS = ("", "の", " ")
_ROMAJI_SUFFIXES = "(?:[- ]?(?:ku|shi|city|ward|cho|machi|mura))?"
_KANA_SUFFIXES = {"区": ("く",), "市": ("し",), "町": ("まち", "ちょう"), "村": ("むら",)}


@dataclass(frozen=True, slots=True)
class Place:
    """What a text says about where: the municipalities meant, and the words that say so.

    ``municipalities`` has one member when the place is certain, several when a name stands in more
    than one; ``outside`` is the name of a place that is not in Tokyo. ``start`` is where it stands in the folded text.
    """

    municipalities: tuple[Municipality, ...]
    said: str
    outside: str = ""
    start: int = 0

    @property
    def end(self) -> int:
        return self.start + len(self.said)


class Gazetteer:
    """Finds places in texts, for one knowledge base's municipalities."""

    def __init__(self, municipalities: Sequence[Municipality]) -> None:
        self.municipalities = tuple(municipalities)
        self._codes: dict[str, set[str]] = defaultdict(set)
        towns: dict[str, set[str]] = defaultdict(set)
        spoken: dict[str, set[str]] = defaultdict(set)
        whole: dict[str, set[str]] = defaultdict(set)
        official = sorted((one.name for one in municipalities), key=len, reverse=True)
        for code, city, town, kana in tokyo_towns():
            name = next((name for name in official if city.endswith(name)), city)
            self._codes[code].add(name)
            whole[whole_town(town)].add(name)
            spoken[spoken_town(kana)].add(name)
            for form in town_forms(town):
                towns[form].add(name)
        for prefix, name in shared_prefixes(towns):
            towns[prefix].add(name)
        meant: dict[Kind, dict[str, set[str]]] = {
            "name": {fold(one.name): {one.name} for one in municipalities},
            "area": _areas(municipalities, towns),
            "stem": {
                fold(one.stem): {one.name} | (whole[fold(one.stem)] if one.area == "島しょ" else set()) for one in municipalities
            },
            "town": {form: names for form, names in towns.items() if form not in names_elsewhere() or _is_town(form, whole)},
        }
        known = {form for forms in meant.values() for form in forms}
        outside = names_elsewhere() - known
        strong: dict[str, Kind] = {form: "formal" for form in outside if _is_formal(form)}
        weak: dict[str, Kind] = {form: "outside" for form in outside if not _is_formal(form)}
        for kind in ("town", "stem", "area"):
            weak |= dict.fromkeys(meant[kind], kind)
        self._members_meant = {
            (kind, form): self._members(names) for kind, forms in meant.items() for form, names in forms.items()
        }
        self._strong = Names(strong | dict.fromkeys(meant["name"], "name") | dict.fromkeys(_ALL_OF_TOKYO[:1], "none"))
        self._weak = Names(weak | dict.fromkeys(_ALL_OF_TOKYO, "none"))
        self._kana = {hiragana(one.kana): {one.name} for one in municipalities}
        self._kana |= {
            stem: {one.name} for one in municipalities if len(stem := hiragana(one.kana).removesuffix(_kana_suffix(one))) >= 3
        }
        self._spoken_towns = {kana: names for kana, names in spoken.items() if len(kana) >= 3 and kana not in self._kana}
        self._romaji = {one.romaji: {one.name} for one in municipalities}
        alternatives = "|".join(map(re.escape, sorted(self._romaji, key=len, reverse=True))) or "(?!)"
        self._romaji_pattern = re.compile(f"(?<![a-z])({alternatives}){_ROMAJI_SUFFIXES}(?![a-z])")

    def find(self, text: str) -> list[Place]:
        """Every place in ``text``, in its order. Names with their suffixes win over others, longer names over shorter ones."""
        folded = fold(text)
        spelt = small_ga(folded)
        tokens = Boundaries(folded)
        free = bytearray(b"\x01") * len(folded)
        places: list[Place] = []

        def keep(found: Iterable[Place]) -> None:
            for place in found:
                if 0 not in free[place.start : place.end]:
                    free[place.start : place.end] = bytes(len(place.said))
                    places.append(place)

        def accepts(name: str, start: int, end: int, kind: Kind) -> bool:
            return _accepts(folded, start, end, kind, tokens)

        keep(self._postcodes(folded))
        for names in (self._strong, self._weak):
            found = list(names.find(spelt, free, accepts))
            for start, end, kind in found:
                if kind == "none":
                    free[start:end] = bytes(end - start)
            keep(self._place(folded, *one) for one in found if one[2] != "none")
        keep(self._kana_named(folded))
        keep(self._romaji_named(folded))
        keep(self._spoken(folded))
        return _together(folded, sorted(places, key=lambda one: one.start))

    def _place(self, text: str, start: int, end: int, kind: Kind) -> Place:
        said = text[start:end]
        if kind in ("formal", "outside"):
            return Place((), said, outside=said, start=start)
        return Place(self._members_meant[kind, small_ga(said)], said, start=start)

    def _postcodes(self, text: str) -> Iterable[Place]:
        spoken_of = any(word in text for word in _POSTCODE_WORDS)
        for match in _POSTCODE.finditer(text):
            names = self._codes.get(match[1] + match[2], set())
            if names:
                yield Place(self._members(names), match[0], start=match.start())
            elif ("-" in match[0] or spoken_of or match[0] == text) and not match[1].startswith(("0", *_TOKYO_CODES)):
                yield Place((), match[0], outside=match[0], start=match.start())

    def _kana_named(self, text: str) -> Iterable[Place]:
        """たいとうく at the beginning of a text."""
        for length in range(min(len(text), 12), 2, -1):
            names = self._kana.get(text[:length])
            if names and (len(text) == length or text[length] in " のでにはを、。?"):
                yield Place(self._members(names), text[:length])
                return

    def _romaji_named(self, text: str) -> Iterable[Place]:
        for match in self._romaji_pattern.finditer(text):
            if len(match[1]) > 3 or match[0] != match[1]:
                yield Place(self._members(self._romaji[match[1]]), match[0], start=match.start())

    def _spoken(self, text: str) -> Iterable[Place]:
        """Towns in kana or romaji (かめいど, kamata), where they stand as words of their own."""
        for match in _SPOKEN_WORD.finditer(text):
            names = self._spoken_towns.get(romaji_to_hiragana(match[0]))
            if names:
                yield Place(self._members(names), match[0], start=match.start())

    def _members(self, names: Iterable[str]) -> tuple[Municipality, ...]:
        wanted = set(names)
        return tuple(one for one in self.municipalities if one.name in wanted)


def _areas(municipalities: Sequence[Municipality], towns: dict[str, set[str]]) -> dict[str, set[str]]:
    """Names from the knowledge base; where a town elsewhere in Tokyo has the name too, both are meant (三田)."""
    areas: dict[str, set[str]] = defaultdict(set)
    for one in municipalities:
        for area in one.areas:
            form = small_ga(fold(area))
            areas[form] |= {one.name} | towns.get(form, set())
    return dict(areas)


def _is_town(form: str, whole: dict[str, set[str]]) -> bool:
    """Whether a name that a place elsewhere has too is a town's in Tokyo: 大和町 is one, 長崎 and 船橋 are thought of as cities."""
    return form in whole and form.endswith("町")


def _is_formal(form: str) -> bool:
    return form[-1] in "都道府県市区町村" and len(form) >= 3


def _accepts(text: str, start: int, end: int, kind: Kind, tokens: Boundaries) -> bool:
    """Whether a name found is meant as a place here."""
    if kind in ("name", "none"):
        return True
    if of_product(text, end) and kind in ("formal", "outside"):
        return False
    if kind == "formal":
        return start in tokens.starts
    if in_another_name(text, start, end):
        return False
    alone = start == 0 and end == len(text)
    length = end - start
    match kind:
        case "area":
            return True
        case "stem":
            return alone or (length >= 3 and tokens.word(start, end)) or tokens.is_place(start, end)
        case "outside":
            return start in tokens.starts and tokens.is_place(start, end)
        case _:
            short = length >= 3 and start == 0 and len(text) <= length + 6
            said = alone or short or (start == 0 and _SAYS_WHERE.match(text, end) is not None)
            return not tokens.name_goes_on(end) and (said or tokens.is_place(start, end))


def _together(text: str, places: Sequence[Place]) -> list[Place]:
    """One place for what follows it and is within it: 荒川区日暮里, 渋谷の宇田川町, 大阪の北区."""
    kept: list[Place] = []
    for place in places:
        before = kept[-1] if kept else None
        gap = text[before.end : place.start] if before is not None else None
        if before is not None and gap in _GAPS:
            if before.outside and (gap != " " or _is_formal(before.said)):
                kept[-1] = replace(before, said=text[before.start : place.end])
                continue
            if not before.outside and set(before.municipalities) <= set(place.municipalities):
                continue
        kept.append(place)
    return kept


def _kana_suffix(one: Municipality) -> str:
    kana = hiragana(one.kana)
    return next((suffix for suffix in _KANA_SUFFIXES[one.kind] if kana.endswith(suffix)), "")
