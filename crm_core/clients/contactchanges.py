"""Changing what is known of a contact (its label, whether it is preferred) and of a card's kind."""

from __future__ import annotations

from typing import Literal

from crm_core.clients.contactkinds import Label
from crm_core.clients.linkevents import ClientKindSet, ContactChanged
from crm_core.clients.locking import locked
from crm_core.kernel import db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.errors import Conflict, NotFound
from crm_core.kernel.i18n import N_
from crm_core.kernel.journal import emit

CONTACT = """
SELECT id, kind, value, label, preferred FROM contact_point WHERE id = $1 AND client_id = $2
"""
# In two statements: the unique key is checked row by row.
STEP_DOWN = """
UPDATE contact_point SET preferred = false WHERE client_id = $1 AND kind = $2 AND preferred
"""
KEEP = "UPDATE contact_point SET label = $2, preferred = $3 WHERE id = $1"


@command("client.change_contact", title=N_("Label a contact"), right=Right.CLIENT_WRITE)
async def change_contact(
    actor: Actor,
    *,
    client_id: int,
    contact_id: int,
    label: Label | None = None,
    preferred: bool | None = None,
) -> None:
    """Say which contact it is, and whether it is the one to use; what is not given stays."""
    client = await locked(actor, client_id)
    row = await db.fetchrow(CONTACT, contact_id, client["id"])
    if row is None:
        raise NotFound(N_("This contact is no longer on the card."))
    now = (
        row["label"] if label is None else label.value,
        row["preferred"] if preferred is None else preferred,
    )
    if now == (row["label"], row["preferred"]):
        return
    if now[1]:
        await db.execute(STEP_DOWN, client["id"], row["kind"])
    await db.execute(KEEP, contact_id, *now)
    event = ContactChanged(
        client_id=client["id"],
        contact_id=contact_id,
        kind=row["kind"],
        value=row["value"],
        label=now[0],
        preferred=now[1],
        before_label=row["label"],
        before_preferred=row["preferred"],
    )
    await emit(event, actor=actor.key)


LINKS = """
SELECT EXISTS (SELECT 1 FROM client_link
  WHERE (company_id = $1 OR person_id = $1) AND until IS NULL)
"""


@command("client.set_kind", title=N_("Person or company"), right=Right.CLIENT_WRITE)
async def set_kind(actor: Actor, *, client_id: int, kind: Literal["person", "company"]) -> None:
    """Say whether the card is a person's or a company's; not while people are linked to it."""
    client = await locked(actor, client_id)
    if client["kind"] == kind:
        return
    if await db.fetchval(LINKS, client["id"]):
        raise Conflict(N_("Take the contact persons (or companies) off this card first."))
    await db.execute("UPDATE client SET kind = $2 WHERE id = $1", client["id"], kind)
    event = ClientKindSet(client_id=client["id"], kind=kind, before=client["kind"])
    await emit(event, actor=actor.key)
