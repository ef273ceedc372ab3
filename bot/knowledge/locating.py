"""Which of the places said is the one that decides, by the guarantee corporation's rule.

Rule (guide of the Tokyo guarantee corporation, 2024-03, 「お気軽に保証相談をご活用ください」): corporations go by the
registered head office, sole proprietors by the registered residence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.knowledge.entries import Municipality
from bot.knowledge.places import Place

Role = Literal["registered", "residence", "business", ""]

_ROLES: dict[Role, tuple[str, ...]] = {
    "registered": ("登記", "本店", "本社", "法人", "会社"),
    "residence": ("住民登録", "住民票", "自宅", "家は", "家が", "家も", "住まい", "住んで", "在住", "住所", "住み"),
    "business": (
        "店",
        "事務所",
        "工場",
        "オフィス",
        "営業",
        "事業所",
        "支社",
        "倉庫",
        "教室",
        "サロン",
        "仕事場",
        "作業場",
        "アトリエ",
        "工房",
        "車庫",
        "スタジオ",
        "出店",
    ),
}
"""Words beside a place that say what it is to the business."""

_FORMAL = ("登記", "本店")
"""Words that say what a place is whatever stands nearer to it (登記は息子の自宅の三鷹市)."""

_AFTER = 4
"""What a word after a place is further away than one before it: 登記は港区で工場は…"""

_CLAUSE_ENDS = ("。", "、", ",", ";", "\n", "?", "!", "ですが", "けど", "けれど")


@dataclass(frozen=True, slots=True)
class Located:
    """The place that decides, or the candidates when the text leaves it open; ``outside`` is one that is not in Tokyo."""

    municipality: Municipality | None
    candidates: tuple[Municipality, ...] = ()
    outside: str = ""


def locate(text: str, places: Sequence[Place], entity: str) -> Located:
    """Which of the places said in a folded text decides for this kind of business (``sole``, ``corporation`` or unknown)."""
    if not places:
        return Located(None)
    if len(places) == 1:
        return _single(places[0])
    roles = [role_of(text, place) for place in places]
    wanted: Role = "residence" if entity == "sole" else "registered"
    chosen = [place for place, role in zip(places, roles, strict=True) if role == wanted]
    if not chosen and entity == "":
        chosen = [place for place, role in zip(places, roles, strict=True) if role in ("registered", "residence")]
    if not chosen:
        chosen = [place for place in places if _is_formal(place)] or list(places)
    names = {(place.municipalities, place.outside) for place in chosen}
    if len(names) == 1:
        return _single(chosen[0])
    inside = dict.fromkeys(one for place in chosen for one in place.municipalities)
    narrowed = _narrow(chosen)
    if narrowed is not None:
        return Located(narrowed)
    if not inside:
        return Located(None, outside=chosen[0].outside)
    return Located(None, tuple(inside)) if len(inside) > 1 else Located(next(iter(inside)))


def _is_formal(place: Place) -> bool:
    """A municipality's full name or a postcode, which counts more than a town beside it (荒川区です。上野ですか)."""
    return place.said[-1] in "区市町村" or place.said[-1].isdigit()


def _single(place: Place) -> Located:
    if place.outside:
        return Located(None, outside=place.outside)
    if len(place.municipalities) == 1:
        return Located(place.municipalities[0])
    return Located(None, place.municipalities)


def _narrow(places: Sequence[Place]) -> Municipality | None:
    """A town that stands in several municipalities, next to one of them (世田谷区 … 本町)."""
    common = set(places[0].municipalities)
    for place in places[1:]:
        common &= set(place.municipalities)
    return next(iter(common)) if len(common) == 1 else None


def role_of(text: str, place: Place) -> Role:
    """What the clause around a place says it is; the word nearest to the place wins."""
    end = place.start + len(place.said)
    first = max((text.rfind(sign, 0, place.start) + len(sign) for sign in _CLAUSE_ENDS if sign in text[: place.start]), default=0)
    last = min((found for sign in _CLAUSE_ENDS if (found := text.find(sign, end)) >= 0), default=len(text))
    for word in _FORMAL:
        found = text.rfind(word, first, place.start)
        if found >= 0 and not any(sign in text[found : place.start] for sign in "区市町村"):
            return "registered"
    best: tuple[int, Role] = (len(text) + 1, "")
    for role, words in _ROLES.items():
        for word in words:
            found = text.find(word, first, last)
            while found >= 0:
                gap = place.start - found - len(word) if found < place.start else _AFTER + 2 * (found - end)
                best = min(best, (max(0, gap), role))
                found = text.find(word, found + 1, last)
    return best[1]
