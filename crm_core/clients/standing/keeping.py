"""Keeps status and percent on the rows of clients: worked out anew whenever facts change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crm_core.clients.standing.deciding import Policy, decide, due, percent
from crm_core.clients.standing.events import ClientStatusSet
from crm_core.clients.standing.queries import Held, held, policy
from crm_core.kernel import clock, db
from crm_core.kernel.journal import emit

HOLD = """
SELECT id FROM client WHERE id = ANY($1::bigint[]) AND merged_into_id IS NULL
ORDER BY id FOR NO KEY UPDATE
"""
KEEP = """
UPDATE client SET status_id = u.status, percent = u.percent, standing_due_at = u.due
FROM unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::timestamptz[])
  AS u(id, status, percent, due)
WHERE client.id = u.id
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """What shall stand on a row."""

    status_id: int | None
    percent: int | None
    due_at: datetime | None


async def refresh(client_ids: Sequence[int]) -> int:
    """Bring these cards up to date in the transaction in force; returns how many changed.

    Cards are held first: what is read then is what stands there when it commits.
    """
    rows = await db.fetch(HOLD, sorted(set(client_ids)))
    if not rows:
        return 0
    rules = await policy()
    if not rules.statuses:
        return 0
    now = clock.now()
    cards = await held([row["id"] for row in rows], talk=rules.talks)
    changed = [
        (one, after) for one in cards if (after := standing(rules, one, now)) != _present(one)
    ]
    await _keep(changed)
    await emit(*(_told(rules, one, after) for one, after in changed if _moved(one, after)))
    return len(changed)


def standing(rules: Policy, card: Held, now: datetime) -> Standing:
    """What the admin's rules make of a card; a status set by hand stays. Pure."""
    by_hand = card.manual and card.status_id in rules.statuses
    status_id = card.status_id if by_hand else decide(rules, card.facts, now)
    status = rules.statuses.get(status_id or 0)
    return Standing(
        status_id,
        percent(status.template, card.facts, now) if status else None,
        None if by_hand else due(rules, card.facts, now),
    )


def _present(card: Held) -> Standing:
    return Standing(card.status_id, card.percent, card.due_at)


def _moved(card: Held, after: Standing) -> bool:
    """The first status of a card that had none is no news."""
    return card.status_id is not None and card.status_id != after.status_id


async def _keep(changed: Sequence[tuple[Held, Standing]]) -> None:
    if changed:
        await db.execute(
            KEEP,
            [one.facts.id for one, _ in changed],
            [after.status_id for _, after in changed],
            [after.percent for _, after in changed],
            [after.due_at for _, after in changed],
        )


def _told(rules: Policy, card: Held, after: Standing) -> ClientStatusSet:
    now, before = (rules.statuses.get(one or 0) for one in (after.status_id, card.status_id))
    return ClientStatusSet(
        client_id=card.facts.id,
        status_id=after.status_id,
        title=now.title if now else "",
        before_id=card.status_id,
        before=before.title if before else "",
        manual=False,
    )
