"""Shapes shared by the tests of the VK channel."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from channels.vk.parse import parse

HERE = Path(__file__).parent
FIXTURES = sorted((HERE / "fixtures").glob("*.json"))
EMPTY: tuple[Any, ...] = (None, (), [], {}, "")


def body(name: str) -> dict[str, Any]:
    """A stored event by the name of its file."""
    loaded: dict[str, Any] = json.loads((HERE / "fixtures" / f"{name}.json").read_text())
    return loaded


def plain(update: dict[str, Any]) -> list[dict[str, Any]]:
    """Parsed events as plain JSON with the name of their type and without empty fields."""
    events = [
        {"event": type(event).__name__}
        | {name: value for name, value in asdict(event).items() if value not in EMPTY}
        for event in parse(update)
    ]
    plain_events: list[dict[str, Any]] = json.loads(json.dumps(events, default=str))
    return plain_events
