"""Items of catalogues are put on clients' cards and taken off."""

from __future__ import annotations

from crm_core.catalogues.access import Catalogue, keep
from crm_core.catalogues.queries import catalogue_with
from crm_core.catalogues.shapes import Item
from crm_core.classification.events import ClientClassified, ClientDeclassified
from crm_core.clients.locking import locked
from crm_core.kernel import clock, db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.errors import Conflict, Invalid
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _
from crm_core.kernel.journal import emit

PUT = """
INSERT INTO client_item (client_id, item_id, at, author_id) VALUES ($1, $2, $3, $4)
ON CONFLICT (client_id, item_id) DO NOTHING RETURNING id
"""
TAKE = "DELETE FROM client_item WHERE client_id = $1 AND item_id = $2 RETURNING id"


@command("client.classify", title=N_("Put a client into a group"), right=Right.CLIENT_WRITE)
async def classify(actor: Actor, *, client_id: int, item_id: int) -> None:
    """Put an item of a catalogue on a client's card: a group, an industry, a region."""
    client = await locked(actor, client_id)
    await keep(item_id)
    found, item = await catalogue_with(actor, item_id)
    require_choice(found, item)
    if not found.classifies:
        raise Invalid(N_("Clients are not classified by %(title)s."), title=_(found.title))
    author = actor.id or None
    if await db.fetchval(PUT, client["id"], item_id, clock.now(), author) is None:
        return
    event = ClientClassified(
        client_id=client["id"], item_id=item_id, title=item.title, catalogue=found.title
    )
    await emit(event, actor=actor.key)


def require_choice(found: Catalogue, item: Item) -> None:
    """Whether records may begin to refer to an item."""
    if item.group:
        raise Invalid(N_("%(title)s is a group: choose an item in it."), title=_(item.title))
    if found.archived or not found.tree.stands(item.id):
        raise Conflict(N_("%(title)s is in the archive: choose another item."), title=_(item.title))


@command("client.declassify", title=N_("Take a client out of a group"), right=Right.CLIENT_WRITE)
async def declassify(actor: Actor, *, client_id: int, item_id: int) -> None:
    """Take an item of a catalogue off a client's card."""
    client = await locked(actor, client_id)
    found, item = await catalogue_with(actor, item_id)
    if await db.fetchval(TAKE, client["id"], item_id) is None:
        return
    event = ClientDeclassified(
        client_id=client["id"], item_id=item_id, title=item.title, catalogue=found.title
    )
    await emit(event, actor=actor.key)
