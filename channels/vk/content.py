"""What a VK message carries: files, and words for what is none. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from channels.vk.wire import Message, Person
from crm_core.dialogs.messages import FileRef, Kind, Sender

SITE = "https://vk.com"
GIF = 3
SIZES = "smopqrxyzw"  # letters of a photo's sizes, smallest first
MENTION = re.compile(r"\[(?:id|club|public)\d+\|([^\]]+)\]")
DEEPEST = 5
NAMELESS = {
    "gift": "🎁",
    "call": "📞",
    "group_call_in_progress": "📞",
    "money_transfer": "💸",
    "money_request": "💸",
}
People = Mapping[str, Person]


def sender(number: int, people: People) -> Sender:
    """The person as far as known; a name nobody could ask for is empty."""
    person = people.get(str(number)) or Person()
    return Sender(external_id=str(number), name=person.name, username=person.username)


def plain(text: str) -> str:
    """`[id1|Anna]` reads as `Anna`."""
    return MENTION.sub(r"\1", text)


def files(message: Message, place: str) -> tuple[FileRef, ...]:
    """Files of the message and of what it forwards. `place` is the message's external id: a link
    that has expired is asked for anew by it."""
    own = [
        found
        for number, attachment in enumerate(message.attachments)
        if (found := file_of(attachment, f"{place}:{number}"))
    ]
    inner = [
        found for each in _forwarded(message) if (found := file_of(each, ""))
    ]  # a forwarded one has no place of its own
    return (*own, *inner)


def _forwarded(message: Message, depth: int = DEEPEST) -> Iterator[dict[str, Any]]:
    for each in message.fwd_messages if depth else ():
        yield from each.attachments
        yield from _forwarded(each, depth - 1)


def file_of(attachment: dict[str, Any], place: str) -> FileRef | None:
    """The file behind an attachment, if it is one. `ref` is `place url`."""
    kind = str(attachment.get("type", ""))
    body = attachment.get(kind)
    make = FILES.get(kind)
    if make is None or not isinstance(body, dict):
        return None
    found = make(body)
    if not found.get("url"):
        return None
    url = str(found.pop("url"))
    return FileRef(ref=f"{place} {url}", **found)


def _photo(body: dict[str, Any]) -> dict[str, Any]:
    sizes = [one for one in body.get("sizes") or () if isinstance(one, dict)]
    best: dict[str, Any] = max(sizes, key=_area, default={})
    return {
        "kind": Kind.PHOTO,
        "url": best.get("url") or best.get("src"),
        "name": f"photo{body.get('owner_id')}_{body.get('id')}.jpg",
        "mime": "image/jpeg",
        "width": best.get("width") or None,
        "height": best.get("height") or None,
    }


def _area(size: dict[str, Any]) -> tuple[int, int]:
    """Old photos name no measures: then the letter tells which is larger."""
    letter = str(size.get("type", ""))[:1]
    area = int(size.get("width") or 0) * int(size.get("height") or 0)
    return area, SIZES.find(letter)


def _doc(body: dict[str, Any]) -> dict[str, Any]:
    title, extension = str(body.get("title") or "file"), str(body.get("ext") or "")
    if extension and not title.lower().endswith(f".{extension.lower()}"):
        title = f"{title}.{extension}"
    animated = body.get("type") == GIF
    return {
        "kind": Kind.ANIMATION if animated else Kind.DOCUMENT,
        "url": body.get("url"),
        "name": title,
        "mime": "image/gif" if animated else None,
        "size": body.get("size"),
    }


def _voice(body: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": Kind.VOICE,
        "url": body.get("link_ogg") or body.get("link_mp3"),
        "name": "voice.ogg" if body.get("link_ogg") else "voice.mp3",
        "mime": "audio/ogg" if body.get("link_ogg") else "audio/mpeg",
        "duration": body.get("duration"),
    }


def _sticker(body: dict[str, Any]) -> dict[str, Any]:
    best: dict[str, Any] = max(body.get("images") or (), key=_area, default={})
    return {
        "kind": Kind.STICKER,
        "url": best.get("url"),
        "name": f"sticker{body.get('sticker_id', '')}.png",
        "mime": "image/png",
        "width": best.get("width"),
        "height": best.get("height"),
    }


def _graffiti(body: dict[str, Any]) -> dict[str, Any]:
    return {"kind": Kind.PHOTO, "url": body.get("url"), "name": "graffiti.png", "mime": "image/png"}


def _audio(body: dict[str, Any]) -> dict[str, Any]:
    name = f"{body.get('artist', '')} — {body.get('title', '')}.mp3"
    return {
        "kind": Kind.AUDIO,
        "url": body.get("url"),
        "name": name,
        "mime": "audio/mpeg",
        "duration": body.get("duration"),
    }


FILES = {
    "photo": _photo,
    "doc": _doc,
    "audio_message": _voice,
    "sticker": _sticker,
    "graffiti": _graffiti,
    "audio": _audio,
}


def words(message: Message, people: People) -> str:
    """The text, a line for every attachment that is no file, and what it forwards."""
    lines = [plain(message.text), *_lines(message)]
    for each in message.fwd_messages:
        lines += _quoted(each, people, DEEPEST)
    return "\n".join(line for line in lines if line)


def _lines(message: Message) -> list[str]:
    return [line(one) for one in message.attachments if file_of(one, "") is None]


def _quoted(message: Message, people: People, depth: int) -> list[str]:
    """A forwarded message, and those inside it further to the right."""
    person = people.get(str(message.from_id))
    inner = [plain(message.text), *_lines(message)]
    if depth:
        for each in message.fwd_messages:
            inner += _quoted(each, people, depth - 1)
    head = f"↪ {person.name}:" if person and person.name else "↪"
    body = [f"  {one}" for text in inner if text for one in text.split("\n")]
    return [head, *body]


def line(attachment: dict[str, Any]) -> str:
    """One line that names what it is, with a link where there is one."""
    kind = str(attachment.get("type") or "attachment")
    raw = attachment.get(kind)
    body: dict[str, Any] = raw if isinstance(raw, dict) else {}
    if kind in NAMELESS:
        return NAMELESS[kind]
    sign, describe = LINES.get(kind, ("📎", lambda one: (kind.replace("_", " "), one.get("title"))))
    return f"{sign} " + " · ".join(str(part) for part in describe(body) if part)


def _link(kind: str, body: dict[str, Any]) -> str:
    owner = body.get("owner_id") or body.get("from_id")
    return f"{SITE}/{kind}{owner}_{body.get('id')}"


def item_words(item: dict[str, Any]) -> tuple[str, str, str]:
    """Title, price as VK writes it, and address of an item of a shop."""
    price = item.get("price")
    cost = str(price.get("text") or "") if isinstance(price, dict) else ""
    owner, number = item.get("owner_id"), item.get("id")
    return str(item.get("title") or ""), cost, f"{SITE}/product{owner}_{number}"


LINES: dict[str, tuple[str, Callable[[dict[str, Any]], tuple[object, ...]]]] = {
    "video": ("🎬", lambda body: (body.get("title"), _link("video", body))),
    "link": ("🔗", lambda body: (body.get("title"), body.get("url"))),
    "market": ("🛍", item_words),
    "wall": ("📝", lambda body: (str(body.get("text") or "")[:200], _link("wall", body))),
    "poll": ("📊", lambda body: (body.get("question"),)),
    "audio": ("🎵", lambda body: (body.get("artist"), body.get("title"))),
    "story": ("🖼", lambda body: (_link("story", body),)),
}


def item_of(message: Message) -> dict[str, Any] | None:
    """The item of the shop the client asks about."""
    bodies = (one.get("market") for one in message.attachments if one.get("type") == "market")
    return next((body for body in bodies if isinstance(body, dict)), None)
