"""A fact stands once: whatever contradicts another place, or stands in no source, is found at its line.

``sources/`` holds the headings and the figures of the documents, not their sentences.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from bot.knowledge.dating import wrong_dates
from bot.knowledge.files import load_folder, locate
from bot.knowledge.problems import Problem
from bot.knowledge.repeating import disagreements, rules_that_disagree
from bot.knowledge.sourcing import read_sources, unsupported

KB = Path(__file__).parents[2] / "knowledge_base"
SOURCES = Path(__file__).parent / "sources"
TODAY = date(2026, 11, 26)


@dataclass(frozen=True)
class Seed:
    """A change of one line of one file: ``old`` becomes ``new`` where it stands ``times`` for the first time behind ``after``."""

    file: str
    after: str
    old: str
    new: str
    invented: bool = False


SEEDS = {
    "a size in the table": Seed("guarantee/size.yaml", "rows:", '卸売業, "1億円以下"', '卸売業, "2億円以下"'),
    "a headcount in the table": Seed("guarantee/size.yaml", "rows:", "900人以下※2", "800人以下※2"),
    "a size of one trade": Seed("guarantee/size-by-industry.yaml", "id: sme-size-service", "5,000万円以下", "1億円以下"),
    "a headcount of small firms": Seed("guarantee/size-by-industry.yaml", "id: sme-size-kouri", "（5人以下）", "（20人以下）"),
    "a branch's phone": Seed("contacts/branches.yaml", "id: branch-ueno", "03-3847-3171", "03-3847-3172"),
    "a phone in the list of branches": Seed("contacts/branches.yaml", "id: tgc-branches", "03-5468-0135", "03-5468-0136"),
    "a desk's phone": Seed("contacts/tokyo-desks.yaml", "phones:", "03-5320-4877", "03-5320-4878"),
    "a phone in a program": Seed("jfc/management-loans.yaml", "id: kankyo-energy", "0120-154-505", "0120-154-550"),
    "a phone in an answer": Seed("faq/differences.yaml", "id: diff-senmonka-haken", "03-3549-3051", "03-3549-3052"),
    "a factor of the fee": Seed("rules/fee.yaml", "payments_from: 7", '"0.65"', '"0.56"'),
    "a factor in the explanation": Seed("guarantee/fee.yaml", "均等分割の係数", "13～24回は0.60", "13～24回は0.66"),
    "a rate of the table": Seed("guarantee/fee.yaml", "区分1,", "年1.90%", "年1.80%"),
    "a rate in a definition": Seed(
        "guarantee/responsibility-sharing.yaml", "id: sekinin-kyoyu\n", "年0.45～1.90%", "年0.45～1.95%"
    ),
    "the base rate": Seed("jfc/rates.yaml", "rate:", "1.30%（平成28年7月現在）", "1.20%（平成28年7月現在）"),
    "a rate in a loan": Seed("jfc/management-loans.yaml", "id: sai-challenge", "1.85%", "1.58%"),
    "a limit in the summary": Seed("guarantee/abl.yaml", "summary:", "2億5,000万円", "2億8,000万円"),
    "a limit in the lines": Seed("guarantee/products.yaml", "スマートカード", "限度額は500万円", "限度額は5,000万円"),
    "a limit of a bond": Seed("guarantee/bonds.yaml", "発行最高限度額:", "4億4,800万円", "4億4,000万円"),
    "a limit in a comparison": Seed("faq/differences.yaml", "id: diff-keiei-safe", "4,800万円", "7,200万円"),
    "a ward's most": Seed("tokyo-loan/subsidies.yaml", "id: example-chuo", "上限30万円", "上限50万円"),
    "a ward's share in the rules": Seed("rules/fee.yaml", "ward: 足立区", '"1.7"', '"1.9"'),
    "a stage": Seed("overseas/step4-people.yaml", "id: smrj-kanrisha-kenshu", "stages: [4]", "stages: [2]"),
    "a date in an answer": Seed(
        "overseas/step2-subsidies.yaml", "小規模事業者持続化補助金: 平成29年", "平成29年1月27日", "平成29年2月27日"
    ),
    "a day that no calendar has": Seed(
        "overseas/step2-subsidies.yaml", "id: jizokuka-hojokin", "平成28年11月4日", "平成28年11月31日"
    ),
    "a document of the future": Seed("sources.yaml", "id: tgc-guide-2024", "as_of: 2024-03", "as_of: 2027-03"),
    "a status without a check": Seed(
        "tokyo-loan/menus.yaml", "id: menu-setsubi", "    category: loan", "    category: loan\n    status: 受付中"
    ),
    "a deadline": Seed("tokyo-loan/subsidies.yaml", "id: rishi-hokyu", "融資実行後3ヶ月以内", "融資実行後6ヶ月以内"),
    "a figure that no source has": Seed(
        "guarantee/management-support.yaml", "id: tgc-senmonka-haken", "ピンポイント3回", "ピンポイント7回", invented=True
    ),
    "a phone that no source has": Seed("contacts/branches.yaml", "id: branch-ota", "03-5710-3610", "03-5710-3611", invented=True),
    "an address that no source has": Seed(
        "overseas/rit.yaml", "web:", "www.jetro.go.jp/jetro/activities", "www.jetro.go.jp/jetro/action", invented=True
    ),
    "a heading that no source has": Seed(
        "guarantee/abl.yaml", "sources:", 'place: "流動資産担保融資(ABL)"', "place: 在庫を担保にする融資", invented=True
    ),
    "an amount that no source has": Seed(
        "mutual-aid/business-safety.yaml", "id: kyosai-kakekin", "800万円", "880万円", invented=True
    ),
}


def _seeded(seed: Seed) -> tuple[str, int]:
    """The file's text with the seed in it, and the line where it stands."""
    text = (KB / seed.file).read_text("utf-8")
    start = text.index(seed.old, text.index(seed.after))
    line = text.count("\n", 0, start) + seed.new.count("\n") + 1
    return text[:start] + seed.new + text[start + len(seed.old) :], line


def _problems(instead: dict[Path, str], *, sources: bool) -> Iterator[Problem]:
    files, problems = load_folder(KB, instead)
    yield from problems
    located = locate(files)
    yield from disagreements(files, located)
    yield from rules_that_disagree(files, located)
    yield from wrong_dates(files, located, TODAY)
    if sources:
        texts, problems = read_sources(files, SOURCES)
        yield from problems
        yield from unsupported(located, texts, {page.id for file in files for page in file.content.pages})


def test_nothing_that_is_shipped_contradicts_itself_or_its_sources() -> None:
    assert list(_problems({}, sources=True)) == []


@pytest.mark.parametrize("name", SEEDS)
def test_a_seeded_contradiction_is_told_with_its_file_and_line(name: str) -> None:
    seed = SEEDS[name]
    file = KB / seed.file
    text, line = _seeded(seed)

    found = list(_problems({file: text}, sources=seed.invented))

    assert any((one.at.file, one.at.line) == (file, line) or f"{file}:{line}:" in one.message for one in found), found
