"""What the REST Bot API takes and what it refuses, field by field. Pure: problems as text."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

Json = dict[str, Any]
COMMON = {"receiver", "min_api_version", "sender", "tracking_data", "type", "keyboard"}
OWN = {
    "text": {"text"},
    "picture": {"text", "media", "thumbnail"},
    "video": {"text", "media", "size", "duration", "thumbnail"},
    "file": {"media", "size", "file_name"},
    "contact": {"contact"},
    "location": {"location"},
    "sticker": {"sticker_id"},
    "url": {"media"},
}
NEEDED = {
    "text": {"text"},
    "picture": {"text", "media"},
    "video": {"media", "size"},
    "file": {"media", "size", "file_name"},
    "contact": {"contact"},
    "location": {"location"},
    "sticker": {"sticker_id"},
    "url": {"media"},
}
BUTTON = {"Columns", "Rows", "Text", "TextSize", "ActionType", "ActionBody", "Silent", "BgColor"}
ACTIONS = {"reply", "open-url", "share-phone", "location-picker", "none"}
MAX_BODY = 30 * 1024
MEGABYTE = 1024 * 1024


def problems_of(body: Json) -> list[str]:
    """Everything that is wrong with a message to be sent."""
    kind = str(body.get("type"))
    if kind not in OWN:
        return [f"type {kind} is not known"]
    found = [f"{name} is missing" for name in NEEDED[kind] - set(body)]
    found += [f"{name} is not a field of {kind}" for name in set(body) - COMMON - OWN[kind]]
    found += _sender(body.get("sender"))
    found += _limits(body)
    if kind in {"picture", "video", "file"}:
        found += _media(kind, body)
    if "keyboard" in body:
        found += _keyboard(body["keyboard"])
    return found


def _sender(sender: Any) -> list[str]:
    if not isinstance(sender, dict) or not str(sender.get("name") or ""):
        return ["sender.name is missing"]
    return ["sender.name is longer than 28"] if len(sender["name"]) > 28 else []


def _limits(body: Json) -> list[str]:
    found = []
    if len(json.dumps(body).encode()) > MAX_BODY:
        found.append("the body is larger than 30 KB")
    if body["type"] == "text" and not 1 <= len(body.get("text") or "") <= 7000:
        found.append("text must have 1 to 7000 characters")
    if len(str(body.get("tracking_data") or "")) > 4000:
        found.append("tracking_data is longer than 4000")
    if not isinstance(body.get("min_api_version", 1), int):
        found.append("min_api_version is no number")
    contact = body.get("contact")
    if contact and (len(contact.get("name", "")) > 28 or len(contact["phone_number"]) > 18):
        found.append("the contact is too long")
    return found


def _media(kind: str, body: Json) -> list[str]:
    address = urlsplit(str(body.get("media")))
    if address.scheme not in {"http", "https"} or len(str(body.get("media"))) > 2000:
        return ["media is no web address"]
    endings = {"picture": (".jpg", ".jpeg", ".png", ".gif"), "video": (".mp4",)}
    if kind in endings and not address.path.lower().endswith(endings[kind]):
        return [f"media of a {kind} must end in one of {endings[kind]}"]
    limits = {"video": 26, "file": 50}
    size = body.get("size", 0)
    if not isinstance(size, int) or size > limits.get(kind, 3) * MEGABYTE:
        return ["size is too large"]
    return []


def _keyboard(keyboard: Any) -> list[str]:
    buttons = keyboard.get("Buttons") if isinstance(keyboard, dict) else None
    if not isinstance(buttons, list) or not buttons or keyboard.get("Type") != "keyboard":
        return ["the keyboard is malformed"]
    found = [f"{name} is no field of a button" for one in buttons for name in set(one) - BUTTON]
    for one in buttons:
        if not 1 <= one.get("Columns", 6) <= 6 or one.get("ActionType", "reply") not in ACTIONS:
            found.append("a button is malformed")
        if not one.get("ActionBody"):
            found.append("ActionBody is missing")
    return found
