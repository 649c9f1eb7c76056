"""Reading what services send: texts, campaigns, moments. Pure and forgiving."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term")
MARKS = (*UTM, "gclid", "yclid", "fbclid", "_ym_uid", "_ga")


def text(value: Any) -> str:
    """A text or number as a text; nothing for anything else, and for macros left unfilled."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    found = str(value).strip()
    empty = found.lower() in {"null", "none", "undefined"} or (found[:2], found[-2:]) == (
        "{{",
        "}}",
    )
    return "" if empty else found


def first(data: Mapping[str, Any], *names: str) -> str:
    """The first of these fields that says something."""
    return next((found for name in names if (found := text(data.get(name)))), "")


def inner(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object inside; empty when there is none."""
    found = data.get(name)
    return found if isinstance(found, Mapping) else {}


def campaign(data: Mapping[str, Any], names: Iterable[str] = MARKS) -> dict[str, str]:
    """Advertising marks among the fields."""
    return {name: found for name in names if (found := text(data.get(name)))}


def moment(value: Any, otherwise: datetime) -> datetime:
    """Seconds or milliseconds of the epoch, or ISO 8601 (UTC when it has no zone)."""
    found = text(value)
    try:
        if found.replace(".", "", 1).isdigit():
            seconds = float(found)
            return datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC)
        at = datetime.fromisoformat(found)
    except (ValueError, OverflowError, OSError):
        return otherwise
    return at if at.tzinfo else at.replace(tzinfo=UTC)
