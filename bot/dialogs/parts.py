"""A notice in one or several requests, and where its messages stand afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from aiogram.methods import TelegramMethod
from aiogram.utils.formatting import Text

from bot import places
from bot.dialogs import topics
from bot.dialogs.errand import Errand, ThreadGone
from bot.places import Spot, pair
from bot.screen import Rows, Screen
from channels.telegram import render
from channels.telegram.config import CAPABILITIES
from channels.telegram.entities import to_neutral
from crm_core.dialogs import codec
from crm_core.dialogs.messages import OutboundPart, OutFile
from crm_core.dialogs.queries import DialogView, MessageView
from crm_core.dialogs.split import Content, parts_of

Entry = tuple[MessageView, DialogView]

# What left of rows whose sending was interrupted half-way: they go on, they don't begin again.
_progress: dict[int, list[int]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One or several messages for one place."""

    entries: Sequence[Entry]
    text: Text
    rows: Rows = ()
    files: tuple[OutFile, ...] = ()
    extra: dict[str, Any] | None = None
    silent: bool = False


async def deliver(errand: Errand, notice: Notice, *, key: int) -> list[int]:
    """Send all parts into the dialog's topic (or the main chat) and remember where they stand."""
    view = notice.entries[0][1]
    thread = await topics.thread_of(errand, view)
    try:
        sent, bearer = await _send_parts(errand, notice, thread, key)
    except ThreadGone:
        await topics.forget(errand, view)
        thread = await topics.thread_of(errand, view)
        sent, bearer = await _send_parts(errand, notice, thread, key)
    await _remember(errand, notice, sent, bearer)
    return sent


def parts(notice: Notice, key: int) -> list[OutboundPart]:
    """The notice within Telegram's limits. Pure."""
    text, entities = notice.text.render()
    extra = notice.extra or {}
    content = Content(
        text=text,
        entities=to_neutral(entities),
        files=notice.files,
        contact=codec.load_contact(extra.get("contact")),
        location=codec.load_location(extra.get("location")),
    )
    # Albums bear no buttons: then the text is a message of its own, for them to stand under.
    apart = notice.rows and len(notice.files) > 1
    caps = replace(CAPABILITIES, caption_limit=0) if apart else CAPABILITIES
    return parts_of(content, caps, key=str(key))


async def _send_parts(
    errand: Errand, notice: Notice, thread: int | None, key: int
) -> tuple[list[int], int]:
    """Ids of what was sent, and the place among them of the message that holds the text."""
    cut = parts(notice, key)
    done = _progress.get(key, [])
    counts = [max(len(part.files), 1) for part in cut]
    for number, part in enumerate(cut):
        if len(done) > sum(counts[:number]):
            continue
        method = _addressed(render.method(str(errand.chat), part), notice, thread)
        if number == len(cut) - 1 and len(part.files) < 2:
            keyboard = Screen(Text(), notice.rows).keyboard()
            method = method.model_copy(update={"reply_markup": keyboard})
        result = await errand.call(method, size=sum(file.size for file in part.files))
        done += [each["message_id"] for each in (result if isinstance(result, list) else [result])]
        _progress[key] = done
    _progress.pop(key, None)
    bearer = next((n for n, part in enumerate(cut) if part.text), 0)
    return done, sum(counts[:bearer])


def _addressed(
    method: TelegramMethod[Any], notice: Notice, thread: int | None
) -> TelegramMethod[Any]:
    update = {"message_thread_id": thread, "disable_notification": notice.silent or None}
    return method.model_copy(update=update)


async def _remember(errand: Errand, notice: Notice, sent: Sequence[int], bearer: int) -> None:
    """Every sent message answers to its dialog; the one with the text may be corrected."""
    dialogs = sorted({view.id for _, view in notice.entries})
    ids = [message.id for message, _ in notice.entries]
    answer = {"dialog": dialogs[0], "dialogs": dialogs, "messages": ids}
    spots = [Spot(places.ANSWER, pair(errand.chat, one), answer) for one in sent]
    for message, _view in notice.entries:
        shown = {
            "id": sent[bearer],
            "caption": bool(notice.files) and bearer == 0,
            "whole": len(sent) == max(len(notice.files), 1),
            "files": [file.id for file in message.files],
        }
        spots.append(Spot(places.SHOWN, pair(message.id, errand.chat), shown))
    await places.remember(spots)
