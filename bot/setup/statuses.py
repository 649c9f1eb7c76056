"""The set-up of statuses: what presses and answers do."""

from __future__ import annotations

import re
from typing import Any

from aiogram.types import CallbackQuery, Message
from aiogram.utils.formatting import Bold, Code

from bot.clients.show import pressed_id, renew
from bot.desk import Desk
from bot.forms import cancel
from bot.home.handlers import show_room
from bot.portrait import words
from bot.screen import Screen, lines
from bot.setup import statusviews as views
from bot.setup import tokens
from bot.setup.presses import StatusesPress
from crm_core.clients.standing.deciding import shared_out
from crm_core.clients.standing.queries import policy, status
from crm_core.fields.queries import all_fields, by_key
from crm_core.kernel.actors import Right
from crm_core.kernel.errors import Invalid
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _

ADD, RENAME, WEIGHTS = "status.add", "status.rename", "status.weights"
ROOM = "statuses"
LONGEST_TITLE = 40


async def show(_query: CallbackQuery, callback_data: StatusesPress, desk: Desk) -> None:
    """Screens that only show something."""
    desk.actor.require(Right.SETUP)
    press = callback_data
    if press.do == "list":
        screen = views.statuses(await policy(), max(press.page, 0))
    elif press.do == "colors":
        screen = views.colors(await status(press.status))
    elif press.do == "full":
        screen = views.full(await status(press.status), await all_fields("client"), press.page)
    else:
        screen = await status_screen(press.status)
    await show_room(desk, screen, ROOM)


async def status_screen(status_id: int) -> Screen:
    return views.status(await status(status_id), await policy(), await by_key("client"))


async def change(_query: CallbackQuery, callback_data: StatusesPress, desk: Desk) -> None:
    """One press that changes something; another one changes it back."""
    press = callback_data
    if press.do == "usual":
        await desk.run("client_status.usual")
        return await show_room(desk, views.statuses(await policy(), 0), ROOM)
    one = await status(press.status)
    given: dict[str, dict[str, Any]] = {
        "up": {},
        "default": {},
        "archive": {"archived": not one.archived},
        "color": {"mark": press.value},
    }
    name = {"up": "move", "default": "set_default", "color": "change"}.get(press.do, press.do)
    await desk.run(f"client_status.{name}", status_id=one.id, **given[press.do])
    return await show_room(desk, await status_screen(one.id), ROOM)


async def toggle(_query: CallbackQuery, callback_data: StatusesPress, desk: Desk) -> None:
    """A condition more or less of a full card; the weights are shared out evenly."""
    one, fields = await status(callback_data.status), await all_fields("client")
    pressed = tokens.condition(callback_data.value, fields)
    held = [part.condition for part in one.template]
    asked = [each for each in held if each != pressed] if pressed in held else [*held, pressed]
    template = [part.model_dump(mode="json") for part in shared_out(asked)]
    await desk.run("client_status.set_template", status_id=one.id, template=template)
    screen = views.full(await status(one.id), fields, callback_data.page)
    await show_room(desk, screen, ROOM)


async def ask(_query: CallbackQuery, callback_data: StatusesPress, desk: Desk) -> None:
    """One question: a title, or weights."""
    desk.actor.require(Right.SETUP)
    press = callback_data
    if press.do == "weights":
        return await _ask_weights(desk, press.status)
    head = _("Add a status") if press.do == "add" else (await status(press.status)).title
    prompt = lines(Bold(f"🏷 {head}"), _("Write the title of the status: Regular, Lost."))
    form = ADD if press.do == "add" else RENAME
    kept = {"status": press.status, "shown": pressed_id(desk)}
    return await desk.ask(form, Screen(prompt, [cancel()]), **kept)


async def _ask_weights(desk: Desk, status_id: int) -> None:
    one, fields = await status(status_id), await by_key("client")
    named = [
        f"{number}. {words.condition(part.condition, fields)} — {part.weight} %"
        for number, part in enumerate(one.template, 1)
    ]
    question = _("Write the weights in this order, with spaces between them; they sum to 100:")
    present = " ".join(str(part.weight) for part in one.template)
    prompt = lines(Bold(f"📊 {one.mark} {one.title}"), *named, question, Code(present))
    await desk.ask(WEIGHTS, Screen(prompt, [cancel()]), status=status_id, shown=pressed_id(desk))


def _title_of(message: Message) -> str:
    title = " ".join((message.text or "").split())
    if not 0 < len(title) <= LONGEST_TITLE:
        raise Invalid(N_("A title has from 1 to %(most)s characters."), most=LONGEST_TITLE)
    return title


async def added(message: Message, desk: Desk) -> None:
    title = _title_of(message)
    status_id = await desk.run("client_status.add", title=title)
    await _finish(desk, views.colors(await status(status_id)), title)


async def renamed(message: Message, desk: Desk) -> None:
    title = _title_of(message)
    asked = await desk.state.get_data()
    await desk.run("client_status.change", status_id=asked["status"], title=title)
    await _finish(desk, await status_screen(asked["status"]), title)


async def weighed(message: Message, desk: Desk) -> None:
    """A wrong sum is named, and the form stays open."""
    asked = await desk.state.get_data()
    one = await status(asked["status"])
    weights = [int(found) for found in re.findall(r"\d{1,4}", message.text or "")]
    if len(weights) != len(one.template) or not all(0 < weight <= 100 for weight in weights):
        raise Invalid(
            N_("Write %(count)s numbers from 1 to 100, with spaces between them."),
            count=len(one.template),
        )
    template = [
        part.model_copy(update={"weight": weight}).model_dump(mode="json")
        for part, weight in zip(one.template, weights, strict=True)
    ]
    await desk.run("client_status.set_template", status_id=one.id, template=template)
    screen = views.full(await status(one.id), await all_fields("client"), 0)
    await _finish(desk, screen, " + ".join(map(str, weights)))


async def _finish(desk: Desk, screen: Screen, said: str) -> None:
    answers = await desk.answers()
    await renew(desk, answers["shown"], screen)
    await desk.say(f"✓ {said}")
