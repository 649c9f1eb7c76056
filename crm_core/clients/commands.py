"""What is done with a client's card: create, rename, contacts, notes, manager."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from crm_core.clients.contactkinds import Label
from crm_core.clients.events import (
    ClientCreated,
    ClientManagerSet,
    ClientNoted,
    ClientRenamed,
    ContactAdded,
    ContactRemoved,
)
from crm_core.clients.locking import locked
from crm_core.clients.rules import ContactKind, fold, normalize_contact
from crm_core.duplicates import matching
from crm_core.kernel import clock, db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.errors import NotFound
from crm_core.kernel.i18n import N_
from crm_core.kernel.journal import emit

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
ClientKind = Literal["person", "company"]


@dataclass(frozen=True, slots=True)
class Created:
    """The new card; `duplicates` are other cards that are likely the same client or have the
    same phone or address, the surest first."""

    client_id: int
    duplicates: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Added:
    """The contact as it is kept; `duplicates` are other cards that have it too, the surest
    first."""

    contact_id: int
    value: str
    duplicates: tuple[int, ...]


CREATE = """
INSERT INTO client (kind, name, folded, manager_id, created_at, touched_at)
VALUES ($1, $2, $3, $4, $5, $5) RETURNING id
"""


@command("client.create", title=N_("Add a client"), right=Right.CLIENT_WRITE)
async def create(
    actor: Actor,
    *,
    name: Name,
    kind: ClientKind = "person",
    phone: str = "",
    email: str = "",
) -> Created:
    """Add a client's card, with a phone and a mail address if they are known."""
    given = {ContactKind.PHONE: phone, ContactKind.EMAIL: email}
    contacts = {kind: normalize_contact(kind, raw) for kind, raw in given.items() if raw.strip()}
    manager = actor.id if actor.kind == "employee" and actor.id else None
    client_id = await db.fetchval(CREATE, kind, name, fold(name), manager, clock.now())
    await emit(ClientCreated(client_id=client_id, name=name), actor=actor.key)
    for one, value in contacts.items():
        await _add(actor, client_id, one, value)
    twins = (await matching.of_clients([client_id]))[client_id]
    return Created(client_id, tuple(twin.client_id for twin in twins))


@command("client.rename", title=N_("Rename a client"), right=Right.CLIENT_WRITE)
async def rename(actor: Actor, *, client_id: int, name: Name) -> str:
    """Give a client another name."""
    client = await locked(actor, client_id)
    if client["name"] != name:
        await db.execute(
            "UPDATE client SET name = $2, folded = $3 WHERE id = $1", client["id"], name, fold(name)
        )
        event = ClientRenamed(client_id=client["id"], name=name, before=client["name"])
        await emit(event, actor=actor.key)
    return name


@command("client.add_contact", title=N_("Add a phone or address"), right=Right.CLIENT_WRITE)
async def add_contact(
    actor: Actor, *, client_id: int, kind: ContactKind, value: str, label: Label = Label.NONE
) -> Added:
    """Add a phone, mail address or another contact to a client."""
    client = await locked(actor, client_id)
    kept = normalize_contact(kind, value)
    contact_id = await _add(actor, client["id"], kind, kept, label)
    return Added(contact_id, kept, await _sharing(client["id"], kind, kept))


ADD = """
INSERT INTO contact_point (client_id, kind, value, created_at, label) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (kind, value, client_id) DO NOTHING RETURNING id
"""
SAME = "SELECT id FROM contact_point WHERE client_id = $1 AND kind = $2 AND value = $3"
# Other live cards with the very same words: nothing is known of them but that.
OTHERS = """
SELECT DISTINCT c.id FROM contact_point p JOIN client c ON c.id = p.client_id
WHERE p.kind = $2 AND p.value = $3 AND p.client_id <> $1 AND c.merged_into_id IS NULL
ORDER BY c.id LIMIT 10
"""


async def _sharing(client_id: int, kind: ContactKind, value: str) -> tuple[int, ...]:
    """Other cards with this contact."""
    twins = (await matching.of_clients([client_id]))[client_id]
    key = matching.key_of(kind, value)
    found = [twin.client_id for twin in twins if key in {why.key for why in twin.match.whys}]
    if kind not in {ContactKind.PHONE, ContactKind.EMAIL}:
        rows = await db.fetch(OTHERS, client_id, kind.value, value)
        found += [row["id"] for row in rows]
    return tuple(dict.fromkeys(found))


async def _add(
    actor: Actor, client_id: int, kind: ContactKind, value: str, label: Label = Label.NONE
) -> int:
    contact_id = await db.fetchval(ADD, client_id, kind.value, value, clock.now(), label.value)
    if contact_id is not None:
        event = ContactAdded(
            client_id=client_id, contact_id=contact_id, kind=kind.value, value=value
        )
        await emit(event, actor=actor.key)
    else:
        contact_id = await db.fetchval(SAME, client_id, kind.value, value)
    return int(contact_id)


@command("client.remove_contact", title=N_("Remove a contact"), right=Right.CLIENT_WRITE)
async def remove_contact(actor: Actor, *, client_id: int, contact_id: int) -> None:
    """Take a phone, mail address or another contact off a client's card."""
    client = await locked(actor, client_id)
    gone = await db.fetchrow(
        "DELETE FROM contact_point WHERE id = $1 AND client_id = $2 RETURNING kind, value",
        contact_id,
        client["id"],
    )
    if gone is None:
        raise NotFound(N_("This contact is no longer on the card."))
    event = ContactRemoved(client_id=client["id"], kind=gone["kind"], value=gone["value"])
    await emit(event, actor=actor.key)


NOTE = (
    "INSERT INTO client_note (client_id, author_id, text, at) VALUES ($1, $2, $3, $4) RETURNING id"
)


@command("client.note", title=N_("Add a note to the card"), right=Right.CLIENT_WRITE)
async def note(actor: Actor, *, client_id: int, text: Text) -> int:
    """Write a note on a client's card; the client never sees it. Returns the note's id."""
    client = await locked(actor, client_id)
    note_id: int = await db.fetchval(NOTE, client["id"], actor.id, text, clock.now())
    await emit(ClientNoted(client_id=client["id"], note_id=note_id), actor=actor.key)
    return note_id


@command("client.set_manager", title=N_("Set the client's manager"), right=Right.CLIENT_WRITE)
async def set_manager(
    actor: Actor, *, client_id: int, manager_id: Annotated[int, Field(gt=0)] | None = None
) -> None:
    """Say who looks after a client (nobody when left empty)."""
    client = await locked(actor, client_id)
    active = "SELECT 1 FROM employee WHERE id = $1 AND active"
    if manager_id and not await db.fetchval(active, manager_id):
        raise NotFound(N_("There is no such employee."))
    if client["manager_id"] == manager_id:
        return
    await db.execute("UPDATE client SET manager_id = $2 WHERE id = $1", client["id"], manager_id)
    event = ClientManagerSet(
        client_id=client["id"], manager_id=manager_id, before_id=client["manager_id"]
    )
    await emit(event, actor=actor.key)
