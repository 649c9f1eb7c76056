"""Filling in the fields of a portrait: by buttons, by words, by a file."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from aiogram.types import CallbackQuery, FSInputFile, Message
from aiogram.utils.formatting import Bold

from bot.clients.cards import name_of
from bot.clients.show import pressed_id, renew, show
from bot.desk import Desk
from bot.dialogs.content import extra_of, read
from bot.forms import cancel
from bot.portrait.fieldviews import ASKS, WRITTEN, Filling, filling
from bot.portrait.presses import FieldPress, PortraitPress
from bot.portrait.show import portrait_screen, show_portrait
from bot.portrait.views import title
from bot.screen import Screen, button, lines
from crm_core.clients import queries
from crm_core.clients.standing.queries import portrait
from crm_core.dialogs.messages import InboundMessage
from crm_core.fields.kinds import Field, FieldKind
from crm_core.fields.queries import field as field_of
from crm_core.fields.showing import render
from crm_core.files.store import store
from crm_core.kernel import clock, i18n
from crm_core.kernel.actors import Right
from crm_core.kernel.errors import Conflict, Invalid, NotFound
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _
from crm_core.staff.queries import colleagues

FORM = "portrait.field"
LONGEST_SAID = 100


async def open_field(query: CallbackQuery, callback_data: FieldPress, desk: Desk) -> None:
    """What can only be written is asked for at once when it is empty."""
    one = await _filling(desk, callback_data)
    if one.value is None and one.field.kind in WRITTEN:
        return await ask(query, callback_data, desk)
    return await show(desk, filling(one))


async def _filling(desk: Desk, press: FieldPress) -> Filling:
    desk.actor.require(Right.CLIENT_WRITE)
    found = await portrait(desk.actor, press.id)
    field = next((one for one in found.fields if one.id == press.field), None)
    if field is None:
        raise Conflict(N_("This field has been put away meanwhile."))
    people = dict(found.people)
    if field.kind is FieldKind.PERSON:
        people |= {one.id: one.name for one in await colleagues()}
    return Filling(
        card=await queries.card(desk.actor, found.client_id),
        field=field,
        value=found.values.get(field.key),
        today=clock.now().astimezone(ZoneInfo(desk.actor.timezone)).date(),
        back=press.back,
        page=int(press.value) if press.do == "open" and press.value.isdecimal() else 0,
        people=people,
    )


async def put(_query: CallbackQuery, callback_data: FieldPress, desk: Desk) -> None:
    """A press fills it in; of several to choose from each press adds one or takes it off."""
    one = await _filling(desk, callback_data)
    value: Any = callback_data.value
    if one.field.kind is FieldKind.CHOICES:
        had = list(one.value or [])
        value = [each for each in had if each != value] if value in had else [*had, value]
    await _run(desk, one.card.id, one.field, value)
    if one.field.kind is FieldKind.CHOICES:
        return await show(desk, filling(await _filling(desk, callback_data)))
    await desk.toast("✓ " + await _said(desk, one.card.id, one.field))
    return await show_portrait(desk, one.card.id, callback_data.back)


async def clear(_query: CallbackQuery, callback_data: FieldPress, desk: Desk) -> None:
    one = await _filling(desk, callback_data)
    await _run(desk, one.card.id, one.field, None)
    await desk.toast("✓ " + await _said(desk, one.card.id, one.field))
    await show_portrait(desk, one.card.id, callback_data.back)


async def _run(desk: Desk, client_id: int, field: Field, value: Any) -> None:
    await desk.run("client.set_field", client_id=client_id, field=field.key, value=value)


async def _said(desk: Desk, client_id: int, field: Field) -> str:
    """`City: Tula` as it is kept now."""
    found = await portrait(desk.actor, client_id)
    value = found.values.get(field.key)
    said = render(field, value, i18n.current(), found.people)
    return f"{title(field)}: {said[:LONGEST_SAID] or '—'}"


async def ask(_query: CallbackQuery, callback_data: FieldPress, desk: Desk) -> None:
    one = await _filling(desk, callback_data)
    question = _(ASKS.get(one.field.kind, ASKS[FieldKind.TEXT]))
    prompt = lines(Bold(f"📋 {name_of(one.card)}"), f"{title(one.field)}. {question}")
    await desk.ask(
        FORM,
        Screen(prompt, [cancel()]),
        client=one.card.id,
        field=one.field.id,
        back=callback_data.back,
        shown=pressed_id(desk),
    )


async def written(message: Message, desk: Desk) -> None:
    """What can't be taken is explained, and the form stays open."""
    asked = await desk.state.get_data()
    field = await field_of(asked["field"])
    value = await _file(desk) if field.kind is FieldKind.FILE else (message.text or "").strip()
    if not value:
        raise Invalid(N_("Write it in a message, or press Cancel."))
    await _run(desk, asked["client"], field, value)
    answers = await desk.answers()
    await renew(desk, answers["shown"], await portrait_screen(desk, _press(answers)))
    said = lines("✓ " + await _said(desk, answers["client"], field))
    await desk.send(Screen(said, [[button(f"📋 {_('Portrait')}", _press(answers))]]), reply=True)


def _press(answers: dict[str, Any]) -> PortraitPress:
    return PortraitPress(do="show", id=answers["client"], back=answers["back"])


async def _file(desk: Desk) -> dict[str, Any]:
    said = read(desk.raw)
    if not isinstance(said, InboundMessage) or not said.files:
        raise Invalid(N_("Send a file, a photo or a recording, or press Cancel."))
    [first, *_others] = (await extra_of(desk.api, said))["files"]
    return {key: first[key] for key in ("sha", "name", "mime", "size")}


async def get(_query: CallbackQuery, callback_data: FieldPress, desk: Desk) -> None:
    """The file as a document, quietly."""
    one = await _filling(desk, callback_data)
    if one.field.kind is not FieldKind.FILE or not one.value:
        raise Conflict(N_("There is no file any more."))
    path = store().path(one.value["sha"])
    if not path.is_file():
        raise NotFound(N_("This file is no longer kept here."))
    await desk.toast()
    await desk.bot.send_document(
        desk.chat_id,
        FSInputFile(path, filename=one.value["name"]),
        message_thread_id=desk.thread_id,
        caption=f"📋 {name_of(one.card)} · {title(one.field)}"[:1000],
        disable_notification=True,
    )
