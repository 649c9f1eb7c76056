"""Facts about channel accounts."""

from __future__ import annotations

from dataclasses import dataclass

from crm_core.kernel.journal import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelChanged(Event):
    """`what`: added, configured, on, off, removed, broken, mended."""

    channel_id: int
    what: str
    reason: str = ""
