"""Taking a request in by hand: who, which of the known ones, what about, what becomes of it.

Nothing is saved before the last press.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiogram import F, Router
from aiogram.filters import Command, StateFilter
from aiogram.types import CallbackQuery, Message

from bot import trail
from bot.clients import show as clients
from bot.desk import Desk
from bot.forms import form
from bot.home.presses import HomePress
from bot.requests import captured, drafts
from bot.requests import takingviews as views
from bot.requests.drafts import WAYS, Draft
from bot.requests.presses import TakePress
from bot.requests.show import show_card
from bot.screen import Screen
from crm_core.clients import queries
from crm_core.clients.rules import ContactKind, normalize_contact
from crm_core.kernel import db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _
from crm_core.requests.capturing import typed
from crm_core.requests.knowing import everything, known
from crm_core.staff.queries import colleagues

WHO, FILL, ABOUT = "take.who", "take.fill", "take.about"


async def begin(_event: CallbackQuery | Message, desk: Desk) -> None:
    """From the home message or by /request."""
    desk.actor.require(Right.DIALOG_WORK)
    await desk.ask(WHO, views.question())


async def who(message: Message, desk: Desk) -> None:
    """Somebody was named or shared: who of the known ones may it be?"""
    desk.actor.require(Right.DIALOG_WORK)
    person, words = await captured.read(desk, message)
    await desk.answers()
    draft = await drafts.save(desk, Draft(person=person, text=words))
    screen = views.choice(draft, await known(desk.actor, person), desk.actor.timezone)
    await desk.send(screen, reply=True)


async def client(_query: CallbackQuery, callback_data: TakePress, desk: Desk) -> None:
    """A known one: everything about them, then what it is about."""
    desk.actor.require(Right.CLIENT_READ)
    found = await everything(desk.actor, callback_data.to)
    draft = await drafts.change(desk, client_id=found.card.id)
    told = views.known_of(found, desk.actor.timezone)
    await _about(desk, draft, views.about(f"👤 {found.card.name}", told))


async def new(_query: CallbackQuery, desk: Desk) -> None:
    """Somebody new: a name is asked for when there is none."""
    draft = await drafts.change(desk, client_id=None)
    if "name" in draft.lacking:
        await desk.ask(FILL, views.fill("name", skips=True), lacking="name", then="about")
        return await _away(desk)
    return await _about(desk, draft, views.about(f"➕ {draft.person['name']}", []))


async def _about(desk: Desk, draft: Draft, prompt: Screen) -> None:
    """A forwarded message has said it already."""
    if draft.text:
        await desk.send(await _draft_screen(desk.actor, draft))
    else:
        await desk.ask(ABOUT, prompt)
    await _away(desk)


async def _away(desk: Desk) -> None:
    """The step that is done leaves the chat."""
    if desk.pressed and desk.message is not None:
        await desk.remove(desk.message.message_id)


async def filled(message: Message, desk: Desk) -> None:
    """What was lacking has been written; a wrong number leaves the question open."""
    data = await desk.state.get_data()
    told = typed(message.text or "")
    if data["lacking"] == "name":
        told = {"name": " ".join((message.text or "").split())[:200]}
    elif not {"phone", "email"} & set(told):
        normalize_contact(ContactKind.PHONE, message.text or "")
    answers = await desk.answers()
    draft = await drafts.load(desk)
    draft = await drafts.change(desk, person=draft.person | told)
    if answers["then"] == "about" and not draft.text:
        await desk.ask(ABOUT, views.about(f"➕ {draft.person['name']}", []))
    else:
        await desk.send(await _draft_screen(desk.actor, draft))


async def said(message: Message, desk: Desk) -> None:
    await desk.answers()
    draft = await drafts.change(desk, text=(message.text or "")[:4000])
    await desk.send(await _draft_screen(desk.actor, draft))


async def skip(_query: CallbackQuery, desk: Desk) -> None:
    """Without an answer; also back from the colleagues."""
    answers = await desk.answers()
    draft = await drafts.load(desk)
    if answers.get("then") == "about" and not draft.text:
        await desk.ask(ABOUT, views.about(f"➕ {_('Unknown person')}", []))
        return await _away(desk)
    await desk.show(await _draft_screen(desk.actor, draft))
    return None


async def _draft_screen(viewer: Actor, draft: Draft) -> Screen:
    known = await queries.card(viewer, draft.client_id) if draft.client_id else None
    name = known.name if known else ""
    return views.draft_screen(draft, name)


async def way(_query: CallbackQuery, desk: Desk) -> None:
    draft = await drafts.load(desk)
    draft = await drafts.change(desk, way=(draft.way + 1) % len(WAYS))
    await desk.show(await _draft_screen(desk.actor, draft))


async def fill(_query: CallbackQuery, callback_data: TakePress, desk: Desk) -> None:
    draft = await drafts.load(desk)
    if callback_data.to < len(draft.lacking):
        lacking = draft.lacking[callback_data.to]
        await desk.ask(FILL, views.fill(lacking, skips=False), lacking=lacking, then="draft")
        await _away(desk)


async def throw_away(_query: CallbackQuery, desk: Desk) -> None:
    await drafts.drop(desk)
    await desk.toast(_("Thrown away: nothing was saved"))
    await _away(desk)


async def whom(_query: CallbackQuery, desk: Desk) -> None:
    await drafts.load(desk)
    others = [one for one in await colleagues() if one.id != desk.actor.id]
    await desk.show(views.colleagues(others))


async def finish(_query: CallbackQuery, callback_data: TakePress, desk: Desk) -> None:
    """One press saves it and does the rest, all or nothing."""
    draft = await drafts.load(desk)
    async with db.transaction():
        number = await _register(desk, draft)
        made = await _become(desk, number, callback_data)
        await drafts.drop(desk)
    await desk.toast("✓ " + _("The application is registered"))
    if callback_data.do == "make":
        return await clients.show_card(desk, made["client_id"], trail.request(number, ""))
    return await show_card(desk, number)


async def _become(desk: Desk, number: int, press: TakePress) -> Any:
    match press.do:
        case "mine":
            return await desk.run("request.accept", request_id=number)
        case "person":
            return await desk.run("request.hand_over", request_id=number, employee_id=press.to)
        case "make":
            return await desk.run("request.to_client", request_id=number)
    return None


async def _register(desk: Desk, draft: Draft) -> int:
    inn = draft.person.get("inn")
    made = await desk.run(
        "request.register",
        origin={"kind": "manual", "source": WAYS[draft.way]},
        person={key: value for key, value in draft.person.items() if key != "inn"},
        about={"text": draft.text, "details": {N_("INN"): inn} if inn else {}},
        client_id=draft.client_id,
    )
    return int(made["request_id"])


def router() -> Router:
    router = Router(name="taking")
    router.message.register(begin, Command("request"))
    pressed = router.callback_query.register
    pressed(begin, HomePress.filter(F.to == "take"))
    actions: dict[str, Callable[..., Any]] = {
        "client": client,
        "new": new,
        "skip": skip,
        "way": way,
        "fill": fill,
        "drop": throw_away,
        "give": whom,
        **dict.fromkeys(("mine", "person", "make", "queue"), finish),
    }
    for do, action in actions.items():
        pressed(action, TakePress.filter(F.do == do))
    answered = router.message.register
    answered(who, form(WHO))
    answered(filled, form(FILL), F.text)
    answered(said, form(ABOUT), F.text)
    return router


def catching_router() -> Router:
    """A contact, a vCard, a number or a forward that went to nobody begins a draft."""
    router = Router(name="catching")
    for meant in (F.contact, F.forward_origin, captured.has_vcard, captured.is_phone):
        router.message.register(who, StateFilter(None), meant)
    return router
