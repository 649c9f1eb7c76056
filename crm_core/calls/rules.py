"""Pure rules of calls: the outside party's number, what counts as missed."""

from __future__ import annotations

import re

from crm_core.calls.shapes import CallSeen
from crm_core.clients.rules import normalize_phone

_NOT_DIALLED = re.compile(r"[^\d+*#]")
NOBODY = frozenset(
    {"", "<unknown>", "unknown", "anonymous", "unavailable", "private", "restricted"}
)


def outside_number(raw: str | None, region: str = "RU") -> str | None:
    """E.164 where it can be, else the digits as they are (short and service numbers), or None."""
    if raw is None or raw.strip().lower() in NOBODY:
        return None
    return normalize_phone(raw, region) or _NOT_DIALLED.sub("", raw)[:64] or None


def is_missed(call: CallSeen) -> bool:
    """A client called and spoke with nobody. Of what was not watched only the log can tell."""
    return (
        call.direction == "inbound"
        and call.state == "ended"
        and call.part_of is None
        and call.outcome not in {"answered", "unknown"}
    )
