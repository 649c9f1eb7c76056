"""PBX connections as they stand: their settings, whether they work, what adapters remember."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from crm_core.accounts.commands import unsealed
from crm_core.calls.doings import PbxChanged
from crm_core.kernel import db
from crm_core.kernel.journal import emit


@dataclass(frozen=True, slots=True, kw_only=True)
class PbxRow:
    """A PBX connection; `config` holds secrets in clear: never log or show it."""

    id: int
    kind: str
    name: str
    sealed: str
    active: bool
    hook_secret: str
    broken: str | None
    revision: int

    @property
    def config(self) -> dict[str, Any]:
        return unsealed(self.sealed)

    def __repr__(self) -> str:
        return f"PbxRow(id={self.id}, kind={self.kind!r}, name={self.name!r})"


FIELDS = "SELECT id, kind, name, config AS sealed, active, hook_secret, broken, revision FROM pbx"


async def pbxes(*, active_only: bool = False) -> list[PbxRow]:
    """All connections that were not removed."""
    sql = f"{FIELDS} WHERE kind <> 'removed' AND (active OR NOT $1) ORDER BY id"
    return [PbxRow(**dict(row)) for row in await db.fetch(sql, active_only)]


async def pbx(pbx_id: int) -> PbxRow | None:
    row = await db.fetchrow(f"{FIELDS} WHERE id = $1 AND kind <> 'removed'", pbx_id)
    return None if row is None else PbxRow(**dict(row))


async def set_broken(pbx_id: int, reason: str | None) -> None:
    """Note that a PBX can't be reached (or can again); says so in the journal once."""
    async with db.transaction():
        changed = await db.execute(
            "UPDATE pbx SET broken = $2 WHERE id = $1 AND broken IS DISTINCT FROM $2",
            pbx_id,
            reason,
        )
        if changed:
            what = "broken" if reason else "mended"
            await emit(PbxChanged(pbx_id=pbx_id, what=what, reason=reason or ""))


async def memory(pbx_id: int) -> dict[str, Any]:
    """What the adapter remembers over restarts."""
    found: str | None = await db.fetchval("SELECT state FROM pbx WHERE id = $1", pbx_id)
    return dict(orjson.loads(found or "{}"))


async def remember(pbx_id: int, **values: Any) -> None:
    """Change single keys of the adapter's memory."""
    await db.execute(
        "UPDATE pbx SET state = state || $2::jsonb WHERE id = $1",
        pbx_id,
        orjson.dumps(values).decode(),
    )
