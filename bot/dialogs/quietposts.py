"""What nobody waits for: marks under answers, numbers of the home message."""

from __future__ import annotations

from aiogram.methods import SetMessageReaction
from aiogram.types import ReactionTypeEmoji

from bot import places
from bot.dialogs.errand import Errand, MessageGone, digest
from bot.home.handlers import VIEW, home_screen
from bot.turns import turn
from crm_core.dialogs import queries
from crm_core.kernel import memory
from routing.contracts import Rejected, Sent
from routing.lanes import NotReady, OutRow, Skipped

MARKS = {"sent": "👌", "delivered": "👌", "read": "👀"}


async def send_mark(errand: Errand, row: OutRow) -> Sent:
    """A reaction under what the manager wrote: 👌 sent, 👀 read. Quietly none where forbidden."""
    written = await memory.get(places.WRITTEN, str(row.data["message"]))
    message = await queries.message(int(row.data["message"]))
    mark = MARKS.get(message.status or "") if message else None
    if written is None or mark is None or written["chat"] != errand.chat:
        raise Skipped("It was not written here.")
    if not written["ids"]:
        raise NotReady("It is about to be shown here.")
    method = SetMessageReaction(
        chat_id=errand.chat,
        message_id=written["ids"][0],
        reaction=[ReactionTypeEmoji(emoji=mark)],
    )
    try:
        await errand.call(method)
    except Rejected as error:
        raise Skipped(str(error)) from None
    return Sent(())


async def send_home(errand: Errand, _row: OutRow) -> Sent:
    """New numbers, when the home message shows them at present."""
    async with turn(errand.chat):
        return await _refresh_home(errand)


async def _refresh_home(errand: Errand) -> Sent:
    shown = await memory.get(VIEW, str(errand.chat))
    if shown is None or shown["shows"] != "home":
        raise Skipped("The home message shows something else.")
    screen = await home_screen(errand.actor, errand.chat)
    looks = digest(screen)
    if shown.get("digest") == looks:
        raise Skipped("Nothing has changed.")
    try:
        await errand.edit(shown["id"], screen)
    except MessageGone:
        await memory.drop(VIEW, str(errand.chat))
        raise Skipped("The home message was deleted.") from None
    await memory.put(VIEW, str(errand.chat), shown | {"digest": looks})
    return Sent(())
