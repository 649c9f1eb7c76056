"""Requisites of a card: kept, changed and looked up by tax number."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from crm_core.clients import taxrules
from crm_core.clients.access import require_read
from crm_core.clients.linkevents import RequisitesChanged
from crm_core.clients.locking import live, locked
from crm_core.kernel import db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.i18n import N_
from crm_core.kernel.journal import emit

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
FIELDS = ("inn", "kpp", "ogrn", "legal_name", "address")
NORMAL = {
    "inn": taxrules.normalize_inn,
    "kpp": taxrules.normalize_kpp,
    "ogrn": taxrules.normalize_ogrn,
}


class Requisites(BaseModel):
    """What changes: a field that is not given stays, an empty text takes it away."""

    model_config = ConfigDict(extra="forbid")

    inn: Line | None = None
    kpp: Line | None = None
    ogrn: Line | None = None
    legal_name: Line | None = None
    address: Line | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequisitesView:
    """As they are kept; empty texts are not known."""

    inn: str = ""
    kpp: str = ""
    ogrn: str = ""
    legal_name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """`duplicates` are other cards with the same INN and KPP (branches have KPPs of their own)."""

    requisites: RequisitesView
    duplicates: tuple[int, ...]


READ = f"SELECT {', '.join(FIELDS)} FROM client_requisites WHERE client_id = $1"  # noqa: S608
KEEP = """
INSERT INTO client_requisites (client_id, inn, kpp, ogrn, legal_name, address)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (client_id) DO UPDATE SET inn = excluded.inn, kpp = excluded.kpp,
  ogrn = excluded.ogrn, legal_name = excluded.legal_name, address = excluded.address
"""
SAME = """
SELECT c.id FROM client_requisites r JOIN client c ON c.id = r.client_id
WHERE r.inn = $2 AND r.kpp = $3 AND r.inn <> '' AND c.id <> $1 AND c.merged_into_id IS NULL
ORDER BY c.id LIMIT 10
"""


@command("client.set_requisites", title=N_("Set the requisites"), right=Right.CLIENT_WRITE)
async def set_requisites(actor: Actor, *, client_id: int, values: Requisites) -> Kept:
    """Keep INN, KPP, OGRN, legal name and address of a client; wrong numbers are refused."""
    client = await locked(actor, client_id)
    before = await _read(client["id"])
    given = values.model_dump(exclude_none=True)
    after = RequisitesView(
        **(asdict(before) | {name: _normal(name, given[name]) for name in given})
    )
    taxrules.fit(after.inn, after.kpp, after.ogrn)
    changed = [name for name in FIELDS if getattr(before, name) != getattr(after, name)]
    if changed:
        await db.execute(KEEP, client["id"], *(getattr(after, name) for name in FIELDS))
        event = RequisitesChanged(
            client_id=client["id"],
            after={name: getattr(after, name) for name in changed},
            before={name: getattr(before, name) for name in changed},
        )
        await emit(event, actor=actor.key)
    same = await db.fetch(SAME, client["id"], after.inn, after.kpp)
    return Kept(after, tuple(row["id"] for row in same))


def _normal(name: str, text: str) -> str:
    normalize = NORMAL.get(name)
    return normalize(text) if normalize and text else " ".join(text.split())


async def _read(client_id: int) -> RequisitesView:
    row = await db.fetchrow(READ, client_id)
    return RequisitesView(**row) if row else RequisitesView()


async def requisites(actor: Actor, client_id: int) -> RequisitesView:
    """A card's requisites; NotFound."""
    actor.require(Right.CLIENT_READ)
    await require_read(actor, await live(client_id))
    return await _read(await live(client_id))


BY_NUMBER = """
SELECT r.client_id AS id FROM client_requisites r JOIN client c ON c.id = r.client_id
WHERE c.merged_into_id IS NULL AND (r.inn = $1 OR r.ogrn = $1)
ORDER BY c.touched_at DESC LIMIT $2
"""


def is_number(text: str) -> bool:
    """Whether these digits may be an INN or OGRN by their length."""
    return text.isascii() and text.isdigit() and len(text) in {10, 12, 13, 15}


async def by_number(digits: str, limit: int) -> list[int]:
    """Live cards with this INN or OGRN."""
    return [row["id"] for row in await db.fetch(BY_NUMBER, digits, limit)]
