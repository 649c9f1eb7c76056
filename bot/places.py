"""Which message of a manager's chat shows what: cards, topics, clients' words. View memory."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson

from crm_core.kernel import clock, db, memory
from crm_core.outbox.rows import BOT_LANE

T = TypeVar("T")

CARD, TOPIC, SHOWN, ANSWER, WRITTEN, CURRENT = (
    "card",
    "topic",
    "shown",
    "answer",
    "written",
    "current",
)
# card     dialog:chat    -> {id, digest}           where the dialog's card stands
# topic    chat:thread    -> {dialog}               whose topic it is
# shown    message:chat   -> {id, files, …}         where a client's message was shown
# answer   chat:message   -> {dialog, messages}     what a message in the chat shows or became
# written  message        -> {chat, ids}            what the manager wrote for our outgoing message
# current  chat           -> {dialog}               to whom words without a reply go

PUT_MANY = """
INSERT INTO view_memory (view, key, data, at)
SELECT v, k, d::jsonb, $4 FROM unnest($1::text[], $2::text[], $3::text[]) AS u(v, k, d)
ON CONFLICT (view, key) DO UPDATE SET data = excluded.data, at = excluded.at
"""

# How long an answer waits for us to write down what it answers, seconds.
PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
SENDING = """
SELECT EXISTS (SELECT 1 FROM outbox WHERE state = 'sending' AND chat = $2
  AND lane = ANY(ARRAY[$1::text, $1::text || ':quiet']))
"""


@dataclass(frozen=True, slots=True)
class Spot:
    """One thing to remember."""

    view: str
    key: str
    data: dict[str, Any]


async def remember(spots: Iterable[Spot]) -> None:
    """Keep several things in one statement; the last of the same key counts."""
    found = {(spot.view, spot.key): spot.data for spot in spots}
    if not found:
        return
    await db.execute(
        PUT_MANY,
        [view for view, _ in found],
        [key for _, key in found],
        [orjson.dumps(data).decode() for data in found.values()],
        clock.now(),
    )


def pair(one: object, other: object) -> str:
    return f"{one}:{other}"


async def once_sent(chat_id: int, look: Callable[[], Awaitable[T | None]]) -> T | None:
    """What `look` finds; waits for it while something is on its way to this chat.

    A message may be answered sooner than Telegram's reply to our sending it is written down.
    """
    found = await look()
    for pause in PAUSES:
        if found is not None:
            break
        # Asked for first: whatever is sent is remembered before its row is done.
        sending = await db.fetchval(SENDING, BOT_LANE, str(chat_id))
        found = await look()
        if not sending:
            break
        await asyncio.sleep(pause)
    return found


async def dialog_of_message(chat_id: int, message_id: int) -> int | None:
    """The dialog a message of this chat belongs to: its card, a client's words, an answer."""
    found = await memory.get(ANSWER, pair(chat_id, message_id))
    return None if found is None else int(found["dialog"])


async def dialog_of_topic(chat_id: int, thread_id: int | None) -> int | None:
    if thread_id is None:
        return None
    found = await memory.get(TOPIC, pair(chat_id, thread_id))
    return None if found is None else int(found["dialog"])


async def current_dialog(chat_id: int) -> int | None:
    found = await memory.get(CURRENT, str(chat_id))
    return None if found is None else int(found["dialog"])


async def choose_dialog(chat_id: int, dialog_id: int | None) -> None:
    """From now on words without a reply go to this dialog; None: to nobody."""
    if dialog_id is None:
        await memory.drop(CURRENT, str(chat_id))
    else:
        await memory.put(CURRENT, str(chat_id), {"dialog": dialog_id})
