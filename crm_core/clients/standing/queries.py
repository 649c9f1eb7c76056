"""Reading statuses, rules and what is known of clients for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

from crm_core.clients.access import require_read
from crm_core.clients.locking import live
from crm_core.clients.standing.conditions import Condition, Facts
from crm_core.clients.standing.deciding import Part, Policy, Rule, Status, missing, percent
from crm_core.fields.kinds import Field, Value
from crm_core.fields.queries import all_fields, people_in
from crm_core.kernel import clock, db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.errors import NotFound
from crm_core.kernel.i18n import N_

NO_STATUS = N_("There is no such status.")
STATUSES = """
SELECT id, title, mark, color, template, is_default, archived FROM client_status
ORDER BY position, id
"""
RULES = "SELECT id, status_id, conditions FROM client_status_rule ORDER BY position, id"


async def policy() -> Policy:
    """All statuses in their order, those put away too, and all rules."""
    statuses = [_status(row) for row in await db.fetch(STATUSES)]
    rules = [_rule(row) for row in await db.fetch(RULES)] if statuses else []
    return Policy(statuses={one.id: one for one in statuses}, rules=rules)


def _status(row: db.Row) -> Status:
    return Status(
        id=row["id"],
        title=row["title"],
        mark=row["mark"],
        color=row["color"],
        template=tuple(Part.model_validate(one) for one in orjson.loads(row["template"])),
        is_default=row["is_default"],
        archived=row["archived"],
    )


def _rule(row: db.Row) -> Rule:
    conditions = tuple(Condition.model_validate(one) for one in orjson.loads(row["conditions"]))
    return Rule(id=row["id"], status_id=row["status_id"], conditions=conditions)


async def status(status_id: int) -> Status:
    """One of them; NotFound."""
    found = (await policy()).statuses.get(status_id)
    if found is None:
        raise NotFound(NO_STATUS)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A card's facts and what it says at present."""

    facts: Facts
    status_id: int | None
    manual: bool
    percent: int | None
    due_at: datetime | None


# Everything by an index; talk is looked at only when a rule asks for it.
FACTS = """
SELECT c.id, c.created_at, c.fields, c.roles, c.manager_id, c.status_id, c.status_manual,
  c.percent, c.standing_due_at,
  EXISTS (SELECT FROM contact_point p WHERE p.client_id = c.id AND p.kind = 'phone') AS phone,
  EXISTS (SELECT FROM contact_point p WHERE p.client_id = c.id AND p.kind = 'email') AS email,
  EXISTS (SELECT FROM contact_point p WHERE p.client_id = c.id) AS point,
  EXISTS (SELECT FROM identity i WHERE i.client_id = c.id) AS messenger,
  EXISTS (SELECT FROM client_note n WHERE n.client_id = c.id) AS note,
  EXISTS (SELECT FROM request r WHERE r.client_id = c.id AND r.state IN ('new', 'accepted'))
    AS request,
  CASE WHEN $2 THEN EXISTS (SELECT FROM dialog d WHERE d.client_id = c.id AND d.state <> 'closed')
    ELSE false END AS dialog,
  CASE WHEN $2 THEN (SELECT m.at FROM message m WHERE m.client_id = c.id AND m.direction = 'in'
    ORDER BY m.at DESC, m.id DESC LIMIT 1) END AS last_in,
  CASE WHEN $2 THEN (SELECT m.at FROM message m WHERE m.client_id = c.id AND m.direction = 'out'
    ORDER BY m.at DESC, m.id DESC LIMIT 1) END AS last_out
FROM client c WHERE c.id = ANY($1::bigint[])
"""


async def held(client_ids: Sequence[int], *, talk: bool) -> list[Held]:
    """These cards; with `talk` their dialogs and messages, too."""
    return [_held(row) for row in await db.fetch(FACTS, client_ids, talk)]


def _held(row: db.Row) -> Held:
    facts = Facts(
        id=row["id"],
        created_at=row["created_at"],
        fields=orjson.loads(row["fields"]),
        roles=tuple(orjson.loads(row["roles"])),
        manager=row["manager_id"] is not None,
        phone=row["phone"],
        email=row["email"],
        messenger=row["messenger"],
        contact=row["point"] or row["messenger"],
        note=row["note"],
        dialog=row["dialog"],
        request=row["request"],
        last_in=row["last_in"],
        last_out=row["last_out"],
    )
    return Held(
        facts=facts,
        status_id=row["status_id"],
        manual=row["status_manual"],
        percent=row["percent"],
        due_at=row["standing_due_at"],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Portrait:
    """What the card says of a client beside their contacts. `percent` is worked out now;
    `missing`: what is lacking for 100 %, the weightiest first; `fields`: those in use."""

    client_id: int
    status: Status | None
    manual: bool
    percent: int | None
    missing: tuple[Part, ...]
    roles: tuple[str, ...]
    fields: tuple[Field, ...]
    values: dict[str, Value]
    people: dict[int, str]


async def portrait(actor: Actor, client_id: int) -> Portrait:
    """The portrait of a client; of a card folded into another one, that other card's. NotFound."""
    actor.require(Right.CLIENT_READ)
    stands = await live(client_id)
    await require_read(actor, stands)
    [card] = await held([stands], talk=False)
    status = (await policy()).statuses.get(card.status_id or 0)
    template, now = status.template if status else (), clock.now()
    values = dict(card.facts.fields)
    fields = [one for one in await all_fields("client") if not one.archived]
    return Portrait(
        client_id=card.facts.id,
        status=status,
        manual=card.manual,
        percent=percent(template, card.facts, now),
        missing=missing(template, card.facts, now),
        roles=card.facts.roles,
        fields=tuple(fields),
        values=values,
        people=await people_in(fields, values),
    )
