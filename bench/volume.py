"""The generator: a large base with believable people and years of talk, written by the server.

Everything the hot path touches grows with it: references, facts, raw events, the outbox and what
the bot remembers. Indexes and foreign keys are taken off and put back: that is several times
quicker.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

import asyncpg

from bench import people
from bench.people import Names

TABLES = (
    "client",
    "contact_point",
    "identity",
    "dialog",
    "message",
    "message_ref",
    "event",
    "raw_event",
    "outbox",
    "view_memory",
)
# Far from the company's own people and from those of the measurements.
FIRST_CHAT = 100_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """`doors`: channel accounts the clients are spread over (their ids are 1, 2, …)."""

    clients: int = 1_000_000
    messages: int = 5_000_000
    doors: int = 5

    @property
    def each(self) -> int:
        """Messages in one client's dialog."""
        return max(1, self.messages // self.clients)


CLIENTS = """
INSERT INTO client (id, name, folded, created_at, touched_at)
SELECT g, s.n || ' ' || f.n || ' ' || p.n,
  array_to_string(ARRAY(SELECT w FROM unnest(ARRAY[s.f, f.f, p.f]) AS u(w) ORDER BY w COLLATE "C"),
    ' '),
  now() - g % 700 * interval '1 day', now() - g % 600 * interval '1 day'
FROM generate_series($1::bigint, $2::bigint, 2) AS g
CROSS JOIN LATERAL (SELECT hashint8(g * 7) & 2147483647 AS a, hashint8(g * 11) & 2147483647 AS b,
  hashint8(g * 13) & 2147483647 AS c) AS h
CROSS JOIN LATERAL (SELECT ($3::text[])[1 + a % cardinality($3::text[])] AS n,
  ($4::text[])[1 + a % cardinality($3::text[])] AS f) AS s
CROSS JOIN LATERAL (SELECT ($5::text[])[1 + b % cardinality($5::text[])] AS n,
  ($6::text[])[1 + b % cardinality($5::text[])] AS f) AS f
CROSS JOIN LATERAL (SELECT ($7::text[])[1 + c % cardinality($7::text[])] AS n,
  ($8::text[])[1 + c % cardinality($7::text[])] AS f) AS p
"""
PHONES = """
INSERT INTO contact_point (client_id, kind, value)
SELECT g, 'phone', '+79' || lpad((g * 7919 % 1000000000)::text, 9, '0')
FROM generate_series(1, $1::bigint) AS g
"""
IDENTITIES = f"""
INSERT INTO identity (id, channel_id, external_id, client_id, name, username, language)
SELECT g, 1 + g % $2, ({FIRST_CHAT} + g)::text, g, 'Клиент ' || g,
  CASE WHEN g % 3 = 0 THEN 'user' || g END, 'ru'
FROM generate_series(1, $1::bigint) AS g
"""
DIALOGS = f"""
INSERT INTO dialog (id, channel_id, chat, identity_id, client_id, state, assignee_id, opened_at,
  accepted_at, answered_at, closed_at, last_at, last_inbound_at, summary)
SELECT g, 1 + g % $2, ({FIRST_CHAT} + g)::text, g, g, 'closed', 1 + g % 100, at, at, at,
  at + interval '2 hours', at + interval '1 hour', at, 'Договорились'
FROM generate_series(1, $1::bigint) AS g
CROSS JOIN LATERAL (SELECT now() - ($1 - g) * interval '1 minute' - interval '1 day' AS at) AS t
"""
MESSAGES = """
INSERT INTO message (id, dialog_id, client_id, direction, kind, text, author_id, status, at,
  created_at)
SELECT g, d, d, CASE WHEN g % 2 = 0 THEN 'in' ELSE 'out' END, 'text',
  ($3::text[])[1 + (hashint8(g) & 2147483647) % cardinality($3::text[])] || ' №' || g,
  CASE WHEN g % 2 = 1 THEN 1 + d % 100 END, CASE WHEN g % 2 = 1 THEN 'read' END, at, at
FROM generate_series(1, $1::bigint) AS g
CROSS JOIN LATERAL (SELECT 1 + (g - 1) / $2 AS d,
  now() - ($1 - g) * interval '12 seconds' - interval '1 day' AS at) AS t
"""
REFS = f"""
INSERT INTO message_ref (channel_id, external_id, message_id)
SELECT 1 + d % $3, ({FIRST_CHAT} + d) || ':' || g, g
FROM generate_series(1, $1::bigint) AS g CROSS JOIN LATERAL (SELECT 1 + (g - 1) / $2 AS d) AS t
"""
EVENTS = """
INSERT INTO event (type, at, actor, client_id, dialog_id, data, pumped)
SELECT CASE WHEN g % 2 = 0 THEN 'MessageReceived' ELSE 'ReplyQueued' END,
  now() - ($1 - g) * interval '12 seconds' - interval '1 day', 'system', d, d,
  jsonb_build_object('message_id', g), true
FROM generate_series(1, $1::bigint) AS g CROSS JOIN LATERAL (SELECT 1 + (g - 1) / $2 AS d) AS t
"""
RAW = f"""
INSERT INTO raw_event (channel_id, key, received_at, body, state)
SELECT 1 + d % $3, g::text, now() - interval '1 day', jsonb_build_object('update_id', g, 'message',
  jsonb_build_object('message_id', g, 'text', 'Здравствуйте, заказ №' || g, 'chat',
    jsonb_build_object('id', {FIRST_CHAT} + d, 'type', 'private', 'first_name', 'Клиент'))), 'done'
FROM generate_series(2, $1::bigint, 2) AS g CROSS JOIN LATERAL (SELECT 1 + (g - 1) / $2 AS d) AS t
"""
OUTBOX = f"""
INSERT INTO outbox (lane, chat, kind, data, message_id, priority, state, attempts, next_at,
  external_id, created_at, done_at)
SELECT 'channel:' || 1 + d % $3, ({FIRST_CHAT} + d)::text, 'part',
  jsonb_build_object('key', 'm' || g || '.0', 'kind', 'text', 'text', 'Отправили сегодня №' || g),
  g, 1, 'sent', 1, now(), ({FIRST_CHAT} + d) || ':' || g, now(), now()
FROM generate_series(1, $1::bigint, 2) AS g CROSS JOIN LATERAL (SELECT 1 + (g - 1) / $2 AS d) AS t
"""
MEMORY = """
INSERT INTO view_memory (view, key, data)
SELECT v, g || ':' || 500000 + d % 100, jsonb_build_object('id', g, 'dialog', d)
FROM generate_series(2, $1::bigint, 2) AS g CROSS JOIN LATERAL (SELECT 1 + (g - 1) / $2 AS d) AS t
CROSS JOIN (VALUES ('shown'), ('answer')) AS w(v)
"""
CONSTRAINTS = """
SELECT conname AS name, conrelid::regclass::text AS relation,
  pg_get_constraintdef(oid) AS definition
FROM pg_constraint WHERE contype IN ('u', 'f') AND conrelid = ANY($1::regclass[])
"""
INDEXES = """
SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition
FROM pg_index i WHERE NOT i.indisprimary AND i.indrelid = ANY($1::regclass[])
  AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)
"""
SEQUENCE = "SELECT setval('{0}_id_seq', greatest((SELECT max(id) FROM {0}), 1))"


async def generate(dsn: str, volume: Volume) -> float:
    """Fill a migrated, empty database; returns how many seconds it took."""
    begun = time.perf_counter()
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("ALTER SYSTEM SET max_wal_size = '16GB'")
        await connection.execute("SELECT pg_reload_conf()")
        restore = await _strip(connection)
        await _fill(dsn, volume)
        await _side_by_side(dsn, [[one] for one in restore])
        for table in TABLES:
            await connection.execute(SEQUENCE.format(table))
        # The scan for duplicates has its own measurement and must not run beside the others.
        await connection.execute("TRUNCATE client_due")
        await connection.execute("VACUUM (ANALYZE)")
        await connection.execute("ALTER SYSTEM RESET max_wal_size")
        await connection.execute("SELECT pg_reload_conf()")
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()
    return time.perf_counter() - begun


async def _strip(connection: asyncpg.Connection) -> list[str]:
    """Take indexes and keys off; returns the statements that put them back, unique ones first."""
    tables = list(TABLES)
    constraints = await connection.fetch(CONSTRAINTS, tables)
    indexes = await connection.fetch(INDEXES, tables)
    for row in constraints:
        await connection.execute(f'ALTER TABLE {row["relation"]} DROP CONSTRAINT "{row["name"]}"')
    for row in indexes:
        await connection.execute(f"DROP INDEX {row['name']}")
    # The longest ones first, so that two sessions end about together.
    order = sorted(indexes, key=lambda row: "message" not in row["definition"])
    return [row["definition"] for row in order] + [
        f'ALTER TABLE {row["relation"]} ADD CONSTRAINT "{row["name"]}" {row["definition"]}'
        for row in constraints
    ]


async def _fill(dsn: str, volume: Volume) -> None:
    clients, messages, each, doors = volume.clients, volume.messages, volume.each, volume.doors
    named = [
        (CLIENTS, begin, clients, *_parts(female=bool(begin - 1))) for begin in (1, 2)[:clients]
    ]
    talk = min(messages, clients * each)
    await _side_by_side(
        dsn,
        [
            [*named, (PHONES, clients), (IDENTITIES, clients, doors), (DIALOGS, clients, doors)],
            [(MESSAGES, talk, each, people.texts())],
            [(REFS, talk, each, doors)],
            [(EVENTS, talk, each)],
            [(RAW, talk, each, doors)],
            [(OUTBOX, talk, each, doors)],
            [(MEMORY, talk, each)],
        ],
    )


def _parts(*, female: bool) -> list[list[str]]:
    lists: list[Names] = [
        people.surnames(female=female),
        people.first_names(female=female),
        people.patronymics(female=female),
    ]
    return [part for one in lists for part in (one.shown, one.folded)]


Statement = str | tuple[object, ...]


async def _side_by_side(dsn: str, jobs: list[list[Statement]], hands: int = 2) -> None:
    """Jobs by several sessions; a job's statements one after another."""
    waiting = list(reversed(jobs))

    async def work() -> None:
        connection = await asyncpg.connect(dsn)
        try:
            await connection.execute("SET maintenance_work_mem = '512MB'")
            await connection.execute("SET synchronous_commit = off")
            while waiting:
                for one in waiting.pop():
                    sql, *values = (one,) if isinstance(one, str) else one
                    await connection.execute(sql, *values)
        finally:
            await connection.close()

    async with asyncio.TaskGroup() as group:
        for _ in range(hands):
            group.create_task(work())
