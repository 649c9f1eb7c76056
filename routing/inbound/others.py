"""Events that are no messages: edits, presses, receipts, blocks, moved chats."""

from __future__ import annotations

from functools import singledispatch

import orjson

from crm_core.dialogs import access, codec
from crm_core.dialogs.events import ClientPressed, DialogClosed, MessageEdited, ReachChanged
from crm_core.dialogs.messages import (
    ChatMigrated,
    InboundEdit,
    InboundEvent,
    InboundFailure,
    InboundLead,
    InboundOwn,
    InboundPress,
    InboundReach,
    InboundReceipt,
)
from crm_core.dialogs.statuses import refresh_status
from crm_core.kernel import clock, db
from crm_core.kernel.journal import Event, emit
from crm_core.outbox.rows import channel_lane
from routing.inbound import failures, leads, own


async def take(channel_id: int, event: InboundEvent) -> list[Event]:
    """Do what one event means; returns the facts."""
    return await _take(event, channel_id)


@singledispatch
async def _take(event: object, channel_id: int) -> list[Event]:
    message = f"channel {channel_id} sent something unknown: {type(event).__name__}"
    raise TypeError(message)


@_take.register
async def _edit(event: InboundEdit, channel_id: int) -> list[Event]:
    row = await db.fetchrow(EDIT, channel_id, event.external_id[:160], event.at, event.own)
    if row is None or row["text"] == event.text:
        return []
    if event.own and await db.fetchval(NOT_ELSEWHERE, row["id"], event.text):
        return []
    await db.execute(
        "UPDATE message SET text = $2, entities = $3::jsonb, edited_at = $4 WHERE id = $1",
        row["id"],
        event.text.replace("\0", ""),
        orjson.dumps(codec.dump_entities(event.entities)).decode(),
        event.at,
    )
    return [
        MessageEdited(
            dialog_id=row["dialog_id"],
            client_id=row["client_id"],
            message_id=row["id"],
            direction="out" if event.own else "in",
            before=row["text"],
        )
    ]


# An edit that was overtaken by a later one must not undo it.
EDIT = """
SELECT m.id, m.dialog_id, m.client_id, m.text FROM message_ref r
JOIN message m ON m.id = r.message_id
WHERE r.channel_id = $1 AND r.external_id = $2
  AND m.direction = CASE WHEN $4 THEN 'out' ELSE 'in' END
  AND (m.edited_at IS NULL OR m.edited_at <= $3) FOR UPDATE OF m
"""

# An echo of our own correction (however late), or a part of a longer answer: not the whole text.
NOT_ELSEWHERE = """
SELECT count(*) FILTER (WHERE kind = 'part') > 1
  OR count(*) FILTER (WHERE kind = 'edit' AND btrim(data->>'text') = btrim($2)) > 0
FROM outbox WHERE message_id = $1
"""

LIVE = (
    "SELECT id, client_id FROM dialog WHERE channel_id = $1 AND chat = $2 ORDER BY id DESC LIMIT 1"
)


@_take.register
async def _press(event: InboundPress, channel_id: int) -> list[Event]:
    row = await db.fetchrow(LIVE, channel_id, event.chat)
    if row is None:
        return []
    return [ClientPressed(dialog_id=row["id"], client_id=row["client_id"], data=event.data)]


@_take.register
async def _reach(event: InboundReach, channel_id: int) -> list[Event]:
    client_id = await db.fetchval(
        "UPDATE identity SET reachable = $3 WHERE channel_id = $1 AND external_id = $2"
        " AND reachable <> $3 RETURNING client_id",
        channel_id,
        event.sender.external_id[:128],
        event.reachable,
    )
    if client_id is None:
        return []
    dialog = await db.fetchrow(LIVE, channel_id, event.chat)
    return [
        ReachChanged(
            dialog_id=dialog["id"] if dialog else None,
            client_id=client_id,
            channel_id=channel_id,
            reachable=event.reachable,
        )
    ]


# Everything of this chat that left before the named message arrived as well. A part that was
# sent again left later than its number says; a correction bears the id of what it corrects.
RECEIPT = """
UPDATE outbox o SET state = $4 FROM outbox mark
WHERE mark.lane = $1 AND mark.chat = $2 AND mark.external_id = $3 AND mark.kind = 'part'
  AND o.lane = $1 AND o.chat = $2 AND o.kind = 'part'
  AND (o.done_at, o.id) <= (mark.done_at, mark.id)
  AND (o.state = 'sent' OR (o.state = 'delivered' AND $4 = 'read'))
RETURNING o.message_id
"""


@_take.register
async def _failure(event: InboundFailure, channel_id: int) -> list[Event]:
    await failures.take_failure(event, channel_id)
    return []


@_take.register
async def _receipt(event: InboundReceipt, channel_id: int) -> list[Event]:
    if event.only:
        await failures.take_receipt(event, channel_id)
        return []
    rows = await db.fetch(
        RECEIPT, channel_lane(channel_id), event.chat, event.external_id, event.status
    )
    for message_id in sorted({row["message_id"] for row in rows if row["message_id"]}):
        await refresh_status(message_id)
    return []


@_take.register
async def _own(event: InboundOwn, channel_id: int) -> list[Event]:
    return await own.take(channel_id, event)


@_take.register
async def _moved(event: ChatMigrated, channel_id: int) -> list[Event]:
    await move_chat(channel_id, event.chat, event.new_chat)
    return []


# Messages under the new id may be quicker than the news of it: the older dialog takes them in.
FOLD = """
WITH pair AS (
  SELECT o.id AS kept, n.id AS gone FROM dialog o JOIN dialog n ON n.channel_id = o.channel_id
  WHERE o.channel_id = $1 AND o.chat = $2 AND n.chat = $3
    AND o.state <> 'closed' AND n.state <> 'closed' FOR UPDATE),
moved AS (UPDATE message m SET dialog_id = pair.kept FROM pair WHERE m.dialog_id = pair.gone)
UPDATE dialog d SET state = 'closed', closed_at = $4, offered_to_id = NULL, snooze_until = NULL,
  unanswered_since = NULL, version = d.version + 1
FROM pair, dialog old WHERE d.id = pair.gone AND old.id = d.id
RETURNING d.id, d.client_id, d.assignee_id, old.offered_to_id
"""


async def _fold(channel_id: int, chat: str, new_chat: str) -> None:
    for row in await db.fetch(FOLD, channel_id, chat, new_chat, clock.now()):
        await access.lock_staff(row["assignee_id"], row["offered_to_id"])
        await access.refresh_load(row["assignee_id"], row["offered_to_id"])
        closed = DialogClosed(
            dialog_id=row["id"], client_id=row["client_id"], employee_id=row["assignee_id"]
        )
        await emit(closed)


async def move_chat(channel_id: int, chat: str, new_chat: str) -> None:
    """The provider gave the chat a new id: dialogs and waiting rows follow."""
    await _fold(channel_id, chat, new_chat)
    await db.execute(
        "UPDATE dialog SET chat = $3 WHERE channel_id = $1 AND chat = $2",
        channel_id,
        chat,
        new_chat,
    )
    await db.execute(
        "UPDATE outbox SET chat = $3 WHERE lane = $1 AND chat = $2 AND state = 'queued'",
        channel_lane(channel_id),
        chat,
        new_chat,
    )


@_take.register
async def _lead(event: InboundLead, channel_id: int) -> list[Event]:
    return await leads.take(event, channel_id)
