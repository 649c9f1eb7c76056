"""A found message at its place in the dialog: what was said before and after it."""

from __future__ import annotations

from aiogram.types import CallbackQuery
from aiogram.utils.formatting import Bold, ExpandableBlockQuote, Text

from bot import trail
from bot.clients.show import show
from bot.desk import Desk
from bot.dialogs.presses import DialogPress, HistoryPress
from bot.dialogs.words import head, summary
from bot.screen import Screen, button, lines, shorten
from bot.search.presses import HitPress
from crm_core.dialogs import queries
from crm_core.dialogs.queries import DialogView, MessageView
from crm_core.kernel import db
from crm_core.kernel.errors import NotFound
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _

AROUND, LATER = 7, 3
SHORT, WHOLE = 160, 1500
# The message after the last one to be shown; nothing when the dialog ends before it.
BOUND = """
SELECT at, id FROM message WHERE dialog_id = $1 AND (at, id) > ($2, $3)
ORDER BY at, id OFFSET $4 LIMIT 1
"""


async def hit(_query: CallbackQuery, callback_data: HitPress, desk: Desk) -> None:
    """Seven messages around the found one."""
    found = await queries.message(callback_data.id)
    if found is None:
        raise NotFound(N_("There is no such message."))
    view = await queries.dialog(desk.actor, found.dialog_id)
    bound = await db.fetchrow(BOUND, view.id, found.at, found.id, LATER)
    before = (bound["at"], bound["id"]) if bound else None
    near = await queries.messages(view.id, limit=AROUND, before=before)
    pieces = [_entry(one, view, desk.actor.timezone, found.id) for one in near]
    title = Bold(f"💬 {shorten(view.client_name, 60)} · {view.channel_name}")
    body = Text(title, *(piece for one in pieces for piece in ("\n\n", one)))
    history = HistoryPress(id=view.id, before=bound["id"] if bound else 0, back=callback_data.back)
    card = DialogPress(do="card", id=view.id, back=callback_data.back)
    client = DialogPress(do="client", id=view.id, back=callback_data.back)
    rows = [
        [
            button(f"💬 {_('Dialog')}", card),
            button(f"📜 {_('History')}", history),
            button(f"👤 {_('Client')}", client),
        ],
        [trail.back(callback_data.back)],
    ]
    await show(desk, Screen(body, rows))


def _entry(one: MessageView, view: DialogView, timezone: str, wanted: int) -> Text:
    top = head(one, shorten(view.client_name, 40), timezone)
    if one.id != wanted:
        return lines(top, summary(one, SHORT))
    return lines(Text("➤ ", top), ExpandableBlockQuote(summary(one, WHOLE)))
