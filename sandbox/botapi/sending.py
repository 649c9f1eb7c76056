"""The kinds of things a person can send besides text; a mix-in of Actor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.botapi.entities import format_text
from sandbox.botapi.images import image_size, plain_png
from sandbox.botapi.media import media_content, media_object
from sandbox.botapi.posting import Post
from sandbox.botapi.state import File, Json, Message

if TYPE_CHECKING:
    from sandbox.botapi.world import World


class Sending:
    """Needs `world` and `put` of the class it is mixed into."""

    __slots__ = ()
    world: World

    def put(self, draft: Post) -> Message:
        raise NotImplementedError

    def photo(self, data: bytes | None = None, caption: str = "", **meta: Any) -> Message:
        """A photo; without data a plain picture of 1280 x 960."""
        return self._send("photo", data or plain_png(1280, 960), caption, **meta)

    def voice(self, data: bytes = b"OggS-voice", caption: str = "", **meta: Any) -> Message:
        return self._send("voice", data, caption, mime="audio/ogg", **meta)

    def video_note(self, data: bytes = b"mp4-note", **meta: Any) -> Message:
        return self._send("video_note", data, "", mime="video/mp4", **meta)

    def video(self, data: bytes = b"mp4-video", caption: str = "", **meta: Any) -> Message:
        return self._send("video", data, caption, mime="video/mp4", **meta)

    def audio(self, data: bytes = b"ID3-audio", caption: str = "", **meta: Any) -> Message:
        return self._send("audio", data, caption, mime="audio/mpeg", **meta)

    def document(
        self, data: bytes = b"file", name: str = "file.txt", caption: str = "", **meta: Any
    ) -> Message:
        return self._send("document", data, caption, name=name, **meta)

    def sticker(self, data: bytes = b"webp", emoji: str = "🙂") -> Message:
        return self._send("sticker", data, "", emoji=emoji)

    def album(self, photos: list[bytes] | None = None, caption: str = "") -> list[Message]:
        """2-10 photos at once: as many messages with one media_group_id, caption at the first."""
        group_id = self.world.next_number()
        pictures = photos or [plain_png(800, 600), plain_png(600, 800)]
        return [
            self._send("photo", data, caption if index == 0 else "", group_id=group_id)
            for index, data in enumerate(pictures)
        ]

    def contact(self, phone: str, first_name: str, user_id: int | None = None) -> Message:
        """A contact card: a foreign one unless `user_id` is the sender's own."""
        card: Json = {"phone_number": phone, "first_name": first_name}
        if user_id is not None:
            card["user_id"] = user_id
        return self.put(Post(content={"contact": card}))

    def location(self, latitude: float, longitude: float) -> Message:
        place = {"latitude": latitude, "longitude": longitude}
        return self.put(Post(content={"location": place}))

    def venue(self, latitude: float, longitude: float, *, title: str, address: str) -> Message:
        place = {"latitude": latitude, "longitude": longitude}
        venue = {"location": place, "title": title, "address": address}
        return self.put(Post(content={"location": place, "venue": venue}))

    def file(self, message: Message) -> bytes:
        """The bytes of a message's file, as a person would save it."""
        body = media_object(message.content)
        if body is None:
            raise LookupError(f"message {message.id} has no file")
        return self.world.files.get(body["file_unique_id"]).data

    def _send(self, kind: str, data: bytes, caption: str, **meta: Any) -> Message:
        group_id = meta.pop("group_id", None)
        fields = {key: meta.pop(key) for key in ("name", "mime", "declared_size") if key in meta}
        if kind == "photo":
            width, height = image_size(data) or (1280, 960)
            meta = {"width": width, "height": height} | meta
        file: File = self.world.files.add(kind, data, meta=meta, **fields)
        content = media_content(self.world.files, file)
        if caption:
            formatted = format_text(caption, None, None)
            content["caption"] = formatted.text
            if formatted.entities:
                content["caption_entities"] = formatted.entities
        return self.put(Post(content=content, group_id=group_id))
