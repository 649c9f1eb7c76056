"""What can still be taken back, a button each. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.filters.callback_data import CallbackData
from aiogram.utils.formatting import Bold

from bot.clients.presses import ClientPress
from bot.requests.presses import RequestPress
from bot.screen import Screen, button, lines
from bot.undo.presses import UndoPress
from crm_core.kernel.i18n import gettext as _
from crm_core.undo.registry import WINDOW


def card_press(near: UndoPress) -> CallbackData:
    """Back to the card whose changes these are."""
    if near.what == "c":
        return ClientPress(do="card", id=near.id, back=near.back)
    return RequestPress(do="card", id=near.id, back=near.back)


def changes(near: UndoPress, told: Sequence[tuple[int, str]]) -> Screen:
    """`told`: (number of the fact, its line), the latest first."""
    presses = [
        button(f"↩️ {place}", near.model_copy(update={"event": number}))
        for place, (number, _line) in enumerate(told, 1)
    ]
    said = [f"{place}. {line}" for place, (_number, line) in enumerate(told, 1)]
    minutes = int(WINDOW.total_seconds()) // 60
    hint = _("Changes can be taken back for %(minutes)s minutes.") % {"minutes": minutes}
    empty = _("Nothing is left to take back here.")
    body = lines(Bold(f"↩️ {_('Take a change back')}"), hint if told else empty, *said)
    return Screen(body, [presses, [button(f"← {_('Back')}", card_press(near))]])
