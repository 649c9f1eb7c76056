"""What a request becomes: a client's card, or a dialog in the channel."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import orjson
from pydantic import StringConstraints

from crm_core.clients import commands as clients
from crm_core.clients.access import require_read
from crm_core.clients.commands import ClientKind
from crm_core.clients.locking import live
from crm_core.clients.rules import normalize_email, normalize_phone
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.errors import Conflict, Missing
from crm_core.kernel.i18n import N_
from crm_core.requests import access, opening
from crm_core.requests.commands import Done, done

Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


@command("request.to_client", title=N_("Make the request a client"), right=Right.CLIENT_WRITE)
async def to_client(
    actor: Actor,
    *,
    request_id: int,
    client_id: int | None = None,
    name: Name = "",
    kind: ClientKind = "person",
) -> Done:
    """Turn a request into a client: a chosen card, the known one, or a new one.

    `duplicates` are other cards with the same phone or address: nothing is merged by itself.
    """
    row = await access.mine(actor, request_id)
    chosen: int | None = client_id or row["client_id"]
    duplicates: tuple[int, ...] = ()
    if chosen is None:
        made = await _create(actor, orjson.loads(row["person"]), name, kind)
        chosen, duplicates = made.client_id, made.duplicates
    chosen = await live(chosen)
    await require_read(actor, chosen)
    result = await done(actor, row, "client", client_id=chosen)
    return replace(result, duplicates=duplicates)


async def _create(
    actor: Actor, person: dict[str, str], name: str, kind: ClientKind
) -> clients.Created:
    """The new card; what is no real phone or address stays with the request alone."""
    called = name or person.get("name") or person.get("company") or person.get("username", "")
    phone, email = person.get("phone", ""), person.get("email", "")
    if not called:
        called = phone or email
    if not called:
        raise Missing(N_("Write the client's name."), fields=("name",))
    return await clients.create(
        actor,
        name=called,
        kind=kind,
        phone=phone if normalize_phone(phone) else "",
        email=email if normalize_email(email) else "",
    )


@command("request.to_dialog", title=N_("Answer the request"), right=Right.DIALOG_WORK)
async def to_dialog(actor: Actor, *, request_id: int) -> Done:
    """Open a dialog where the person can be written to: the request's chat, or the client's
    latest one. The actor has it at once."""
    row = await access.mine(actor, request_id)
    place = await opening.place_of(row)
    if place is None:
        raise Conflict(N_("This person can't be written to: call, or find them in a channel."))
    dialog_id = await opening.opened(actor, place)
    return await done(actor, row, "dialog", dialog_id=dialog_id, client_id=place["client_id"])
