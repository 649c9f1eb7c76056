"""Reading voice bots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crm_core.accounts.commands import unsealed
from crm_core.kernel import db


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceBotRow:
    """A voice bot; `config` holds secrets in clear: never log or show it."""

    id: int
    kind: str
    name: str
    sealed: str
    active: bool
    broken: str | None
    revision: int

    @property
    def config(self) -> dict[str, Any]:
        return unsealed(self.sealed)

    def __repr__(self) -> str:
        return f"VoiceBotRow(id={self.id}, kind={self.kind!r}, name={self.name!r})"


FIELDS = "SELECT id, kind, name, config AS sealed, active, broken, revision FROM voice_bot"


async def voicebots(*, active_only: bool = False) -> list[VoiceBotRow]:
    rows = await db.fetch(f"{FIELDS} WHERE active OR NOT $1 ORDER BY id", active_only)
    return [VoiceBotRow(**dict(row)) for row in rows]


async def voicebot(bot_id: int) -> VoiceBotRow | None:
    row = await db.fetchrow(f"{FIELDS} WHERE id = $1", bot_id)
    return None if row is None else VoiceBotRow(**dict(row))
