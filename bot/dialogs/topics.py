"""A conversation as a topic of the manager's private chat: found, made, renamed.

A topic belongs to the client's chat, not to one dialog: when the client comes back it goes on.
"""

from __future__ import annotations

import hashlib
from typing import Any

import structlog
from aiogram.methods import CreateForumTopic, EditForumTopic

from bot import places
from bot.dialogs.cards import title
from bot.dialogs.errand import Errand
from bot.me import me
from bot.places import Spot, pair
from crm_core.dialogs.queries import DialogView
from crm_core.kernel import memory
from routing.contracts import Rejected

log = structlog.get_logger(__name__)

WORK = "work"
# work  channel:client's chat:chat -> {thread, title, dialog, id, digest}
COLOURS = (0x6FB9F0, 0x8EEE98, 0xCB86DB, 0xFFD67E, 0xFF93B2, 0xFB6F5F)
LIVE = frozenset({"open", "snoozed"})


def key_of(view: DialogView, chat: int) -> str:
    short = hashlib.blake2b(view.chat.encode(), digest_size=9).hexdigest()
    return f"{view.channel_id}:{short}:{chat}"


async def known(view: DialogView, chat: int) -> dict[str, Any] | None:
    """What is remembered of the conversation's topic with this manager."""
    return await memory.get(WORK, key_of(view, chat))


async def thread_of(errand: Errand, view: DialogView) -> int | None:
    """The topic to write into; made when it is due; None where topics are off."""
    if not (await me()).topics:
        return None
    found = await known(view, errand.chat)
    mine = view.assignee_id == errand.actor.id and view.state in LIVE
    if found is None:
        return await _make(errand, view) if mine else None
    thread = int(found["thread"])
    if mine and found["dialog"] != view.id:
        await _remember(errand, view, found | {"dialog": view.id, "id": None, "digest": ""})
    return thread


async def _make(errand: Errand, view: DialogView) -> int | None:
    name = title(view)
    colour = COLOURS[view.channel_id % len(COLOURS)]
    try:
        made = await errand.call(
            CreateForumTopic(chat_id=errand.chat, name=name, icon_color=colour)
        )
    except Rejected as error:
        log.warning("topic_not_made", reason=str(error))
        return None
    thread = int(made["message_thread_id"])
    work = {"thread": thread, "title": name, "dialog": view.id, "id": None, "digest": ""}
    await _remember(errand, view, work)
    return thread


async def _remember(errand: Errand, view: DialogView, work: dict[str, Any]) -> None:
    topic = pair(errand.chat, work["thread"])
    await places.remember(
        [
            Spot(WORK, key_of(view, errand.chat), work),
            Spot(places.TOPIC, topic, {"dialog": work["dialog"]}),
        ]
    )


async def rename(errand: Errand, view: DialogView) -> None:
    """The name tells the state: nothing, put off, closed."""
    found = await known(view, errand.chat)
    name = title(view)
    if found is None or found["title"] == name or found["dialog"] != view.id:
        return
    method = EditForumTopic(chat_id=errand.chat, message_thread_id=found["thread"], name=name)
    try:
        await errand.call(method)
    except Rejected as error:
        if "not_modified" not in str(error).lower():
            raise
    await memory.put(WORK, key_of(view, errand.chat), found | {"title": name})


async def forget(errand: Errand, view: DialogView) -> None:
    """The person deleted the topic: the next words make a new one."""
    await memory.drop(WORK, key_of(view, errand.chat))
