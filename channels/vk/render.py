"""Neutral part → parameters of messages.send and messages.edit. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Any

import orjson

from channels.vk.faults import refusal
from channels.vk.parse import OURS
from crm_core.dialogs.messages import Button, OutboundPart
from routing.contracts import OutcomeUnknown, Rejected

Values = dict[str, Any]


def message(chat: str, part: OutboundPart, attachments: Sequence[str], salt: str) -> Values:
    """What sends a part. Its `payload` comes back in the echo; `random_id` makes VK drop a repeat.

    `peer_ids` rather than `peer_id`: only then does VK tell the message's number in its chat.
    """
    values: Values = {
        "peer_ids": str(peer(chat)),
        "random_id": random_id(salt, part.key),
        "message": part.text,
        "payload": _json({OURS: part.key}),
        "dont_parse_links": 0,
    }
    if attachments:
        values["attachment"] = ",".join(attachments)
    if part.location is not None:
        values |= {"lat": part.location.latitude, "long": part.location.longitude}
    if part.reply_to is not None:
        values["forward"] = _json(_reply(part.reply_to))
    if part.buttons:
        values["keyboard"] = keyboard(part.buttons)
    return values


def change(external_id: str, part: OutboundPart, attachments: Sequence[str]) -> Values:
    """What corrects a sent part: an edit without its attachments would take them away."""
    chat, number = split_id(external_id)
    values: Values = {
        "peer_id": chat,
        "cmid": number,
        "message": part.text,
        "keep_forward_messages": 1,
        "keep_snippets": 1,
    }
    if attachments:
        values["attachment"] = ",".join(attachments)
    if part.buttons:
        values["keyboard"] = keyboard(part.buttons)
    return values


def keyboard(rows: Sequence[Sequence[Button]]) -> str:
    """Inline: under this very message. A press comes as `message_event`."""
    return _json({"inline": True, "buttons": [[_button(one) for one in row] for row in rows]})


def _button(button: Button) -> Values:
    if button.url:
        return {"action": {"type": "open_link", "label": button.text, "link": button.url}}
    payload = _json({OURS: button.data})
    action = {"type": "callback", "label": button.text, "payload": payload}
    return {"action": action, "color": "secondary"}


def random_id(salt: str, key: str) -> int:
    """Always the same for a part of this account: a positive 31-bit number."""
    digest = hashlib.sha256(f"{salt}:{key}".encode()).digest()
    return int.from_bytes(digest[:4], "big") & 0x7FFFFFFF or 1


def sent_id(chat: str, result: Any) -> str:
    """The external id in an answer of messages.send; a refusal of this one recipient is raised.

    Raises OutcomeUnknown when the answer does not tell.
    """
    entry = result[0] if isinstance(result, list) and result else None
    found: Values = entry if isinstance(entry, dict) else {}
    error = found.get("error")
    if isinstance(error, dict) and isinstance(error.get("code"), int):
        raise refusal(error["code"], str(error.get("description", "")))
    number = found.get("conversation_message_id")
    if not isinstance(number, int) or number <= 0:
        raise OutcomeUnknown("VK took the message but did not say under which number.")
    return f"{peer(chat)}:{number}"


def peer(chat: str) -> int:
    if not re.fullmatch(r"-?\d{1,18}", chat):
        problem = f"“{chat}” is not an id of a VK chat."
        raise Rejected(problem)
    return int(chat)


def split_id(external_id: str) -> tuple[int, int]:
    """`peer:number` → both."""
    chat, _, number = external_id.rpartition(":")
    return peer(chat), peer(number)


def attachments_of(found: Sequence[dict[str, Any]]) -> list[str]:
    """Attachments of a sent message as messages.edit wants them again."""
    known = []
    for one in found:
        kind = str(one.get("type"))
        body = one.get(kind)
        if isinstance(body, dict) and {"owner_id", "id"} <= body.keys():
            key = f"_{body['access_key']}" if body.get("access_key") else ""
            name = "doc" if kind in {"audio_message", "graffiti"} else kind
            known.append(f"{name}{body['owner_id']}_{body['id']}{key}")
    return known


def _reply(external_id: str) -> Values:
    chat, number = split_id(external_id)
    return {"peer_id": chat, "conversation_message_ids": [number], "is_reply": True}


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
