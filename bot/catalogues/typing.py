"""Words typed while a catalogue is open are looked for in it."""

from __future__ import annotations

from aiogram import Router
from aiogram.filters import StateFilter
from aiogram.types import Message

from bot.catalogues.lists import hits, may_write
from bot.desk import Desk
from crm_core.catalogues import queries, rules
from crm_core.kernel import db

SHOWS = "catalogue:"  # and its number: what the home message shows while a catalogue is open
# Unless the person has since said that words go to a client.
OPEN = """
SELECT h.data->>'shows' FROM view_memory h WHERE h.view = 'home' AND h.key = $1
  AND starts_with(h.data->>'shows', $2)
  AND NOT EXISTS (SELECT 1 FROM view_memory c WHERE c.view = 'current' AND c.key = $1
                  AND c.at > h.at)
"""


async def _open(desk: Desk) -> int | None:
    """The catalogue the home message shows."""
    shows = await db.fetchval(OPEN, str(desk.chat_id), SHOWS)
    return int(shows.removeprefix(SHOWS)) if shows else None


async def meant_for_catalogue(message: Message, desk: Desk) -> bool:
    addressed = message.reply_to_message is not None or desk.thread_id is not None
    if addressed or (message.text or "/").startswith("/"):
        return False
    return await _open(desk) is not None


async def typed(message: Message, desk: Desk) -> None:
    if catalogue_id := await _open(desk):
        await look_for(desk, catalogue_id, " ".join((message.text or "").split())[:100])


async def look_for(desk: Desk, catalogue_id: int, text: str) -> None:
    """What the words are found in; the archive only for who may take out of it."""
    one = await queries.catalogue(desk.actor, catalogue_id)
    there = rules.found(one.tree, text)
    if not may_write(desk.actor):
        there = [item for item in there if one.tree.stands(item.id)]
    await desk.send(hits(one, text, there))


def router() -> Router:
    router = Router(name="catalogue typing")
    router.message.register(typed, StateFilter(None), meant_for_catalogue)
    return router
