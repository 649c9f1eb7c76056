"""What a visitor may see of their dialogs: SQL over messages, never an inner note."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from crm_core.kernel import db

# Through the identity: it has the only index that finds closed dialogs of a chat too.
DIALOGS = """
WITH mine AS (
  SELECT d.id FROM identity i JOIN dialog d ON d.identity_id = i.id
  WHERE i.channel_id = $1 AND i.external_id = $2 AND d.channel_id = $1 AND d.chat = $2)
"""
COLUMNS = """
SELECT m.id, m.direction, m.kind, m.text, m.entities, m.extra, m.status, m.at, m.created_at,
  m.edited_at, m.reply_to_id, e.name AS author,
  (SELECT r.external_id FROM message_ref r
   WHERE r.message_id = m.id AND m.direction = 'in' ORDER BY r.id LIMIT 1) AS external_id,
  (SELECT jsonb_agg(jsonb_build_object('id', a.id, 'kind', a.kind, 'name', a.name,
     'mime', a.mime, 'size', a.size, 'width', a.width, 'height', a.height,
     'duration', a.duration, 'sha', coalesce(a.sha, substring(a.ref FROM '^sha:(.*)$')))
     ORDER BY a.id)
   FROM attachment a WHERE a.message_id = m.id) AS files
FROM message m LEFT JOIN employee e ON e.id = m.author_id
WHERE m.dialog_id IN (SELECT id FROM mine) AND m.direction IN ('in', 'out')
"""
SHOWN = "AND (m.direction = 'in' OR m.status IN ('sent', 'delivered', 'read'))"

BEFORE = f"{DIALOGS} {COLUMNS} AND m.id < $3 ORDER BY m.id DESC LIMIT $4"
NEWEST = 2**62


async def before(channel: int, chat: str, message_id: int, limit: int) -> list[db.Row]:
    """Messages older than a row id, oldest first; those not yet sent too."""
    rows = await db.fetch(BEFORE, channel, chat, message_id, limit)
    return rows[::-1]


CHANGED = (
    f"{DIALOGS} {COLUMNS} AND (m.id > $3 OR m.created_at > $4 OR m.edited_at > $4)"
    " ORDER BY m.id LIMIT $5"
)


async def changed(
    channel: int, chat: str, *, after: int, since: datetime, limit: int
) -> list[db.Row]:
    """Messages after a row id, or written or edited since a moment; those not yet sent too."""
    return await db.fetch(CHANGED, channel, chat, after, since, limit)


STANDING = f"""
{DIALOGS}
SELECT d.state, d.accepted_at, e.name AS assignee,
  EXISTS (SELECT 1 FROM employee s LEFT JOIN queue_member q ON q.employee_id = s.id
    WHERE s.active AND s.presence = 'on' AND (c.queue_id IS NULL OR q.queue_id = c.queue_id)
  ) AS online
FROM channel c
LEFT JOIN LATERAL (SELECT * FROM dialog WHERE id = (SELECT max(id) FROM mine)) d ON true
LEFT JOIN employee e ON e.id = d.assignee_id
WHERE c.id = $1
"""  # noqa: S608


async def standing(channel: int, chat: str) -> db.Row | None:
    """Where the visitor's newest dialog stands, who has it, whether anybody is on shift."""
    return await db.fetchrow(STANDING, channel, chat)


async def stored(channel: int, external_id: str) -> db.Row | None:
    """Row id and time of a visitor's message, once it is stored."""
    return await db.fetchrow(
        "SELECT m.id, m.at FROM message_ref r JOIN message m ON m.id = r.message_id"
        " WHERE r.channel_id = $1 AND r.external_id = $2",
        channel,
        external_id,
    )


OWN_REF = f"""
{DIALOGS}
SELECT r.external_id FROM message m JOIN message_ref r ON r.message_id = m.id
WHERE m.dialog_id IN (SELECT id FROM mine) AND r.channel_id = $1
"""  # noqa: S608


async def ref_of(channel: int, chat: str, message_id: int) -> str | None:
    """The external id of a message of this chat."""
    sql = f"{OWN_REF} AND m.id = $3 AND m.direction <> 'note' ORDER BY r.id LIMIT 1"
    return _text(await db.fetchval(sql, channel, chat, message_id))


async def last_out(channel: int, chat: str, up_to: int) -> str | None:
    """The external id of our newest sent message not newer than a row id."""
    sql = f"{OWN_REF} AND m.id <= $3 AND m.direction = 'out' ORDER BY m.id DESC, r.id DESC LIMIT 1"
    return _text(await db.fetchval(sql, channel, chat, up_to))


ATTACHMENT = f"""
SELECT d.chat, a.name, a.mime, coalesce(a.sha, substring(a.ref FROM '^sha:(.*)$')) AS sha
FROM attachment a JOIN message m ON m.id = a.message_id JOIN dialog d ON d.id = m.dialog_id
WHERE a.id = $1 AND d.channel_id = $2 AND m.direction IN ('in', 'out') {SHOWN}
"""  # noqa: S608


async def attachment(channel: int, attachment_id: int) -> db.Row | None:
    """A file of a message that a visitor of this channel may see, with the visitor's chat."""
    return await db.fetchrow(ATTACHMENT, attachment_id, channel)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
