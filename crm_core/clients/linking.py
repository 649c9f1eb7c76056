"""Contact persons of companies: who belongs where, as what, and who is the main one.

Both cards are held in order of their ids, so that two commands never wait for each other in a
circle; whatever stands on a card that was merged is done to the card that stands for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import StringConstraints

from crm_core.clients.access import require_read, require_write
from crm_core.clients.linkevents import (
    CompanyLinked,
    CompanyUnlinked,
    MainPersonSet,
    PersonLinked,
    PersonUnlinked,
    PositionChanged,
)
from crm_core.clients.locking import live, locked
from crm_core.kernel import clock, db
from crm_core.kernel.actors import SYSTEM, Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.errors import Invalid, NotFound
from crm_core.kernel.i18n import N_
from crm_core.kernel.journal import emit

Position = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)]

LINKED = """
SELECT id, position, is_main FROM client_link
WHERE company_id = $1 AND person_id = $2 AND until IS NULL
"""


@dataclass(frozen=True, slots=True)
class Linked:
    """`created` is False when they stood together already."""

    link_id: int
    created: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """A company and a person, both held."""

    company: db.Row
    person: db.Row

    @property
    def ids(self) -> tuple[int, int]:
        return self.company["id"], self.person["id"]


async def held(actor: Actor, company_id: int, person_id: int) -> Pair:
    """Both live cards, locked in one order: the company is changed, of the person it is enough to
    see them. NotFound, Forbidden, Invalid when they are of wrong kinds."""
    company, person = await live(company_id), await live(person_id)
    await require_write(actor, company)
    await require_read(actor, person)
    rows = {one: await locked(SYSTEM, one) for one in sorted({company, person})}
    if rows[company]["kind"] != "company":
        raise Invalid(
            N_("%(name)s is no company: only companies have contact persons."),
            name=rows[company]["name"],
        )
    if rows[person]["kind"] != "person":
        raise Invalid(
            N_("%(name)s is a company: only people can be contact persons."),
            name=rows[person]["name"],
        )
    return Pair(rows[company], rows[person])


# Whoever was taken off today and comes back today has never been away.
REOPEN = """
UPDATE client_link SET until = NULL, position = coalesce(nullif($4, ''), position)
WHERE id = (SELECT max(id) FROM client_link
            WHERE company_id = $1 AND person_id = $2 AND until = $3) RETURNING id
"""
INSERT = """
INSERT INTO client_link (company_id, person_id, position, since, created_at)
VALUES ($1, $2, $3, $4, $5) RETURNING id
"""


@command("client.link", title=N_("Add a contact person"), right=Right.CLIENT_WRITE)
async def link(
    actor: Actor,
    *,
    company_id: int,
    person_id: int,
    position: Position = "",
    since: date | None = None,
) -> Linked:
    """Make a person a contact person of a company; who is one already gets the position."""
    pair = await held(actor, company_id, person_id)
    there = await db.fetchrow(LINKED, *pair.ids)
    if there is not None:
        if position:
            await _position(actor, pair, there, position)
        return Linked(there["id"], created=False)
    link_id = await db.fetchval(REOPEN, *pair.ids, today(actor), position)
    if link_id is None:
        link_id = await db.fetchval(INSERT, *pair.ids, position, since, clock.now())
    await emit(*_linked(pair, link_id, position), actor=actor.key)
    return Linked(link_id, created=True)


def today(actor: Actor) -> date:
    """The day it is where the actor works."""
    return clock.now().astimezone(ZoneInfo(actor.timezone)).date()


def _linked(pair: Pair, link_id: int, position: str) -> tuple[PersonLinked, CompanyLinked]:
    (company, person), company_name = pair.ids, pair.company["name"]
    return (
        PersonLinked(
            client_id=company,
            link_id=link_id,
            person_id=person,
            person_name=pair.person["name"],
            position=position,
        ),
        CompanyLinked(
            client_id=person,
            link_id=link_id,
            company_id=company,
            company_name=company_name,
            position=position,
        ),
    )


async def _standing(pair: Pair) -> db.Row:
    row = await db.fetchrow(LINKED, *pair.ids)
    if row is None:
        raise NotFound(
            N_("%(person)s is no contact person of %(company)s."),
            person=pair.person["name"],
            company=pair.company["name"],
        )
    return row


@command("client.unlink", title=N_("Take a contact person off"), right=Right.CLIENT_WRITE)
async def unlink(
    actor: Actor, *, company_id: int, person_id: int, until: date | None = None
) -> None:
    """The person is no longer a contact person of the company; that they were one is kept."""
    last = until or today(actor)
    if last > today(actor):
        raise Invalid(N_("The last day can't be in the future."))
    pair = await held(actor, company_id, person_id)
    row = await _standing(pair)
    await db.execute(
        "UPDATE client_link SET until = $2, is_main = false WHERE id = $1", row["id"], last
    )
    (company, person), position = pair.ids, row["position"]
    await emit(
        PersonUnlinked(
            client_id=company,
            link_id=row["id"],
            person_id=person,
            person_name=pair.person["name"],
            position=position,
            was_main=row["is_main"],
        ),
        CompanyUnlinked(
            client_id=person,
            link_id=row["id"],
            company_id=company,
            company_name=pair.company["name"],
            position=position,
        ),
        actor=actor.key,
    )


@command("client.set_position", title=N_("Change a position"), right=Right.CLIENT_WRITE)
async def set_position(actor: Actor, *, company_id: int, person_id: int, position: Position) -> str:
    """Say what a contact person does in the company (nothing when left empty)."""
    pair = await held(actor, company_id, person_id)
    await _position(actor, pair, await _standing(pair), position)
    return position


async def _position(actor: Actor, pair: Pair, row: db.Row, position: str) -> None:
    if row["position"] == position:
        return
    await db.execute("UPDATE client_link SET position = $2 WHERE id = $1", row["id"], position)
    event = PositionChanged(
        client_id=pair.company["id"],
        link_id=row["id"],
        person_id=pair.person["id"],
        person_name=pair.person["name"],
        position=position,
        before=row["position"],
    )
    await emit(event, actor=actor.key)


MAIN = """
SELECT l.id, l.person_id, c.name FROM client_link l JOIN client c ON c.id = l.person_id
WHERE l.company_id = $1 AND l.is_main
"""


@command("client.set_main_person", title=N_("Set the main contact"), right=Right.CLIENT_WRITE)
async def set_main(actor: Actor, *, company_id: int, person_id: int | None = None) -> None:
    """Say who of a company's people is asked first (nobody when left empty)."""
    if person_id is None:
        company, chosen, name = await locked(actor, company_id), None, ""
    else:
        pair = await held(actor, company_id, person_id)
        company, chosen, name = pair.company, await _standing(pair), pair.person["name"]
    before = await db.fetchrow(MAIN, company["id"])
    if (before and before["id"]) == (chosen and chosen["id"]):
        return
    if before is not None:
        await db.execute("UPDATE client_link SET is_main = false WHERE id = $1", before["id"])
    if chosen is not None:
        await db.execute("UPDATE client_link SET is_main = true WHERE id = $1", chosen["id"])
    event = MainPersonSet(
        client_id=company["id"],
        person_id=pair.person["id"] if chosen is not None else None,
        person_name=name,
        before_person_id=before["person_id"] if before else None,
        before_name=before["name"] if before else "",
    )
    await emit(event, actor=actor.key)
