"""Search: /find, the room of the home message, words typed while a list is open."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command, CommandObject, StateFilter
from aiogram.types import CallbackQuery, Message

from bot.clients.cards import PAGE
from bot.desk import Desk
from bot.home.handlers import VIEW, remember, show_room
from bot.home.presses import HomePress
from bot.screen import Screen, shorten
from bot.search import views
from bot.search.hits import hit
from bot.search.presses import HitPress, SearchPress, Tab
from bot.search.views import CLIENTS_FIRST, MESSAGES_FIRST, Results
from crm_core.clients import queries, words
from crm_core.kernel import db, memory
from crm_core.kernel.actors import Actor, Right

WORDS = "search"  # chat -> {text}  what was looked for last
ROOM = "search"
LONGEST = 100
# A list is open for typing while the home message shows it, unless the person has since said
# that words go to a client.
OPEN = """
SELECT 1 FROM view_memory h WHERE h.view = 'home' AND h.key = $1
  AND h.data->>'shows' IN ('clients', 'search')
  AND NOT EXISTS (SELECT 1 FROM view_memory c WHERE c.view = 'current' AND c.key = $1
                  AND c.at > h.at)
"""


async def room(_query: CallbackQuery, desk: Desk) -> None:
    await _put(desk, views.room(await _last_words(desk)))


async def find(_message: Message, command: CommandObject, desk: Desk) -> None:
    if text := (command.args or "").strip():
        return await look_for(desk, text)
    return await _put(desk, views.room(await _last_words(desk)))


async def typed(message: Message, desk: Desk) -> None:
    await look_for(desk, message.text or "")


async def list_open(message: Message, desk: Desk) -> bool:
    """Whether words typed here are meant for the list that is open."""
    addressed = message.reply_to_message is not None or desk.thread_id is not None
    if addressed or (message.text or "/").startswith("/"):
        return False
    return await db.fetchval(OPEN, str(desk.chat_id)) is not None


async def page(_query: CallbackQuery, callback_data: SearchPress, desk: Desk) -> None:
    text = await _last_words(desk)
    if not text:
        return await _put(desk, views.room())
    found = await _found(desk.actor, text, callback_data.tab, max(callback_data.page, 0))
    return await _put(desk, views.results(found, desk.actor))


async def look_for(desk: Desk, text: str) -> None:
    """Search and remember the words, so that pages and *back* find them after a restart."""
    text = shorten(text, LONGEST)
    await memory.put(WORDS, str(desk.chat_id), {"text": text})
    found = await _found(desk.actor, text, "all", 0)
    await _put(desk, views.results(found, desk.actor))


async def _last_words(desk: Desk) -> str:
    kept = await memory.get(WORDS, str(desk.chat_id))
    return str(kept["text"]) if kept else ""


async def _found(actor: Actor, text: str, tab: Tab, page: int) -> Results:
    actor.require(Right.CLIENT_READ)
    if tab == "clients":
        clients = await queries.search(actor, text, limit=PAGE + 1, offset=page * PAGE)
        more = len(clients) > PAGE
        return Results(text=text, tab=tab, page=page, clients=clients[:PAGE], more=more)
    if tab == "messages":
        hits = await words.search_messages(actor, text, limit=(page + 1) * PAGE + 1)
        here = hits[page * PAGE :]
        more = len(here) > PAGE
        return Results(text=text, tab=tab, page=page, messages=here[:PAGE], more=more)
    return await _both(actor, text)


async def _both(actor: Actor, text: str) -> Results:
    """The beginning of both groups; one takes the room the other leaves."""
    clients = await queries.search(actor, text, limit=PAGE + 1)
    hits = await words.search_messages(actor, text, limit=PAGE + 1)
    most_clients = max(CLIENTS_FIRST, PAGE - len(hits))
    most_hits = max(MESSAGES_FIRST, PAGE - len(clients))
    longer: set[Tab] = set()
    if len(clients) > most_clients:
        longer.add("clients")
    if len(hits) > most_hits:
        longer.add("messages")
    return Results(
        text=text,
        tab="all",
        page=0,
        clients=clients[:most_clients],
        messages=hits[:most_hits],
        longer=frozenset(longer),
    )


async def _put(desk: Desk, screen: Screen) -> None:
    """In the pressed message; typed words bring the home message to the end of the chat."""
    if desk.thread_id is not None:
        await desk.show(screen)
    elif desk.pressed:
        await show_room(desk, screen, ROOM)
    else:
        former = await memory.get(VIEW, str(desk.chat_id))
        sent = await desk.send(screen)
        await remember(desk, sent.message_id, ROOM)
        if former is not None:
            await desk.remove(former["id"])


def router() -> Router:
    router = Router(name="search")
    router.callback_query.register(room, HomePress.filter(F.to == ROOM))
    router.callback_query.register(page, SearchPress.filter())
    router.callback_query.register(hit, HitPress.filter())
    router.message.register(find, Command("find"))
    return router


def typing_router() -> Router:
    """Words typed while a list is open; before what writes to clients."""
    router = Router(name="typing")
    router.message.register(typed, StateFilter(None), list_open)
    return router
