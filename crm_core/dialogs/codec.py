"""Messages and parts as JSON and back; stored files travel by their SHA-256."""

from __future__ import annotations

import dataclasses
from typing import Any

from crm_core.dialogs.messages import (
    Button,
    ContactCard,
    Entity,
    Kind,
    Location,
    OutboundPart,
    OutFile,
)


def dump(value: Any) -> dict[str, Any]:
    """A message shape as JSON-able data without its empty fields."""
    data = dataclasses.asdict(value)
    return {key: found for key, found in data.items() if found not in (None, "", (), [], {})}


def dump_entities(entities: tuple[Entity, ...]) -> list[dict[str, Any]]:
    return [dump(entity) for entity in entities]


def load_entities(raw: list[dict[str, Any]] | None) -> tuple[Entity, ...]:
    return tuple(Entity(**one) for one in raw or ())


def load_contact(raw: dict[str, Any] | None) -> ContactCard | None:
    return None if raw is None else ContactCard(**raw)


def load_location(raw: dict[str, Any] | None) -> Location | None:
    return None if raw is None else Location(**raw)


def load_buttons(raw: Any) -> tuple[tuple[Button, ...], ...]:
    return tuple(tuple(Button(**one) for one in row) for row in raw or ())


def load_part(raw: dict[str, Any]) -> OutboundPart:
    """A part as `dump` wrote it; the `path` of its files is what was stored there."""
    files = tuple(OutFile(**one | {"kind": Kind(one["kind"])}) for one in raw.get("files", ()))
    return OutboundPart(
        key=raw["key"],
        kind=Kind(raw.get("kind", Kind.TEXT)),
        text=raw.get("text", ""),
        entities=load_entities(raw.get("entities")),
        files=files,
        contact=load_contact(raw.get("contact")),
        location=load_location(raw.get("location")),
        reply_to=raw.get("reply_to"),
        author=raw.get("author"),
        buttons=load_buttons(raw.get("buttons")),
        extra=raw.get("extra", {}),
    )
