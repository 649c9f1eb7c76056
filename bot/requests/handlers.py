"""What handles what with requests: the list, the card, and what is done with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiogram import F, Router
from aiogram.types import CallbackQuery

# The commands this slice runs are registered by being imported.
import crm_core.requests.outcomes  # noqa: F401
from bot.desk import Desk
from bot.dialogs.reasons import explained
from bot.forms import form
from bot.home.handlers import show_room
from bot.home.presses import HomePress
from bot.requests import becoming, choosing, handing, leaving, lists, orders
from bot.requests.presses import (
    ChosenClientPress,
    GiveRequestPress,
    OrderPress,
    RejectPress,
    RequestPress,
    RequestsPress,
    mark,
)
from bot.requests.show import Redraws, show_card
from bot.screen import Screen
from crm_core.kernel.actors import Actor
from crm_core.kernel.i18n import gettext as _
from crm_core.requests import queries

ROOM = "requests"


async def applications(
    _query: CallbackQuery, callback_data: HomePress | RequestsPress, desk: Desk
) -> None:
    """The list; from the home message the new ones."""
    press = callback_data if isinstance(callback_data, RequestsPress) else RequestsPress()
    await show_room(desk, await list_screen(desk.actor, press), ROOM)


async def list_screen(actor: Actor, press: RequestsPress) -> Screen:
    sources = await queries.sources(actor, press.which)
    named = [name for name, _count in sources if mark(name) == press.source]
    source = named[0] if named else None
    page = max(press.page, 0)
    found, total = await queries.requests(
        actor, press.which, source=source, limit=lists.PAGE, offset=page * lists.PAGE
    )
    return lists.screen(
        lists.Listed(
            which=press.which,
            page=page,
            found=found,
            total=total,
            sources=sources,
            source=source,
            counts=await queries.counts(actor),
        )
    )


async def card(_query: CallbackQuery, callback_data: RequestPress, desk: Desk) -> None:
    await show_card(desk, callback_data.id, callback_data.back)


async def accept(_query: CallbackQuery, callback_data: RequestPress, desk: Desk) -> None:
    """The first press wins; the others are told who was faster, by the refusal."""
    await desk.run("request.accept", request_id=callback_data.id)
    await desk.toast("✓ " + _("The application is yours"))
    await show_card(desk, callback_data.id, callback_data.back)


async def why(_query: CallbackQuery, callback_data: RequestPress, desk: Desk) -> None:
    view = await queries.request(desk.actor, callback_data.id)
    await desk.toast(explained(view.reason), alert=True)


def router() -> Router:
    router = Router(name="requests")
    router.callback_query.middleware(Redraws())
    pressed = router.callback_query.register
    pressed(applications, HomePress.filter(F.to == ROOM))
    pressed(applications, RequestsPress.filter())
    actions: dict[str, Callable[..., Any]] = {
        "card": card,
        "accept": accept,
        "why": why,
        "give": choosing.whom,
        "reject": leaving.why_not,
        "close": leaving.close,
        "client": becoming.client,
        "dialog": becoming.dialog,
        "order": orders.choose,
    }
    for do, action in actions.items():
        pressed(action, RequestPress.filter(F.do == do))
    pressed(handing.give, GiveRequestPress.filter())
    pressed(leaving.reject, RejectPress.filter())
    pressed(orders.set_status, OrderPress.filter())
    pressed(becoming.chosen, ChosenClientPress.filter())
    answered = router.message.register
    answered(handing.give_with, form(handing.GIVE), F.text)
    answered(becoming.named, form(becoming.NAME), F.text)
    return router
