"""Rows of the mailbox → what the widget draws. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson

from channels.webchat.tokens import file_name
from crm_core.kernel.db import Row

SEEN_BY_ALL = ("sent", "delivered", "read")
STYLES = frozenset(
    {
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "code",
        "pre",
        "blockquote",
        "text_link",
    }
)


def shown(row: Row) -> bool:
    """Whether the visitor may see it already: ours only once it was sent."""
    return row["direction"] == "in" or row["status"] in SEEN_BY_ALL


def message(row: Row, visitor: str, now: datetime) -> dict[str, Any]:
    """One message. `uuid` is the browser's own id of what the visitor wrote."""
    extra = _json(row["extra"]) or {}
    own = row["direction"] == "in"
    return _filled(
        id=row["id"],
        mine=own,
        uuid=(row["external_id"] or "").partition(":")[2] if own else None,
        kind=row["kind"],
        text=row["text"],
        entities=[_entity(one) for one in _json(row["entities"]) or () if one["type"] in STYLES],
        files=[_file(one, visitor, now) for one in files_of(row)],
        contact=extra.get("contact"),
        location=extra.get("location"),
        at=row["at"].isoformat(),
        edited=row["edited_at"] is not None,
        author=None if own else first_name(row["author"]),
        read=row["status"] == "read",
        reply_to=row["reply_to_id"],
    )


def files_of(row: Row) -> list[dict[str, Any]]:
    """Attachments of a row as the mailbox gives them; `sha` is empty while one is not there."""
    return _json(row["files"]) or []


def first_name(name: str | None) -> str | None:
    """Visitors see no surnames."""
    words = (name or "").split()
    return words[0] if words else None


def state(row: Row | None) -> dict[str, Any]:
    """Who answers: `state` of the newest dialog (`none` without one), `name`, `online`."""
    if row is None:
        return {"state": "none", "online": False}
    return _filled(
        state=row["state"] or "none",
        name=first_name(row["assignee"]),
        online=bool(row["online"]),
        accepted=row["accepted_at"].isoformat() if row["accepted_at"] else None,
    ) | {"online": bool(row["online"])}


def _entity(raw: dict[str, Any]) -> dict[str, Any]:
    return _filled(**{key: raw.get(key) for key in ("type", "length", "url")}) | {
        "offset": raw["offset"]
    }


def _file(raw: dict[str, Any], visitor: str, now: datetime) -> dict[str, Any]:
    """`url` is relative to the channel; without one the file is not there."""
    known = {key: raw.get(key) for key in ("kind", "name", "mime", "size", "width", "height")}
    url = f"files/{file_name(visitor, raw['id'], now)}" if raw["sha"] else None
    return _filled(**known, duration=raw["duration"], url=url)


def _filled(**values: Any) -> dict[str, Any]:
    """Without what is empty: the widget takes absence for that."""
    return {key: value for key, value in values.items() if value not in (None, "", [], False)}


def _json(value: Any) -> Any:
    return orjson.loads(value) if isinstance(value, (str, bytes)) else value
