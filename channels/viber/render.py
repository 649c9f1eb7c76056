"""An outbound part → the body of send_message. Pure.

Media travel as addresses: `link(file)` gives a short-lived one that Viber's servers can open.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from channels.viber.config import NAME_LIMIT, Config
from crm_core.dialogs.messages import Button, Kind, OutboundPart, OutFile

Link = Callable[[OutFile], str]
MEGABYTE = 1024 * 1024
PICTURES = {"image/jpeg": ".jpg", "image/png": ".png"}
PICTURE_LIMIT = 3 * MEGABYTE
VIDEO_LIMIT = 26 * MEGABYTE
FILE_NAME_LIMIT = 256
# The first version whose devices take each kind of thing.
MIN_VERSION = 1
MIN_VERSION_BUTTONS = 4
COLUMNS = 6
MAX_BUTTON_ROWS = 24


def body(chat: str, part: OutboundPart, config: Config, link: Link) -> dict[str, Any]:
    """The JSON of one message; `type` is chosen by what the file can be in Viber."""
    sender: dict[str, Any] = {"name": config.sender_name[:NAME_LIMIT]}
    if config.avatar:
        sender["avatar"] = config.avatar
    found = {
        "receiver": chat,
        "min_api_version": MIN_VERSION_BUTTONS if part.buttons else MIN_VERSION,
        "sender": sender,
        "tracking_data": "",
    } | _content(part, link)
    if part.buttons:
        found["keyboard"] = keyboard(part.buttons)
    return found


def welcome(config: Config, tracking: str) -> dict[str, Any]:
    """The answer to conversation_started: a message without a receiver."""
    return {
        "sender": {"name": config.sender_name[:NAME_LIMIT]},
        "type": "text",
        "text": config.welcome,
        "tracking_data": tracking,
    }


def kind_of(file: OutFile) -> str:
    """`picture`, `video` or `file`: Viber takes few formats as pictures and films."""
    if file.kind is Kind.PHOTO and file.mime in PICTURES and file.size <= PICTURE_LIMIT:
        return "picture"
    if file.kind is Kind.VIDEO and file.mime == "video/mp4" and file.size <= VIDEO_LIMIT:
        return "video"
    return "file"


def _content(part: OutboundPart, link: Link) -> dict[str, Any]:
    if part.files:
        return _file(part, part.files[0], link)
    if part.contact:
        return {
            "type": "contact",
            "contact": {
                "name": (part.contact.name or part.contact.phone)[:28],
                "phone_number": part.contact.phone[:18],
            },
        }
    if part.location:
        place = {"lat": f"{part.location.latitude:.6f}", "lon": f"{part.location.longitude:.6f}"}
        return {"type": "location", "location": place}
    return {"type": "text", "text": part.text}


def _file(part: OutboundPart, file: OutFile, link: Link) -> dict[str, Any]:
    kind = kind_of(file)
    found: dict[str, Any] = {"type": kind, "media": link(file)}
    if kind == "file":
        return found | {"size": file.size, "file_name": file.name[-FILE_NAME_LIMIT:]}
    if part.text or kind == "picture":
        found["text"] = part.text
    if kind == "video":
        found["size"] = file.size
        if file.duration:
            found["duration"] = min(file.duration, 180)
    return found


def keyboard(rows: tuple[tuple[Button, ...], ...]) -> dict[str, Any]:
    """Buttons under the place one writes in; a press comes back silently with its data."""
    return {
        "Type": "keyboard",
        "DefaultHeight": False,
        "Buttons": [
            _button(button, width)
            for row in rows[:MAX_BUTTON_ROWS]
            for button, width in zip(row, _widths(len(row)), strict=False)
        ],
    }


def _widths(count: int) -> list[int]:
    """Six columns shared by at most six buttons of a row; the last takes what is left."""
    count = min(count, COLUMNS)
    each = COLUMNS // count
    return [each] * (count - 1) + [COLUMNS - each * (count - 1)]


def _button(button: Button, width: int) -> dict[str, Any]:
    found = {
        "Columns": width,
        "Rows": 1,
        "Text": button.text[:250],
        "ActionType": "open-url" if button.url else "reply",
        "ActionBody": button.url or button.data or button.text,
    }
    return found if button.url else found | {"Silent": True}
