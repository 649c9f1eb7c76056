"""Lists of calls: going on now, one's own, missed, all; and their numbers."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.types import CallbackQuery, Message
from aiogram.utils.formatting import Bold

from bot import trail
from bot.calls import words
from bot.calls.presses import CallPress, CallsPress, StatsPress, Which
from bot.clients.show import show
from bot.desk import Desk
from bot.home.views import back as home_button
from bot.screen import Button, Screen, button, lines
from bot.times import moment
from crm_core.calls import queries
from crm_core.calls.queries import CallView, Filter
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _

PAGE = 7
TITLES: dict[Which, tuple[str, str]] = {
    "now": ("🟢", N_("Now")),
    "mine": ("👤", N_("My calls")),
    "missed": ("🔴", N_("Missed calls")),
    "all": ("📞", N_("All calls")),
}
EMPTY: dict[Which, str] = {
    "now": N_("Nobody is calling at this moment."),
    "mine": N_("No calls yet: those that rang at you or that you made will stand here."),
    "missed": N_("No call was missed."),
    "all": N_("No calls yet: connect a PBX, then every call will stand here."),
}


async def command(_message: Message, desk: Desk) -> None:
    await desk.send(await _screen(desk.actor, "mine", 0))


async def page(_query: CallbackQuery, callback_data: CallsPress, desk: Desk) -> None:
    await show(desk, await _screen(desk.actor, callback_data.which, max(callback_data.page, 0)))


async def _screen(actor: Actor, which: Which, page: int) -> Screen:
    """Seven calls, the latest first. All of them are for heads."""
    if which == "all":
        actor.require(Right.CALL_ALL)
    found = await _found(actor, which, page)
    sign, title = TITLES[which]
    rows = [
        [_row(page * PAGE + number, one, actor, which, page)]
        for number, one in enumerate(found[:PAGE], 1)
    ]
    turns = [button("‹", CallsPress(which=which, page=page - 1))] if page else []
    if len(found) > PAGE:
        turns.append(button("›", CallsPress(which=which, page=page + 1)))
    tabs = [
        button(f"{mark} {_(name)}", CallsPress(which=one))
        for one, (mark, name) in TITLES.items()
        if one != which and (one != "all" or actor.may(Right.CALL_ALL))
    ]
    numbers = button(f"📊 {_('Numbers')}", StatsPress())
    body = lines(Bold(f"{sign} {_(title)}"), None if found else _(EMPTY[which]))
    return Screen(body, [*rows, turns, tabs, [numbers, home_button()]])


async def _found(actor: Actor, which: Which, page: int) -> Sequence[CallView]:
    if which == "now":
        living = [one for one in await queries.living() if one.direction != "internal"]
        return living[page * PAGE : (page + 1) * PAGE + 1]
    wanted = Filter(employee_id=actor.id if which == "mine" else None, missed=which == "missed")
    return await queries.calls(wanted, limit=PAGE + 1, offset=page * PAGE)


def _row(number: int, one: CallView, actor: Actor, which: Which, page: int) -> Button:
    sign, said = words.outcome(one)
    at = moment(one.started_at, actor.timezone)
    label = f"{number}. {sign} {words.who(one)} · {said} · {at}"
    return button(label, CallPress(do="card", id=one.id, back=trail.calls_page(which, page)))
