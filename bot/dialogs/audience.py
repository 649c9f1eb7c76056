"""Who is concerned by a dialog or a message: employees with their private chats. Set-wise SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm_core.kernel import db

CARD_LIMIT = 500  # a text this long fits on a card whole


@dataclass(frozen=True, slots=True)
class Seat:
    """An employee before a dialog; `chat` is their private chat with the bot."""

    dialog_id: int
    employee_id: int
    chat: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A message to be shown; `seat` is None while nobody has the dialog. `plain`: text alone,
    which may share a notice (a mail has buttons of its own);
    `written`: it was written in that very chat, so it stands there already."""

    message_id: int
    dialog_id: int
    author_id: int | None
    plain: bool
    album: bool
    written: bool
    seat: Seat | None


# Whoever was ever asked, had or has the dialog may have its card on the screen.
OF_DIALOGS = """
SELECT DISTINCT a.dialog_id, e.id AS employee_id, e.telegram_id AS chat FROM (
  SELECT v.dialog_id, one::bigint AS employee_id
  FROM event v, jsonb_array_elements_text(v.data->'employee_ids') AS one
  WHERE v.dialog_id = ANY($1::bigint[]) AND v.type = 'DialogOffered'
  UNION ALL
  SELECT v.dialog_id, coalesce(v.data->>'to_employee_id', v.data->>'employee_id')::bigint
  FROM event v WHERE v.dialog_id = ANY($1::bigint[])
    AND v.type IN ('DialogAccepted', 'DialogTransferred')
  UNION ALL SELECT id, assignee_id FROM dialog WHERE id = ANY($1::bigint[])
) a JOIN employee e ON e.id = a.employee_id
WHERE e.active AND e.telegram_id IS NOT NULL ORDER BY a.dialog_id, e.id
"""


async def of_dialogs(dialog_ids: Sequence[int]) -> list[Seat]:
    """Everybody who may have the dialog's card on the screen."""
    if not dialog_ids:
        return []
    rows = await db.fetch(OF_DIALOGS, dialog_ids)
    return [Seat(row["dialog_id"], row["employee_id"], row["chat"]) for row in rows]


HOLDERS = """
SELECT d.id AS dialog_id, e.id AS employee_id, e.telegram_id AS chat
FROM dialog d JOIN employee e ON e.id = d.assignee_id
WHERE {where} AND d.state IN ('open', 'snoozed') AND e.active AND e.telegram_id IS NOT NULL
"""


async def holders(dialog_ids: Sequence[int]) -> list[Seat]:
    """Whoever has these dialogs now."""
    if not dialog_ids:
        return []
    rows = await db.fetch(HOLDERS.format(where="d.id = ANY($1::bigint[])"), dialog_ids)
    return [Seat(row["dialog_id"], row["employee_id"], row["chat"]) for row in rows]


async def live(client_id: int | None, channel_id: int) -> list[Seat]:
    """Whoever has a dialog with this client in this channel now."""
    where = "d.client_id = $1 AND d.channel_id = $2"
    rows = await db.fetch(HOLDERS.format(where=where), client_id, channel_id)
    return [Seat(row["dialog_id"], row["employee_id"], row["chat"]) for row in rows]


WORDS = """
SELECT m.id, m.dialog_id, m.author_id, m.album IS NOT NULL AS album,
  m.kind IN ('text', 'unsupported') AND NOT m.extra ? 'mail' AS plain,
  e.id AS employee_id, e.telegram_id AS chat,
  EXISTS (SELECT 1 FROM view_memory v WHERE v.view = 'written' AND v.key = m.id::text
    AND (v.data->>'chat')::bigint = e.telegram_id) AS written
"""
SEATED = """
LEFT JOIN employee e ON e.id = d.assignee_id AND e.active AND d.state IN ('open', 'snoozed')
"""
OF_MESSAGES = f"""{WORDS} FROM unnest($1::bigint[]) WITH ORDINALITY AS u(id, place)
JOIN message m ON m.id = u.id JOIN dialog d ON d.id = m.dialog_id {SEATED}
WHERE e.id IS NULL OR e.telegram_id IS NOT NULL ORDER BY u.place
"""


async def of_messages(message_ids: Sequence[int]) -> list[Words]:
    """The messages with whoever has their dialogs, in this order."""
    if not message_ids:
        return []
    return [_words(row) for row in await db.fetch(OF_MESSAGES, message_ids)]


# What nobody has answered yet, unless the card alone shows it whole.
UNREAD = f"""{WORDS} FROM dialog d JOIN LATERAL (
  SELECT i.*, count(*) OVER () AS many FROM message i WHERE i.dialog_id = d.id
    AND i.direction = 'in' AND i.id > coalesce((SELECT max(o.id) FROM message o
      WHERE o.dialog_id = d.id AND o.direction = 'out'), 0)
  ORDER BY i.id DESC LIMIT 30) m ON m.many > 1 OR m.kind <> 'text' OR length(m.text) > $2
  OR m.extra ? 'mail'
  OR EXISTS (SELECT 1 FROM message l WHERE l.dialog_id = d.id AND l.id > m.id)
{SEATED}
WHERE d.id = ANY($1::bigint[]) AND e.telegram_id IS NOT NULL ORDER BY m.id
"""  # noqa: S608 - constants of this module


async def unread(dialog_ids: Sequence[int]) -> list[Words]:
    """Unanswered words of clients for whoever has just got the dialog."""
    if not dialog_ids:
        return []
    return [_words(row) for row in await db.fetch(UNREAD, dialog_ids, CARD_LIMIT)]


def _words(row: db.Row) -> Words:
    seat = row["employee_id"] and Seat(row["dialog_id"], row["employee_id"], row["chat"])
    return Words(
        message_id=row["id"],
        dialog_id=row["dialog_id"],
        author_id=row["author_id"],
        plain=row["plain"],
        album=row["album"],
        written=row["written"],
        seat=seat or None,
    )


AUTHORS = """
SELECT m.id, m.dialog_id, e.id AS employee_id, e.telegram_id AS chat, EXISTS (
  SELECT 1 FROM view_memory v WHERE v.view = 'fault' AND v.key = m.id || ':' || e.telegram_id
) AS complained
FROM message m JOIN employee e ON e.id = m.author_id
WHERE m.id = ANY($1::bigint[]) AND e.active AND e.telegram_id IS NOT NULL ORDER BY m.id
"""


async def authors(message_ids: Sequence[int]) -> list[tuple[Seat, int, bool]]:
    """Who wrote these answers, and whether they were already told of a failure."""
    if not message_ids:
        return []
    rows = await db.fetch(AUTHORS, message_ids)
    return [
        (Seat(row["dialog_id"], row["employee_id"], row["chat"]), row["id"], row["complained"])
        for row in rows
    ]


async def chats(employee_ids: Sequence[int]) -> list[int]:
    """Private chats of employees."""
    rows = await db.fetch(
        "SELECT telegram_id FROM employee"
        " WHERE id = ANY($1::bigint[]) AND active AND telegram_id IS NOT NULL",
        employee_ids,
    )
    return [row["telegram_id"] for row in rows]
