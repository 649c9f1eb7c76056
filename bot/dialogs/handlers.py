"""What handles what in dialogs: buttons, forms, and what managers write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiogram import F, Router
from aiogram.filters import Command, StateFilter
from aiogram.types import CallbackQuery, Message
from aiogram.utils.formatting import Bold

from bot import places
from bot.desk import Desk
from bot.dialogs import (
    choosing,
    foresight,
    handing,
    history,
    leaving,
    mailing,
    personal,
    quick,
    writing,
)
from bot.dialogs.faultposts import fault_screen
from bot.dialogs.presses import (
    ClosePress,
    DialogPress,
    ForeseenPress,
    GivePress,
    HistoryPress,
    MailPress,
    QuickPress,
    RetryPress,
    SnoozePress,
)
from bot.dialogs.reasons import explained
from bot.dialogs.show import Redraws, open_card, show_card
from bot.forms import cancel, form
from bot.screen import Screen, lines
from crm_core.dialogs import queries
from crm_core.kernel.i18n import gettext as _

NOTE = "dialog.note"


async def accept(_query: CallbackQuery, callback_data: DialogPress, desk: Desk) -> None:
    """The first press wins; the others are told who was faster, by the refusal."""
    await desk.run("dialog.accept", dialog_id=callback_data.id)
    await desk.toast("✓ " + _("The dialog is yours"))
    await show_card(desk, callback_data.id, callback_data.back)


async def decline(_query: CallbackQuery, callback_data: DialogPress, desk: Desk) -> None:
    await desk.run("dialog.decline", dialog_id=callback_data.id)
    await desk.toast(_("Passed on to the next person"))
    await show_card(desk, callback_data.id, callback_data.back)


async def why(_query: CallbackQuery, callback_data: DialogPress, desk: Desk) -> None:
    view = await queries.dialog(desk.actor, callback_data.id)
    await desk.toast(explained(view.reason), alert=True)


async def card(_query: CallbackQuery, callback_data: DialogPress, desk: Desk) -> None:
    await show_card(desk, callback_data.id, callback_data.back)


async def opened(_query: CallbackQuery, callback_data: DialogPress, desk: Desk) -> None:
    await open_card(desk, callback_data.id)


async def choose(_query: CallbackQuery, callback_data: DialogPress, desk: Desk) -> None:
    """From now on words without a reply go to this client."""
    view = await queries.dialog(desk.actor, callback_data.id)
    await places.choose_dialog(desk.chat_id, view.id)
    await desk.toast(_("What you write now goes to %(name)s") % {"name": view.client_name})


async def note(_query: CallbackQuery, callback_data: DialogPress, desk: Desk) -> None:
    view = await queries.dialog(desk.actor, callback_data.id)
    prompt = lines(Bold(f"🔒 {view.client_name}"), _("Write the note: it never leaves the house."))
    await desk.ask(NOTE, Screen(prompt, [cancel()]), dialog=view.id)


async def noted(message: Message, desk: Desk) -> None:
    answers = await desk.answers()
    text = (message.text or "").removeprefix(writing.NOTE)
    await desk.run("dialog.note", dialog_id=answers["dialog"], text=text)
    await desk.say("🔒 " + _("Noted: the client does not see it."))


async def retry(_query: CallbackQuery, callback_data: RetryPress, desk: Desk) -> None:
    """Only what failed leaves again."""
    await desk.run("message.retry", message_id=callback_data.message)
    await desk.toast(_("Sending again"))
    message = await queries.message(callback_data.message)
    if message is not None:
        await desk.show(await fault_screen(message))


def router() -> Router:
    """Buttons and forms."""
    router = Router(name="dialogs")
    router.callback_query.middleware(Redraws())
    pressed = router.callback_query.register
    actions: dict[str, Callable[..., Any]] = {
        "accept": accept,
        "decline": decline,
        "why": why,
        "card": card,
        "open": opened,
        "write": choose,
        "note": note,
        "history": history.history,
        "quick": quick.choose,
        "give": choosing.whom,
        "snooze": leaving.when,
        "close": leaving.summary,
    }
    for do, action in actions.items():
        pressed(action, DialogPress.filter(F.do == do))
    pressed(history.history, HistoryPress.filter())
    pressed(quick.choose, QuickPress.filter(F.do == "page"))
    pressed(quick.send, QuickPress.filter(F.do == "send"))
    pressed(quick.edit, QuickPress.filter(F.do == "edit"))
    pressed(handing.give, GivePress.filter())
    pressed(leaving.snooze, SnoozePress.filter())
    pressed(leaving.close, ClosePress.filter())
    pressed(retry, RetryPress.filter())
    pressed(mailing.whole, MailPress.filter(F.do == "whole"))
    pressed(mailing.answer, MailPress.filter(F.do == "answer"))
    pressed(mailing.forward, MailPress.filter(F.do == "forward"))
    pressed(writing.foreseen, ForeseenPress.filter(F.do == "send"))
    pressed(foresight.drop, ForeseenPress.filter(F.do == "drop"))
    answered = router.message.register
    answered(noted, form(NOTE), F.text)
    answered(quick.edited, form(quick.FORM))
    answered(handing.give_with, form(handing.GIVE), F.text)
    answered(leaving.snooze_until, form(leaving.SNOOZE), F.text)
    answered(leaving.close_with, form(leaving.CLOSE), F.text)
    answered(personal.addresses, Command("mail"))
    answered(mailing.answered, form(mailing.ANSWER))
    answered(mailing.forwarded, form(mailing.FORWARD))
    return router


def writing_router() -> Router:
    """What managers write, once no form waits for it."""
    router = Router(name="writing")
    router.message.register(writing.write, StateFilter(None))
    router.edited_message.register(writing.correct)
    return router
