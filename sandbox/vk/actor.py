"""A person at work: writes to a community, sends things, presses buttons, orders, forbids."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from sandbox.vk import objects
from sandbox.vk.communities import Community
from sandbox.vk.state import Json, User
from sandbox.vk.talk import Conversation, Message

if TYPE_CHECKING:
    from sandbox.vk.world import World

T = TypeVar("T")
CLIENT = {
    "button_actions": ["text", "open_link", "callback"],
    "keyboard": True,
    "inline_keyboard": True,
    "carousel": True,
    "lang_id": 0,
}


@dataclass(slots=True, kw_only=True)
class Actor:
    """One person and one community. What they write lets the community write to them, too."""

    world: World
    group: Community
    user: User

    @property
    def conversation(self) -> Conversation:
        found = self.world.conversation(self.group, self.user.id)
        assert found is not None  # noqa: S101 - the person exists
        return found

    # --- writing ----------------------------------------------------------------------------

    def text(self, text: str, *, reply_to: Message | None = None, **extra: Any) -> Message:
        """`extra`: fields of the message as VK names them (ref, payload, geo, …)."""
        if reply_to is not None:
            extra["reply_message"] = reply_to.quoted()
        return self._say(text=text, extra=extra)

    def forward(self, *messages: Message, text: str = "") -> Message:
        return self._say(text=text, extra={"fwd_messages": [one.quoted() for one in messages]})

    def photo(self, *pictures: bytes, text: str = "") -> Message:
        files = [self.world.add_file("photo", "photo.png", data) for data in pictures]
        found = [objects.photo(self.world, file, self.user.id) for file in files]
        return self.attach(*({"type": "photo", "photo": one} for one in found), text=text)

    def document(self, name: str, data: bytes, text: str = "") -> Message:
        file = self.world.add_file("doc", name, data)
        found = objects.doc(self.world, file, self.user.id)
        return self.attach({"type": "doc", "doc": found}, text=text)

    def voice(self, data: bytes = b"OggS voice") -> Message:
        file = self.world.add_file("voice", "voice.ogg", data)
        found = objects.voice(self.world, file, self.user.id)
        return self.attach({"type": "audio_message", "audio_message": found})

    def sticker(self, data: bytes) -> Message:
        file = self.world.add_file("sticker", "sticker.png", data)
        return self.attach({"type": "sticker", "sticker": objects.sticker(self.world, file)})

    def place(self, latitude: float, longitude: float, title: str = "") -> Message:
        point = {"latitude": latitude, "longitude": longitude}
        geo: Json = {"type": "point", "coordinates": point}
        if title:
            geo["place"] = {"id": 1, "title": title}
        return self._say(extra={"geo": geo})

    def ask_about(self, item: Json, text: str) -> Message:
        """*Write to the seller* on the page of an item."""
        return self.attach({"type": "market", "market": item}, text=text)

    def attach(self, *attachments: Json, text: str = "") -> Message:
        return self._say(text=text, attachments=list(attachments))

    def long_forward(self, text: str, number: int) -> Message:
        """A message too large for an event: VK crops it there and says so."""
        inner = self._stored(text=text, extra={}).quoted()
        message = self._stored(text=text, extra={"fwd_messages": [inner] * number})
        whole = message.json()
        cropped = whole | {"text": text[:50], "fwd_messages": [], "is_cropped": True}
        self._tell("message_new", {"message": cropped, "client_info": CLIENT})
        return message

    def edit(self, message: Message, text: str) -> None:
        message.text, message.update_time = text, int(self.world.clock.now())
        self._tell("message_edit", message.json())

    def press(self, label: str, message: Message | None = None) -> Json:
        """Press a button by its words; what the community answered is a call of the log."""
        message = message or self.received()[-1]
        action = next(
            button["action"]
            for row in (message.keyboard or {}).get("buttons", [])
            for button in row
            if button["action"].get("label") == label
        )
        if action["type"] == "open_link":
            return dict(action)
        return self._tell(
            "message_event",
            {
                "user_id": self.user.id,
                "peer_id": self.user.id,
                "event_id": uuid.uuid4().hex[:16],
                "payload": json.loads(action["payload"]),
                "conversation_message_id": message.cmid,
            },
        )

    def read(self) -> None:
        """Look at the chat: everything of the community is read."""
        unread = [one for one in self.conversation.messages if one.out and not one.read]
        for message in unread:
            message.read = True
        if unread:
            self._tell(
                "message_read",
                {
                    "from_id": self.user.id,
                    "peer_id": self.user.id,
                    "read_message_id": unread[-1].id,
                    "conversation_message_id": unread[-1].cmid,
                },
            )

    # --- consent ----------------------------------------------------------------------------

    def allow(self) -> None:
        self.conversation.allowed = True
        self._tell("message_allow", {"user_id": self.user.id, "key": ""})

    def deny(self) -> None:
        """Forbid the community to write."""
        self.conversation.allowed = False
        self._tell("message_deny", {"user_id": self.user.id})

    # --- the shop ---------------------------------------------------------------------------

    def order(self, *bought: tuple[Json, int], comment: str = "", phone: str = "") -> Json:
        """Order items of the shop; returns the order."""
        number = self.world.next_id()
        items = [
            {
                "owner_id": one["owner_id"],
                "item_id": one["id"],
                "price": one["price"],
                "quantity": quantity,
                "item": one,
                "title": one["title"],
            }
            for one, quantity in bought
        ]
        total = sum(int(one["price"]["amount"]) * one["quantity"] for one in items)
        order = {
            "id": number,
            "group_id": self.group.id,
            "user_id": self.user.id,
            "display_order_id": f"{self.user.id}-{number}",
            "date": int(self.world.clock.now()),
            "status": 0,
            "items_count": len(items),
            "total_price": objects.price(total),
            "preview_order_items": items[: self.world.config.preview_items],
            "comment": comment,
            "delivery": {"type": "Курьер", "address": "Тверская, 1"},
            "recipient": {"name": f"{self.user.first_name} {self.user.last_name}", "phone": phone},
        }
        key = (self.user.id, number)
        self.group.orders[key], self.group.order_items[key] = order, items
        self._tell("market_order_new", dict(order))
        return order

    # --- looking ----------------------------------------------------------------------------

    def received(self) -> list[Message]:
        """What the community has written, oldest first."""
        return [one for one in self.conversation.messages if one.out]

    async def wait_text(self, part: str, timeout: float = 10.0) -> Message:
        def newest() -> Message | None:
            return next((one for one in reversed(self.received()) if part in one.text), None)

        found = await self.world.wait_for(newest, timeout)
        assert found is not None  # noqa: S101 - wait_for returns only truthy answers
        return found

    # --- inside -----------------------------------------------------------------------------

    def _say(self, **fields: Any) -> Message:
        message = self._stored(**fields)
        self._tell("message_new", {"message": message.json(), "client_info": CLIENT})
        return message

    def _stored(self, **fields: Any) -> Message:
        self.conversation.allowed = True
        return self.world.put(self.group, self.user.id, from_id=self.user.id, **fields)

    def _tell(self, kind: str, body: Json) -> Json:
        return self.world.events[self.group.id].push(kind, body)
