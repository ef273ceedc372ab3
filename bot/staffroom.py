"""Commands of the staff on Telegram: who belongs to them, what the knowledge base lacks, and what in it is old."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime

from bot.business_days import TOKYO
from bot.gaps import KINDS, Gap, find_gaps
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.entries import Content, Entry
from bot.knowledge.freshness import Ending, Stale, stale
from bot.roles import Roles, may
from bot.store.members import Member, Role
from bot.store.store import Store
from bot.talk.replies import Block, Reply, say
from bot.talk.turns import Commanded, Turn

ROLE_NAMES: dict[Role, str] = {"desk": "窓口", "editor": "編集", "admin": "管理"}

_WORDS: dict[str, Role | None] = {
    "desk": "desk",
    "窓口": "desk",
    "editor": "editor",
    "編集": "editor",
    "admin": "admin",
    "管理": "admin",
    "none": None,
    "なし": None,
    "削除": None,
}
_CHANGE = re.compile(r"(\d{1,15})[\s　]+(\S{1,20})")
_MOST_GAPS = 10
_MOST_LISTED = 10

_NOT_STAFF = "担当者のためのコマンドです。あなたの番号は {user} です。管理者に伝えると、担当者として登録してもらえます。"
_ONLY_ADMINS = "担当者の登録を変えられるのは、管理者だけです。"
_ONLY_PRIVATE = "担当者の登録は、ボットとの個別のチャットで変えてください。"
_HOW = (
    "登録・変更：/staff 番号 役割（例：/staff 123456789 編集）",
    "取り消し：/staff 番号 なし",
    "役割：窓口（利用者に答える）、編集（知識ベースも直す）、管理（担当者の登録もする）",
    "番号は、その人がボットに /staff と送ると分かります。",
)
_COMMANDS = "担当者のコマンド：/gaps 答えられなかった質問　/stale 古くなった情報　/version 知識ベースの版　/staff 担当者の登録"
_FIXED = "{user} は設定（BOT_ADMIN_IDS）で決められた管理者です。ここでは変えられません。"
_APPOINTED = "{user} を「{role}」として登録しました。"
_DISMISSED = "{user} の登録を取り消しました。"
_NOT_LISTED = "{user} は登録されていません。"
_UNREADABLE = "読み取れませんでした。次のように送ってください。"
_NO_GAPS = "答えられなかった質問はありません。"


class StaffCommands:
    """Answers ``/staff``, ``/gaps`` and ``/stale`` to those who may use them; in the staff's own chat all may look."""

    def __init__(
        self, roles: Roles, store: Store, kb: Callable[[], KnowledgeBase], now: Callable[[], datetime], staff_chat: str = ""
    ) -> None:
        """``kb`` gives what serves now; ``staff_chat`` is the chat's key, "" for none."""
        self._roles = roles
        self._store = store
        self._kb = kb
        self._now = now
        self._staff_chat = staff_chat

    async def answer(self, chat: str, turn: Turn) -> tuple[Reply, ...] | None:
        """The replies to a command of the staff, ``None`` for any other turn."""
        if not isinstance(turn, Commanded) or turn.name not in {"staff", "gaps", "stale"}:
            return None
        role = await self._roles.of_chat(chat)
        if turn.name == "staff":
            return await self._staff(chat, role, turn.argument)
        if not may(role, "desk") and chat != self._staff_chat:
            return None
        kb = self._kb()
        if turn.name == "gaps":
            return (show_gaps(await find_gaps(self._store, kb)),)
        return (show_stale(kb.content, stale(kb.content.entries.values(), self._now().astimezone(TOKYO).date())),)

    async def _staff(self, chat: str, role: Role | None, argument: str) -> tuple[Reply, ...] | None:
        user = chat.removeprefix("telegram:")
        if not user.isdecimal():
            return (say(_ONLY_PRIVATE),) if chat == self._staff_chat else None
        if role is None:
            return (say(_NOT_STAFF.format(user=user)),)
        if not argument:
            return (await self._list(role),)
        if role != "admin":
            return (say(_ONLY_ADMINS),)
        change = _CHANGE.fullmatch(argument.strip())
        if change is None or change[2].lower() not in _WORDS:
            return (say(_UNREADABLE, *_HOW),)
        return (say(await self._change(int(change[1]), _WORDS[change[2].lower()], chat)),)

    async def _list(self, role: Role) -> Reply:
        lines = [f"・{user}：{ROLE_NAMES['admin']}（設定で決められています）" for user in sorted(self._roles.fixed)]
        lines += [_member(one) for one in await self._roles.members.all() if one.user not in self._roles.fixed]
        blocks = [Block("facts", tuple(lines), "担当者")]
        if role == "admin":
            blocks.append(Block("note", _HOW))
        return Reply((*blocks, Block("note", (_COMMANDS,))))

    async def _change(self, user: int, role: Role | None, who: str) -> str:
        if user in self._roles.fixed:
            return _FIXED.format(user=user)
        if role is not None:
            await self._roles.members.appoint(user, role, who)
            return _APPOINTED.format(user=user, role=ROLE_NAMES[role])
        gone = await self._roles.members.dismiss(user, who)
        return (_DISMISSED if gone else _NOT_LISTED).format(user=user)


def show_gaps(gaps: Sequence[Gap]) -> Reply:
    """The gaps asked for most often, with the entries near them."""
    if not gaps:
        return say(_NO_GAPS)
    total = sum(gap.count for gap in gaps)
    blocks = [Block("title", (f"答えられなかった質問：{total}件（{len(gaps)}種類）",))]
    for number, gap in enumerate(gaps[:_MOST_GAPS], 1):
        kinds = "、".join(f"{KINDS.get(kind, kind)}{count}" for kind, count in gap.kinds.items())
        asked = gap.last_asked.astimezone(TOKYO)
        lines = [f"{number}. 「{gap.text[:80]}」 {gap.count}件（{kinds}。最後は{asked.month}月{asked.day}日）"]
        if gap.nearest:
            lines.append(f"　近い項目：{'、'.join(entry.name for entry in gap.nearest[:3])}")
        blocks.append(Block("text", tuple(lines)))
    if len(gaps) > _MOST_GAPS:
        blocks.append(Block("note", (f"ほかに{len(gaps) - _MOST_GAPS}種類あります。",)))
    return Reply(tuple(blocks))


def show_stale(content: Content, found: Stale) -> Reply:
    """What is old, in numbers by source, and by name what is closed or ends soon."""
    blocks = [Block("title", ("古くなった情報",)), Block("facts", (f"・見直しの時期を過ぎた項目：{found.overdue_count}件",))]
    if found.overdue_count:
        sources = sorted(found.overdue.items(), key=lambda one: -len(one[1]))
        lines = [f"・公式ページ：{len(found.pages)}件"] if found.pages else []
        lines += [f"・{content.sources[id_].title}：{len(entries)}件" for id_, entries in sources]
        blocks.append(Block("facts", tuple(lines), "見直しの時期を過ぎた項目の出典"))
    if found.passed:
        blocks.append(Block("facts", _endings(found.passed), "日付が過ぎたのに「受付中」の項目"))
    if found.ending:
        blocks.append(Block("facts", _endings(found.ending), "60日以内に日付が来る項目"))
    if found.closed:
        blocks.append(Block("facts", _names(found.closed), f"公募終了の項目（{len(found.closed)}件）"))
    return Reply(tuple(blocks))


def _member(one: Member) -> str:
    return f"・{one.user}：{ROLE_NAMES[one.role]}"


def _endings(found: Sequence[Ending]) -> tuple[str, ...]:
    return _few([f"・{_day(one.day)} {one.entry.name}" for one in found])


def _names(entries: Sequence[Entry]) -> tuple[str, ...]:
    return _few([f"・{entry.name}" for entry in entries])


def _few(lines: Sequence[str]) -> tuple[str, ...]:
    more = len(lines) - _MOST_LISTED
    return (*lines[:_MOST_LISTED], f"・ほか{more}件") if more > 0 else tuple(lines)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
