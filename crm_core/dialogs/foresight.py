"""What an answer will cost or run into, known before it is sent: parts of SMS, hourly limits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from crm_core.dialogs import capabilities, smscount
from crm_core.kernel import clock, db

HOUR = timedelta(hours=1)

# Through the identity: it has the only index that finds closed dialogs of a chat too.
UNANSWERED = """
WITH mine AS (
  SELECT d.id, d.last_inbound_at FROM identity i JOIN dialog d ON d.identity_id = i.id
  WHERE i.channel_id = $1 AND i.external_id = $2 AND d.channel_id = $1),
since AS (
  SELECT greatest($3::timestamptz, max(last_inbound_at)) AS at FROM mine)
SELECT count(*) AS count, min(o.done_at) AS oldest
FROM since, mine JOIN message m ON m.dialog_id = mine.id AND m.direction = 'out'
JOIN outbox o ON o.message_id = m.id AND o.kind = 'part'
WHERE m.at > $3::timestamptz - interval '1 day' AND o.done_at > since.at
  AND o.state IN ('sent', 'delivered', 'read')
"""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Parts sent within the hour since the client last wrote; when the first of them left."""

    count: int
    oldest: datetime | None


async def unanswered(channel_id: int, chat: str) -> Unanswered:
    """For channels where the chat is the person (its id is the identity's)."""
    row = await db.fetchrow(UNANSWERED, channel_id, chat, clock.now() - HOUR)
    return Unanswered(row["count"], row["oldest"]) if row else Unanswered(0, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Foresight:
    """`count` how the text is counted where every part costs, `left` messages the provider still
    takes within this hour until the client answers (None: any number), `frees_at` when more."""

    count: smscount.Count | None = None
    left: int | None = None
    frees_at: datetime | None = None


FIND = """
SELECT d.channel_id, d.chat, ch.kind FROM dialog d JOIN channel ch ON ch.id = d.channel_id
WHERE d.id = $1 AND ch.kind <> 'removed'
"""


async def foresee(dialog_id: int, text: str) -> Foresight:
    """What is known of an answer with this text, before it is sent."""
    row = await db.fetchrow(FIND, dialog_id)
    if row is None:
        return Foresight()
    caps = capabilities.of(row["kind"])
    count = smscount.count(text) if caps.counts_parts else None
    if not caps.unanswered_limit:
        return Foresight(count=count)
    used = await unanswered(row["channel_id"], row["chat"])
    return Foresight(
        count=count,
        left=max(caps.unanswered_limit - used.count, 0),
        frees_at=used.oldest + HOUR if used.oldest else None,
    )
