"""The items behind a number, with a line that tells which they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from crm_core.kernel import db
from crm_core.kernel.actors import Actor
from crm_core.kernel.errors import Invalid
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _
from crm_core.reports import registry
from crm_core.reports.definition import Behind, Item, ItemKind
from crm_core.reports.parameters import Parameters, scope_of

TITLES: dict[ItemKind, str] = {
    "request": """
SELECT r.id, coalesce(c.name, r.person->>'name', r.person->>'company', r.person->>'phone',
  r.person->>'email', '') AS title
FROM request r LEFT JOIN client c ON c.id = r.client_id WHERE r.id = ANY($1::bigint[])
""",
    "call": """
SELECT l.id, coalesce(c.name, nullif(l.caller_name, ''), l.number, '') AS title
FROM call l LEFT JOIN client c ON c.id = l.client_id WHERE l.id = ANY($1::bigint[])
""",
    "dialog": """
SELECT d.id, c.name AS title FROM dialog d JOIN client c ON c.id = d.client_id
WHERE d.id = ANY($1::bigint[])
""",
}


async def items(
    actor: Actor, key: str, given: Parameters, behind: Behind
) -> tuple[list[Item], int]:
    """A page of what was counted, the latest first, and how many there are.

    The bounds of the report's run hold here, too: nobody opens what they could not count.
    """
    report = registry.find(key)
    scope = scope_of(actor, report, given)
    if behind.key is not None and len(behind.key) != len(scope.cut.by):
        raise Invalid(N_("The row must have %(count)s values."), count=len(scope.cut.by))
    found, total = await report.source.items(scope, behind)
    return await titled(found), total


async def titled(found: Sequence[Item]) -> list[Item]:
    """The same with their titles."""
    titles: dict[tuple[str, int], str] = {}
    for kind in {one.kind for one in found}:
        ids = [one.id for one in found if one.kind == kind]
        rows = await db.fetch(TITLES[kind], ids)
        titles |= {(kind, row["id"]): row["title"] for row in rows}
    unknown = _("Unknown person")
    return [replace(one, title=titles.get((one.kind, one.id)) or unknown) for one in found]
