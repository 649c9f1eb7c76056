"""Requisites of a card: shown, and every field written anew by one line."""

from __future__ import annotations

from typing import cast

from aiogram.types import CallbackQuery, Message
from aiogram.utils.formatting import Bold

from bot.clients.cards import name_of
from bot.clients.show import pressed_id, renew, show
from bot.desk import Desk
from bot.forms import cancel
from bot.people.presses import Field, PeoplePress, RequisitesPress
from bot.screen import Screen, button, lines
from crm_core.clients import details, queries
from crm_core.clients.details import RequisitesView
from crm_core.clients.queries import ClientCard
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _

FORM = "people.requisites"
NOTHING = frozenset({"-", "—", "–"})
# Button's field -> (field of the requisites, title, question).
FIELDS: dict[Field, tuple[str, str, str]] = {
    "inn": ("inn", N_("INN"), N_("Write the INN: 10 digits (company) or 12 (sole trader).")),
    "kpp": ("kpp", N_("KPP"), N_("Write the KPP: 9 characters.")),
    "ogrn": ("ogrn", N_("OGRN"), N_("Write the OGRN: 13 digits, for a sole trader 15.")),
    "name": ("legal_name", N_("Legal name"), N_("Write the full legal name.")),
    "addr": ("address", N_("Address"), N_("Write the legal address.")),
}


def view(card: ClientCard, found: RequisitesView, viewer: Actor, back: str) -> Screen:
    """Every field on a line, those not known with a dash. Pure."""
    shown = [f"{_(title)}: {getattr(found, name) or '—'}" for name, title, _ask in FIELDS.values()]
    edit = [
        button(f"✏️ {_(title)}", RequisitesPress(id=card.id, field=field, back=back))
        for field, (_name, title, _ask) in FIELDS.items()
        if viewer.may(Right.CLIENT_WRITE)
    ]
    aside = button(f"← {_('Back')}", PeoplePress(do="list", id=card.id, back=back))
    return Screen(lines(Bold(f"🧾 {name_of(card)}"), *shown), [edit[:3], edit[3:], [aside]])


async def screen(_query: CallbackQuery, callback_data: RequisitesPress, desk: Desk) -> None:
    await show(desk, await _loaded(desk, callback_data.id, callback_data.back))


async def _loaded(desk: Desk, client_id: int, back: str) -> Screen:
    found = await details.requisites(desk.actor, client_id)
    return view(await queries.card(desk.actor, client_id), found, desk.actor, back)


async def ask(_query: CallbackQuery, callback_data: RequisitesPress, desk: Desk) -> None:
    desk.actor.require(Right.CLIENT_WRITE)
    card = await queries.card(desk.actor, callback_data.id)
    field = cast("Field", callback_data.field)
    hint = _("A dash takes it away.")
    prompt = Screen(lines(Bold(name_of(card)), _(FIELDS[field][2]), hint), [cancel()])
    shown = pressed_id(desk)
    await desk.ask(FORM, prompt, client=card.id, field=field, back=callback_data.back, shown=shown)


async def told(message: Message, desk: Desk) -> None:
    """A wrong number is explained, and the form stays open."""
    data = await desk.state.get_data()
    text = (message.text or "").strip()
    values = {FIELDS[data["field"]][0]: "" if text in NOTHING else text}
    kept = await desk.run("client.set_requisites", client_id=data["client"], values=values)
    answers = await desk.answers()
    await renew(desk, answers["shown"], await _loaded(desk, answers["client"], answers["back"]))
    said = "✓ " + _("Saved")
    if kept["duplicates"]:
        found = [name_of(await queries.card(desk.actor, one)) for one in kept["duplicates"][:3]]
        same = _("⚠️ The same INN and KPP stand on: %(names)s") % {"names": ", ".join(found)}
        said = f"{said}\n{same}"
    aside = button(f"🧾 {_('Requisites')}", RequisitesPress(id=answers["client"]))
    await desk.send(Screen(lines(said), [[aside]]), reply=True)
