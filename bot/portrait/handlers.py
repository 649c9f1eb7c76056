"""What handles what with portraits: the screen itself, status, roles; fields are in `filling`."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import CallbackQuery

# The commands this slice runs are registered by being imported.
import crm_core.clients.cardfields
import crm_core.clients.roles
import crm_core.clients.standing.commands  # noqa: F401
from bot.clients.show import show
from bot.desk import Desk
from bot.forms import form
from bot.portrait import filling, views, words
from bot.portrait.presses import FieldPress, PortraitPress, RolePress, StatusPress
from bot.portrait.show import Redraws, portrait_screen, show_portrait
from crm_core.clients import queries
from crm_core.clients.standing.queries import policy, portrait
from crm_core.kernel.actors import Right
from crm_core.kernel.i18n import gettext as _


async def look(_query: CallbackQuery, callback_data: PortraitPress, desk: Desk) -> None:
    await show(desk, await portrait_screen(desk, callback_data))


async def which_status(_query: CallbackQuery, callback_data: PortraitPress, desk: Desk) -> None:
    desk.actor.require(Right.CLIENT_WRITE)
    one = await portrait(desk.actor, callback_data.id)
    card = await queries.card(desk.actor, one.client_id)
    found = list((await policy()).statuses.values())
    await show(desk, views.statuses(one, found, card, callback_data.back))


async def set_status(_query: CallbackQuery, callback_data: StatusPress, desk: Desk) -> None:
    """Another press changes it back, so it is not asked twice."""
    await desk.run(
        "client.set_status", client_id=callback_data.id, status_id=callback_data.to or None
    )
    one = await portrait(desk.actor, callback_data.id)
    await desk.toast(f"✓ {words.standing(one)}")
    await show_portrait(desk, one.client_id, callback_data.back)


async def which_roles(
    _query: CallbackQuery, callback_data: PortraitPress | RolePress, desk: Desk
) -> None:
    desk.actor.require(Right.CLIENT_WRITE)
    one = await portrait(desk.actor, callback_data.id)
    card = await queries.card(desk.actor, one.client_id)
    await show(desk, views.roles(one, card, callback_data.back))


async def set_role(query: CallbackQuery, callback_data: RolePress, desk: Desk) -> None:
    held = list((await portrait(desk.actor, callback_data.id)).roles)
    role = callback_data.role
    roles = [one for one in held if one != role] if role in held else [*held, role]
    await desk.run("client.set_roles", client_id=callback_data.id, roles=roles)
    await desk.toast("✓ " + (words.roles(roles) or _("no role")))
    await which_roles(query, callback_data, desk)


def router() -> Router:
    router = Router(name="portrait")
    router.callback_query.middleware(Redraws())
    pressed = router.callback_query.register
    pressed(look, PortraitPress.filter(F.do == "show"))
    pressed(which_status, PortraitPress.filter(F.do == "status"))
    pressed(which_roles, PortraitPress.filter(F.do == "roles"))
    pressed(set_status, StatusPress.filter())
    pressed(set_role, RolePress.filter())
    pressed(filling.open_field, FieldPress.filter(F.do == "open"))
    pressed(filling.ask, FieldPress.filter(F.do == "ask"))
    pressed(filling.put, FieldPress.filter(F.do == "put"))
    pressed(filling.clear, FieldPress.filter(F.do == "clear"))
    pressed(filling.get, FieldPress.filter(F.do == "get"))
    router.message.register(filling.written, form(filling.FORM))
    return router
