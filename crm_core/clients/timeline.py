"""A client's timeline: messages, calls, notes, requests and facts in one order of time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import orjson

from crm_core.clients.access import require_read
from crm_core.clients.locking import live
from crm_core.kernel import db
from crm_core.kernel.actors import Actor


class ItemKind(StrEnum):
    """What stands in a timeline. `FILE` picks messages that carry files."""

    MESSAGE = "message"
    NOTE = "note"
    EVENT = "event"
    FILE = "file"
    REQUEST = "request"
    CALL = "call"


# Facts that people look for in a client's past.
FACTS = (
    "ClientCreated",
    "ClientRenamed",
    "ClientManagerSet",
    "ContactAdded",
    "ContactRemoved",
    "PersonLinked",
    "PersonUnlinked",
    "CompanyLinked",
    "CompanyUnlinked",
    "MainPersonSet",
    "PositionChanged",
    "RequisitesChanged",
    "ClientKindSet",
    "ClientsMerged",
    "ClientsUnmerged",
    "ClientClassified",
    "ClientDeclassified",
    "PrimaryInterestSet",
    "ClientFieldSet",
    "ClientStatusSet",
    "ClientRolesSet",
    "DialogOpened",
    "DialogAccepted",
    "DialogTransferred",
    "DialogReturned",
    "DialogSnoozed",
    "DialogClosed",
    "ReachChanged",
    "RequestAccepted",
    "RequestHandedOver",
    "RequestRejected",
    "RequestDone",
    "RequestReopened",
)

Cursor = tuple[datetime, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineItem:
    """One thing that happened.

    `what`: for messages and inner notes of dialogs the direction (`in`, `out`, `note`), for card
    notes `card`, for requests their state, for calls the direction, for facts the event's name;
    `data` holds the fact's fields, `files` the attachments ({id, kind, name, mime, size, state,
    reason}).
    """

    kind: ItemKind
    id: int
    at: datetime
    what: str
    text: str
    author: str | None
    dialog_id: int | None
    status: str | None
    data: dict[str, Any]
    files: tuple[dict[str, Any], ...]
    cursor: Cursor


# Each source alone is ordered by an index and cut; the place breaks ties of the same moment.
ORDER = "ORDER BY at DESC, place DESC, id DESC LIMIT $5"
BEFORE = "($2::timestamptz IS NULL OR (at <= $2 AND (at, {place}, id) < ($2, $3, $4)))"
MESSAGES = """
SELECT m.at, {place} AS place, m.id, CASE m.direction WHEN 'note' THEN 'note' ELSE 'message' END
  AS kind, m.direction AS what, m.text, m.author_id, m.dialog_id, m.status, m.extra AS data
FROM message m WHERE m.client_id = $1 AND {before} AND {filter}
"""
CARD_NOTES = """
SELECT at, {place} AS place, id, 'note' AS kind, 'card' AS what, text, author_id,
  NULL::bigint AS dialog_id, NULL AS status, '{{}}'::jsonb AS data
FROM client_note WHERE client_id = $1 AND {before}
"""
EVENTS = """
SELECT at, {place} AS place, id, 'event' AS kind, type AS what, '' AS text,
  CASE WHEN actor LIKE 'employee:%' THEN split_part(actor, ':', 2)::bigint END AS author_id,
  dialog_id, NULL AS status, data
FROM event WHERE client_id = $1 AND {before} AND type = ANY($6::text[])
"""
REQUESTS = """
SELECT at, {place} AS place, id, 'request' AS kind, state AS what,
  text, author_id, dialog_id,
  NULL AS status, jsonb_build_object('source', source, 'subject', subject, 'outcome', outcome,
    'rejected_for', rejected_for, 'campaign', campaign) AS data
FROM request WHERE client_id = $1 AND {before}
"""
CALLS = """
SELECT at, {place} AS place, id, 'call' AS kind, direction AS what, note AS text,
  employee_id AS author_id, NULL::bigint AS dialog_id, state AS status, data
FROM (SELECT c.id, c.client_id, c.started_at AS at, c.direction, c.employee_id, c.state,
    coalesce(r.note, '') AS note, jsonb_build_object('outcome', c.outcome,
      'talk_seconds', c.talk_seconds, 'number', c.number, 'result', r.result) AS data
  FROM call c LEFT JOIN call_result r ON r.call_id = c.id WHERE c.part_of IS NULL) told
WHERE client_id = $1 AND {before}
"""
WHOLE = """
SELECT t.*, e.name AS author,
  (SELECT jsonb_agg(jsonb_build_object('id', a.id, 'kind', a.kind, 'name', a.name,
     'mime', a.mime, 'size', a.size, 'state', a.state, 'reason', a.reason) ORDER BY a.id)
   FROM attachment a WHERE t.place = 1 AND a.message_id = t.id) AS files
FROM ({sources}) t LEFT JOIN employee e ON e.id = t.author_id
WHERE $6::text[] IS NOT NULL -- names its type when no facts are asked for
ORDER BY t.at DESC, t.place DESC, t.id DESC LIMIT $5
"""
HAS_FILES = "EXISTS (SELECT 1 FROM attachment a WHERE a.message_id = m.id)"


def _statement(kinds: Collection[ItemKind]) -> str:
    parts: list[str] = []
    if wanted := _messages_filter(kinds):
        parts.append(_source(MESSAGES, 1, wanted))
    if ItemKind.NOTE in kinds:
        parts.append(_source(CARD_NOTES, 2))
    if ItemKind.EVENT in kinds:
        parts.append(_source(EVENTS, 0))
    if ItemKind.REQUEST in kinds:
        parts.append(_source(REQUESTS, 3))
    if ItemKind.CALL in kinds:
        parts.append(_source(CALLS, 4))
    return WHOLE.format(sources=" UNION ALL ".join(f"({part} {ORDER})" for part in parts))


def _messages_filter(kinds: Collection[ItemKind]) -> str:
    wanted = {
        ItemKind.MESSAGE: "m.direction <> 'note'",
        ItemKind.NOTE: "m.direction = 'note'",
        ItemKind.FILE: HAS_FILES,
    }
    chosen = [condition for kind, condition in wanted.items() if kind in kinds]
    return f"({' OR '.join(chosen)})" if chosen else ""


def _source(template: str, place: int, wanted: str = "") -> str:
    return template.format(place=place, before=BEFORE.format(place=place), filter=wanted)


async def timeline(
    viewer: Actor,
    client_id: int,
    *,
    before: Cursor | None = None,
    limit: int = 20,
    kinds: Collection[ItemKind] | None = None,
) -> list[TimelineItem]:
    """The latest items, newest first; `before` = the cursor of the last one seen pages back.

    Forbidden when the card is not for this person.
    """
    at, place, item = before or (None, 0, 0)
    chosen = frozenset(kinds) if kinds is not None else frozenset(ItemKind)
    if not chosen:
        return []
    stands = await live(client_id)
    await require_read(viewer, stands)
    rows = await db.fetch(_statement(chosen), stands, at, place, item, limit, list(FACTS))
    return [_item(row) for row in rows]


def _item(row: db.Row) -> TimelineItem:
    return TimelineItem(
        kind=ItemKind(row["kind"]),
        id=row["id"],
        at=row["at"],
        what=row["what"],
        text=row["text"],
        author=row["author"],
        dialog_id=row["dialog_id"],
        status=row["status"],
        data=orjson.loads(row["data"]),
        files=tuple(orjson.loads(row["files"])) if row["files"] else (),
        cursor=(row["at"], row["place"], row["id"]),
    )
