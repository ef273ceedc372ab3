"""Facts that follow from what was told by a table of the knowledge base: criteria look at them like at any other."""

from __future__ import annotations

from bot.knowledge import bonds, sizes
from bot.knowledge.conditions import Facts
from bot.knowledge.entries import Content

DERIVED = {
    "sme": ("industry", "employees", "capital"),
    "small": ("industry", "employees"),
    "bond_standard": ("net_assets", *bonds.RATIOS),
}
"""Facts that are yes or no, with the slots that they follow from."""

_YES_NO = {True: "yes", False: "no"}


def derive(content: Content, told: Facts) -> Facts:
    """What was told with what follows from it; what does not follow yet is left out."""
    found: dict[str, bool | None] = {}
    size = sizes.size_of(content, told)
    if size is not None:
        found |= {"sme": sizes.is_sme(size, told), "small": sizes.is_small(size, told)}
    if isinstance(told.get("net_assets"), int):
        row = bonds.standard(content, told)
        found["bond_standard"] = row.holds if row is not None else False
    return {**told, **{name: _YES_NO[value] for name, value in found.items() if value is not None}}


def figures(content: Content, told: Facts, name: str) -> str:
    """The bounds that a fact was decided by, as far as they are known; empty otherwise."""
    size = sizes.size_of(content, told)
    match name:
        case "sme" if size is not None:
            return size.says
        case "small" if size is not None:
            return f"{size.industry.label}は{size.small}人以下"
        case "bond_standard":
            row = bonds.standard(content, told)
            if row is not None:
                labels = [content.slots[one].label if one in content.slots else one for one in bonds.RATIOS]
                units = ("%", "倍", "%", "倍")
                said = [f"{label}{bound}{unit}" for label, bound, unit in zip(labels, row.bounds, units, strict=True)]
                return f"{row.name}は、{said[0]}か{said[1]}以上と、{said[2]}か{said[3]}以上"
    return ""
