"""Raw updates: their keys, chats and order, and the envelope they are stored with. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import orjson

from channels.telegram.config import MEGABYTE, Config
from routing.contracts import RawEvent

RawUpdate = dict[str, Any]

WANTED = ["message", "edited_message", "callback_query", "my_chat_member"]


def decode(body: bytes) -> RawUpdate:
    """The update in a webhook's body; ValueError says what is wrong with it."""
    update = orjson.loads(body)
    if not is_update(update):
        message = "no update_id"
        raise ValueError(message)
    checked: RawUpdate = update
    return checked


def is_update(value: Any) -> bool:
    """Whether it can be kept under a key at all."""
    number = value.get("update_id") if isinstance(value, dict) else None
    return isinstance(number, int) and not isinstance(number, bool)


def event(update: RawUpdate, config: Config, received: datetime) -> RawEvent:
    """What is stored: the update, and beside it what parsing needs to know of this moment."""
    envelope = {
        "received": received.isoformat(),
        "download_limit": config.download_limit_mb * MEGABYTE,
    }
    return RawEvent(key=str(update["update_id"]), body=update | {"pult": envelope})


def lanes(updates: Iterable[RawUpdate]) -> list[list[RawUpdate]]:
    """Updates of the same chat together, in their order; different chats may go side by side."""
    found: dict[str, list[RawUpdate]] = {}
    for update in updates:
        found.setdefault(chat_of(update), []).append(update)
    return list(found.values())


def chat_of(update: RawUpdate) -> str:
    """The chat an update belongs to, of whatever kind it is; empty when it names none."""
    for value in update.values():
        if not isinstance(value, dict):
            continue
        for holder in (value, value.get("message"), {"chat": value.get("from")}):
            chat = holder.get("chat") if isinstance(holder, dict) else None
            if isinstance(chat, dict) and "id" in chat:
                return str(chat["id"])
    return ""


def callback_id(update: RawUpdate) -> str | None:
    """Id of a pressed button that waits for an answer."""
    query = update.get("callback_query")
    found = query.get("id") if isinstance(query, dict) else None
    return found if isinstance(found, str) else None
