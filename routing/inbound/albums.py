"""Albums: pictures that come as several events become one message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from crm_core.dialogs.events import MessageExtended, MessageReceived
from crm_core.kernel import clock, db
from crm_core.kernel.journal import Event
from routing.inbound import attached
from routing.inbound.shapes import Placed, clean, entities

# The caption may stand under any of the pictures.
UPSERT = """
INSERT INTO message (id, dialog_id, client_id, direction, kind, text, entities, extra, reply_to_id,
  album, at, created_at)
VALUES ($1, $2, $3, 'in', $4, $5, $6::jsonb, '{}',
  (SELECT message_id FROM message_ref WHERE channel_id = $7 AND external_id = $8), $9, $10, $11)
ON CONFLICT (dialog_id, direction, album) WHERE album IS NOT NULL DO UPDATE SET
  text = CASE WHEN message.text = '' THEN excluded.text ELSE message.text END,
  entities = CASE WHEN message.text = '' THEN excluded.entities ELSE message.entities END,
  at = least(message.at, excluded.at)
RETURNING id
"""


async def take(placed: Sequence[Placed]) -> list[Event]:
    """Store album pieces; the first makes the message, the others join it."""
    facts: list[Event] = []
    for one in sorted(placed, key=lambda piece: (piece.message.at, piece.id)):
        message_id = await _upsert(one)
        if message_id != one.id:
            await db.execute(
                "UPDATE message_ref SET message_id = $2 WHERE message_id = $1", one.id, message_id
            )
        await attached.keep([replace(one, id=message_id)])
        fact = MessageReceived if message_id == one.id else MessageExtended
        facts.append(
            fact(dialog_id=one.dialog.id, client_id=one.dialog.client_id, message_id=message_id)
        )
    return facts


async def _upsert(one: Placed) -> int:
    message_id: int = await db.fetchval(
        UPSERT,
        one.id,
        one.dialog.id,
        one.dialog.client_id,
        one.message.kind.value,
        clean(one.message.text),
        entities(one.message),
        one.channel_id,
        one.message.reply_to,
        (one.message.album or "")[:64],
        one.message.at,
        clock.now(),
    )
    return message_id
