"""A press takes a change back and shows the card as it stands then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from aiogram import F, Router
from aiogram.types import CallbackQuery

import crm_core.classification.undoing
import crm_core.clients.linkundoing
import crm_core.clients.portraitundoing
import crm_core.clients.undoing
import crm_core.requests.undoing
import crm_core.undo.commands  # noqa: F401 - commands, and what can be taken back, register
from bot.clients.names import names_of
from bot.clients.show import show as show_of_client
from bot.clients.show import show_card as client_card
from bot.clients.told import told
from bot.desk import Desk
from bot.requests.show import show_card as request_card
from bot.undo.presses import UndoPress
from bot.undo.views import changes
from crm_core.clients.timeline import ItemKind, TimelineItem
from crm_core.kernel.actors import Actor
from crm_core.kernel.i18n import gettext as _
from crm_core.kernel.journal import Recorded
from crm_core.undo import queries


async def recent(actor: Actor, near: UndoPress) -> list[Recorded]:
    of = queries.of_client if near.what == "c" else queries.of_request
    return await of(actor, near.id)


async def which(_query: CallbackQuery, callback_data: UndoPress, desk: Desk) -> None:
    items = [_item(one) for one in await recent(desk.actor, callback_data)]
    await show_of_client(desk, changes(callback_data, await _told(items, desk.actor.timezone)))


async def _told(items: Sequence[TimelineItem], timezone: str) -> list[tuple[int, str]]:
    names = await names_of(items)
    return [(one.id, told(one, names, timezone)) for one in items]


def _item(fact: Recorded) -> TimelineItem:
    """A fact as a timeline shows it, its author left out: mostly it is the reader."""
    return TimelineItem(
        kind=ItemKind.EVENT,
        id=fact.id,
        at=fact.at,
        what=type(fact.event).__name__,
        text="",
        author=None,
        dialog_id=fact.event.dialog_id,
        status=None,
        data=asdict(fact.event),
        files=(),
        cursor=(fact.at, 0, fact.id),
    )


async def take_back(_query: CallbackQuery, callback_data: UndoPress, desk: Desk) -> None:
    done = await desk.run("undo.take_back", event_id=callback_data.event)
    await desk.toast(" ".join(["✓ " + _("Taken back."), *done["left"]]))
    show = client_card if callback_data.what == "c" else request_card
    await show(desk, callback_data.id, callback_data.back)


def router() -> Router:
    router = Router(name="undo")
    router.callback_query.register(which, UndoPress.filter(F.event == 0))
    router.callback_query.register(take_back, UndoPress.filter())
    return router
