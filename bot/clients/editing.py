"""Name, note and manager: one step each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aiogram.types import CallbackQuery, Message
from aiogram.utils.formatting import Bold

from bot.clients.cards import PAGE, card, done, name_of, to_card
from bot.clients.facts import facts_of
from bot.clients.presses import ClientPress, ManagerPress
from bot.clients.show import pressed_id, renew, show, show_card
from bot.desk import Desk
from bot.forms import cancel
from bot.home.views import presence_of
from bot.screen import Button, Screen, button, lines
from crm_core.clients import queries
from crm_core.clients.queries import ClientCard
from crm_core.kernel.actors import Right
from crm_core.kernel.errors import Invalid
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _
from crm_core.staff.queries import Colleague, colleagues

RENAME, NOTE = "client.rename", "client.note"
LONGEST_NAME = 200


async def rename(_query: CallbackQuery, callback_data: ClientPress, desk: Desk) -> None:
    await _ask(desk, RENAME, callback_data, _("Write the new name."))


async def note(_query: CallbackQuery, callback_data: ClientPress, desk: Desk) -> None:
    await _ask(desk, NOTE, callback_data, _("Write the note: it never leaves the house."))


async def _ask(desk: Desk, form: str, near: ClientPress, question: str) -> None:
    desk.actor.require(Right.CLIENT_WRITE)
    found = await queries.card(desk.actor, near.id)
    prompt = Screen(lines(Bold(name_of(found)), question), [cancel()])
    shown = pressed_id(desk)
    await desk.ask(form, prompt, client=found.id, back=near.back, shown=shown)


async def renamed(message: Message, desk: Desk) -> None:
    name = " ".join((message.text or "").split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise Invalid(N_("A name has from 1 to %(most)s characters."), most=LONGEST_NAME)
    answers = await desk.answers()
    await desk.run("client.rename", client_id=answers["client"], name=name)
    await _finish(desk, answers, _("✓ Renamed: %(name)s") % {"name": name})


async def noted(message: Message, desk: Desk) -> None:
    answers = await desk.answers()
    text = (message.text or "").removeprefix("//")
    await desk.run("client.note", client_id=answers["client"], text=text)
    await _finish(desk, answers, "🔒 " + _("Noted on the card: the client does not see it."))


async def _finish(desk: Desk, answers: dict[str, Any], said: str) -> None:
    """The card shows it where it stands, one line says it here."""
    client_id, back = answers["client"], answers["back"]
    await renew(desk, answers["shown"], card(await facts_of(desk.actor, client_id, back)))
    await desk.send(done(said, client_id, back), reply=True)


async def who(_query: CallbackQuery, callback_data: ClientPress | ManagerPress, desk: Desk) -> None:
    """Who looks after the client; `to` of a page press is the page's number."""
    desk.actor.require(Right.CLIENT_WRITE)
    found = await queries.card(desk.actor, callback_data.id)
    page = callback_data.to if isinstance(callback_data, ManagerPress) else 0
    others = [one for one in await colleagues() if one.id not in {found.manager_id, desk.actor.id}]
    mine = found.manager_id != desk.actor.id
    await show(desk, _people(found, others, page, (callback_data.back, mine)))


def _people(
    found: ClientCard, others: Sequence[Colleague], page: int, near: tuple[str, bool]
) -> Screen:
    """`near`: the trail, and whether one may still take the client oneself."""
    back, mine = near

    def press(label: str, to: int) -> Button:
        return button(label, ManagerPress(do="set", id=found.id, to=to, back=back))

    now = found.manager_name or _("nobody")
    own = [button(f"✋ {_('Take it myself')}", _mine(found, back))] if mine else []
    nobody = [press(_("Nobody"), 0)] if found.manager_id else []
    shown = others[page * (PAGE - 1) : (page + 1) * (PAGE - 1)]
    rows = [[press(f"{presence_of(one)[0]} {one.name}", one.id)] for one in shown]
    turns = [
        button(label, ManagerPress(do="page", id=found.id, to=goal, back=back))
        for label, goal in (("‹", page - 1), ("›", page + 1))
        if goal >= 0 and goal * (PAGE - 1) < len(others)
    ]
    body = lines(
        Bold(f"👤 {found.name}"),
        _("Looked after by: %(name)s") % {"name": now},
        _("New dialogs of this client go to their manager first."),
    )
    return Screen(body, [[*own, *nobody], *rows, turns, [to_card(found.id, back)]])


ME = -1


def _mine(found: ClientCard, back: str) -> ManagerPress:
    return ManagerPress(do="set", id=found.id, to=ME, back=back)


async def give(_query: CallbackQuery, callback_data: ManagerPress, desk: Desk) -> None:
    """Set it; another press undoes it, so it is not asked twice."""
    to = desk.actor.id if callback_data.to == ME else callback_data.to
    await desk.run("client.set_manager", client_id=callback_data.id, manager_id=to or None)
    await desk.toast("✓ " + _("The manager is set"))
    await show_card(desk, callback_data.id, callback_data.back)
