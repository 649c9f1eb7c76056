"""What a manager must know of their answers and their client: failures, blocked, back again."""

from __future__ import annotations

from aiogram.utils.formatting import Bold, Text

from bot import places
from bot.dialogs import faultwords, topics
from bot.dialogs.errand import Errand, MessageGone
from bot.dialogs.presses import RetryPress
from bot.places import Spot, pair
from bot.screen import Screen, button, lines
from crm_core.dialogs import queries
from crm_core.kernel import memory
from crm_core.kernel.i18n import gettext as _
from routing.contracts import Sent
from routing.lanes import OutRow, Skipped

FAULT = "fault"
# fault  message:chat -> {id}   where a failure was told
BAD = frozenset({"failed", "unknown"})


async def fault_screen(message: queries.MessageView) -> Screen:
    """The notice of a failure as things stand now, with the way out."""
    view = await queries.view(message.dialog_id)
    causes = [str(part["error"] or "") for part in await queries.failed_parts(message.id)]
    retry = button(f"🔁 {_('Send again')}", RetryPress(message=message.id))
    rows = [[retry]] if message.status in BAD else []
    return Screen(faultwords.fault(message, causes, view.client_name), rows)


async def send_fault(errand: Errand, row: OutRow) -> Sent:
    """Tell that an answer did not arrive; once told, the same notice says how it went on."""
    message = await queries.message(int(row.data["message"]))
    if message is None:
        raise Skipped("The message is gone.")
    key = pair(message.id, errand.chat)
    told = await memory.get(FAULT, key)
    screen = await fault_screen(message)
    if told is not None:
        try:
            await errand.edit(told["id"], screen)
        except MessageGone:
            told = None
        else:
            return Sent((str(told["id"]),))
    if message.status not in BAD:
        raise Skipped("It has arrived meanwhile.")
    thread = await topics.thread_of(errand, await queries.view(message.dialog_id))
    written = await memory.get(places.WRITTEN, str(message.id))
    reply_to = written["ids"][0] if written and written["ids"] else None
    sent = await errand.post(screen, thread, reply_to=reply_to)
    answer = {"dialog": message.dialog_id, "messages": []}
    await places.remember(
        [Spot(FAULT, key, {"id": sent}), Spot(places.ANSWER, pair(errand.chat, sent), answer)]
    )
    return Sent((str(sent),))


async def send_uncorrected(errand: Errand, row: OutRow) -> Sent:
    """The client still sees what was sent first, and why."""
    message = await queries.message(int(row.data["message"]))
    error = await queries.failed_correction(int(row.data["message"]))
    if message is None or error is None:
        raise Skipped("It has gone through meanwhile.")
    view = await queries.view(message.dialog_id)
    title = _("⚠️ The correction did not reach %(name)s") % {"name": view.client_name}
    rest = _("They still see what was sent first. Send the right words as a new message.")
    written = await memory.get(places.WRITTEN, str(message.id))
    sent = await errand.post(
        Screen(lines(Bold(title), _(error), rest)),
        await topics.thread_of(errand, view),
        reply_to=written["ids"][0] if written and written["ids"] else None,
    )
    answer = {"dialog": message.dialog_id, "messages": []}
    await places.remember([Spot(places.ANSWER, pair(errand.chat, sent), answer)])
    return Sent((str(sent),))


async def send_line(errand: Errand, row: OutRow) -> Sent:
    """One line about the client: can (not) be written to any more."""
    view = await queries.view(int(row.data["dialog"]))
    name = {"name": view.client_name, "channel": view.channel_name}
    text = _("✓ %(name)s can be written to again (%(channel)s).") % name
    if row.data["what"] == "unreachable":
        text = _("⚠️ %(name)s has blocked the bot or left (%(channel)s): answers do not arrive.")
        text %= name
    sent = await errand.post(Screen(Text(text)), await topics.thread_of(errand, view))
    answer = {"dialog": view.id, "messages": []}
    await places.remember([Spot(places.ANSWER, pair(errand.chat, sent), answer)])
    return Sent((str(sent),))
