"""One SMS, and what a test has happen to the next."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True, kw_only=True)
class Sms:
    """One text between the company and a handset. `mine`: the handset's owner wrote it."""

    id: int
    number: str
    text: str
    at: float
    mine: bool
    sender: str = ""
    state: str = "sent"


@dataclass(slots=True, kw_only=True)
class Fault:
    """What happens to the next SMS: an error `code` of the gateway, `http` instead of an answer,
    `lost` (taken, but the answer never leaves)."""

    code: int | None = None
    http: int | None = None
    lost: bool = False
