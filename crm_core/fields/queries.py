"""Reading fields' definitions."""

from __future__ import annotations

from collections.abc import Iterable

import orjson

from crm_core.fields.kinds import Field, FieldKind, Option, Owner, Value
from crm_core.kernel import db
from crm_core.kernel.errors import NotFound
from crm_core.kernel.i18n import N_

NO_FIELD = N_("There is no such field.")
COLUMNS = "id, owner, key, title, titles, kind, options, required, archived"
LIST = f"SELECT {COLUMNS} FROM field_definition WHERE owner = $1 ORDER BY position, id"
ONE = f"SELECT {COLUMNS} FROM field_definition WHERE id = $1"
PEOPLE = "SELECT id, name FROM employee WHERE id = ANY($1::bigint[])"


async def all_fields(owner: Owner) -> list[Field]:
    """Every field of this kind of cards, archived ones too, in the admin's order."""
    return [of_row(row) for row in await db.fetch(LIST, owner)]


async def by_key(owner: Owner) -> dict[str, Field]:
    return {one.key: one for one in await all_fields(owner)}


async def field(field_id: int) -> Field:
    """One of them; NotFound."""
    row = await db.fetchrow(ONE, field_id)
    if row is None:
        raise NotFound(NO_FIELD)
    return of_row(row)


def of_row(row: db.Row) -> Field:
    return Field(
        id=row["id"],
        owner=row["owner"],
        key=row["key"],
        title=row["title"],
        titles=orjson.loads(row["titles"]),
        kind=FieldKind(row["kind"]),
        options=tuple(Option(**one) for one in orjson.loads(row["options"])),
        required=row["required"],
        archived=row["archived"],
    )


async def people_in(fields: Iterable[Field], values: dict[str, Value]) -> dict[int, str]:
    """Names of the employees that stand in these values, those who left among them."""
    wanted = [
        values[one.key] for one in fields if one.kind is FieldKind.PERSON and one.key in values
    ]
    rows = await db.fetch(PEOPLE, wanted) if wanted else []
    return {row["id"]: row["name"] for row in rows}
