"""The company's own fields on a client's card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from crm_core.clients.locking import locked
from crm_core.clients.standing.keeping import refresh
from crm_core.fields.kinds import Field, FieldKind, Value
from crm_core.fields.queries import all_fields, people_in
from crm_core.fields.showing import render
from crm_core.fields.values import parse
from crm_core.kernel import clock, db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.errors import Invalid, NotFound
from crm_core.kernel.i18n import N_
from crm_core.kernel.journal import Event, emit

SET = """
UPDATE client SET fields = CASE WHEN $3::jsonb IS NULL THEN fields - $2::text
  ELSE fields || jsonb_build_object($2::text, $3::jsonb) END WHERE id = $1
"""
PRESENT = "SELECT fields -> $2 FROM client WHERE id = $1"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientFieldSet(Event):
    """A field has another value (None: emptied). `shown`, `was`: as the one who did it read it."""

    field: str
    title: str
    value: Any
    before: Any
    shown: str
    was: str


@command("client.set_field", title=N_("Fill in a field of a client"), right=Right.CLIENT_WRITE)
async def set_field(actor: Actor, *, client_id: int, field: str, value: Any = None) -> Value:
    """Fill in a field, named by its key; an empty value empties it. Returns what is kept.

    Values as people write them (`5 марта`, `1 234,50 ₽`, `да`) or as JSON: numbers, booleans,
    options by key or title, lists of them, an employee's number, {sha, name, mime, size} of a file.
    """
    client = await locked(actor, client_id)
    found = await _field(field)
    kept = parse(found, value, clock.now().astimezone(ZoneInfo(actor.timezone)).date())
    await _require_there(found, kept)
    text = await db.fetchval(PRESENT, client["id"], found.key)
    before = orjson.loads(text) if text is not None else None
    if kept != before:
        given = None if kept is None else orjson.dumps(kept).decode()
        await db.execute(SET, client["id"], found.key, given)
        await emit(await _told(actor, client["id"], found, (kept, before)), actor=actor.key)
        await refresh([client["id"]])
    return kept


async def _field(key: str) -> Field:
    for one in await all_fields("client"):
        if one.key == key:
            if one.archived:
                raise Invalid(N_("The field %(field)s has been put away."), field=one.title)
            return one
    raise NotFound(N_("There is no such field."))


async def _require_there(field: Field, value: Value) -> None:
    """Colleagues and files that are named must be here."""
    if value is None:
        return
    employed = "SELECT 1 FROM employee WHERE id = $1 AND active"
    if field.kind is FieldKind.PERSON and not await db.fetchval(employed, value):
        raise NotFound(N_("There is no such employee."))
    stored = "SELECT 1 FROM stored_file WHERE sha = $1"
    if field.kind is FieldKind.FILE and not await db.fetchval(stored, value["sha"]):
        raise NotFound(N_("There is no such file here: send it first."))


async def _told(
    actor: Actor, client_id: int, field: Field, change: tuple[Value, Value]
) -> ClientFieldSet:
    value, before = change
    people: dict[int, str] = {}
    for one in change:
        people |= await people_in([field], {field.key: one} if one is not None else {})
    return ClientFieldSet(
        client_id=client_id,
        field=field.key,
        title=field.title,
        value=value,
        before=before,
        shown=render(field, value, actor.language, people),
        was=render(field, before, actor.language, people),
    )
