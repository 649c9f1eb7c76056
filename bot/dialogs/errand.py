"""One request (or a few) to one manager's chat on behalf of the outbox. DeliveryErrors only."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import orjson
from aiogram.methods import DeleteMessage, EditMessageText, SendMessage, TelegramMethod
from aiogram.types import ReplyParameters

from bot.screen import GONE, Screen
from channels.telegram.api import Api, upload_seconds
from channels.telegram.faults import NotModified
from crm_core.kernel.actors import Actor
from routing.contracts import DeliveryError, Rejected


class ThreadGone(Rejected):
    """The topic was deleted by the person."""


class MessageGone(Rejected):
    """The message to edit was deleted, or is too old to be edited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """Whom we write to, and the connection."""

    api: Api
    actor: Actor
    chat: int

    async def call(self, method: TelegramMethod[Any], *, size: int = 0) -> Any:
        """The raw result; None when an edit would change nothing."""
        try:
            return await self.api.call(method, seconds=upload_seconds(size))
        except NotModified:
            return None
        except Rejected as error:
            problem = _told_apart(error)
        raise problem

    async def post(
        self,
        screen: Screen,
        thread: int | None = None,
        *,
        silent: bool = False,
        reply_to: int | None = None,
    ) -> int:
        """Send a screen; its message id."""
        reply = reply_to and ReplyParameters(message_id=reply_to, allow_sending_without_reply=True)
        method = SendMessage(
            chat_id=self.chat,
            message_thread_id=thread,
            disable_notification=silent or None,
            reply_parameters=reply or None,
            **screen.fields(),
        )
        return int((await self.call(method))["message_id"])

    async def edit(self, message_id: int, screen: Screen) -> None:
        """Raises MessageGone when there is nothing to edit any more."""
        fields = screen.fields()
        method = EditMessageText(chat_id=self.chat, message_id=message_id, **fields)
        await self.call(method)

    async def remove(self, message_id: int) -> None:
        """Take a message away where Telegram still lets us."""
        with suppress(DeliveryError):
            await self.call(DeleteMessage(chat_id=self.chat, message_id=message_id))


def _told_apart(error: Rejected) -> Rejected:
    text = str(error).lower()
    if "thread not found" in text or "topic_deleted" in text:
        return ThreadGone(str(error))
    if any(words in text for words in GONE):
        return MessageGone(str(error))
    return error


def digest(screen: Screen) -> str:
    """Tells whether a screen would look the same as the one that stands there."""
    text, entities = screen.body.render()
    keyboard = screen.keyboard()
    shown = [
        text,
        [entity.model_dump(exclude_none=True) for entity in entities],
        keyboard.model_dump(exclude_none=True) if keyboard else None,
    ]
    return hashlib.blake2b(orjson.dumps(shown), digest_size=8).hexdigest()
