"""What follows from an attempt to send: states, references, the message's status, pauses."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from crm_core.accounts import health
from crm_core.accounts.commands import set_broken
from crm_core.dialogs.statuses import correction_failed, refresh_status
from crm_core.kernel import db
from crm_core.kernel.i18n import N_
from routing.contracts import (
    ChannelBroken,
    ChatMoved,
    DeliveryError,
    OutcomeUnknown,
    RecipientUnreachable,
    RetryLater,
    Sent,
)
from routing.inbound import failures
from routing.inbound.others import move_chat
from routing.lanes import NotReady, OutRow, Skipped
from routing.outbound import claims

log = structlog.get_logger(__name__)

NOT_READY_PAUSE = 0.3
BROKEN_PAUSE = 30.0
MAX_ATTEMPTS = 12
STOPPED = N_("Pult was stopped while this was being sent: it may have arrived.")

REFS = """
INSERT INTO message_ref (channel_id, external_id, message_id)
SELECT $1, e, $3 FROM unnest($2::text[]) AS u(e) ON CONFLICT (channel_id, external_id) DO NOTHING
"""
UNREACHABLE = """
UPDATE identity i SET reachable = false FROM dialog d
WHERE d.channel_id = $1 AND d.chat = $2 AND i.id = d.identity_id AND i.reachable
"""


def channel_of(lane: str) -> int | None:
    """The channel account behind a lane; None for the bot's."""
    kind, _, number = lane.partition(":")
    return int(number) if kind == "channel" else None


async def sent(rows: Sequence[OutRow], outcome: Sent) -> None:
    # The first of an album's: it bears the caption, which is what may be corrected later.
    first = outcome.external_ids[0] if outcome.external_ids else None
    ids, channel_id = [row.id for row in rows], channel_of(rows[0].lane)
    if channel_id is None:
        await claims.settle(ids, "sent", external_id=first)
        return
    parts = [row for row in rows if row.kind == "part" and row.message_id]
    async with db.transaction():
        if parts and first:
            await failures.hold([(channel_id, first)])
        await claims.settle(ids, "sent", external_id=first)
        for row in parts:
            await db.execute(REFS, channel_id, list(outcome.external_ids), row.message_id)
            if first and row.message_id:
                await failures.catch_up(channel_id, first, row.message_id)
        await _refresh(rows)
    await health.note([channel_id], "out")


async def _refresh(rows: Sequence[OutRow]) -> None:
    for message_id in sorted({row.message_id for row in rows if row.message_id}):
        if any(row.kind == "part" for row in rows):
            await refresh_status(message_id)


async def failed(rows: Sequence[OutRow], error: DeliveryError, *, resend_unknown: bool) -> float:
    """Write what the error means; returns for how many seconds the lane must pause."""
    ids = [row.id for row in rows]
    text = str(error)[:500]
    match error:
        case NotReady():
            await claims.requeue(ids, after=NOT_READY_PAUSE, counts=False)
        case Skipped():
            await claims.settle(ids, "cancelled")
        case ChatMoved():
            await _moved(rows, error.new_chat)
        case RetryLater() if rows[0].attempts < MAX_ATTEMPTS:
            await claims.requeue(ids, after=error.after, error=text)
            return 0.0 if error.chat_only else error.after
        case ChannelBroken():
            await claims.requeue(ids, after=BROKEN_PAUSE, error=text, counts=False)
            if (channel_id := channel_of(rows[0].lane)) is not None:
                await set_broken(channel_id, text)
            return BROKEN_PAUSE
        case OutcomeUnknown() if resend_unknown:
            await claims.requeue(ids, after=1.0, error=text)
        case OutcomeUnknown():
            await _end(rows, "unknown", text)
        case RecipientUnreachable():
            await _unreachable(rows, text)
        case _:
            await _end(rows, "failed", text)
    return 0.0


async def _end(rows: Sequence[OutRow], state: str, error: str) -> None:
    async with db.transaction():
        await claims.settle([row.id for row in rows], state, error=error)
        await _refresh(rows)
        for row in rows:
            if row.kind == "edit" and row.message_id:
                await correction_failed(row.message_id, error)
    log.info("not_delivered", lane=rows[0].lane, state=state, rows=len(rows))


async def _unreachable(rows: Sequence[OutRow], error: str) -> None:
    async with db.transaction():
        if (channel_id := channel_of(rows[0].lane)) is not None:
            await db.execute(UNREACHABLE, channel_id, rows[0].chat)
        await _end(rows, "failed", error)


async def _moved(rows: Sequence[OutRow], new_chat: str) -> None:
    async with db.transaction():
        await claims.requeue([row.id for row in rows], after=0, counts=False)
        if (channel_id := channel_of(rows[0].lane)) is not None:
            await move_chat(channel_id, rows[0].chat, new_chat)


async def mended(lane: str) -> None:
    """The account works again."""
    if (channel_id := channel_of(lane)) is not None:
        await set_broken(channel_id, None)


async def recover(lane: str, *, resend_unknown: bool) -> int:
    """Rows left by a dead owner of the lane: notices again, the rest wait for a person."""
    async with db.transaction():
        rows = await claims.interrupted(lane)
        ids = [row["id"] for row in rows]
        if resend_unknown:
            await claims.requeue(ids, after=0)
            return len(rows)
        await claims.settle(ids, "unknown", error=STOPPED)
        for message_id in sorted({row["message_id"] for row in rows if row["message_id"]}):
            await refresh_status(message_id)
    return len(rows)
