"""All ways to reach a client: add one, take one off, put it back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from aiogram.types import CallbackQuery, Message
from aiogram.utils.formatting import Bold

from bot.calls.numbers import call_rows
from bot.clients.cards import (
    contact_line,
    done,
    name_of,
    to_card,
    ways,
)
from bot.clients.presses import ClientPress, ContactPress, MergePress
from bot.clients.show import pressed_id, renew, show
from bot.desk import Desk
from bot.forms import cancel
from bot.places import pair
from bot.screen import Button, Screen, button, lines
from crm_core.clients import queries
from crm_core.clients.access import readable
from crm_core.clients.messengers import recognized
from crm_core.clients.queries import ClientCard
from crm_core.clients.rules import ContactKind, normalize_contact
from crm_core.kernel import memory
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.errors import Conflict
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _

FORM = "client.contact"
UNDO = "contact.undo"  # client:chat -> {kind, value}  what was taken off last
MOST = 30
# What a conversation of its own begins with; where a phone is a chat the client card has a button.
WRITABLE = frozenset({ContactKind.EMAIL})
ASKS = {
    "phone": N_("Write the phone number, in any form: 8 912 345-67-89."),
    "email": N_("Write the mail address: name@example.com."),
    "other": N_("Write @name in Telegram, a link (t.me, vk.com, viber) or any words of yours."),
}


def contacts_screen(card: ClientCard, viewer: Actor, back: str, *, undo: bool = False) -> Screen:
    """Every contact and channel, and what can be done with them. Pure."""

    def do(label: str, what: Literal["phone", "email", "other", "restore"]) -> Button:
        return button(label, ContactPress(do=what, id=card.id, back=back))

    found = ways(card)
    rest = len(found) - MOST
    hint = _("No phone and no address yet: add them, then colleagues find the client by them.")
    body = lines(
        Bold(f"📇 {name_of(card)}"),
        *(found[:MOST] if found else [hint]),
        f"… + {rest}" if rest > 0 else None,
    )
    if not viewer.may(Right.CLIENT_WRITE):
        return Screen(body, [[to_card(card.id, back)]])
    add = [
        do(f"📞 {_('Add a phone')}", "phone"),
        do(f"✉️ {_('Add mail')}", "email"),
    ]
    change = [do(f"📇 {_('Other')}", "other")]
    if any(one.kind in WRITABLE for one in card.contacts):
        first = ClientPress(do="begin", id=card.id, back=back)
        change.insert(0, button(f"✍️ {_('Write first')}", first))
    if card.contacts:
        remove = ClientPress(do="remove", id=card.id, back=back)
        change.append(button(f"✖️ {_('Take off')}", remove))
    calls = call_rows(card, viewer, back)
    again = [do(f"↩️ {_('Put it back')}", "restore")] if undo else []
    labels = []
    if card.contacts:
        labels = [button(f"🏷 {_('Labels')}", ClientPress(do="label", id=card.id, back=back))]
    return Screen(body, [again, *calls, add, change, [*labels, to_card(card.id, back)]])


async def contacts(_query: CallbackQuery, callback_data: ClientPress, desk: Desk) -> None:
    desk.actor.require(Right.CLIENT_READ)
    card = await queries.card(desk.actor, callback_data.id)
    await show(desk, contacts_screen(card, desk.actor, callback_data.back))


async def which(_query: CallbackQuery, callback_data: ClientPress, desk: Desk) -> None:
    """Which contact to take off."""
    desk.actor.require(Right.CLIENT_WRITE)
    card = await queries.card(desk.actor, callback_data.id)
    rows = [
        [button(contact_line(one), _press("drop", callback_data, one.id))]
        for one in card.contacts[:7]
    ]
    back = ClientPress(do="contacts", id=card.id, back=callback_data.back)
    body = lines(Bold(f"📇 {name_of(card)}"), _("Which one shall go? It can be put back."))
    await show(desk, Screen(body, [*rows, [button(f"← {_('Back')}", back)]]))


def _press(do: Literal["drop"], near: ClientPress, contact: int) -> ContactPress:
    return ContactPress(do=do, id=near.id, contact=contact, back=near.back)


async def drop(_query: CallbackQuery, callback_data: ContactPress, desk: Desk) -> None:
    """Take it off; what it was is kept for *put it back*."""
    before = await queries.card(desk.actor, callback_data.id)
    await desk.run(
        "client.remove_contact",
        client_id=callback_data.id,
        contact_id=callback_data.contact,
    )
    for one in before.contacts:
        if one.id == callback_data.contact:
            key = pair(before.id, desk.chat_id)
            kept = {"kind": one.kind, "value": one.value, "label": one.label}
            await memory.put(UNDO, key, kept)
            await desk.toast(_("Taken off: %(value)s") % {"value": one.shown})
    card = await queries.card(desk.actor, callback_data.id)
    await show(desk, contacts_screen(card, desk.actor, callback_data.back, undo=True))


async def restore(_query: CallbackQuery, callback_data: ContactPress, desk: Desk) -> None:
    card = await queries.card(desk.actor, callback_data.id)
    kept = await memory.get(UNDO, pair(card.id, desk.chat_id))
    if kept is None:
        raise Conflict(N_("It has been put back already."))
    await desk.run("client.add_contact", client_id=card.id, **kept)
    await memory.drop(UNDO, pair(card.id, desk.chat_id))
    card = await queries.card(desk.actor, callback_data.id)
    await show(desk, contacts_screen(card, desk.actor, callback_data.back))


async def ask(_query: CallbackQuery, callback_data: ContactPress, desk: Desk) -> None:
    """One question: the phone, the address, or whatever it is."""
    desk.actor.require(Right.CLIENT_WRITE)
    card = await queries.card(desk.actor, callback_data.id)
    prompt = lines(Bold(name_of(card)), _(ASKS[callback_data.do]))
    await desk.ask(
        FORM,
        Screen(prompt, [cancel()]),
        client=card.id,
        kind=callback_data.do,
        back=callback_data.back,
        shown=pressed_id(desk),
    )


async def add(message: Message, desk: Desk) -> None:
    """A wrong number is explained, and the form stays open."""
    value = message.text or ""
    data = await desk.state.get_data()
    kind = ContactKind(data["kind"])
    if kind is ContactKind.OTHER:
        kind = recognized(value)
    normalize_contact(kind, value)
    answers = await desk.answers()
    added = await desk.run(
        "client.add_contact", client_id=answers["client"], kind=kind.value, value=value
    )
    card = await queries.card(desk.actor, answers["client"])
    await renew(desk, answers["shown"], contacts_screen(card, desk.actor, answers["back"]))
    kept = next((one.shown for one in card.contacts if one.id == added["contact_id"]), value)
    await desk.send(await _confirmed(desk, answers, kept, added["duplicates"]), reply=True)


async def _confirmed(
    desk: Desk, answers: dict[str, Any], kept: str, others: Sequence[int]
) -> Screen:
    """What was kept; who else has it, with the way to merge."""
    said = _("✓ Added: %(value)s") % {"value": kept}
    if not others:
        return done(said, answers["client"], answers["back"])
    mine = await readable(desk.actor, others[:3])
    found = [await queries.card(desk.actor, one) for one in mine]
    hidden = [_("a card of colleagues")] if len(mine) < len(others[:3]) else []
    names = ", ".join([*(name_of(one) for one in found), *hidden])
    rows = []
    if desk.actor.may(Right.CLIENT_MERGE):
        rows = [
            [
                button(
                    f"🔗 {_('Compare with %(name)s') % {'name': one.name}}",
                    MergePress(do="compare", id=answers["client"], gone=one.id),
                )
            ]
            for one in found
        ]
    same = _("⚠️ The same contact stands on: %(names)s") % {"names": names}
    return done(f"{said}\n{same}", answers["client"], answers["back"], rows)
