"""Sizes of small and medium enterprises by industry.

Read from the table of the Tokyo guarantee corporation's guide (2024-03, ご利用いただける中小企業の規模): capital *or* employees
within the bounds; for NPOs employees only, with the bounds of note ※2.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.knowledge.conditions import Facts
from bot.knowledge.entries import Content
from bot.knowledge.rules import Industry
from bot.knowledge.saying import EXCLUDED
from bot.nlp.values.amounts import amounts, yen

TABLE = "sme-size-table"
_EMPLOYEES = re.compile(r"(\d+)人以下(?:※\d)?（(\d+)人以下")


@dataclass(frozen=True, slots=True)
class Size:
    """The bounds for an industry: capital in yen (``None`` where there is none), employees, and those of a small enterprise."""

    industry: Industry
    capital: int | None
    employees: int
    small: int

    @property
    def says(self) -> str:
        """The bounds in a phrase."""
        capital = f"資本金{yen(self.capital)}以下か" if self.capital is not None else ""
        return f"{self.industry.label}は、{capital}従業員{self.employees}人以下"


def size_of(content: Content, facts: Facts) -> Size | None:
    """The bounds for the industry and form of business given."""
    industry = next((one for one in content.rules.industries if one.id == facts.get("industry")), None)
    table = content.entries.get(TABLE)
    if industry is None or table is None:
        return None
    text = next((text for name, text in table.rows if name == industry.row), "")
    match = _EMPLOYEES.search(text)
    if match is None:
        return None
    capital = next((one.yen for one in amounts(text.split("従業員")[0]) if not one.bare), None)
    employees, small = int(match[1]), int(match[2])
    if facts.get("form") == "npo":
        return Size(industry, None, industry.npo_employees or employees, industry.npo_small or small)
    return Size(industry, capital, employees, small)


def excluded(facts: Facts) -> str:
    """The kind of business that the guarantee does not serve, if it is one (guide of 2024-03, ご利用になれない方)."""
    industry = str(facts.get("industry", ""))
    return industry.removeprefix(EXCLUDED) if industry.startswith(EXCLUDED) else ""


def headcount(facts: Facts) -> int | None:
    """Employees in the sense of the guide: with the part-timers that the business cannot do without (同, 従業員数の数え方)."""
    employees = facts.get("employees")
    if employees is None:
        return None
    return int(str(employees)) + (int(str(facts.get("part_timers", 0))) if facts.get("essential") == "yes" else 0)


def is_small(size: Size, facts: Facts) -> bool | None:
    """Whether it is a small enterprise (小規模企業者); ``None`` while the employees are unknown."""
    employees = headcount(facts)
    return None if employees is None else employees <= size.small


def is_sme(size: Size, facts: Facts) -> bool | None:
    """Whether capital or employees are within the bounds; ``None`` while that is open."""
    employees, capital = headcount(facts), facts.get("capital")
    within = employees is not None and employees <= size.employees
    by_capital = size.capital is not None and capital is not None and int(str(capital)) <= size.capital
    if within or by_capital:
        return True
    open_ = employees is None or (size.capital is not None and capital is None)
    return None if open_ else False
