"""What is done with catalogues themselves: made, renamed, used for clients, put away."""

from __future__ import annotations

from typing import Any

from crm_core.catalogues import access, rules
from crm_core.catalogues.access import Catalogue
from crm_core.catalogues.events import CatalogueChanged, CatalogueCreated
from crm_core.catalogues.known import all_known
from crm_core.catalogues.shapes import Kind, Title
from crm_core.kernel import db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.errors import Conflict, Invalid
from crm_core.kernel.i18n import N_
from crm_core.kernel.journal import emit

CREATE = "INSERT INTO catalogue (title, kind, classifies) VALUES ($1, $2, $3) RETURNING id"
# One at a time: nobody else's row is there to be held while a title is looked for.
CATALOGUE_LOCK = 0x43415453
TITLES = "SELECT id, title FROM catalogue WHERE NOT archived AND id <> $1"
TOO_MANY = N_("There are %(most)s catalogues: that is the most. Put one into the archive.")
SAME = N_("There is a catalogue %(title)s already. Choose another name.")


@command("catalogue.create", title=N_("Add a catalogue"), right=Right.CATALOGUE_WRITE)
async def create(actor: Actor, *, title: Title, kind: Kind, classifies: bool = False) -> int:
    """A new empty catalogue; its kind stays as it is. `classifies`: clients are classified by it.

    Returns its id.
    """
    await all_known()
    await _require_title(title)
    catalogue_id: int = await db.fetchval(CREATE, title, kind.value, classifies)
    event = CatalogueCreated(catalogue_id=catalogue_id, title=title, kind=kind.value)
    await emit(event, actor=actor.key)
    return catalogue_id


async def _require_title(title: str, besides: int = 0) -> None:
    await db.execute("SELECT pg_advisory_xact_lock($1)", CATALOGUE_LOCK)
    there = await db.fetch(TITLES, besides)
    if len(there) >= rules.MOST_CATALOGUES:
        raise Invalid(TOO_MANY, most=rules.MOST_CATALOGUES)
    if title.casefold() in {row["title"].casefold() for row in there}:
        raise Conflict(SAME, title=title)


@command("catalogue.rename", title=N_("Rename a catalogue"), right=Right.CATALOGUE_WRITE)
async def rename(actor: Actor, *, catalogue_id: int, title: Title) -> str:
    """Give a catalogue another name; what refers to its items stays."""
    await _require_title(title, catalogue_id)
    await _change(actor, await access.hold(catalogue_id), title=title)
    return title


@command("catalogue.use", title=N_("Classify clients by a catalogue"), right=Right.CATALOGUE_WRITE)
async def use(actor: Actor, *, catalogue_id: int, classifies: bool = True) -> None:
    """Whether clients' cards offer this catalogue; what stands on them already stays."""
    await _change(actor, await access.hold(catalogue_id), classifies=classifies)


@command("catalogue.archive", title=N_("Put a catalogue away"), right=Right.CATALOGUE_WRITE)
async def archive(actor: Actor, *, catalogue_id: int, archived: bool = True) -> None:
    """Into the archive, or out of it again. Those the hub itself works with stay."""
    found = await access.hold(catalogue_id)
    if archived and found.key is not None:
        raise Conflict(N_("Pult itself works with this catalogue: it can't be put away."))
    if not archived:
        await _require_title(found.title, found.id)
    await _change(actor, found, archived=archived)


async def _change(actor: Actor, found: Catalogue, **what: Any) -> None:
    before = {name: getattr(found, name) for name in what}
    if before == what:
        return
    ((name, value),) = what.items()
    await db.execute(f"UPDATE catalogue SET {name} = $2 WHERE id = $1", found.id, value)  # noqa: S608 - our own name
    event = CatalogueChanged(catalogue_id=found.id, before=before, after=what)
    await emit(event, actor=actor.key)
