"""Pieces of long SMS wait in the database until all are there, or for long enough."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from crm_core.kernel import clock, db

PATIENCE = timedelta(minutes=10)
KEPT = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece as it came, and which it is."""

    sender: str
    ref: int
    total: int
    number: int
    packet: bytes


# References begin anew: another packet under a number that is taken belongs to a new message.
STALE = """
DELETE FROM message_part p WHERE channel_id = $1 AND sender = $2 AND ref = $3 AND total = $4
  AND EXISTS (SELECT 1 FROM message_part o WHERE o.channel_id = $1 AND o.sender = $2
    AND o.ref = $3 AND o.total = $4 AND (o.at < $7 OR (o.number = $5 AND o.packet <> $6)))
"""
PUT = """
INSERT INTO message_part (channel_id, sender, ref, total, number, packet, at)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING
"""
ALL = """
SELECT id, packet FROM message_part
WHERE channel_id = $1 AND sender = $2 AND ref = $3 AND total = $4 ORDER BY number
"""
DONE = """
UPDATE message_part SET done = true
WHERE channel_id = $1 AND sender = $2 AND ref = $3 AND total = $4
"""


@dataclass(frozen=True, slots=True)
class Whole:
    """A message with all its packets in order; `id` is its own however often it is put together."""

    id: int
    packets: list[bytes]


async def put(channel_id: int, piece: Piece) -> Whole | None:
    """Keep a piece; all packets in their order once none is missing (also when it came before)."""
    key = (channel_id, piece.sender[:128], piece.ref, piece.total)
    now = clock.now()
    async with db.transaction():
        await db.execute(STALE, *key, piece.number, piece.packet, now - KEPT)
        await db.execute(PUT, *key, piece.number, piece.packet, now)
        rows = await db.fetch(ALL, *key)
    if len(rows) != piece.total:
        return None
    return Whole(min(row["id"] for row in rows), [row["packet"] for row in rows])


async def done(channel_id: int, piece: Piece) -> None:
    """The message was handed on."""
    await db.execute(DONE, channel_id, piece.sender[:128], piece.ref, piece.total)


OVERDUE = """
SELECT sender, ref, total, min(id) AS id, min(number) AS number,
  array_agg(packet ORDER BY number) AS packets
FROM message_part WHERE channel_id = $1 AND NOT done
GROUP BY sender, ref, total HAVING max(at) < $2
"""


async def overdue(channel_id: int) -> list[tuple[Piece, Whole]]:
    """Messages whose missing pieces nobody waits for any more; forgets those long done."""
    await db.execute(
        "DELETE FROM message_part WHERE channel_id = $1 AND done AND at < $2",
        channel_id,
        clock.now() - KEPT,
    )
    rows = await db.fetch(OVERDUE, channel_id, clock.now() - PATIENCE)
    return [
        (
            Piece(
                sender=row["sender"],
                ref=row["ref"],
                total=row["total"],
                number=row["number"],
                packet=row["packets"][0],
            ),
            Whole(row["id"], list(row["packets"])),
        )
        for row in rows
    ]
