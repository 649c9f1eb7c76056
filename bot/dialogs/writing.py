"""What a manager writes goes to the client: from a topic, as a reply, or to the chosen dialog."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.types import CallbackQuery, Message
from aiogram.utils.formatting import Text

from bot import places
from bot.desk import Desk
from bot.dialogs import foresight
from bot.dialogs.content import extra_of, read
from bot.dialogs.presses import ForeseenPress
from bot.places import Spot, pair
from bot.screen import Screen
from crm_core.dialogs import codec, queries
from crm_core.dialogs.foresight import foresee
from crm_core.dialogs.messages import InboundEdit, InboundMessage
from crm_core.kernel import db, memory
from crm_core.kernel.errors import Conflict, Invalid, NotFound
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _

NOTE = "//"
ALBUM = "album"
# album  chat:album -> {}   an album whose caption is a note: none of it may leave


@dataclass(frozen=True, slots=True)
class Target:
    """A dialog, and which message of it is answered."""

    dialog_id: int
    reply_to: int | None = None


async def target_of(desk: Desk, message: Message) -> Target | None:
    """To whom this goes; None when it is addressed to nobody."""
    answer = await _answered(desk, message)
    quoted = answer["messages"][0] if answer and len(answer["messages"]) == 1 else None
    topic = await _topic(desk)
    if topic is not None:
        return Target(topic, quoted if answer and answer["dialog"] == topic else None)
    if answer:
        if len(answer.get("dialogs", ())) > 1:
            raise Invalid(N_("This notice holds words of several clients: choose one below it."))
        return Target(int(answer["dialog"]), quoted)
    current = await places.current_dialog(desk.chat_id)
    return None if current is None else Target(current)


async def _answered(desk: Desk, message: Message) -> dict[str, Any] | None:
    """What the message replied to shows; None without a reply, or when it shows no dialog."""
    if message.reply_to_message is None:
        return None
    spot = pair(desk.chat_id, message.reply_to_message.message_id)
    return await places.once_sent(desk.chat_id, lambda: memory.get(places.ANSWER, spot))


async def _topic(desk: Desk) -> int | None:
    """The dialog of the topic this is written in."""
    if desk.thread_id is None:
        return None
    look = partial(places.dialog_of_topic, desk.chat_id, desk.thread_id)
    return await places.once_sent(desk.chat_id, look)


async def write(message: Message, desk: Desk) -> None:
    """An answer to the client, or an inner note when it begins with `//`."""
    said = read(desk.raw)
    if not isinstance(said, InboundMessage):
        return  # Telegram's own lines: a topic was made, a message pinned
    target = await target_of(desk, message)
    if target is None:
        raise SkipHandler
    if said.text.lstrip().startswith(NOTE):
        await _note(desk, target, said)
    elif said.text.startswith("/"):
        raise Invalid(N_("There is no such command. A client's answer can't begin with a slash."))
    elif not await _is_note(desk, said):
        await _answer(desk, target, said)


async def _is_note(desk: Desk, said: InboundMessage) -> bool:
    """Whether it belongs to an album whose caption was a note."""
    if not said.album:
        return False
    return await memory.get(ALBUM, pair(desk.chat_id, said.album)) is not None


async def _answer(desk: Desk, target: Target, said: InboundMessage) -> None:
    if said.files and (await queries.dialog(desk.actor, target.dialog_id)).state == "waiting":
        raise Conflict("Accept the dialog before you answer.")  # without downloading anything
    seen = await foresee(target.dialog_id, said.text)
    if not desk.pressed and await foresight.must_ask(desk, target.dialog_id, seen):
        return
    extra = await extra_of(desk.api, said) | {"reply_to": target.reply_to}
    async with db.transaction():
        message_id = await desk.run(
            "dialog.reply", dialog_id=target.dialog_id, text=said.text, extra=extra
        )
        former = await _ids(message_id) if said.album else []
        await remember_written(desk, target.dialog_id, message_id, *former, _own_id(said))
    if seen.left is not None:
        await foresight.warn(desk, target.dialog_id)


async def foreseen(_query: CallbackQuery, callback_data: ForeseenPress, desk: Desk) -> None:
    """The manager has seen how many SMS it is, and wants it so."""
    said = read(foresight.require_written(desk.raw))
    if isinstance(said, InboundMessage):
        await _answer(desk, Target(callback_data.id), said)
        await desk.show(Screen(Text(_("Sent."))))


def _own_id(said: InboundMessage | InboundEdit) -> int:
    return int(said.external_id.rpartition(":")[2])


async def _ids(message_id: int) -> list[int]:
    """What stands in the chat for this message already: earlier pictures of its album."""
    former = await memory.get(places.WRITTEN, str(message_id))
    return list(former["ids"]) if former else []


async def remember_written(desk: Desk, dialog_id: int, message_id: int, *shown: int) -> None:
    """Tie messages in this chat to our outgoing one: for marks, edits and replies.

    In the transaction of the answer, so that it is not shown here as somebody else's.
    """
    answer = {"dialog": dialog_id, "messages": [message_id]}
    spots = [Spot(places.ANSWER, pair(desk.chat_id, one), answer) for one in shown]
    data = {"chat": desk.chat_id, "ids": sorted(set(shown))}
    written = Spot(places.WRITTEN, str(message_id), data)
    await places.remember([written, *spots])


async def _note(desk: Desk, target: Target, said: InboundMessage) -> None:
    if said.album:
        await memory.put(ALBUM, pair(desk.chat_id, said.album), {})
    if said.files or said.contact or said.location:
        raise Invalid(N_("A note is text only: nothing was sent, nothing was kept."))
    text = said.text.lstrip().removeprefix(NOTE)
    await desk.run("dialog.note", dialog_id=target.dialog_id, text=text)
    answer = {"dialog": target.dialog_id, "messages": [], "note": True}
    await places.remember([Spot(places.ANSWER, pair(desk.chat_id, _own_id(said)), answer)])


async def correct(_message: Message, desk: Desk) -> None:
    """A manager changed what they had written: the client's copy changes, too."""
    said = read(desk.raw)
    if not isinstance(said, InboundEdit):
        return
    known = await memory.get(places.ANSWER, pair(desk.chat_id, _own_id(said)))
    if known is None:
        raise SkipHandler
    if known.get("note"):
        raise Invalid(N_("A note stays as it was written: add another one."))
    if not known["messages"]:
        raise NotFound("There is no such message.")
    if said.text.lstrip().startswith(NOTE):
        raise Invalid(N_("This has already gone to the client: it can't become a note."))
    await desk.run(
        "message.edit",
        message_id=known["messages"][0],
        text=said.text,
        entities=codec.dump_entities(said.entities),
    )
