"""Reading dialogs: lists, one dialog, its messages, counts for the home screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from crm_core.clients.links import COMPANY
from crm_core.dialogs import access, codec
from crm_core.dialogs.messages import Entity
from crm_core.kernel import db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.errors import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogView:
    """A dialog for cards and lists. `reason` tells why it came to whom it came."""

    id: int
    state: str
    channel_id: int
    channel_kind: str
    channel_name: str
    chat: str
    client_id: int
    client_name: str
    identity_name: str
    username: str | None
    reachable: bool
    queue_id: int | None
    queue_name: str | None
    assignee_id: int | None
    assignee_name: str | None
    offered_to_id: int | None
    offered_to_name: str | None
    reason: dict[str, Any]
    opened_at: datetime
    last_at: datetime
    unanswered_since: datetime | None
    snooze_until: datetime | None
    closed_at: datetime | None
    summary: str | None
    context: dict[str, Any]
    version: int
    company: str | None = None


VIEW = f"""
SELECT d.id, d.state, d.channel_id, c.kind AS channel_kind, c.name AS channel_name, d.chat,
  d.client_id, cl.name AS client_name, i.name AS identity_name, i.username, i.reachable,
  d.queue_id, q.name AS queue_name, d.assignee_id, a.name AS assignee_name,
  d.offered_to_id, o.name AS offered_to_name, d.reason, d.opened_at, d.last_at,
  d.unanswered_since, d.snooze_until, d.closed_at, d.summary, d.context, d.version,
  {COMPANY.format(client="cl")} AS company
FROM dialog d
JOIN channel c ON c.id = d.channel_id
JOIN identity i ON i.id = d.identity_id
JOIN client cl ON cl.id = d.client_id
LEFT JOIN queue q ON q.id = d.queue_id
LEFT JOIN employee a ON a.id = d.assignee_id
LEFT JOIN employee o ON o.id = d.offered_to_id
"""


def _view(row: db.Row) -> DialogView:
    data = dict(row)
    data["reason"] = orjson.loads(data["reason"])
    data["context"] = orjson.loads(data["context"])
    return DialogView(**data)


async def dialog(actor: Actor, dialog_id: int) -> DialogView:
    """One dialog, with rights; NotFound, Forbidden."""
    await access.require_read(actor, dialog_id)
    return await view(dialog_id)


async def view(dialog_id: int) -> DialogView:
    """One dialog for screens that were already entitled (cards on their way out)."""
    row = await db.fetchrow(f"{VIEW} WHERE d.id = $1", dialog_id)
    if row is None:
        raise NotFound("There is no such dialog.")
    return _view(row)


async def views(dialog_ids: Sequence[int]) -> dict[int, DialogView]:
    """Several at once, as `view`; unknown ones are left out."""
    rows = await db.fetch(f"{VIEW} WHERE d.id = ANY($1::bigint[])", dialog_ids)
    return {row["id"]: _view(row) for row in rows}


# What an employee may be offered: addressed to them, or to everyone of a queue of theirs.
CONCERNED = """
(d.offered_to_id = $1 OR (d.offered_to_id IS NULL AND d.queue_id IN
  (SELECT queue_id FROM queue_member WHERE employee_id = $1)) OR $2)
"""
LISTS = {
    "new": f"d.state = 'waiting' AND {CONCERNED}",
    "mine": "d.state = 'open' AND d.assignee_id = $1 AND ($2 OR true)",
    "waiting": "d.state = 'open' AND d.assignee_id = $1 AND d.unanswered_since IS NOT NULL"
    " AND ($2 OR true)",
    "snoozed": "d.state = 'snoozed' AND d.assignee_id = $1 AND ($2 OR true)",
    "closed": "d.state = 'closed' AND d.assignee_id = $1 AND ($2 OR true)",
}


async def dialogs(
    actor: Actor, which: str, *, limit: int = 7, offset: int = 0
) -> tuple[list[DialogView], int]:
    """A list of the actor's (`new`, `mine`, `waiting` for an answer, `snoozed`, `closed`).

    Returns the page and the whole count. Those who wait longest come first.
    """
    where, everything = LISTS[which], actor.may(Right.DIALOG_ALL)
    total = await db.fetchval(f"SELECT count(*) FROM dialog d WHERE {where}", actor.id, everything)
    order = "d.last_at DESC" if which == "closed" else "coalesce(d.unanswered_since, d.last_at)"
    rows = await db.fetch(
        f"{VIEW} WHERE {where} ORDER BY {order}, d.id LIMIT $3 OFFSET $4",
        actor.id,
        everything,
        limit,
        offset,
    )
    return [_view(row) for row in rows], total


COUNTS = """
SELECT
  count(*) FILTER (WHERE d.state = 'waiting' AND {concerned}) AS new,
  count(*) FILTER (WHERE d.state = 'open' AND d.assignee_id = $1) AS mine,
  count(*) FILTER (WHERE d.state = 'open' AND d.assignee_id = $1
                   AND d.unanswered_since IS NOT NULL) AS waiting,
  count(*) FILTER (WHERE d.state = 'snoozed' AND d.assignee_id = $1) AS snoozed,
  (SELECT count(*) FROM client WHERE manager_id = $1 AND merged_into_id IS NULL) AS clients
FROM dialog d WHERE d.state <> 'closed' AND (d.assignee_id = $1 OR d.state = 'waiting')
""".replace("{concerned}", CONCERNED)


async def counts(actor: Actor) -> dict[str, int]:
    """Numbers for the home screen: new, mine, waiting, snoozed, clients."""
    row = await db.fetchrow(COUNTS, actor.id, actor.may(Right.DIALOG_ALL))
    return dict(row or {})


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    """An attachment of a message; `state`: pending, stored, unavailable (see `reason`)."""

    id: int
    kind: str
    name: str
    mime: str
    size: int | None
    width: int | None
    height: int | None
    duration: int | None
    sha: str | None
    state: str
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageView:
    """A message with its files. `extra` may hold `contact`, `location`, `buttons`, and `author`
    (who wrote it past Pult)."""

    id: int
    dialog_id: int
    client_id: int
    direction: str
    kind: str
    text: str
    entities: tuple[Entity, ...]
    extra: dict[str, Any]
    author_id: int | None
    author_name: str | None
    reply_to_id: int | None
    status: str | None
    at: datetime
    edited_at: datetime | None
    files: tuple[FileView, ...]


MESSAGES = """
SELECT m.id, m.dialog_id, m.client_id, m.direction, m.kind, m.text, m.entities, m.extra,
  m.author_id, coalesce(e.name, m.extra->>'author') AS author_name, m.reply_to_id,
  m.status, m.at, m.edited_at,
  coalesce((SELECT jsonb_agg(jsonb_build_object('id', a.id, 'kind', a.kind, 'name', a.name,
      'mime', a.mime, 'size', a.size, 'width', a.width, 'height', a.height,
      'duration', a.duration, 'sha', a.sha, 'state', a.state, 'reason', a.reason) ORDER BY a.id)
    FROM attachment a WHERE a.message_id = m.id), '[]') AS files
FROM message m LEFT JOIN employee e ON e.id = m.author_id
"""


def _message(row: db.Row) -> MessageView:
    data = dict(row)
    data["entities"] = codec.load_entities(orjson.loads(data["entities"]))
    data["extra"] = orjson.loads(data["extra"])
    data["files"] = tuple(FileView(**one) for one in orjson.loads(data["files"]))
    return MessageView(**data)


async def message(message_id: int) -> MessageView | None:
    row = await db.fetchrow(f"{MESSAGES} WHERE m.id = $1", message_id)
    return None if row is None else _message(row)


async def several(message_ids: Sequence[int]) -> dict[int, MessageView]:
    """Several messages at once; unknown ones are left out."""
    rows = await db.fetch(f"{MESSAGES} WHERE m.id = ANY($1::bigint[])", message_ids)
    return {row["id"]: _message(row) for row in rows}


async def messages(
    dialog_id: int, *, limit: int = 20, before: tuple[datetime, int] | None = None
) -> list[MessageView]:
    """The latest messages of a dialog, oldest first; `before` = (at, id) pages back."""
    bound = "AND (m.at, m.id) < ($3, $4)" if before else ""
    rows = await db.fetch(
        f"{MESSAGES} WHERE m.dialog_id = $1 {bound} ORDER BY m.at DESC, m.id DESC LIMIT $2",
        dialog_id,
        limit,
        *(before or ()),
    )
    return [_message(row) for row in reversed(rows)]


async def by_external(channel_id: int, external_id: str) -> int | None:
    """Our message behind a provider's id."""
    found: int | None = await db.fetchval(
        "SELECT message_id FROM message_ref WHERE channel_id = $1 AND external_id = $2",
        channel_id,
        external_id,
    )
    return found


async def failed_correction(message_id: int) -> str | None:
    """Why the latest change of a sent message was not taken; None when it was."""
    row = await db.fetchrow(
        "SELECT state, error FROM outbox WHERE message_id = $1 AND kind = 'edit'"
        " ORDER BY id DESC LIMIT 1",
        message_id,
    )
    return str(row["error"] or "") if row and row["state"] in {"failed", "unknown"} else None


async def failed_parts(message_id: int) -> list[dict[str, Any]]:
    """Parts that did not get through: {id, state, error}."""
    rows = await db.fetch(
        "SELECT id, state, error FROM outbox WHERE message_id = $1 AND kind = 'part'"
        " AND state IN ('failed', 'unknown') ORDER BY id",
        message_id,
    )
    return [dict(row) for row in rows]
