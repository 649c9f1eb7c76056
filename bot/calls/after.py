"""What stays of a call: result, note, reminder, recording, request, the client's card."""

from __future__ import annotations

import asyncio

from aiogram.enums import ChatAction
from aiogram.types import CallbackQuery, FSInputFile, Message

from bot import trail
from bot.calls.loading import entitled
from bot.calls.presses import CallPress, LaterPress, ResultPress, When
from bot.calls.show import done, show_card, title, to_card
from bot.calls.words import length, number, who
from bot.clients.cards import done as client_done
from bot.clients.show import show
from bot.clients.show import show_card as show_client
from bot.desk import Desk
from bot.dialogs.snoozing import NOT_A_TIME, moment_of, read_moment
from bot.forms import cancel
from bot.screen import Button, Screen, button, lines
from bot.times import moment
from crm_core.clients.rules import normalize_phone
from crm_core.files.store import store
from crm_core.kernel import clock
from crm_core.kernel.errors import Invalid, NotFound
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _
from crm_core.recordings.commands import LOST_FILE

NOTE, NEW, REQUEST, LATER = "call.note", "call.new", "call.request", "call.later"
NO_CLIENT = N_("This number is on nobody's card.")
LONGEST_NAME = 200


async def result(_query: CallbackQuery, callback_data: ResultPress, desk: Desk) -> None:
    """One press; *call back* is said with its time."""
    if callback_data.result == "call_back":
        near = CallPress(do="later", id=callback_data.id, back=callback_data.back)
        return await later(_query, near, desk)
    await desk.run("call.set_result", call_id=callback_data.id, result=callback_data.result)
    await desk.toast(_("Noted"))
    return await show_card(desk, callback_data.id, callback_data.back)


async def later(_query: CallbackQuery, callback_data: CallPress, desk: Desk) -> None:
    """When to be reminded."""
    facts = await entitled(desk.actor, callback_data.id, callback_data.back)

    def choice(label: str, when: When) -> Button:
        return button(label, LaterPress(id=callback_data.id, when=when, back=callback_data.back))

    rows = [
        [choice(_("1 hour"), "1h"), choice(_("Evening"), "evening")],
        [choice(_("Tomorrow 9:00"), "morning"), choice(_("Own time"), "own")],
        [to_card(callback_data.id, callback_data.back)],
    ]
    hint = _("I shall remind you, unless somebody speaks with them before.")
    body = lines(title(facts), _("When do you call back?"), hint)
    await show(desk, Screen(body, rows))


async def plan(_query: CallbackQuery, callback_data: LaterPress, desk: Desk) -> None:
    if callback_data.when == "own":
        prompt = Screen(lines(_("When shall I remind you?"), _(NOT_A_TIME)), [cancel()])
        return await desk.ask(LATER, prompt, call=callback_data.id)
    at = moment_of(callback_data.when, clock.now(), desk.actor.timezone)
    await desk.run("call.plan_back", call_id=callback_data.id, at=at.isoformat())
    return await show_card(desk, callback_data.id, callback_data.back)


async def planned(message: Message, desk: Desk) -> None:
    """The own time has been written; a wrong one leaves the form open."""
    at = read_moment(message.text or "", clock.now(), desk.actor.timezone)
    answers = await desk.answers()
    await desk.run("call.plan_back", call_id=answers["call"], at=at.isoformat())
    said = _("I shall remind you: %(time)s") % {"time": moment(at, desk.actor.timezone)}
    await desk.send(done(f"⏰ {said}", answers["call"]), reply=True)


async def note(_query: CallbackQuery, callback_data: CallPress, desk: Desk) -> None:
    facts = await entitled(desk.actor, callback_data.id)
    prompt = lines(title(facts), _("Write the note: it never leaves the house."))
    await desk.ask(NOTE, Screen(prompt, [cancel()]), call=callback_data.id)


async def noted(message: Message, desk: Desk) -> None:
    answers = await desk.answers()
    await desk.run("call.note", call_id=answers["call"], text=message.text or "")
    await desk.send(done(f"🔒 {_('Noted: only colleagues see it.')}", answers["call"]), reply=True)


async def new(_query: CallbackQuery, callback_data: CallPress, desk: Desk) -> None:
    """The number is filled in: only the name is asked, with what the PBX says as a proposal."""
    facts = await entitled(desk.actor, callback_data.id)
    shown = {"number": number(facts.call)}
    proposed = facts.call.caller_name
    known = (
        button(f"✅ {proposed}", CallPress(do="named", id=callback_data.id)) if proposed else None
    )
    prompt = lines(title(facts), _("New client with %(number)s. Write the name.") % shown)
    rows = [[known]] if known else []
    await desk.ask(NEW, Screen(prompt, [*rows, cancel()]), call=callback_data.id)


async def named(_query: CallbackQuery, callback_data: CallPress, desk: Desk) -> None:
    """The name the PBX says is right."""
    await desk.answers()
    facts = await entitled(desk.actor, callback_data.id)
    await _create(desk, callback_data.id, facts.call.caller_name)


async def created(message: Message, desk: Desk) -> None:
    name = " ".join((message.text or "").split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise Invalid(N_("A name has from 1 to %(most)s characters."), most=LONGEST_NAME)
    answers = await desk.answers()
    await _create(desk, answers["call"], name)


async def _create(desk: Desk, call_id: int, name: str) -> None:
    """The card with its phone; this call and earlier ones of the number go onto it."""
    facts = await entitled(desk.actor, call_id)
    phone = facts.call.number or ""
    given = {"phone": phone} if normalize_phone(phone) else {}
    made = await desk.run("client.create", name=name, **given)
    await desk.run("call.link", call_id=call_id, client_id=made["client_id"])
    said = _("✓ Client added: %(name)s") % {"name": name}
    await desk.send(client_done(said, made["client_id"], ""), reply=not desk.pressed)


async def client(_query: CallbackQuery, callback_data: CallPress, desk: Desk) -> None:
    facts = await entitled(desk.actor, callback_data.id)
    if facts.call.client_id is None:
        raise NotFound(NO_CLIENT)
    back = trail.call(callback_data.id, callback_data.back)
    await show_client(desk, facts.call.client_id, back)


async def request(_query: CallbackQuery, callback_data: CallPress, desk: Desk) -> None:
    facts = await entitled(desk.actor, callback_data.id)
    prompt = lines(title(facts), _("What do they want? One line makes a request of yours."))
    await desk.ask(REQUEST, Screen(prompt, [cancel()]), call=callback_data.id)


async def requested(message: Message, desk: Desk) -> None:
    """Registered with the caller and the call, and at once in the work of who wrote it."""
    answers = await desk.answers()
    facts = await entitled(desk.actor, answers["call"])
    call, text = facts.call, (message.text or "").strip()
    found = await desk.run(
        "request.register",
        origin={"kind": "call", "source": _("Telephony"), "call_id": call.id},
        person={"name": facts.name, "phone": call.number or ""},
        about={"subject": text.split("\n")[0][:200], "text": text},
        client_id=call.client_id,
    )
    await desk.run("request.accept", request_id=found["request_id"])
    said = _("The request is yours: %(subject)s") % {"subject": text.split("\n")[0][:60]}
    await desk.send(done(f"📥 {said}", call.id), reply=True)


async def spam(_query: CallbackQuery, callback_data: CallPress, desk: Desk) -> None:
    """The number hears busy from now on; the same place lets it through again."""
    facts = await entitled(desk.actor, callback_data.id, callback_data.back)
    if not facts.call.number:
        raise NotFound(N_("There is no number to block."))
    block = callback_data.do == "spam"
    await desk.run("call.block" if block else "call.unrule", number=facts.call.number)
    await desk.toast(_("This number hears busy from now on") if block else _("Let through again"))
    await show_card(desk, callback_data.id, callback_data.back)


async def play(_query: CallbackQuery, callback_data: CallPress, desk: Desk) -> None:
    """The recording as a voice message; who listened is written down."""
    found = await desk.run("call.listen_recording", call_id=callback_data.id)
    facts = await entitled(desk.actor, callback_data.id)
    path = store().path(found["sha"])
    if not await asyncio.to_thread(path.exists):
        raise NotFound(LOST_FILE)
    await desk.toast()
    await desk.bot.send_chat_action(desk.chat_id, ChatAction.UPLOAD_VOICE)
    at = moment(facts.call.started_at, desk.actor.timezone)
    await desk.bot.send_voice(
        desk.chat_id,
        FSInputFile(path, filename=f"call-{callback_data.id}.ogg"),
        message_thread_id=desk.thread_id,
        caption=f"🎧 {who(facts.call)} · {at} · {length(found['seconds'])}",
        duration=found["seconds"],
        disable_notification=True,
    )


async def find(_query: CallbackQuery, callback_data: CallPress, desk: Desk) -> None:
    await desk.run("call.find_recording", call_id=callback_data.id)
    await desk.toast(_("Looking for it at the PBX"))
    await show_card(desk, callback_data.id, callback_data.back)
