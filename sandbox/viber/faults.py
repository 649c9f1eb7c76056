"""Trouble a test scripts for the next call of a method."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True, kw_only=True)
class Fault:
    """What happens to the next call of a method: `status` in a body, `http` instead of one,
    `lost` (done, but the answer never leaves)."""

    method: str
    status: int | None = None
    http: int | None = None
    lost: bool = False
