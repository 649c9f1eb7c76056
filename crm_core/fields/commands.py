"""What an admin does with fields: add, name, order, put away. Nothing is ever removed."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import orjson
from pydantic import Field as Rule
from pydantic import StringConstraints

from crm_core.fields.events import FieldChanged
from crm_core.fields.kinds import WITH_OPTIONS, Field, FieldKind, Owner
from crm_core.fields.queries import COLUMNS, NO_FIELD, by_key, field, of_row
from crm_core.fields.slugs import slug
from crm_core.kernel import db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.errors import Invalid, NotFound
from crm_core.kernel.i18n import N_
from crm_core.kernel.journal import emit
from crm_core.kernel.ordering import shift

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Language = Literal["", "ru", "en"]
MOST_OPTIONS, MOST_FIELDS = 100, 200
NEEDS_OPTIONS = N_("A choice needs at least one option to choose.")
NO_OPTIONS = N_("Only choices have options.")
SAME_OPTION = N_("There is already “%(title)s” among the options.")
TOO_MANY = N_("There are too many of them: %(most)s at most.")
# Two admins at once would take the same key and place.
LOCK = 0x46494C44

STANDING = {"client": "owner = 'client' AND NOT archived"}

ADD = f"""
INSERT INTO field_definition (owner, key, title, kind, options, position)
SELECT $1::text, $2, $3, $4, $5::jsonb, coalesce(max(position), 0) + 1
FROM field_definition WHERE owner = $1::text RETURNING {COLUMNS}
"""  # noqa: S608 - constants of ours


@command("field.add", title=N_("Add a field"), right=Right.SETUP)
async def add(
    actor: Actor,
    *,
    title: Title,
    kind: FieldKind,
    owner: Owner = "client",
    options: Annotated[list[Title], Rule(max_length=MOST_OPTIONS)] | None = None,
) -> dict[str, Any]:
    """Think of a field; `{id, key}`: the key names it in commands, filters and exports."""
    titles = list(dict.fromkeys(options or []))
    if (kind in WITH_OPTIONS) != bool(titles):
        raise Invalid(NO_OPTIONS if titles else NEEDS_OPTIONS)
    await db.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
    taken = await by_key(owner)
    if len(taken) >= MOST_FIELDS:
        raise Invalid(TOO_MANY, most=MOST_FIELDS)
    kept = [{"key": f"o{n}", "title": one, "archived": False} for n, one in enumerate(titles, 1)]
    given = (owner, slug(title, taken), title, kind.value, orjson.dumps(kept).decode())
    row = await db.fetchrow(ADD, *given)
    assert row is not None  # noqa: S101 - it has just been written
    await _tell(actor, of_row(row), None)
    return {"id": row["id"], "key": row["key"]}


@command("field.rename", title=N_("Rename a field"), right=Right.SETUP)
async def rename(actor: Actor, *, field_id: int, title: Title, language: Language = "") -> None:
    """Give a field another title, everywhere or in one language; its values stay."""
    before = await _locked(field_id)
    if not language:
        return await _write(actor, before, "title = $2", title)
    titles = orjson.dumps({**before.titles, language: title}).decode()
    return await _write(actor, before, "titles = $2::jsonb", titles)


@command("field.require", title=N_("Ask for a field"), right=Right.SETUP)
async def require(actor: Actor, *, field_id: int, required: bool) -> None:
    """Whether people are reminded while the field is empty; nothing is refused for it."""
    await _write(actor, await _locked(field_id), "required = $2", required)


@command("field.archive", title=N_("Put a field away"), right=Right.SETUP)
async def archive(actor: Actor, *, field_id: int, archived: bool = True) -> None:
    """Put a field away or take it back; its values stay."""
    await _write(actor, await _locked(field_id), "archived = $2", archived)


@command("field.move", title=N_("Move a field"), right=Right.SETUP)
async def move(actor: Actor, *, field_id: int, up: bool = True) -> None:
    """Swap a field with the one before it or after it."""
    one = await field(field_id)
    await shift("field_definition", one.id, up=up, among=STANDING[one.owner])


@command("field.option", title=N_("Change what can be chosen"), right=Right.SETUP)
async def option(
    actor: Actor, *, field_id: int, title: Title, option: str = "", archived: bool = False
) -> str:
    """Add an option, or rename one and put it away or take it back; returns its key."""
    before = await _locked(field_id)
    if before.kind not in WITH_OPTIONS:
        raise Invalid(NO_OPTIONS)
    if any(one.title == title and one.key != option for one in before.options):
        raise Invalid(SAME_OPTION, title=title)
    kept = [
        {"key": one.key, "title": one.title, "archived": one.archived} for one in before.options
    ]
    changed: dict[str, Any] = {"title": title, "archived": archived}
    if not option:
        if len(kept) >= MOST_OPTIONS:
            raise Invalid(TOO_MANY, most=MOST_OPTIONS)
        option = f"o{1 + max((int(one.key[1:]) for one in before.options), default=0)}"
        kept.append({"key": option} | changed)
    elif before.option(option) is None:
        raise NotFound(N_("There is no such option."))
    else:
        kept = [one | changed if one["key"] == option else one for one in kept]
    if all(one["archived"] for one in kept):
        raise Invalid(NEEDS_OPTIONS)
    await _write(actor, before, "options = $2::jsonb", orjson.dumps(kept).decode())
    return option


async def _locked(field_id: int) -> Field:
    held = "SELECT id FROM field_definition WHERE id = $1 FOR UPDATE"
    if await db.fetchval(held, field_id) is None:
        raise NotFound(NO_FIELD)
    return await field(field_id)


async def _write(actor: Actor, before: Field, change: str, value: object) -> None:
    """`change`: one of the assignments above."""
    statement = f"UPDATE field_definition SET {change} WHERE id = $1 RETURNING {COLUMNS}"  # noqa: S608
    row = await db.fetchrow(statement, before.id, value)
    assert row is not None  # noqa: S101 - it is held
    after = of_row(row)
    if after != before:
        await _tell(actor, after, before)


async def _tell(actor: Actor, one: Field, before: Field | None) -> None:
    was: dict[str, object] | None = None
    if before is not None:
        was = {
            "title": before.title,
            "titles": dict(before.titles),
            "required": before.required,
            "archived": before.archived,
            "options": [[each.key, each.title, each.archived] for each in before.options],
        }
    event = FieldChanged(
        field_id=one.id,
        owner=one.owner,
        key=one.key,
        title=one.title,
        archived=one.archived,
        before=was,
    )
    await emit(event, actor=actor.key)
