"""Writing to a client first, from their card: where to, then the words."""

from __future__ import annotations

from aiogram.types import CallbackQuery, Message
from aiogram.utils.formatting import Bold

from bot.clients.cards import name_of
from bot.clients.presses import BeginPress, ClientPress
from bot.clients.show import show
from bot.desk import Desk
from bot.dialogs import addressing
from bot.dialogs.content import extra_of, read
from bot.dialogs.writing import remember_written
from bot.forms import cancel
from bot.screen import Screen, button, lines
from crm_core.clients import queries
from crm_core.clients.rules import display_phone
from crm_core.dialogs.messages import InboundMessage
from crm_core.dialogs.opening import Opening, opening, openings
from crm_core.kernel import db
from crm_core.kernel.errors import Conflict, Invalid
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _

FORM = "client.begin"
MOST = 7


async def where(_query: CallbackQuery, callback_data: ClientPress, desk: Desk) -> None:
    """Every address with every account that may write to it."""
    card = await queries.card(desk.actor, callback_data.id)
    found = await openings(card.id)
    if not found:
        raise Conflict(N_("No channel can write first to these contacts: connect a mailbox."))
    rows = [[button(_label(one), _press(one, callback_data))] for one in found[:MOST]]
    back = ClientPress(do="contacts", id=card.id, back=callback_data.back)
    body = lines(Bold(f"✍️ {name_of(card)}"), _("Where do you want to write?"))
    await show(desk, Screen(body, [*rows, [button(f"← {_('Back')}", back)]]))


def _label(way: Opening) -> str:
    return f"{display_phone(way.value)} · {way.channel_name}"


def _press(way: Opening, near: ClientPress) -> BeginPress:
    return BeginPress(id=near.id, channel=way.channel_id, contact=way.contact_id)


async def ask(_query: CallbackQuery, callback_data: BeginPress, desk: Desk) -> None:
    press = callback_data
    way = await opening(press.id, press.channel, press.contact)
    hint = _("Its first line may be “Subject: …”; “Cc: …” works, too.") if way.threads else None
    prompt = lines(Bold(f"✍️ {_label(way)}"), _("Write the message: text or a file."), hint)
    data = {"client": press.id, "channel": press.channel, "contact": press.contact}
    await desk.ask(FORM, Screen(prompt, [cancel()]), **data)


async def begin(_message: Message, desk: Desk) -> None:
    said = read(desk.raw)
    if not isinstance(said, InboundMessage) or not (said.text.strip() or said.files):
        raise Invalid(N_("Write the message, or press Cancel."))
    asked = await desk.answers()
    way = await opening(asked["client"], asked["channel"], asked["contact"])
    extra, text = await extra_of(desk.api, said), said.text
    if way.threads:
        fields, text = addressing.read(said.text)
        mail = {"subject": fields.subject, "to": list(fields.to), "cc": list(fields.cc)}
        extra["extra"] = {"mail": {key: one for key, one in mail.items() if one}}
        extra["entities"] = extra["entities"] if text == said.text else []
    async with db.transaction():
        dialog_id = await desk.run(
            "dialog.open",
            client_id=asked["client"],
            channel_id=way.channel_id,
            contact_id=way.contact_id,
        )
        sent = await desk.run("dialog.reply", dialog_id=dialog_id, text=text, extra=extra)
        await remember_written(desk, dialog_id, sent, int(said.external_id.rpartition(":")[2]))
