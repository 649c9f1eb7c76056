"""Messages of clients: once each, at the right client, in the right dialog, before somebody."""

from __future__ import annotations

from collections.abc import Sequence

from crm_core.dialogs.events import MessageReceived
from crm_core.dialogs.messages import InboundMessage
from crm_core.kernel import clock, db
from crm_core.kernel.journal import Event
from routing.inbound import albums, attached, dialogs, identities
from routing.inbound.shapes import Placed, clean, entities, extra

Incoming = tuple[int, InboundMessage]


# The provider's id is where a message that comes twice ends, whatever its event key was.
CLAIM = """
INSERT INTO message_ref (channel_id, external_id, message_id)
SELECT c, e, nextval('message_id_seq') FROM unnest($1::bigint[], $2::text[]) AS u(c, e)
ORDER BY c, e
ON CONFLICT (channel_id, external_id) DO NOTHING
RETURNING channel_id, external_id, message_id
"""


async def take(incoming: Sequence[Incoming]) -> list[Event]:
    """Store the messages; returns the facts. In the transaction in force."""
    ids = await _claim(incoming)
    fresh = [one for one in incoming if (one[0], one[1].external_id[:160]) in ids]
    if not fresh:
        return []
    people = await identities.resolve([(channel, one.sender) for channel, one in fresh])
    live, facts = await dialogs.place(fresh, people)
    placed = [
        Placed(
            ids.pop((channel, one.external_id[:160])), channel, one, live[channel, one.chat[:128]]
        )
        for channel, one in fresh
        if (channel, one.external_id[:160]) in ids
    ]
    single = [one for one in placed if one.message.album is None]
    await _insert(single)
    await attached.keep(single)
    facts += [
        MessageReceived(dialog_id=one.dialog.id, client_id=one.dialog.client_id, message_id=one.id)
        for one in single
    ]
    facts += await albums.take([one for one in placed if one.message.album is not None])
    return facts


async def _claim(incoming: Sequence[Incoming]) -> dict[tuple[int, str], int]:
    rows = await db.fetch(
        CLAIM,
        [channel for channel, _ in incoming],
        [one.external_id[:160] for _, one in incoming],
    )
    return {(row["channel_id"], row["external_id"]): row["message_id"] for row in rows}


INSERT = """
INSERT INTO message (id, dialog_id, client_id, direction, kind, text, entities, extra,
  reply_to_id, at, created_at)
SELECT i, d, c, 'in', k, t, e::jsonb, x::jsonb, r.message_id, a, $11
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[],
  $7::text[], $8::bigint[], $9::text[], $10::timestamptz[]) AS u(i, d, c, k, t, e, x, ch, re, a)
LEFT JOIN message_ref r ON r.channel_id = ch AND r.external_id = re
"""


async def _insert(placed: Sequence[Placed]) -> None:
    if not placed:
        return
    await db.execute(
        INSERT,
        [one.id for one in placed],
        [one.dialog.id for one in placed],
        [one.dialog.client_id for one in placed],
        [one.message.kind.value for one in placed],
        [clean(one.message.text) for one in placed],
        [entities(one.message) for one in placed],
        [extra(one.message) for one in placed],
        [one.channel_id for one in placed],
        [one.message.reply_to for one in placed],
        [one.message.at for one in placed],
        clock.now(),
    )
