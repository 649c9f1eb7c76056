"""What a counterparty is to us: any number of roles on one card."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import orjson

from crm_core.clients.locking import locked
from crm_core.clients.standing.keeping import refresh
from crm_core.kernel import db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.i18n import N_
from crm_core.kernel.journal import Event, emit


class Counterparty(StrEnum):
    """A role of a client's card."""

    CLIENT = "client"
    SUPPLIER = "supplier"
    PARTNER = "partner"
    COMPETITOR = "competitor"
    PROSPECT = "prospect"


TITLES = {
    Counterparty.CLIENT: N_("client"),
    Counterparty.SUPPLIER: N_("supplier"),
    Counterparty.PARTNER: N_("partner"),
    Counterparty.COMPETITOR: N_("competitor"),
    Counterparty.PROSPECT: N_("prospect"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientRolesSet(Event):
    """What the counterparty is to us from now on, and what it was."""

    roles: list[str]
    before: list[str]


SET = "UPDATE client SET roles = $2::jsonb WHERE id = $1"


@command("client.set_roles", title=N_("Set what a client is to us"), right=Right.CLIENT_WRITE)
async def set_roles(
    actor: Actor, *, client_id: int, roles: list[Counterparty]
) -> list[Counterparty]:
    """Client, supplier, partner, competitor, prospect: any of them, or none."""
    client = await locked(actor, client_id)
    held = await db.fetchval("SELECT roles FROM client WHERE id = $1", client["id"])
    before: list[str] = orjson.loads(held)
    after = [one for one in Counterparty if one in roles]
    if before != after:
        await db.execute(SET, client["id"], orjson.dumps(after).decode())
        given = [one.value for one in after]
        event = ClientRolesSet(client_id=client["id"], roles=given, before=before)
        await emit(event, actor=actor.key)
        await refresh([client["id"]])
    return after
