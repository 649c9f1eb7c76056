"""To whom a dialog may go: people (on shift first) and queues."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from aiogram.types import CallbackQuery
from aiogram.utils.formatting import Bold

from bot.desk import Desk
from bot.dialogs.cards import back_to_card
from bot.dialogs.presses import DialogPress, GivePress
from bot.dialogs.show import current_view
from bot.home.views import presence_of
from bot.screen import Button, Screen, button, lines
from crm_core.dialogs.queries import DialogView
from crm_core.kernel.i18n import gettext as _
from crm_core.staff.queries import Colleague, QueueView, colleagues, queues

MOST_PEOPLE, MOST_QUEUES = 8, 4


async def whom(_query: CallbackQuery, callback_data: DialogPress, desk: Desk) -> None:
    """People (on shift first) and queues the dialog may go to."""
    view = await current_view(desk, callback_data.id, callback_data.seen)
    people = [one for one in await colleagues() if one.id != view.assignee_id]
    await desk.show(_whom(view, people, await queues(), callback_data.back))


def _whom(
    view: DialogView, people: Sequence[Colleague], found: Sequence[QueueView], back: str
) -> Screen:
    def press(kind: Literal["person", "queue"], to: int) -> GivePress:
        return GivePress(kind=kind, id=view.id, to=to, seen=view.version)

    persons = [
        button(
            f"{presence_of(one)[0]} {one.name} · {one.load}/{one.capacity}",
            press("person", one.id),
        )
        for one in people[:MOST_PEOPLE]
    ]
    groups = [
        button(
            f"👥 {one.name} · {_('on shift: %(count)s') % {'count': one.on_shift}}",
            press("queue", one.id),
        )
        for one in found[:MOST_QUEUES]
    ]
    body = lines(Bold(f"➡️ {view.client_name}"), _("To whom do you hand the dialog over?"))
    rows: list[list[Button]] = [[one] for one in (*persons, *groups)]
    return Screen(body, [*rows, back_to_card(view.id, back)])
