"""A dialog's messages page by page, on demand."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.types import CallbackQuery
from aiogram.utils.formatting import Bold, Text

from bot.desk import Desk
from bot.dialogs.cards import back_to_card
from bot.dialogs.presses import DialogPress, HistoryPress
from bot.dialogs.words import head, summary
from bot.screen import Screen, button, lines
from crm_core.dialogs import queries
from crm_core.dialogs.queries import DialogView, MessageView
from crm_core.kernel.actors import Actor
from crm_core.kernel.i18n import gettext as _

PAGE = 8
LONGEST = 350


async def history(
    _query: CallbackQuery, callback_data: DialogPress | HistoryPress, desk: Desk
) -> None:
    """The latest page, or the one before a message."""
    before = callback_data.before if isinstance(callback_data, HistoryPress) else 0
    view = await queries.dialog(desk.actor, callback_data.id)
    found, more = await _page(view.id, before)
    turns = []
    if more:
        earlier = HistoryPress(id=view.id, before=found[0].id, back=callback_data.back)
        turns.append(button(f"‹ {_('Earlier')}", earlier))
    if before:
        latest = HistoryPress(id=view.id, back=callback_data.back)
        turns.append(button(f"{_('Latest')} ›", latest))
    body = _body(desk.actor, view, found)
    await desk.show(Screen(body, [turns, back_to_card(view.id, callback_data.back)]))


async def _page(dialog_id: int, before: int) -> tuple[list[MessageView], bool]:
    """Messages oldest first, and whether there are earlier ones."""
    bound = await queries.message(before) if before else None
    limit = (bound.at, bound.id) if bound and bound.dialog_id == dialog_id else None
    found = await queries.messages(dialog_id, limit=PAGE + 1, before=limit)
    return found[-PAGE:], len(found) > PAGE


def _body(actor: Actor, view: DialogView, found: Sequence[MessageView]) -> Text:
    title = Bold(f"📜 {view.client_name} · {view.channel_name}")
    entries = [
        lines(head(one, view.client_name, actor.timezone), summary(one, LONGEST)) for one in found
    ]
    pieces = [piece for one in entries for piece in ("\n\n", one)]
    return Text(title, *(pieces or ["\n", _("Nothing has been written yet.")]))
