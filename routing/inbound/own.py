"""What ours wrote to a client past Pult: in the dialog once; echoes of Pult's own words are not
news. The echo may come before the answer to the request that made it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from crm_core.dialogs.events import ReplyMirrored
from crm_core.dialogs.messages import InboundOwn, Sender
from crm_core.dialogs.statuses import refresh_status
from crm_core.kernel import clock, db
from crm_core.kernel.journal import Event
from crm_core.outbox.rows import channel_lane
from routing.inbound import attached, identities
from routing.inbound.shapes import clean, json_text

# Rows it may be an echo of: the one with its key; without a key one that is under way (or whose
# fate is unknown) with the same words. Held before the known ids are looked at: whoever writes
# the outcome of a row at this moment is waited for.
SUSPECTS = """
SELECT id, message_id, state FROM outbox
WHERE lane = $1 AND chat = $2 AND kind = 'part' AND CASE WHEN $3::text IS NULL
  THEN state IN ('sending', 'unknown') AND btrim(coalesce(data->>'text', '')) = btrim($4)
    AND coalesce(jsonb_array_length(data->'files'), 0) = $5
  ELSE data->>'key' = $3 END
ORDER BY id FOR UPDATE
"""
KNOWN = "SELECT message_id FROM message_ref WHERE channel_id = $1 AND external_id = $2"
ARRIVED = """
UPDATE outbox SET state = 'sent', error = NULL, external_id = $2, done_at = $3
WHERE id = $1 AND state IN ('queued', 'sending', 'unknown', 'failed')
"""
REFER = """
INSERT INTO message_ref (channel_id, external_id, message_id) VALUES ($1, $2, $3)
ON CONFLICT (channel_id, external_id) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class _Own:
    channel_id: int
    event: InboundOwn

    @property
    def external_id(self) -> str:
        return self.event.external_id[:160]

    @property
    def lane(self) -> str:
        return channel_lane(self.channel_id)


async def take(channel_id: int, event: InboundOwn) -> list[Event]:
    """Do what it means; returns the facts. In the transaction in force."""
    own = _Own(channel_id, event)
    echo = await _echo_of(own)
    if await db.fetchval(KNOWN, channel_id, own.external_id) is not None:
        return []
    if echo is not None:
        await _arrived(own, echo)
        return []
    return await _written_elsewhere(own)


async def _echo_of(own: _Own) -> db.Row | None:
    event = own.event
    return await db.fetchrow(
        SUSPECTS, own.lane, event.chat, event.key, clean(event.text), len(event.files)
    )


async def _arrived(own: _Own, row: db.Row) -> None:
    """The provider shows what we sent: it has arrived, whatever its request came to."""
    await db.execute(ARRIVED, row["id"], own.external_id, clock.now())
    if row["message_id"]:
        await db.execute(REFER, own.channel_id, own.external_id, row["message_id"])
        await refresh_status(row["message_id"])


DIALOG = """
SELECT id, client_id FROM dialog WHERE channel_id = $1 AND chat = $2
ORDER BY state = 'closed', id DESC LIMIT 1 FOR UPDATE
"""
CLAIM = """
INSERT INTO message_ref (channel_id, external_id, message_id)
VALUES ($1, $2, nextval('message_id_seq')) ON CONFLICT (channel_id, external_id) DO NOTHING
RETURNING message_id
"""
INSERT = """
INSERT INTO message (id, dialog_id, client_id, direction, kind, text, extra, status, at, created_at,
  author_id)
VALUES ($1, $2, $3, 'out', $4, $5, $6::jsonb, 'sent', $7, $8, $9)
"""
# A row of its own in the outbox, sent already: so receipts find it as they find all others.
SENT = """
INSERT INTO outbox (lane, chat, kind, data, message_id, state, external_id, next_at, created_at,
  done_at)
VALUES ($1, $2, 'part', $3::jsonb, $4, 'sent', $5, $6, $6, $6)
"""
ANSWERED = """
UPDATE dialog SET answered_at = coalesce(answered_at, $2), last_at = greatest(last_at, $2),
  unanswered_since = CASE WHEN unanswered_since IS NOT NULL THEN (
    SELECT min(m.at) FROM message m WHERE m.dialog_id = $1 AND m.direction = 'in' AND m.at > $2) END
WHERE id = $1
"""


async def _written_elsewhere(own: _Own) -> list[Event]:
    """A message of ours in the latest dialog of its chat; a chat nobody ever wrote in has none,
    unless the channel says to whom it was written."""
    dialog = await db.fetchrow(DIALOG, own.channel_id, own.event.chat[:128])
    if dialog is None and own.event.client is not None:
        dialog = await _filed(own, own.event.client)
    if dialog is None:
        return []
    message_id: int | None = await db.fetchval(CLAIM, own.channel_id, own.external_id)
    if message_id is None:
        return []
    await _insert(own, message_id, dialog)
    await attached.files([(message_id, own.channel_id, file) for file in own.event.files])
    await db.execute(ANSWERED, dialog["id"], min(own.event.at, clock.now()))
    author = own.event.author or ""
    return [
        ReplyMirrored(
            dialog_id=dialog["id"],
            client_id=dialog["client_id"],
            message_id=message_id,
            author=author,
        )
    ]


# Filed, not begun: nobody has to do anything until the client answers.
FILE = """
INSERT INTO dialog (channel_id, chat, identity_id, client_id, queue_id, state, opened_at, closed_at,
  last_at)
SELECT $1, $2, $3, $4, ch.queue_id, 'closed', $5, $5, $5 FROM channel ch WHERE ch.id = $1
RETURNING id, client_id
"""
MANAGED = "UPDATE client SET manager_id = $2 WHERE id = $1 AND manager_id IS NULL"


async def _filed(own: _Own, client: Sender) -> db.Row | None:
    """A closed dialog under the client; whoever wrote becomes the manager of one who has none."""
    people = await identities.resolve([(own.channel_id, client)])
    person = next(iter(people.values()))
    if own.event.employee:
        await db.execute(MANAGED, person.client_id, own.event.employee)
    at = min(own.event.at, clock.now())
    chat = own.event.chat[:128]
    return await db.fetchrow(FILE, own.channel_id, chat, person.id, person.client_id, at)


async def _insert(own: _Own, message_id: int, dialog: db.Row) -> None:
    event, now = own.event, clock.now()
    extra: dict[str, Any] = event.extra | ({"author": clean(event.author)} if event.author else {})
    await db.execute(
        INSERT,
        message_id,
        dialog["id"],
        dialog["client_id"],
        event.kind.value,
        clean(event.text),
        json_text(extra),
        event.at,
        now,
        event.employee,
    )
    data = {"key": f"own:{own.external_id}", "text": clean(event.text)}
    await db.execute(
        SENT,
        own.lane,
        event.chat[:128],
        orjson.dumps(data).decode(),
        message_id,
        own.external_id,
        now,
    )
