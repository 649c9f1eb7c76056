"""The table of rules that give statuses: the first one that fits decides."""

from __future__ import annotations

from typing import Annotated

import orjson
from pydantic import Field

from crm_core.clients.standing import jobs
from crm_core.clients.standing.checking import kept
from crm_core.clients.standing.conditions import Condition
from crm_core.clients.standing.deciding import Rule
from crm_core.clients.standing.defining import LOCK
from crm_core.clients.standing.events import ClientStatusDefined
from crm_core.clients.standing.queries import policy, status
from crm_core.kernel import db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.errors import Invalid, NotFound
from crm_core.kernel.i18n import N_
from crm_core.kernel.journal import emit
from crm_core.kernel.ordering import shift

MOST_CONDITIONS, MOST_RULES = 10, 100
TOO_MANY = N_("There are too many of them: %(most)s at most.")
NO_RULE = N_("There is no such rule.")
NO_CONDITION = N_("A rule needs at least one condition.")

ADD = """
INSERT INTO client_status_rule (status_id, conditions, position)
SELECT $1, $2::jsonb, coalesce(max(position), 0) + 1 FROM client_status_rule RETURNING id
"""
CHANGE = "UPDATE client_status_rule SET conditions = $2::jsonb, status_id = $3 WHERE id = $1"


@command("client_status.save_rule", title=N_("Say who gets a status"), right=Right.SETUP)
async def save_rule(
    actor: Actor,
    *,
    status_id: int,
    conditions: Annotated[list[Condition], Field(max_length=MOST_CONDITIONS)],
    rule_id: int | None = None,
) -> int:
    """Who fits all conditions gets the status, unless an earlier one fits; `rule_id` changes it."""
    await db.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
    one = await status(status_id)
    given = list(dict.fromkeys(await kept(conditions)))
    if not given:
        raise Invalid(NO_CONDITION)
    text = orjson.dumps([each.model_dump(mode="json") for each in given]).decode()
    before = await _rule(rule_id) if rule_id is not None else None
    if rule_id is None:
        if len((await policy()).rules) >= MOST_RULES:
            raise Invalid(TOO_MANY, most=MOST_RULES)
        rule_id = int(await db.fetchval(ADD, status_id, text))
    else:
        await db.execute(CHANGE, rule_id, text, status_id)
    await _changed(actor, one.id, one.title, before)
    return rule_id


@command("client_status.remove_rule", title=N_("Remove a rule of statuses"), right=Right.SETUP)
async def remove_rule(actor: Actor, *, rule_id: int) -> None:
    """Nobody gets a status by this rule any more; statuses set by hand stay."""
    await db.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
    rule = await _rule(rule_id)
    await db.execute("DELETE FROM client_status_rule WHERE id = $1", rule_id)
    await _changed(actor, rule.status_id, (await status(rule.status_id)).title, rule)


@command("client_status.move_rule", title=N_("Move a rule of statuses"), right=Right.SETUP)
async def move_rule(actor: Actor, *, rule_id: int, up: bool = True) -> None:
    """Let a rule be asked earlier or later than its neighbour."""
    await db.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
    rule = await _rule(rule_id)
    await shift("client_status_rule", rule_id, up=up)
    await _changed(actor, rule.status_id, (await status(rule.status_id)).title, rule)


async def _rule(rule_id: int) -> Rule:
    for one in (await policy()).rules:
        if one.id == rule_id:
            return one
    raise NotFound(NO_RULE)


async def _changed(actor: Actor, status_id: int, title: str, before: Rule | None) -> None:
    old = [one.model_dump(mode="json") for one in before.conditions] if before else None
    event = ClientStatusDefined(status_id=status_id, title=title, change="rules", before=old)
    await emit(event, actor=actor.key)
    await jobs.begin()
