"""Which branch is in charge: reads places and what they are to the user, and applies the corporation's rule.

Rule (guide of the Tokyo guarantee corporation, 2024-03, 「お気軽に保証相談をご活用ください」): corporations go by the
registered head office, sole proprietors by the registered residence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.knowledge.entries import Municipality
from bot.knowledge.places import Place
from bot.nlp.normalize import fold
from bot.talk.conversation import Entity

Role = Literal["registered", "residence", "business", ""]

_DESK_CUE = re.compile(
    r"支店|担当|窓口|管轄|相談先|相談する|相談したい|どこに相談|どこへ相談|どこに行|どこへ行|行けば|最寄り|電話|でんわ|tel|fax|ファックス|ファクス|連絡先|住所|所在地|してん|まどぐち|たんとう|branch|office|desk|madoguchi|tantou?|shiten"
)
_CORPORATION = re.compile(r"法人(?!化)|会社|株式|合同会社|有限会社|登記|本店|社長|弊社|当社|kk\b|corporation|company")
_SOLE = re.compile(r"個人事業|個人で|個人の|個人です|フリーランス|自営|住民登録|sole|freelance|一人親方")
_ROLES: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("registered", re.compile(r"登記|本店|本社")),
    ("residence", re.compile(r"住民登録|住民票|自宅|家[はがも]|住まい|住んで|在住|住所")),
    ("business", re.compile(r"店|事務所|工場|オフィス|営業|事業所|支社|倉庫|教室|サロン")),
)
_CLAUSE = re.compile(r"[。、,;\n?!]|ですが|けど|だけど|けれど")
_MOVED = re.compile(r"(移転|引っ越|転居|移す|移った|移り|移しました|変わ)")


def asks_for_desk(text: str) -> bool:
    """Whether a text speaks of a branch, desk or how to reach one."""
    return bool(_DESK_CUE.search(fold(text)))


def entity_of(text: str) -> Entity:
    """Corporation or sole proprietor, where the text says so."""
    folded = fold(text)
    sole, corporation = _SOLE.search(folded), _CORPORATION.search(folded)
    if sole and corporation:
        return (
            "corporation" if re.search(r"法人(?!化)|株式会社|合同会社|有限会社", folded) and "個人事業" not in folded else "sole"
        )
    return "sole" if sole else "corporation" if corporation else ""


@dataclass(frozen=True, slots=True)
class Located:
    """The place that decides, or the candidates when the text leaves it open."""

    municipality: Municipality | None
    candidates: tuple[Municipality, ...] = ()
    outside: str = ""


def locate(text: str, places: Sequence[Place], entity: Entity) -> Located:
    """Which of the places said decides the branch for this kind of business."""
    if not places:
        return Located(None)
    if len(places) == 1:
        return _single(places[0])
    folded = fold(text)
    roles = [_role(folded, place) for place in places]
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


def _role(text: str, place: Place) -> Role:
    """What the clause around a place says it is; the word nearest to the place wins."""
    starts = [0, *(match.end() for match in _CLAUSE.finditer(text))]
    ends = [*(match.start() for match in _CLAUSE.finditer(text)), len(text)]
    start = max(one for one in starts if one <= place.start)
    end = min(one for one in ends if one >= place.start + len(place.said)) if ends else len(text)
    clause = text[start:end]
    here = place.start - start
    best: tuple[int, Role] = (10_000, "")
    for role, pattern in _ROLES:
        for match in pattern.finditer(clause):
            distance = min(abs(match.start() - (here + len(place.said))), abs(here - match.end()))
            if distance < best[0]:
                best = (distance, role)
    return best[1]
