"""The home message: /start, /home, lists, presence, settings, help."""

from __future__ import annotations

from typing import cast

from aiogram import Router
from aiogram.filters import Command, CommandStart
from aiogram.types import CallbackQuery, Message

from bot import places, screen
from bot.desk import Desk
from bot.home import views
from bot.home.presses import HomePress, ListPress, Which
from bot.menu import COMMANDS
from bot.screen import Place, Screen
from crm_core.dialogs import queries
from crm_core.kernel import i18n, memory
from crm_core.kernel.actors import Actor
from crm_core.kernel.commands import all_commands
from crm_core.kernel.i18n import gettext as _
from crm_core.requests import queries as requests
from crm_core.requests import queue
from crm_core.staff.queries import actor_of_employee, colleague

VIEW = "home"
PRESENCES = frozenset(views.PRESENCE)


async def home_screen(actor: Actor, chat_id: int) -> Screen:
    """The home message as things stand now."""
    me = await colleague(actor.id)
    assert me is not None  # noqa: S101 - actors are employees at work
    dialog_id = await places.current_dialog(chat_id)
    writing_to = (await queries.view(dialog_id)).client_name if dialog_id else None
    asked, talks = await requests.counts(actor), await queries.counts(actor)
    counts = talks | {"requests": sum(asked.values()), "new": talks["new"] + asked["new"]}
    return views.home(views.Home(me=me, counts=counts, writing_to=writing_to))


async def send_home(desk: Desk) -> None:
    """Put the home message at the end of the chat; there is never a second one."""
    former = await memory.get(VIEW, str(desk.chat_id))
    place = Place(chat_id=desk.chat_id)
    sent = await screen.send(desk.bot, place, await home_screen(desk.actor, desk.chat_id))
    await remember(desk, sent.message_id, "home")
    if former is not None:
        await desk.remove(former["id"])


async def remember(desk: Desk, message_id: int, shows: str) -> None:
    """Which message is the home message, and which room it shows now."""
    await memory.put(VIEW, str(desk.chat_id), {"id": message_id, "shows": shows})


async def show_room(desk: Desk, found: Screen, shows: str) -> None:
    """Show a room in the home message (or in the pressed one, which becomes it)."""
    message_id = await desk.show(found)
    await remember(desk, message_id, shows)


async def show_home(desk: Desk) -> None:
    await show_room(desk, await home_screen(desk.actor, desk.chat_id), "home")


async def start(_message: Message, desk: Desk) -> None:
    await desk.state.clear()
    await send_home(desk)


async def show_help(_message: Message, desk: Desk) -> None:
    allowed = [one for one in all_commands().values() if desk.actor.may(one.right)]
    await desk.send(views.help_screen(allowed, COMMANDS))


async def press(_query: CallbackQuery, callback_data: HomePress, desk: Desk) -> None:
    """Rooms other slices own (clients, search) are taken by their routers before this one."""
    room = callback_data.to
    if room in PRESENCES:
        await desk.run("staff.presence", presence=room)
    elif room in i18n.LANGUAGES:
        return await change_language(desk, room)
    elif room == "silence":
        await places.choose_dialog(desk.chat_id, None)
    elif room == "settings":
        me = await colleague(desk.actor.id)
        assert me is not None  # noqa: S101 - actors are employees at work
        return await show_room(desk, views.settings(desk.actor, me), "settings")
    elif room != "home":
        return await desk.toast(_("This is not there yet."))
    return await show_home(desk)


async def change_language(desk: Desk, language: str) -> None:
    await desk.run("staff.language", language=language)
    changed = await actor_of_employee(desk.actor.id)
    assert changed is not None  # noqa: S101 - it acts
    desk.actor = changed
    with i18n.using(language):
        await show_home(desk)


async def show_list(_query: CallbackQuery, callback_data: ListPress, desk: Desk) -> None:
    found = await list_screen(desk.actor, callback_data.which, callback_data.page)
    await show_room(desk, found, f"list:{callback_data.which}:{callback_data.page}")


async def list_screen(actor: Actor, which: Which, page: int) -> Screen:
    page = max(page, 0)
    place = {"limit": views.PAGE, "offset": page * views.PAGE}
    if which == "new":
        return views.dialog_list(which, page, *await queue.waiting(actor, **place))
    found, total = await queries.dialogs(actor, which, **place)
    return views.dialog_list(which, page, found, total)


async def send_list(message: Message, desk: Desk) -> None:
    which = cast("Which", (message.text or "").split()[0].removeprefix("/").partition("@")[0])
    await desk.send(await list_screen(desk.actor, which, 0))


def router() -> Router:
    router = Router(name="home")
    router.message.register(start, CommandStart())
    router.message.register(start, Command("home"))
    router.message.register(send_list, Command("new", "mine"))
    router.message.register(show_help, Command("help"))
    router.callback_query.register(press, HomePress.filter())
    router.callback_query.register(show_list, ListPress.filter())
    return router
