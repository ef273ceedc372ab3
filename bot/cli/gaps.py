"""``python -m bot gaps``: what users asked in vain."""

from __future__ import annotations

import asyncio

from bot.business_days import TOKYO
from bot.cli.problems import OperatorError
from bot.gaps import MOST, gaps_in, stub_for
from bot.knowledge.base import KnowledgeBase
from bot.settings import Settings
from bot.store.database import FAILURES, Database, StoreError
from bot.store.staffing import OpenQuestion, Staffing


def gaps(options: Settings, kb: KnowledgeBase, *, yaml: bool) -> int:
    """Print them, those asked most often first, or with ``yaml`` as entries to fill in. Raises :class:`OperatorError`."""
    try:
        found = gaps_in(kb, asyncio.run(_open_questions(options.database_url)))
    except StoreError as error:
        raise OperatorError(str(error)) from None
    except FAILURES as error:
        raise OperatorError(f"The database failed ({type(error).__name__}). Check BOT_DATABASE_URL.") from None
    if yaml:
        print(stub_for(found), end="")
        return 0
    for gap in found:
        print(f"{gap.count:>4}件  {gap.last_asked.astimezone(TOKYO):%Y-%m-%d}  {gap.text}")
        for text in gap.texts[1:]:
            print(f"{'':18}{text}")
        if gap.nearest:
            print(f"{'':18}近い項目：{'、'.join(f'{entry.name}（{entry.id}）' for entry in gap.nearest)}")
    print(f"{sum(gap.count for gap in found)}件、{len(found)}種類。")
    return 0


async def _open_questions(url: str) -> list[OpenQuestion]:
    database = await Database.open(url)
    try:
        return await Staffing(database).open_questions(MOST)
    finally:
        await database.close()
