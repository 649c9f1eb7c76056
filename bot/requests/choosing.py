"""To whom a request may go: people (on shift first) and queues."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from aiogram.types import CallbackQuery
from aiogram.utils.formatting import Bold

from bot.desk import Desk
from bot.home.views import presence_of
from bot.requests.cards import back_to_card, who
from bot.requests.presses import GiveRequestPress, RequestPress
from bot.requests.show import current, show
from bot.screen import Button, Screen, button, lines
from crm_core.kernel.i18n import gettext as _
from crm_core.requests.queries import RequestView
from crm_core.staff.queries import Colleague, QueueView, colleagues, queues

MOST_PEOPLE, MOST_QUEUES = 8, 4


async def whom(_query: CallbackQuery, callback_data: RequestPress, desk: Desk) -> None:
    """People (on shift first) and queues the request may go to."""
    view = await current(desk, callback_data.id, callback_data.seen)
    people = [one for one in await colleagues() if one.id != view.responsible_id]
    await show(desk, _whom(view, people, await queues(), callback_data.back))


def _whom(
    view: RequestView, people: Sequence[Colleague], found: Sequence[QueueView], back: str
) -> Screen:
    def press(kind: Literal["person", "queue"], to: int) -> GiveRequestPress:
        return GiveRequestPress(kind=kind, id=view.id, to=to, seen=view.version)

    rows: list[list[Button]] = [
        [button(f"{presence_of(one)[0]} {one.name} · {one.load}/{one.capacity}", goal)]
        for one in people[:MOST_PEOPLE]
        for goal in (press("person", one.id),)
    ]
    rows += [
        [button(f"👥 {one.name} · {_('on shift: %(count)s') % {'count': one.on_shift}}", goal)]
        for one in found[:MOST_QUEUES]
        for goal in (press("queue", one.id),)
    ]
    body = lines(Bold(f"➡️ {who(view)}"), _("To whom do you hand the application over?"))
    return Screen(body, [*rows, back_to_card(view.id, back)])
