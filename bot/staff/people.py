"""Who belongs to the staff, and what each may do."""

from __future__ import annotations

from starlette.responses import Response

from bot.staff.forms import Refused
from bot.staff.shell import Visit, guarded
from bot.store.members import ROLES

WHAT = {
    "desk": "利用者に答え、統計を見る",
    "editor": "知識ベースも直す",
    "admin": "担当者の登録もする",
}


async def show(visit: Visit) -> Response:
    roles = visit.staff.roles
    listed = [one for one in await roles.members.all() if one.user not in roles.fixed]
    return visit.page("people.html", fixed=sorted(roles.fixed), members=listed, what=WHAT, me=visit.who)


async def appoint(visit: Visit) -> Response:
    user = _somebody_else(visit)
    role = visit.form.text("role", 10)
    if role not in ROLES:
        raise Refused(422, "役割を選んでから、もう一度送ってください。")
    await visit.staff.roles.members.appoint(user, role, visit.who)
    return await visit.back("/members", f"{user} を登録しました。")


async def dismiss(visit: Visit) -> Response:
    user = _somebody_else(visit)
    gone = await visit.staff.roles.members.dismiss(user, visit.who)
    await visit.staff.store.logins.end_all(f"telegram:{user}")
    return await visit.back("/members", f"{user} の登録を取り消しました。" if gone else f"{user} は登録されていません。")


ROUTES = (
    guarded("/members", show, "admin"),
    guarded("/members", appoint, "admin", "POST"),
    guarded("/members/dismiss", dismiss, "admin", "POST"),
)


def _somebody_else(visit: Visit) -> int:
    """Whom a form is about: not oneself, which could leave nobody in charge, and none whom the settings name."""
    user = visit.form.number("user")
    if user in visit.staff.roles.fixed:
        raise Refused(422, f"{user} は設定（BOT_ADMIN_IDS）で決められた管理者です。ここでは変えられません。")
    if visit.who == f"telegram:{user}":
        raise Refused(422, "ご自身の登録は変えられません。ほかの管理者に頼んでください。")
    return user
