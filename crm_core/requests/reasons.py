"""Why requests may be rejected: a catalogue the admin keeps."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from crm_core.catalogues import access, items, moving, queries
from crm_core.catalogues.known import REJECT_REASON, known
from crm_core.catalogues.shapes import NewItem, Title
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.errors import Invalid, Missing
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _


async def reasons() -> tuple[str, ...]:
    """In the admin's order; before an admin has said so, the usual ones.

    These are kept in English, so that reports add them up, and shown by `gettext`.
    """
    kept = await queries.by_key(REJECT_REASON)
    return tuple(one.title for one in kept.tree.standing())


@command("request.set_reasons", title=N_("Set reasons of rejection"), right=Right.CATALOGUE_WRITE)
async def set_reasons(
    actor: Actor, *, reasons: Annotated[list[Title], Field(min_length=1, max_length=30)]
) -> int:
    """Replace the list of reasons a request may be rejected for; returns how many there are.

    Those left out go into the archive of the catalogue.
    """
    wanted = list(dict.fromkeys(reasons))
    kept = await access.hold(await known(REJECT_REASON))
    # One that stands counts, when one in the archive bears the same title.
    listed = sorted(kept.tree.children(None), key=lambda one: not one.archived)
    there = {word: one for one in listed for word in (_(one.title), one.title)}
    stay = {there[title].id for title in wanted if title in there}
    for one in listed:
        if one.id not in stay:
            await items.write(actor, kept, one, {"archived": True})
    for place, title in enumerate(wanted):
        if title not in there:
            item_id = await items.add(actor, catalogue_id=kept.id, item=NewItem(title=title))
        else:
            item_id = there[title].id
            await items.archive(actor, item_id=item_id, archived=False)
        await moving.move(actor, item_id=item_id, place=place)
    return len(wanted)


async def required(reason: str) -> str:
    """The reason as it stands in the list; Missing when empty, Invalid when unknown."""
    wanted = reason.strip()
    if not wanted:
        raise Missing(N_("Choose why the request is rejected."), fields=("reason",))
    allowed = {word: one for one in await reasons() for word in (one, _(one))}
    if wanted not in allowed:
        raise Invalid(
            N_("There is no reason %(reason)s. Known: %(known)s."),
            reason=wanted,
            known=", ".join(dict.fromkeys(_(one) for one in allowed.values())),
        )
    return allowed[wanted]
