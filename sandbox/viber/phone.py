"""One person's Viber: what they do, and what the bot hears of it."""

from __future__ import annotations

from typing import Any

from sandbox.viber.server import Server
from sandbox.viber.state import Bot, Chat, Json, Said, User


class Phone:
    """A user in the chat with a bot. Acts return the message they made."""

    def __init__(self, server: Server, bot: Bot, user: User) -> None:
        self._server, self._bot, self.user = server, bot, user
        self.world = server.world

    @property
    def chat(self) -> Chat:
        return self.world.chat(self._bot, self.user)

    async def open(self, context: str = "") -> Json:
        """Open the chat (by a link with `context`); the welcome, if the bot answers with one."""
        chat = self.chat
        body = self._event("conversation_started") | {
            "type": "open",
            "user": self.user.body(),
            "subscribed": chat.subscribed,
        }
        chat.opened = True
        answer = await self._server.callbacks.put(
            self._bot, body | ({"context": context} if context else {})
        )
        if answer.get("type") == "text":
            self._show(answer)
        self.world.publish(chat)
        return answer

    def _show(self, welcome: Json) -> None:
        said = Said(
            token=self.world.next_token(),
            mine=False,
            at=self.world.now(),
            body=welcome,
            sender=welcome["sender"]["name"],
        )
        self.chat.said.append(said)
        self.chat.last_tracking = str(welcome.get("tracking_data") or "")

    def say(self, body: Json, **more: Any) -> Said:
        """Send a message; writing to a bot subscribes to it."""
        chat = self.chat
        said = Said(
            token=self.world.next_token(), mine=True, at=self.world.now(), body=body, **more
        )
        chat.subscribed = chat.opened = True
        chat.left = False
        chat.unanswered.clear()
        message = body | {"tracking_data": chat.last_tracking}
        silent = bool(message.pop("silent", False))
        if not silent:
            chat.said.append(said)
        event = self._event("message", said.token)
        self._server.callbacks.put(
            self._bot, event | {"sender": self.user.body(), "message": message, "silent": silent}
        )
        self.world.publish(chat)
        return said

    def text(self, text: str) -> Said:
        return self.say({"type": "text", "text": text})

    def picture(self, data: bytes, name: str = "photo.jpg", text: str = "") -> Said:
        file = self.world.keep(name, "image/png" if name.endswith("png") else "image/jpeg", data)
        media = self._server.address(file)
        body = {"type": "picture", "media": media, "thumbnail": media, "file_name": name}
        return self.say(body | ({"text": text} if text else {}), file=file)

    def video(self, data: bytes, name: str = "film.mp4", duration: int = 3) -> Said:
        file = self.world.keep(name, "video/mp4", data)
        body = {"type": "video", "media": self._server.address(file), "duration": duration}
        return self.say(body | {"size": len(data)}, file=file)

    def file(self, data: bytes, name: str, mime: str = "application/octet-stream") -> Said:
        file = self.world.keep(name, mime, data)
        body = {"type": "file", "media": self._server.address(file), "file_name": name}
        return self.say(body | {"file_size": len(data)}, file=file)

    def contact(self, name: str, phone: str) -> Said:
        return self.say({"type": "contact", "contact": {"name": name, "phone_number": phone}})

    def location(self, lat: float, lon: float) -> Said:
        return self.say({"type": "location", "location": {"lat": lat, "lon": lon}})

    def sticker(self, number: int) -> Said:
        return self.say({"type": "sticker", "sticker_id": number})

    def press(self, data: str) -> Said:
        """Press a button of the keyboard; a silent one leaves no message in the chat."""
        buttons = (self.chat.keyboard or {}).get("Buttons", [])
        button = next((each for each in buttons if each["ActionBody"] == data), None)
        if button is None:
            raise LookupError(data)
        return self.say({"type": "text", "text": data, "silent": button.get("Silent", False)})

    def look(self) -> None:
        """Read what has come: the bot gets a mark for each."""
        for said in self.chat.said:
            if not said.mine and said.state == "delivered":
                said.state = "seen"
                mark = self._event("seen", said.token) | {"user_id": self.user.id}
                self._server.callbacks.put(self._bot, mark)
        self.world.publish(self.chat)

    def unsubscribe(self) -> None:
        self.chat.subscribed, self.chat.left = False, True
        self._server.callbacks.put(
            self._bot, self._event("unsubscribed") | {"user_id": self.user.id}
        )
        self.world.publish(self.chat)

    def subscribe(self) -> None:
        self.chat.subscribed, self.chat.left = True, False
        body = self._event("subscribed") | {"user": self.user.body()}
        self._server.callbacks.put(self._bot, body)
        self.world.publish(self.chat)

    def _event(self, name: str, token: int | None = None) -> Json:
        token = token or self.world.next_token()
        stamp = int(self.world.now() * 1000)
        return {"event": name, "timestamp": stamp, "message_token": token}
