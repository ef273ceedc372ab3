"""What staff ask the bot: who belongs to them, what was left open, what is old."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.knowledge.base import KnowledgeBase
from bot.metrics import Metrics
from bot.roles import Roles
from bot.staffroom import StaffCommands
from bot.store.store import Store
from bot.talk import phrases
from bot.worker import Worker
from tests.bot_api.model import Message
from tests.bot_api.server import BotApi
from tests.telegram.conftest import configured, reception, serving

ADMIN, EDITOR, DESK, USER = 10, 20, 30, 40
STAFF = -100
NOON = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)


@pytest.fixture
async def bot(api: BotApi, kb: KnowledgeBase, store: Store) -> AsyncIterator[BotApi]:
    """A bot with an administrator, an editor, a member of the desk, and a staff chat."""
    await store.members.appoint(EDITOR, "editor", "test")
    await store.members.appoint(DESK, "desk", "test")
    settings = configured(api, staff_chat=STAFF, admin_ids=(ADMIN,))
    worker = Worker(kb, store, Metrics(), lambda: NOON, reception(settings))
    commands = StaffCommands(Roles(store.members, settings.admin_ids), store, lambda: kb, worker.now, f"telegram:{STAFF}")
    async with serving(api, worker, settings, commands):
        yield api


async def _told(bot: BotApi, text: str, chat: int) -> str:
    number = len(bot.replies(chat))
    bot.says(text, chat)
    return (await bot.reply(number, chat)).text


async def test_an_admin_sees_who_belongs_to_the_staff(bot: BotApi) -> None:
    told = await _told(bot, "/staff", ADMIN)

    assert f"{ADMIN}：管理" in told
    assert f"{EDITOR}：編集" in told
    assert f"{DESK}：窓口" in told


@pytest.mark.parametrize(
    ("word", "role"), [("desk", "desk"), ("窓口", "desk"), ("編集", "editor"), ("ADMIN", "admin"), ("管理", "admin")]
)
async def test_an_admin_appoints_somebody(bot: BotApi, store: Store, word: str, role: str) -> None:
    told = await _told(bot, f"/staff {USER} {word}", ADMIN)

    assert str(USER) in told
    assert await store.members.role(USER) == role
    assert [(one.who, one.action, one.subject, one.detail) for one in await store.staffing.deeds(1)] == [
        (f"telegram:{ADMIN}", "member appointed", str(USER), role)
    ]


async def test_an_admin_changes_a_role_and_takes_it_back(bot: BotApi, store: Store) -> None:
    await _told(bot, f"/staff {DESK} 編集", ADMIN)
    changed = await store.members.role(DESK)
    told = await _told(bot, f"/staff {DESK} なし", ADMIN)

    assert changed == "editor"
    assert "取り消しました" in told
    assert await store.members.role(DESK) is None
    assert (await store.staffing.deeds(1))[0].action == "member dismissed"


async def test_an_appointed_admin_may_appoint_others(bot: BotApi, store: Store) -> None:
    await _told(bot, f"/staff {EDITOR} 管理", ADMIN)

    await _told(bot, f"/staff {USER} 窓口", EDITOR)

    assert await store.members.role(USER) == "desk"


@pytest.mark.parametrize("chat", [EDITOR, DESK, USER])
async def test_nobody_else_may_appoint(bot: BotApi, store: Store, chat: int) -> None:
    await _told(bot, f"/staff {chat} 管理", chat)

    assert await store.members.role(chat) != "admin"


async def test_admins_of_the_settings_cannot_be_dismissed(bot: BotApi) -> None:
    told = await _told(bot, f"/staff {ADMIN} なし", ADMIN)

    assert "BOT_ADMIN_IDS" in told


@pytest.mark.parametrize(
    "text", ["/staff 花子 編集", "/staff 40", "/staff 40 社長", "/staff 40 管理 全部", "/staff " + "9" * 40 + " 窓口"]
)
async def test_what_cannot_be_read_is_explained(bot: BotApi, text: str) -> None:
    assert "/staff 番号 役割" in await _told(bot, text, ADMIN)


async def test_who_is_not_of_the_staff_learns_their_number(bot: BotApi) -> None:
    assert str(USER) in await _told(bot, "/staff", USER)


@pytest.mark.parametrize("chat", [ADMIN, EDITOR, DESK, STAFF])
async def test_the_staff_see_what_was_left_open(bot: BotApi, chat: int) -> None:
    for user, question in enumerate(["社宅の補助はありますか", "社宅の補助はありますか？？", "キッチンカーの営業許可どこ"], 50):
        await _told(bot, question, user)

    told = await _told(bot, "/gaps", chat)

    assert "3件（2種類）" in told
    assert "1. 「社宅の補助はありますか？？」 2件" in told
    assert "2. 「キッチンカーの営業許可どこ」 1件" in told


async def test_without_open_questions_the_staff_are_told_so(bot: BotApi) -> None:
    assert await _told(bot, "/gaps", DESK) == "答えられなかった質問はありません。"


async def test_the_staff_see_what_is_old(bot: BotApi, kb: KnowledgeBase) -> None:
    told = await _told(bot, "/stale", DESK)

    assert "見直しの時期を過ぎた項目" in told
    assert "公募終了の項目" in told
    assert next(entry.name for entry in kb.content.entries.values() if entry.status == "公募終了") in told


@pytest.mark.parametrize("command", ["/gaps", "/stale"])
async def test_for_others_these_commands_do_not_exist(bot: BotApi, command: str) -> None:
    assert await _told(bot, command, USER) == "\n".join(phrases.UNKNOWN_COMMAND)


async def _handed_over(bot: BotApi) -> Message:
    bot.says("社宅の補助はありますか")
    bot.presses(await bot.reply(0), phrases.ASK_PERSON)
    bot.presses(await bot.reply(1), phrases.SEND)
    return await bot.reply(0, STAFF)


async def test_a_member_answers_in_the_staff_chat_and_it_is_noted(bot: BotApi, store: Store) -> None:
    asked = await _handed_over(bot)

    bot.says("区の補助はありません。", STAFF, reply_to_message=asked.as_json(), **{"from": _person(DESK)})

    assert "区の補助はありません" in (await bot.reply(3)).text
    await bot.confirmed()
    deed = (await store.staffing.deeds(1))[0]
    assert (deed.who, deed.action, deed.subject) == (f"telegram:{DESK}", "handover answered", "1")


async def test_who_is_not_listed_answers_nobody(bot: BotApi) -> None:
    asked = await _handed_over(bot)

    bot.says("うちで買いませんか", STAFF, reply_to_message=asked.as_json(), **{"from": _person(USER)})

    assert (await bot.reply(1, STAFF)).text == phrases.DESK_NOT_LISTED
    await bot.confirmed()
    assert len(bot.replies(1)) == 3


def _person(number: int) -> dict[str, object]:
    return {"id": number, "is_bot": False, "first_name": "担当"}
