"""A client's VK as a window of the stage."""

from __future__ import annotations

from typing import Any

from sandbox.botapi.images import image_size
from sandbox.stage.config import Json
from sandbox.stage.errors import StageError
from sandbox.stage.windows import Key, Line, Media, Screen, Shown, Watchers, WindowAct, WindowInfo
from sandbox.vk.actor import Actor
from sandbox.vk.state import File
from sandbox.vk.talk import Message

CAN = frozenset({"text", "photos", "files", "voice", "location", "reply", "read", "block"})
KINDS = {"photo": "photo", "doc": "document", "audio_message": "voice", "sticker": "sticker"}
MIMES = {
    "photo": "image/png",
    "sticker": "image/png",
    "voice": "audio/ogg",
    "audio_message": "audio/ogg",
}


class VkWindow(Watchers):
    """Keeps `sandbox.stage.windows.Window`. `goods` are items of the community's shop: a button
    for each, which orders it."""

    def __init__(self, actor: Actor, info: WindowInfo, *, goods: tuple[Json, ...] = ()) -> None:
        super().__init__()
        self.info = info
        self._actor, self._goods = actor, goods
        self._shown = Screen()
        actor.world.feed.listen(self._changed)

    def _changed(self, _: Json) -> None:
        screen = self.screen()
        if screen != self._shown:
            self._shown = screen
            self.tell()

    def screen(self) -> Screen:
        conversation = self._actor.conversation
        messages = conversation.messages
        order = [Key(text=f"🛒 {one['title']}", data=f"order:{one['id']}") for one in self._goods]
        return Screen(
            lines=tuple(_line(one, self._file_of) for one in messages),
            keys=tuple((key,) for key in order),
            typing_until=conversation.typing_until,
            blocked=bool(messages) and not conversation.allowed,
        )

    def file(self, file_id: str) -> Shown:
        file = self._actor.world.files[int(file_id)]
        kind = (
            file.saved["type"]
            if file.saved
            else {"voice": "audio_message"}.get(file.kind, file.kind)
        )
        return Shown(
            data=file.data, mime=MIMES.get(kind, "application/octet-stream"), name=file.name
        )

    async def act(self, act: WindowAct) -> Json:
        if act.name in {"photos", "files", "voice"}:
            self._upload(act)
        elif act.name == "press":
            return self._press(str(act.body.get("button") or ""))
        else:
            self._simple(act)
        return {}

    def _simple(self, act: WindowAct) -> None:
        actor = self._actor
        match act.name:
            case "text":
                replied = actor.conversation.find(int(act.body.get("reply_to") or 0))
                actor.text(act.text(), reply_to=replied)
            case "location":
                actor.place(*act.place())
            case "read":
                actor.read()
            case "block":
                actor.deny()
            case "unblock":
                actor.allow()

    def _upload(self, act: WindowAct) -> None:
        caption = act.text("caption")
        if act.name == "voice":
            self._actor.voice(act.uploads[0].data)
            return
        pictures = [one.data for one in act.uploads if image_size(one.data)]
        if act.name == "photos" and len(pictures) == len(act.uploads):
            self._actor.photo(*pictures, text=caption)
            return
        for number, upload in enumerate(act.uploads):
            self._actor.document(upload.name, upload.data, "" if number else caption)

    def _press(self, data: str) -> Json:
        kind, _, rest = data.partition(":")
        if kind == "order":
            found = next(one for one in self._goods if str(one["id"]) == rest)
            order = self._actor.order((found, 1))
            return {"toast": f"№ {order['display_order_id']}"}
        number, _, label = rest.partition(":")
        message = self._actor.conversation.find(int(number)) if number.isdecimal() else None
        if message is None:
            raise StageError("gone", 409)
        self._actor.press(label, message)
        return {}

    def _file_of(self, attachment: Json) -> File | None:
        body = attachment[attachment["type"]]
        number = body.get("sticker_id") or body.get("id")
        return self._actor.world.files.get(int(number)) if number else None


def _line(message: Message, file_of: Any) -> Line:
    geo = message.extra.get("geo")
    point = geo["coordinates"] if geo else None
    replied = message.extra.get("reply_message")
    known = [(one, file_of(one)) for one in message.attachments if one["type"] in KINDS]
    return Line(
        id=message.cmid,
        mine=not message.out,
        at=float(message.date),
        text=message.text,
        media=tuple(_media(one, file) for one, file in known if file is not None),
        place=(point["latitude"], point["longitude"]) if point else None,
        keys=_keys(message),
        reply_to=replied["conversation_message_id"] if replied else None,
        edited=bool(message.update_time),
        state="read" if message.read else "sent",
    )


def _media(attachment: Json, file: File) -> Media:
    size = image_size(file.data)
    return Media(
        id=str(file.id),
        kind=KINDS[attachment["type"]],
        name=file.name,
        size=len(file.data),
        width=size[0] if size else None,
        height=size[1] if size else None,
        duration=attachment[attachment["type"]].get("duration"),
    )


def _keys(message: Message) -> tuple[tuple[Key, ...], ...]:
    """Buttons under the message; a press names the message and the words."""
    rows = (message.keyboard or {}).get("buttons", [])
    return tuple(tuple(_key(message.cmid, one["action"]) for one in row) for row in rows)


def _key(number: int, action: Json) -> Key:
    if action["type"] == "open_link":
        return Key(text=action["label"], url=action["link"])
    return Key(text=action["label"], data=f"press:{number}:{action['label']}")
