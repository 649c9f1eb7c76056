"""Reading who belongs where: people of a company, companies of a person, usual positions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crm_core.clients.locking import live
from crm_core.kernel import db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.i18n import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A link as one of its sides sees the other: `id`, `name` and `contact` are the other's."""

    link_id: int
    id: int
    name: str
    position: str
    is_main: bool
    since: date | None
    until: date | None
    contact: str | None
    manager_id: int | None
    manager_name: str | None


# A link whose other side is folded into a card that has the same link stays there, out of sight.
MEMBERS = """
SELECT l.id AS link_id, o.id, o.name, l.position, l.is_main, l.since, l.until,
  (SELECT p.value FROM contact_point p WHERE p.client_id = o.id
   ORDER BY p.kind = 'phone' DESC, p.preferred DESC, p.id LIMIT 1) AS contact,
  o.manager_id, e.name AS manager_name
FROM client_link l JOIN client o ON o.id = l.{other} AND o.merged_into_id IS NULL
LEFT JOIN employee e ON e.id = o.manager_id
WHERE l.{side} = $1 AND (l.until IS NULL) = $2 ORDER BY {order}
"""
PEOPLE = MEMBERS.format(
    other="person_id", side="company_id", order="l.is_main DESC, o.folded, l.id"
)
COMPANIES = MEMBERS.format(other="company_id", side="person_id", order="l.is_main DESC, l.id")
PAST_PEOPLE = MEMBERS.format(other="person_id", side="company_id", order="l.until DESC, l.id DESC")


async def people_of(actor: Actor, company_id: int) -> list[Member]:
    """A company's contact persons: the main one first, then by name."""
    actor.require(Right.CLIENT_READ)
    return await _members(PEOPLE, await live(company_id))


async def former_people_of(actor: Actor, company_id: int) -> list[Member]:
    """Who was a contact person, the latest first."""
    actor.require(Right.CLIENT_READ)
    return await _members(PAST_PEOPLE, await live(company_id), standing=False)


async def companies_of(client_id: int) -> list[Member]:
    """Where a person is a contact person: first where they are the main one.

    For screens and deciders that may see the person's card already.
    """
    return await _members(COMPANIES, client_id)


async def _members(sql: str, client_id: int, *, standing: bool = True) -> list[Member]:
    return [Member(**row) for row in await db.fetch(sql, client_id, standing)]


# Whom a person's companies give as the manager when nobody looks after the person: `{client}` is
# the alias of a row of `client`.
RESPONSIBLE = """
coalesce({client}.manager_id, (
  SELECT o.manager_id FROM client_link l
  JOIN client o ON o.id = l.company_id AND o.merged_into_id IS NULL
  WHERE l.person_id = {client}.id AND l.until IS NULL AND o.manager_id IS NOT NULL
  ORDER BY l.is_main DESC, l.id LIMIT 1))
"""

# The company of a contact person as lists and cards name it.
COMPANY = """
(SELECT o.name FROM client_link l
 JOIN client o ON o.id = l.company_id AND o.merged_into_id IS NULL
 WHERE l.person_id = {client}.id AND l.until IS NULL ORDER BY l.is_main DESC, l.id LIMIT 1)
"""

# Usual positions are suggested until the house has its own.
USUAL = (
    N_("Director"),
    N_("Accountant"),
    N_("Buyer"),
    N_("Office manager"),
    N_("Engineer"),
    N_("Secretary"),
)
USED = """
SELECT position FROM client_link WHERE position <> '' AND until IS NULL
GROUP BY position ORDER BY count(*) DESC, position LIMIT $1
"""


async def positions(actor: Actor, *, limit: int = 6) -> Sequence[str]:
    """What to suggest as a position: what is used most; `USUAL` fills up (msgids)."""
    actor.require(Right.CLIENT_READ)
    used = [row["position"] for row in await db.fetch(USED, limit)]
    return list(dict.fromkeys((*used, *USUAL)))[:limit]
