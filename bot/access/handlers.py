"""Roles and departments by buttons; only for those who run the staff."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import CallbackQuery, Message
from aiogram.utils.formatting import Bold

from bot.access import views
from bot.access.presses import AccessPress, DepartmentPress
from bot.desk import Desk
from bot.forms import cancel, form
from bot.home.handlers import show_room
from bot.screen import Screen, lines
from crm_core.kernel.actors import Reach, Right, Role, Sight
from crm_core.kernel.errors import NotFound
from crm_core.kernel.i18n import gettext as _
from crm_core.staff.departments import NO_DEPARTMENT, departments, members
from crm_core.staff.sights import WIDTH, sights

ROOM, FORM = "access", "access.department"
NEXT = {Reach.OWN: Reach.DEPARTMENT, Reach.DEPARTMENT: Reach.ALL, Reach.ALL: Reach.OWN}


async def press(_query: CallbackQuery, callback_data: AccessPress, desk: Desk) -> None:
    desk.actor.require(Right.STAFF_WRITE)
    if callback_data.do != "list":
        role = Role(callback_data.role)
        sight = widened((await sights())[role], callback_data.do)
        await desk.run("access.set_clients", role=role, read=sight.read, write=sight.write)
    await _list(desk)


def widened(now: Sight, what: str) -> Sight:
    """The next width of reading or writing; writing never reaches further than reading. Pure."""
    if what == "read":
        read = NEXT[now.read]
        return Sight(read=read, write=min(now.write, read, key=WIDTH.__getitem__))
    write = NEXT[now.write]
    return Sight(read=now.read, write=write if WIDTH[write] <= WIDTH[now.read] else Reach.OWN)


async def _list(desk: Desk) -> None:
    await show_room(desk, views.access(await sights(), await departments()), ROOM)


async def department(_query: CallbackQuery, callback_data: DepartmentPress, desk: Desk) -> None:
    desk.actor.require(Right.STAFF_WRITE)
    now = callback_data
    if now.do == "remove":
        await desk.run("department.remove", department_id=now.id)
        return await _list(desk)
    if now.do == "put":
        goes = any(one.id == now.who and one.within for one in await members(now.id))
        to = None if goes else now.id
        await desk.run("staff.set_department", employee_id=now.who, department_id=to)
    found = [one for one in await departments() if one.id == now.id]
    if not found:
        raise NotFound(NO_DEPARTMENT)
    return await show_room(desk, views.department(found[0], await members(now.id), now.page), ROOM)


async def ask(_query: CallbackQuery, desk: Desk) -> None:
    desk.actor.require(Right.STAFF_WRITE)
    prompt = lines(Bold(f"🏢 {_('Department')}"), _("Write its name."))
    await desk.ask(FORM, Screen(prompt, [cancel()]))


async def add(message: Message, desk: Desk) -> None:
    name = " ".join((message.text or "").split())
    await desk.run("department.add", name=name)
    await desk.answers()
    await desk.send(views.access(await sights(), await departments()))


def router() -> Router:
    router = Router(name="access")
    router.callback_query.register(press, AccessPress.filter())
    router.callback_query.register(ask, DepartmentPress.filter(F.do == "add"))
    router.callback_query.register(department, DepartmentPress.filter())
    router.message.register(add, form(FORM), F.text)
    return router
