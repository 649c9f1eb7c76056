"""A client's status by hand, and back to the conditions."""

from __future__ import annotations

from crm_core.clients.locking import locked
from crm_core.clients.standing.events import ClientStatusSet
from crm_core.clients.standing.keeping import refresh
from crm_core.clients.standing.queries import NO_STATUS, policy
from crm_core.kernel import db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.errors import Invalid, NotFound
from crm_core.kernel.i18n import N_
from crm_core.kernel.journal import emit

PUT_AWAY = N_("The status %(title)s has been put away. Choose another one.")
SET = "UPDATE client SET status_id = $2, status_manual = true WHERE id = $1"
RELEASE = "UPDATE client SET status_manual = false WHERE id = $1"


@command("client.set_status", title=N_("Set a client's status"), right=Right.CLIENT_WRITE)
async def set_status(actor: Actor, *, client_id: int, status_id: int | None = None) -> int | None:
    """Set a status by hand: conditions no longer change it. Without a status they do again."""
    client = await locked(actor, client_id)
    was = await db.fetchrow(
        "SELECT status_id, status_manual FROM client WHERE id = $1", client["id"]
    )
    assert was is not None  # noqa: S101 - it is held
    if status_id is None:
        await db.execute(RELEASE, client["id"])
    elif (was["status_id"], was["status_manual"]) != (status_id, True):
        await _set(actor, client["id"], status_id, was["status_id"])
    await refresh([client["id"]])
    now: int | None = await db.fetchval("SELECT status_id FROM client WHERE id = $1", client["id"])
    return now


async def _set(actor: Actor, client_id: int, status_id: int, before_id: int | None) -> None:
    statuses = (await policy()).statuses
    if status_id not in statuses:
        raise NotFound(NO_STATUS)
    if statuses[status_id].archived:
        raise Invalid(PUT_AWAY, title=statuses[status_id].title)
    await db.execute(SET, client_id, status_id)
    event = ClientStatusSet(
        client_id=client_id,
        status_id=status_id,
        title=statuses[status_id].title,
        before_id=before_id,
        before=statuses[before_id].title if before_id and before_id in statuses else "",
        manual=True,
    )
    await emit(event, actor=actor.key)
