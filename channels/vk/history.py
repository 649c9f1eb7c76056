"""Messages whose events are lost are found again in the conversations themselves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from channels.vk.api import Api

PAGE = 200
MOST_PAGES = 10

Update = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class History:
    """Gives messages as the events they would have been. A message that is known already is
    recognised by its number, so that too much does no harm."""

    api: Api
    group_id: int

    async def since(self, moment: datetime, *, unread: bool) -> AsyncIterator[Update]:
        """Events since `moment`, each conversation's oldest first. Raises a DeliveryError.

        `unread`: only what the community has not read: nobody has looked at it anywhere.
        """
        start = int(moment.timestamp())
        for page in range(MOST_PAGES):
            found = await self._conversations(page, unread=unread)
            recent = [one for one in found if _last(one) >= start]
            for one in recent:
                count = int(one["conversation"].get("unread_count") or 0) if unread else PAGE
                async for update in self._messages(one, start, count, unread=unread):
                    yield update
            if len(found) < PAGE or not recent:
                return

    async def _conversations(self, page: int, *, unread: bool) -> list[Update]:
        answer = await self.api.call(
            "messages.getConversations",
            again=True,
            group_id=self.group_id,
            filter="unread" if unread else "all",
            count=PAGE,
            offset=page * PAGE,
        )
        return list(answer["items"])

    async def _messages(
        self, conversation: Update, start: int, count: int, *, unread: bool
    ) -> AsyncIterator[Update]:
        peer = conversation["conversation"]["peer"]["id"]
        answer = await self.api.call(
            "messages.getHistory",
            again=True,
            group_id=self.group_id,
            peer_id=peer,
            count=min(max(count, 1), PAGE),
        )
        for message in reversed(answer["items"]):
            if max(message["date"], message.get("update_time", 0)) < start:
                continue
            if unread and message.get("out"):
                continue
            for update in _events(message, self.group_id):
                yield update


def _last(conversation: Update) -> int:
    last = conversation.get("last_message") or {}
    return int(max(last.get("date", 0), last.get("update_time", 0)))


def _events(message: Update, group_id: int) -> list[Update]:
    """The message's own event, and that of its correction."""
    place = f"{message['peer_id']}:{message['conversation_message_id']}"
    kind = "message_reply" if message.get("out") else "message_new"
    body: Update = message if message.get("out") else {"message": message}
    found = [_event(kind, f"history:{place}", body, group_id)]
    if message.get("update_time"):
        key = f"history:{place}:{message['update_time']}"
        found.append(_event("message_edit", key, message, group_id))
    return found


def _event(kind: str, key: str, body: Update, group_id: int) -> Update:
    return {"type": kind, "group_id": group_id, "event_id": key, "object": body}
