"""Reading channel accounts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crm_core.accounts.commands import unsealed
from crm_core.kernel import db


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """A channel account; `config` holds secrets in clear: never log or show it."""

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
        """Opened when asked for: one account's lost key must not hide the others. Refused."""
        return unsealed(self.sealed)

    def __repr__(self) -> str:
        return f"AccountRow(id={self.id}, kind={self.kind!r}, name={self.name!r})"


FIELDS = (
    "SELECT id, kind, name, config AS sealed, active, hook_secret, broken, revision FROM channel"
)


def _row(row: db.Row) -> AccountRow:
    return AccountRow(**dict(row))


async def accounts(*, active_only: bool = False) -> list[AccountRow]:
    """All accounts that were not removed."""
    sql = f"{FIELDS} WHERE kind <> 'removed' AND (active OR NOT $1) ORDER BY id"
    return [_row(row) for row in await db.fetch(sql, active_only)]


async def account(channel_id: int) -> AccountRow | None:
    row = await db.fetchrow(f"{FIELDS} WHERE id = $1 AND kind <> 'removed'", channel_id)
    return None if row is None else _row(row)
