"""Facts about voice bots."""

from __future__ import annotations

from dataclasses import dataclass

from crm_core.kernel.journal import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceBotChanged(Event):
    """`what`: added, configured, on, off, removed, broken, mended."""

    bot_id: int
    what: str
    reason: str = ""
