"""Forms of catalogues: one line of text each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram.types import CallbackQuery, Message
from aiogram.utils.formatting import Bold

from bot.catalogues import cards, lists
from bot.catalogues.presses import BranchPress, CataloguePress, ItemPress, NewPress
from bot.catalogues.show import item_screen, renew_branch
from bot.catalogues.typing import look_for
from bot.clients.show import pressed_id, renew
from bot.desk import Desk
from bot.forms import cancel
from bot.screen import Screen, button, lines
from crm_core.catalogues import queries
from crm_core.kernel.actors import Right
from crm_core.kernel.errors import Invalid
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _

LONGEST_TITLE, LONGEST_CODE = 120, 64
NEW, RENAME, FIND, ITEM, GROUP = (
    f"catalogue.{one}" for one in ("new", "rename", "find", "item", "group")
)
TITLE, CODE = "catalogue.title", "catalogue.code"
ASKS = {
    "rename": (RENAME, N_("Write the new name.")),
    "find": (FIND, N_("Write part of the name, or the code.")),
    "item": (ITEM, N_("Write the item's name.")),
    "group": (GROUP, N_("Write the group's name.")),
}
ITEM_ASKS = {
    "rename": (TITLE, N_("Write the new name.")),
    "code": (CODE, N_("Write the code, as other programs know it. A hyphen takes it away.")),
}


def line_of(message: Message, most: int = LONGEST_TITLE) -> str:
    """What was written, in one line; Invalid leaves the form open."""
    text = " ".join((message.text or "").split())
    if not 0 < len(text) <= most:
        raise Invalid(N_("A name has from 1 to %(most)s characters."), most=most)
    return text


async def ask_new(_query: CallbackQuery, callback_data: NewPress, desk: Desk) -> None:
    desk.actor.require(Right.CATALOGUE_WRITE)
    assert callback_data.kind is not None  # noqa: S101 - the filter has seen to it
    kind = _(lists.KINDS[callback_data.kind])
    prompt = lines(Bold(f"➕ {_('New catalogue')}: {kind}"), _("Write its name."))
    shown = pressed_id(desk)
    await desk.ask(NEW, Screen(prompt, [cancel()]), kind=callback_data.kind.value, shown=shown)


async def created(message: Message, desk: Desk) -> None:
    title = line_of(message)
    answers = await desk.answers()
    made = await desk.run("catalogue.create", title=title, kind=answers["kind"])
    await renew_branch(desk, answers["shown"], made, 0)
    await _said(desk, _("✓ Added: %(value)s") % {"value": title}, made)


async def ask(_query: CallbackQuery, callback_data: CataloguePress, desk: Desk) -> None:
    """One question about a catalogue: its name, a new item in it, what to look for."""
    if callback_data.do != "find":
        desk.actor.require(Right.CATALOGUE_WRITE)
    found = await queries.catalogue(desk.actor, callback_data.id)
    name, question = ASKS[callback_data.do]
    prompt = lines(Bold(f"📚 {lists.place(found, callback_data.at)}"), _(question))
    here = {"catalogue": found.id, "at": callback_data.at, "shown": pressed_id(desk)}
    await desk.ask(name, Screen(prompt, [cancel()]), **here)


async def renamed(message: Message, desk: Desk) -> None:
    title = line_of(message)
    answers = await desk.answers()
    await desk.run("catalogue.rename", catalogue_id=answers["catalogue"], title=title)
    found = await queries.catalogue(desk.actor, answers["catalogue"])
    await renew(desk, answers["shown"], cards.care(found))
    await _said(desk, _("✓ Renamed: %(name)s") % {"name": title}, found.id)


async def found(message: Message, desk: Desk) -> None:
    text = line_of(message)
    answers = await desk.answers()
    await look_for(desk, answers["catalogue"], text)


async def added(message: Message, desk: Desk) -> None:
    await _add(message, desk, group=False)


async def grouped(message: Message, desk: Desk) -> None:
    await _add(message, desk, group=True)


async def _add(message: Message, desk: Desk, *, group: bool) -> None:
    title = line_of(message)
    answers = await desk.answers()
    item = {"title": title, "parent_id": answers["at"] or None, "group": group}
    await desk.run("catalogue.add_item", catalogue_id=answers["catalogue"], item=item)
    await renew_branch(desk, answers["shown"], answers["catalogue"], answers["at"])
    said = _("✓ Added: %(value)s") % {"value": title}
    await _said(desk, said, answers["catalogue"], answers["at"])


async def ask_item(_query: CallbackQuery, callback_data: ItemPress, desk: Desk) -> None:
    desk.actor.require(Right.CATALOGUE_WRITE)
    _found, one = await queries.catalogue_with(desk.actor, callback_data.id)
    name, question = ITEM_ASKS[callback_data.do]
    prompt = lines(Bold(_(one.title)), _(question))
    await desk.ask(name, Screen(prompt, [cancel()]), item=one.id, shown=pressed_id(desk))


async def retitled(message: Message, desk: Desk) -> None:
    await _change(desk, {"title": line_of(message)})


async def coded(message: Message, desk: Desk) -> None:
    code = line_of(message, LONGEST_CODE)
    await _change(desk, {"code": "" if code == "-" else code})


async def _change(desk: Desk, changes: dict[str, str]) -> None:
    answers = await desk.answers()
    await desk.run("catalogue.change_item", item_id=answers["item"], changes=changes)
    await renew(desk, answers["shown"], await item_screen(desk, answers["item"]))
    _found, one = await queries.catalogue_with(desk.actor, answers["item"])
    await desk.say(_("✓ Changed: %(title)s") % {"title": _(one.title)})


async def _said(desk: Desk, said: str, catalogue_id: int, at: int = 0) -> None:
    """The outcome at the end of the chat: the place is one press away, and so is one more."""
    opens = button(f"📚 {_('Open')}", BranchPress(id=catalogue_id, at=at))
    more = button(f"➕ {_('Item')}", CataloguePress(do="item", id=catalogue_id, at=at))
    await desk.send(Screen(lines(said), [[more, opens]]), reply=True)


FORMS: dict[str, Callable[..., Awaitable[Any]]] = {
    NEW: created,
    RENAME: renamed,
    FIND: found,
    ITEM: added,
    GROUP: grouped,
    TITLE: retitled,
    CODE: coded,
}
