"""What one does with a call that goes on: hand over, take, hold, end, listen in."""

from __future__ import annotations

from aiogram.types import CallbackQuery

from bot.calls.loading import entitled
from bot.calls.presses import CallPress, ToPress
from bot.calls.show import show_card, title, to_card
from bot.clients.show import show
from bot.desk import Desk
from bot.home.views import presence_of
from bot.screen import Button, Screen, button, lines
from crm_core.kernel import db
from crm_core.kernel.errors import Conflict
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _
from crm_core.staff.queries import colleagues

MOST_PEOPLE = 6
WITH_PHONE = "SELECT id FROM employee WHERE active AND coalesce(extension, '') <> ''"


async def card(_query: CallbackQuery, callback_data: CallPress, desk: Desk) -> None:
    await show_card(desk, callback_data.id, callback_data.back)


async def owner(_query: CallbackQuery, callback_data: CallPress, desk: Desk) -> None:
    """One press: the caller rings at whoever looks after them."""
    facts = await entitled(desk.actor, callback_data.id)
    if facts.manager is None:
        raise Conflict(N_("Nobody looks after this client any more."))
    await desk.run("call.transfer", call_id=callback_data.id, employee_id=facts.manager.id)
    await desk.toast(_("Transferring to %(name)s") % {"name": facts.manager.name})


async def take(_query: CallbackQuery, callback_data: CallPress, desk: Desk) -> None:
    await desk.run("call.take", call_id=callback_data.id)
    await desk.toast(_("Your phone is about to ring: pick it up"))


async def hangup(_query: CallbackQuery, callback_data: CallPress, desk: Desk) -> None:
    await desk.run("call.hangup", call_id=callback_data.id)
    await desk.toast(_("Hanging up"))


async def hold(_query: CallbackQuery, callback_data: CallPress, desk: Desk) -> None:
    on = callback_data.do == "hold"
    await desk.run("call.hold", call_id=callback_data.id, on=on)
    await desk.toast(_("The client hears music") if on else _("The client hears you again"))


async def listen(_query: CallbackQuery, callback_data: CallPress, desk: Desk) -> None:
    await desk.run("call.listen", call_id=callback_data.id)
    await desk.toast(_("Your phone is about to ring: pick it up and listen"))


async def whom(_query: CallbackQuery, callback_data: CallPress, desk: Desk) -> None:
    """Colleagues with a phone, those on shift first: at once, or after a word with them."""
    facts = await entitled(desk.actor, callback_data.id, callback_data.back)
    phones = {row["id"] for row in await db.fetch(WITH_PHONE)}
    people = [
        one for one in await colleagues() if one.id in phones and one.id != facts.call.employee_id
    ]
    hint = _("At once, or 💬 speak with the colleague first.")
    empty = _("No colleague has a phone in the PBX.")
    body = lines(title(facts), _("To whom?"), hint if people else empty)
    near = (callback_data.id, callback_data.back)
    rows = [
        [
            _to(f"{presence_of(one)[0]} {one.name}", one.id, near, ask=False),
            _to("💬", one.id, near, ask=True),
        ]
        for one in people[:MOST_PEOPLE]
    ]
    await show(desk, Screen(body, [*rows, [to_card(*near)]]))


def _to(label: str, employee_id: int, near: tuple[int, str], *, ask: bool) -> Button:
    call_id, back = near
    return button(label, ToPress(id=call_id, to=employee_id, ask=ask, back=back))


async def give(_query: CallbackQuery, callback_data: ToPress, desk: Desk) -> None:
    kind = "attended" if callback_data.ask else "blind"
    await desk.run(
        "call.transfer", call_id=callback_data.id, employee_id=callback_data.to, kind=kind
    )
    await desk.toast(_("Transferring"))
    await show_card(desk, callback_data.id, callback_data.back)
