"""Where messages belong: the live dialog of a chat, made once, woken, put before somebody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

from crm_core.dialogs import access
from crm_core.dialogs.commands import SNOOZE_TIMER
from crm_core.dialogs.events import DialogOpened, DialogReturned, DialogWoken
from crm_core.dialogs.messages import InboundMessage
from crm_core.kernel import clock, db
from crm_core.kernel.journal import Event
from crm_core.kernel.timers import drop_timer
from routing import assignment
from routing.inbound.identities import Person

Key = tuple[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """The dialog of a chat that is not closed, as it stood when the message came.

    `gone`: it is with somebody who does not work at present.
    """

    id: int
    channel_id: int
    chat: str
    client_id: int
    state: str
    assignee_id: int | None
    unoffered: bool
    created: bool
    gone: bool


UPSERT = """
INSERT INTO dialog (channel_id, chat, identity_id, client_id, queue_id, state, opened_at, last_at,
  last_inbound_at, unanswered_since, context)
SELECT u.c, u.h, u.i, u.p, coalesce(ch.queue_id, (SELECT min(id) FROM queue WHERE is_default)),
  'waiting', u.first, u.last, u.last, u.first, u.x::jsonb
FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::timestamptz[],
  $6::timestamptz[], $7::text[]) AS u(c, h, i, p, first, last, x)
JOIN channel ch ON ch.id = u.c ORDER BY u.c, u.h
ON CONFLICT (channel_id, chat) WHERE state <> 'closed' DO UPDATE SET
  last_at = greatest(dialog.last_at, excluded.last_at),
  last_inbound_at = greatest(dialog.last_inbound_at, excluded.last_inbound_at),
  unanswered_since = coalesce(dialog.unanswered_since, excluded.unanswered_since),
  context = dialog.context || excluded.context
RETURNING id, channel_id, chat, client_id, state, assignee_id, (xmax = 0) AS created,
  (state = 'waiting' AND offered_to_id IS NULL
   AND coalesce(reason->>'why', '') NOT IN ('everyone', 'all_declined')) AS unoffered,
  EXISTS (SELECT 1 FROM employee e WHERE e.id = dialog.assignee_id
    AND (e.presence = 'off' OR NOT e.active)) AS gone
"""


async def place(
    incoming: Sequence[tuple[int, InboundMessage]], people: dict[Key, Person]
) -> tuple[dict[Key, Live], list[Event]]:
    """The live dialog of every (channel, chat), and the facts that followed."""
    by_chat: dict[Key, list[InboundMessage]] = {}
    for channel, message in incoming:
        by_chat.setdefault((channel, message.chat[:128]), []).append(message)
    live = await _upsert(by_chat, people)
    facts: list[Event] = [
        DialogOpened(dialog_id=one.id, client_id=one.client_id, channel_id=one.channel_id)
        for one in live.values()
        if one.created
    ]
    snoozed = [one for one in live.values() if one.state == "snoozed"]
    gone = [one for one in live.values() if one.gone]
    if snoozed or gone:
        await assignment.hold_people([one.id for one in live.values()])
    facts += await _wake(snoozed)
    facts += await _return(gone)
    # Also those that wait unoffered since before: while we hold such a row, a drain passes it by.
    homeless = [one.id for one in live.values() if one.unoffered] + [one.id for one in gone]
    if homeless:
        facts += await assignment.offer(homeless)
    return live, facts


async def _upsert(
    by_chat: dict[Key, list[InboundMessage]], people: dict[Key, Person]
) -> dict[Key, Live]:
    now = clock.now()
    keys = sorted(by_chat)
    firsts = [min(by_chat[key], key=_at) for key in keys]
    owners = [
        people[key[0], first.sender.external_id[:128]]
        for key, first in zip(keys, firsts, strict=True)
    ]
    rows = await db.fetch(
        UPSERT,
        [channel for channel, _ in keys],
        [chat for _, chat in keys],
        [owner.id for owner in owners],
        [owner.client_id for owner in owners],
        [min(first.at, now) for first in firsts],
        [min(max(map(_at, by_chat[key])), now) for key in keys],
        [orjson.dumps(first.context).decode() for first in firsts],
    )
    made = [row["id"] for row in rows if row["created"]]
    owned = {row["id"]: row["client_id"] for row in await db.fetch(OWN, made)} if made else {}
    return {
        (row["channel_id"], row["chat"]): Live(
            **dict(row) | {"client_id": owned.get(row["id"], row["client_id"])}
        )
        for row in rows
    }


# A merge may have moved the identity to another card since we read it: the lock makes us wait for
# its end, and its own look at the dialogs comes after this lock.
OWN = """
UPDATE dialog d SET client_id = i.client_id
FROM (SELECT id, client_id FROM identity WHERE id IN
  (SELECT identity_id FROM dialog WHERE id = ANY($1::bigint[])) ORDER BY id FOR SHARE) AS i
WHERE d.id = ANY($1::bigint[]) AND i.id = d.identity_id AND d.client_id <> i.client_id
RETURNING d.id, d.client_id
"""


def _at(message: InboundMessage) -> datetime:
    return message.at


async def _wake(snoozed: Sequence[Live]) -> list[Event]:
    """A client who writes ends the snooze."""
    if not snoozed:
        return []
    holders = [one.assignee_id for one in snoozed]
    await db.execute(
        "UPDATE dialog SET state = 'open', snooze_until = NULL, version = version + 1"
        " WHERE id = ANY($1::bigint[])",
        [one.id for one in snoozed],
    )
    await access.refresh_load(*holders)
    for one in snoozed:
        await drop_timer(SNOOZE_TIMER, str(one.id))
    return [
        DialogWoken(
            dialog_id=one.id,
            client_id=one.client_id,
            employee_id=one.assignee_id or 0,
            why="client",
        )
        for one in snoozed
    ]


async def _return(back: Sequence[Live]) -> list[Event]:
    """A client must not wait for somebody who has gone home: back to the queue."""
    if not back:
        return []
    await db.execute(RETURN, [one.id for one in back])
    await access.refresh_load(*(one.assignee_id for one in back))
    return [
        DialogReturned(
            dialog_id=one.id,
            client_id=one.client_id,
            employee_id=one.assignee_id or 0,
            why="off_shift",
        )
        for one in back
    ]


RETURN = """
UPDATE dialog SET state = 'waiting', assignee_id = NULL, offered_to_id = NULL, declined = '[]',
  version = version + 1 WHERE id = ANY($1::bigint[])
"""
