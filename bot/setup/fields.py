"""The set-up of fields: what presses and answers do."""

from __future__ import annotations

from typing import Any

from aiogram.types import CallbackQuery, Message
from aiogram.utils.formatting import Bold

from bot.clients.show import pressed_id, renew
from bot.desk import Desk
from bot.forms import cancel
from bot.home.handlers import show_room
from bot.screen import Screen, lines
from bot.setup import fieldviews as views
from bot.setup.presses import FieldsPress
from crm_core.fields.kinds import WITH_OPTIONS, Field, FieldKind, Option
from crm_core.fields.queries import all_fields, field
from crm_core.kernel.actors import Right
from crm_core.kernel.errors import Conflict, Invalid
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _

TITLE, OPTIONS, RENAME, OPTION = "field.title", "field.options", "field.rename", "field.option"
ROOM = "fields"
LONGEST_TITLE, MOST_OPTIONS = 80, 100


def page_of(value: str) -> int:
    return int(value) if value.isdecimal() and len(value) < 6 else 0


async def show(_query: CallbackQuery, callback_data: FieldsPress, desk: Desk) -> None:
    """Screens that only show something."""
    desk.actor.require(Right.SETUP)
    await show_room(desk, await _screen(callback_data), ROOM)


async def _screen(press: FieldsPress) -> Screen:
    if press.do == "kinds":
        return views.kinds()
    if press.do == "list":
        return views.fields(await all_fields("client"), page_of(press.value))
    one = await field(press.field)
    if press.do == "options":
        return views.options(one, page_of(press.value))
    if press.do == "option":
        return views.option(one, _option(one, press.value))
    return views.field(one)


def _option(one: Field, key: str) -> Option:
    found = one.option(key)
    if found is None:
        raise Conflict(N_("There is no such option."))
    return found


async def change(_query: CallbackQuery, callback_data: FieldsPress, desk: Desk) -> None:
    """One press that changes something; the next one changes it back."""
    one = await field(callback_data.field)
    if callback_data.do == "require":
        await desk.run("field.require", field_id=one.id, required=not one.required)
    elif callback_data.do == "archive":
        await desk.run("field.archive", field_id=one.id, archived=not one.archived)
    elif callback_data.do == "up":
        await desk.run("field.move", field_id=one.id)
    else:
        each = _option(one, callback_data.value)
        given = {"title": each.title, "option": each.key, "archived": not each.archived}
        await desk.run("field.option", field_id=one.id, **given)
        one = await field(one.id)
        return await show_room(desk, views.options(one, 0), ROOM)
    return await show_room(desk, views.field(await field(one.id)), ROOM)


async def ask(_query: CallbackQuery, callback_data: FieldsPress, desk: Desk) -> None:
    """One question: a title of a new field, of one there is, of an option."""
    desk.actor.require(Right.SETUP)
    press = callback_data
    one = await field(press.field) if press.field else None
    questions = {
        "add": (TITLE, _("Write its title: Branch, Budget, Date of birth.")),
        "rename": (RENAME, _("Write the new title. Values stay as they are.")),
        "newopt": (OPTION, _("Write the new option, or several, each on a line of its own.")),
        "optname": (OPTION, _("Write the new title. Values stay as they are.")),
    }
    form, question = questions[press.do]
    head = one.title if one else _("Add a field")
    prompt = Screen(lines(Bold(f"📋 {head}"), question), [cancel()])
    await desk.ask(
        form,
        prompt,
        field=press.field,
        value=press.value,
        shown=pressed_id(desk),
    )


def _lines(message: Message) -> list[str]:
    found = [" ".join(line.split()) for line in (message.text or "").splitlines()]
    kept = list(dict.fromkeys(line for line in found if line))
    if not kept or any(len(line) > LONGEST_TITLE for line in kept):
        raise Invalid(N_("A title has from 1 to %(most)s characters."), most=LONGEST_TITLE)
    return kept


async def titled(message: Message, desk: Desk) -> None:
    """A new field has a title; of a choice its options are asked for, too."""
    title = " ".join(_lines(message))[:LONGEST_TITLE]
    asked = await desk.state.get_data()
    if FieldKind(asked["value"]) in WITH_OPTIONS:
        prompt = lines(
            Bold(f"📋 {title}"), _("Write what can be chosen, each on a line of its own.")
        )
        kept = {"value": asked["value"], "shown": asked["shown"], "title": title}
        return await desk.ask(OPTIONS, Screen(prompt, [cancel()]), **kept)
    return await _add(desk, title, asked["value"], None)


async def listed(message: Message, desk: Desk) -> None:
    options = _lines(message)
    if len(options) > MOST_OPTIONS:
        raise Invalid(N_("There are too many of them: %(most)s at most."), most=MOST_OPTIONS)
    asked = await desk.state.get_data()
    await _add(desk, asked["title"], asked["value"], options)


async def _add(desk: Desk, title: str, kind: str, options: list[str] | None) -> None:
    made = await desk.run("field.add", title=title, kind=kind, options=options)
    await _finish(desk, await desk.answers(), views.field(await field(made["id"])), title)


async def renamed(message: Message, desk: Desk) -> None:
    title = " ".join(_lines(message))[:LONGEST_TITLE]
    asked = await desk.state.get_data()
    await desk.run("field.rename", field_id=asked["field"], title=title)
    await _finish(desk, await desk.answers(), views.field(await field(asked["field"])), title)


async def optioned(message: Message, desk: Desk) -> None:
    """A new title of an option, or as many new options as there are lines."""
    asked, given = await desk.state.get_data(), _lines(message)
    one = await field(asked["field"])
    if asked["value"]:
        away = _option(one, asked["value"]).archived
        rest: dict[str, Any] = {"option": asked["value"], "archived": away}
        await desk.run("field.option", field_id=one.id, title=" ".join(given), **rest)
    else:
        for title in given:
            await desk.run("field.option", field_id=one.id, title=title)
    screen = views.options(await field(one.id), 0)
    await _finish(desk, await desk.answers(), screen, ", ".join(given))


async def _finish(desk: Desk, answers: dict[str, Any], screen: Screen, title: str) -> None:
    await renew(desk, answers["shown"], screen)
    await desk.say(f"✓ {title}")
