"""Primary interests: set once at the first contact, correctable with what stood before."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import StringConstraints

from crm_core.catalogues.access import Catalogue, keep
from crm_core.catalogues.known import ADVERTISING
from crm_core.catalogues.queries import catalogue_with
from crm_core.catalogues.shapes import Impact, Item
from crm_core.classification.commands import require_choice
from crm_core.classification.events import PrimaryInterestSet
from crm_core.clients.locking import live, locked
from crm_core.kernel import clock, db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.errors import Invalid
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _
from crm_core.kernel.journal import emit

Source = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]

NOW = """
SELECT p.item_id, i.title AS channel, p.source, p.source_client_id
FROM primary_interest p JOIN catalogue_item i ON i.id = p.item_id WHERE p.client_id = $1
"""
# The moment of the first interest stays, however often it is corrected.
SAVE = """
INSERT INTO primary_interest (client_id, item_id, source, source_client_id, author_id, at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (client_id) DO UPDATE SET item_id = excluded.item_id, source = excluded.source,
  source_client_id = excluded.source_client_id, author_id = excluded.author_id, request_id = NULL
"""


@command("client.set_interest", title=N_("Set the primary interest"), right=Right.CLIENT_WRITE)
async def set_interest(
    actor: Actor,
    *,
    client_id: int,
    item_id: int,
    source: Source = "",
    source_client_id: int | None = None,
) -> None:
    """Say how a client first came: the channel of advertising and the exact source.

    `source_client_id`: the client who recommended us, where the channel is recommendation.
    """
    client = await locked(actor, client_id)
    before = dict(await db.fetchrow(NOW, client["id"]) or {})
    await keep(item_id)
    found, item = await catalogue_with(actor, item_id)
    _require_channel(found, item, kept=before.get("item_id") == item_id)
    who = await _recommender(client["id"], item, source_client_id)
    values = (item_id, source, who)
    if values == (before.get("item_id"), before.get("source"), before.get("source_client_id")):
        return
    await db.execute(SAVE, client["id"], *values, actor.id or None, clock.now())
    after = {"item_id": item_id, "channel": item.title, "source": source, "source_client_id": who}
    await told(client["id"], before, after, actor=actor.key)


def _require_channel(found: Catalogue, item: Item, *, kept: bool) -> None:
    if found.key != ADVERTISING:
        raise Invalid(N_("%(title)s is no channel of advertising."), title=_(item.title))
    if not kept:
        require_choice(found, item)


async def _recommender(client_id: int, item: Item, who: int | None) -> int | None:
    if who is None:
        return None
    if item.impact != Impact.RECOMMENDATION:
        raise Invalid(N_("Only a recommendation comes from a client."))
    standing = await live(who)
    if standing == client_id:
        raise Invalid(N_("Nobody recommends us to themselves: choose another client."))
    return standing


async def told(
    client_id: int, before: dict[str, Any], after: dict[str, Any], *, actor: str, **rest: Any
) -> None:
    """Write the fact."""
    event = PrimaryInterestSet(client_id=client_id, before=before, after=after, **rest)
    await emit(event, actor=actor)
