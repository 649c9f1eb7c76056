"""Where an employee sends mail of another program, so that it lands at its client."""

from __future__ import annotations

from aiogram.types import Message
from aiogram.utils.formatting import Bold, Code, Text

from bot.desk import Desk
from bot.screen import Screen, lines
from channels.email import threading
from crm_core.accounts.queries import AccountRow, accounts
from crm_core.dialogs import capabilities
from crm_core.kernel import db
from crm_core.kernel.i18n import gettext as _


async def addresses(_message: Message, desk: Desk) -> None:
    """One's address in every mailbox: forward a mail there, or put it into hidden copy."""
    boxes = [one for one in await accounts(active_only=True) if capabilities.of(one.kind).threads]
    own = await db.fetchval("SELECT email FROM employee WHERE id = $1", desk.actor.id)
    await desk.send(Screen(_shown(boxes, desk.actor.id, own)))


def _shown(boxes: list[AccountRow], employee_id: int, own: str | None) -> Text:
    if not boxes:
        return Text(_("No mailbox is connected yet."))
    hint = _(
        "Write in any mail program you like. Forward a mail to one of these addresses, or put the"
        " address into Bcc: the mail lands at its client."
    )
    found = [Text("• ", Code(_address(one, employee_id))) for one in boxes]
    plain = [one for one in boxes if not one.config.get("plus")]
    return lines(Bold(f"📧 {_('Your addresses for mail')}"), hint, *found, _known(own, plain))


def _address(box: AccountRow, employee_id: int) -> str:
    """The mailbox's own one where its provider delivers no tags."""
    address = str(box.config["address"])
    if not box.config.get("plus"):
        return address
    return threading.tagged(address, "e", str(employee_id))


def _known(own: str | None, plain: list[AccountRow]) -> str | None:
    if not plain:
        return None
    if own:
        return _("Write from %(address)s: by it I know you.") % {"address": own}
    return _("I don't know your mail address: ask an administrator to write it down.")
