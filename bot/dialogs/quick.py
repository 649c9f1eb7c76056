"""Quick replies: list, press, sent; or taken into a form, corrected and sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from aiogram.types import CallbackQuery, Message
from aiogram.utils.formatting import BlockQuote, Bold, Code

from bot.desk import Desk
from bot.dialogs.cards import back_to_card
from bot.dialogs.content import read
from bot.dialogs.presses import DialogPress, QuickPress
from bot.dialogs.show import show_card
from bot.dialogs.writing import remember_written
from bot.forms import cancel
from bot.screen import Screen, button, lines
from crm_core.dialogs import codec, queries, quick
from crm_core.dialogs.messages import InboundMessage
from crm_core.dialogs.quick import QuickReplyView
from crm_core.kernel import db
from crm_core.kernel.errors import Invalid
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _

PAGE = 7
FORM = "dialog.quick"


async def choose(
    _query: CallbackQuery, callback_data: DialogPress | QuickPress, desk: Desk
) -> None:
    """The list; `reply` of a page press is the page's number."""
    await queries.dialog(desk.actor, callback_data.id)
    page = callback_data.reply if isinstance(callback_data, QuickPress) else 0
    found = await quick.quick_replies(desk.actor.id)
    await desk.show(_list(found, page, callback_data.id, callback_data.back))


def _list(found: Sequence[QuickReplyView], page: int, dialog_id: int, back: str) -> Screen:
    """One row per reply: its title sends, the pencil takes it into the form."""
    shown = found[page * PAGE : (page + 1) * PAGE]

    def press(do: Literal["page", "send", "edit"], reply: int) -> QuickPress:
        return QuickPress(do=do, id=dialog_id, reply=reply, back=back)

    rows = [
        [
            button(f"{'📎 ' if one.files else ''}{one.title}", press("send", one.id)),
            button("✏️", press("edit", one.id)),
        ]
        for one in shown
    ]
    turns = [
        button(label, press("page", goal))
        for label, goal in (("‹", page - 1), ("›", page + 1))
        if goal >= 0 and goal * PAGE < len(found)
    ]
    hint = _("A title sends at once, ✏️ lets you change the text first.")
    empty = _("There are no quick replies yet. Add them in Settings.")
    body = lines(Bold(f"⚡ {_('Quick replies')}"), hint if found else empty)
    return Screen(body, [*rows, turns, back_to_card(dialog_id, back)])


async def send(_query: CallbackQuery, callback_data: QuickPress, desk: Desk) -> None:
    """The second press: it is on its way; what was sent stays readable in the chat."""
    dialog_id = callback_data.id
    ready = await quick.filled(callback_data.reply, dialog_id=dialog_id, employee_id=desk.actor.id)
    async with db.transaction():
        message_id = await _reply(desk, dialog_id, ready, ready.text)
        await remember_written(desk, dialog_id, message_id)
    await desk.toast("✓ " + _("On its way"))
    await show_card(desk, dialog_id, callback_data.back)
    names = [f"📎 {file.name}" for file in ready.files]
    quote = BlockQuote(ready.text) if ready.text else None
    sent = await desk.send(Screen(lines(Bold(f"⚡ {ready.title}"), quote, *names)))
    await remember_written(desk, dialog_id, message_id, sent.message_id)


async def _reply(
    desk: Desk,
    dialog_id: int,
    ready: QuickReplyView,
    text: str,
    entities: list[dict[str, object]] | None = None,
) -> int:
    files = [file.model_dump(mode="json") for file in ready.files]
    extra = {"files": files, "entities": entities or []}
    sent: int = await desk.run("dialog.reply", dialog_id=dialog_id, text=text, extra=extra)
    return sent


async def edit(_query: CallbackQuery, callback_data: QuickPress, desk: Desk) -> None:
    """Give the text out to be changed; what comes back is sent, with the same files."""
    ready = await quick.filled(
        callback_data.reply, dialog_id=callback_data.id, employee_id=desk.actor.id
    )
    prompt = lines(
        Bold(f"✏️ {ready.title}"),
        _("Press the text to copy it, change it and send it back: then it goes to the client."),
        Code(ready.text),
    )
    await desk.ask(FORM, Screen(prompt, [cancel()]), dialog=callback_data.id, reply=ready.id)


async def edited(_message: Message, desk: Desk) -> None:
    """The corrected text has come back."""
    said = read(desk.raw)
    if not isinstance(said, InboundMessage) or not said.text.strip() or said.files:
        raise Invalid(N_("Send the corrected text, or press Cancel."))
    answers = await desk.answers()
    ready = await quick.filled(
        answers["reply"], dialog_id=answers["dialog"], employee_id=desk.actor.id
    )
    entities = codec.dump_entities(said.entities)
    async with db.transaction():
        message_id = await _reply(desk, answers["dialog"], ready, said.text, entities)
        own = int(said.external_id.rpartition(":")[2])
        await remember_written(desk, answers["dialog"], message_id, own)
