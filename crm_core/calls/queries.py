"""Reading calls: one, living ones, a client's, lists by filter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from crm_core.kernel import db


@dataclass(frozen=True, slots=True, kw_only=True)
class LegView:
    id: int
    extension: str
    employee_id: int | None
    employee: str | None
    how: str
    rang_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    outcome: str | None
    talk_seconds: float
    hold_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CallView:
    """A call as screens show it; `legs` in the order they rang."""

    id: int
    pbx_id: int
    key: str
    direction: str
    state: str
    number: str | None
    caller_name: str
    did: str | None
    queue: str | None
    client_id: int | None
    client: str | None
    employee_id: int | None
    employee: str | None
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    outcome: str | None
    wait_seconds: float
    talk_seconds: float
    hold_seconds: float
    hung_up_by: str | None
    transfers: list[dict[str, Any]]
    route: dict[str, Any] | None
    recording: str | None
    part_of: str | None
    ordered_by_id: int | None
    origin: dict[str, Any] | None
    version: int
    legs: tuple[LegView, ...] = ()


FIELDS = """
SELECT c.id, c.pbx_id, c.key, c.direction, c.state, c.number, c.caller_name, c.did, c.queue,
  c.client_id, k.name AS client, c.employee_id, e.name AS employee, c.started_at, c.answered_at,
  c.ended_at, c.outcome, c.wait_seconds, c.talk_seconds, c.hold_seconds, c.hung_up_by,
  c.transfers, c.route, c.recording, c.part_of, c.ordered_by_id, c.origin, c.version
FROM call c LEFT JOIN client k ON k.id = c.client_id LEFT JOIN employee e ON e.id = c.employee_id
"""
LEGS = """
SELECT l.call_id, l.id, l.extension, l.employee_id, e.name AS employee, l.how, l.rang_at,
  l.answered_at, l.ended_at, l.outcome, l.talk_seconds, l.hold_seconds
FROM call_leg l LEFT JOIN employee e ON e.id = l.employee_id
WHERE l.call_id = ANY($1::bigint[]) ORDER BY l.call_id, l.rang_at, l.id
"""


async def _views(rows: list[db.Row]) -> list[CallView]:
    legs: dict[int, list[LegView]] = {row["id"]: [] for row in rows}
    if rows:
        for leg in map(dict, await db.fetch(LEGS, list(legs))):
            legs[leg.pop("call_id")].append(LegView(**leg))
    return [
        CallView(
            **{
                **row,
                "transfers": orjson.loads(row["transfers"]),
                "route": orjson.loads(row["route"] or "null"),
                "origin": orjson.loads(row["origin"] or "null"),
            },
            legs=tuple(legs[row["id"]]),
        )
        for row in rows
    ]


async def call(call_id: int) -> CallView | None:
    found = await _views(await db.fetch(f"{FIELDS} WHERE c.id = $1", call_id))
    return found[0] if found else None


async def by_keys(pbx_id: int, keys: Sequence[str]) -> list[CallView]:
    """Calls by the PBX's own ids of them."""
    sql = f"{FIELDS} WHERE c.pbx_id = $1 AND c.key = ANY($2::text[])"
    return await _views(await db.fetch(sql, pbx_id, list(keys)))


async def call_by_key(pbx_id: int, key: str) -> CallView | None:
    found = await by_keys(pbx_id, [key])
    return found[0] if found else None


async def living(pbx_id: int | None = None) -> list[CallView]:
    """Calls that go on, oldest first."""
    sql = f"{FIELDS} WHERE c.state <> 'ended' AND ($1::bigint IS NULL OR c.pbx_id = $1)"
    return await _views(await db.fetch(f"{sql} ORDER BY c.started_at, c.id", pbx_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which calls a list shows; asking halves of transfers are left out."""

    client_id: int | None = None
    employee_id: int | None = None
    direction: str | None = None
    missed: bool = False
    since: datetime | None = None
    until: datetime | None = None


LISTED = """
WHERE c.part_of IS NULL AND ($1::bigint IS NULL OR c.client_id = $1)
  AND ($2::bigint IS NULL OR c.employee_id = $2
    OR EXISTS (SELECT 1 FROM call_leg l WHERE l.call_id = c.id AND l.employee_id = $2))
  AND ($3::text IS NULL OR c.direction = $3)
  AND (NOT $4 OR c.direction = 'inbound' AND c.state = 'ended' AND c.outcome <> 'answered')
  AND ($5::timestamptz IS NULL OR c.started_at >= $5)
  AND ($6::timestamptz IS NULL OR c.started_at < $6)
ORDER BY c.started_at DESC, c.id DESC LIMIT $7 OFFSET $8
"""


async def calls(wanted: Filter, *, limit: int = 20, offset: int = 0) -> list[CallView]:
    """Calls of a filter, newest first."""
    rows = await db.fetch(
        FIELDS + LISTED,
        wanted.client_id,
        wanted.employee_id,
        wanted.direction,
        wanted.missed,
        wanted.since,
        wanted.until,
        limit,
        offset,
    )
    return await _views(rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderView:
    id: int
    verb: str
    state: str
    error: str | None
    call_id: int | None
    call_key: str | None


async def order(order_id: int) -> OrderView | None:
    row = await db.fetchrow(
        "SELECT id, verb, state, error, call_id, call_key FROM call_order WHERE id = $1", order_id
    )
    return None if row is None else OrderView(**row)
