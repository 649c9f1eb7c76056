"""A message in its place, and its parts as columns take them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from crm_core.dialogs import codec
from crm_core.dialogs.messages import InboundMessage
from routing.inbound.dialogs import Live


@dataclass(frozen=True, slots=True)
class Placed:
    """A message with its id and the dialog it belongs to."""

    id: int
    channel_id: int
    message: InboundMessage
    dialog: Live


def clean(text: str) -> str:
    """PostgreSQL texts hold no NUL."""
    return text.replace("\0", "")


def entities(message: InboundMessage) -> str:
    return orjson.dumps(codec.dump_entities(message.entities)).decode()


def extra(message: InboundMessage) -> str:
    """The parts of a message that have no column: contact, location, what its channel adds."""
    found = message.extra | {
        "contact": codec.dump(message.contact) if message.contact else None,
        "location": codec.dump(message.location) if message.location else None,
    }
    return json_text({key: one for key, one in found.items() if one})


def json_text(value: dict[str, Any]) -> str:
    """JSON PostgreSQL takes: it has no place for NUL characters."""
    return orjson.dumps(value).decode().replace("\\u0000", "")
