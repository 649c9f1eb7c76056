"""Writing first from a client's card."""

from __future__ import annotations

from aiogram.types import CallbackQuery

from bot.clients.presses import OpeningPress
from bot.desk import Desk
from bot.dialogs.show import show_card
from bot.screen import Button, button
from crm_core.clients.rules import display_phone
from crm_core.dialogs.opening import Opening
from crm_core.kernel.i18n import gettext as _

MOST = 3


async def begin(_query: CallbackQuery, callback_data: OpeningPress, desk: Desk) -> None:
    """The dialog becomes the presser's own; its card takes the words."""
    dialog_id = await desk.run(
        "dialog.open",
        client_id=callback_data.id,
        channel_id=callback_data.channel,
        contact_id=callback_data.contact,
    )
    await desk.toast("✓ " + _("The dialog is yours"))
    await show_card(desk, dialog_id, callback_data.back)


def rows(client_id: int, found: tuple[Opening, ...], back: str) -> list[list[Button]]:
    """A button for each chat that can be begun by one press; threads want a subject first."""
    return [
        [
            button(
                f"✍️ {one.channel_name} · {display_phone(one.value)}",
                OpeningPress(
                    id=client_id, channel=one.channel_id, contact=one.contact_id, back=back
                ),
            )
        ]
        for one in [one for one in found if not one.threads][:MOST]
    ]
