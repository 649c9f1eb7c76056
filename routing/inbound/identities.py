"""Who writes: the identity in the channel and the client behind it, found or made once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm_core.clients.rules import fold
from crm_core.dialogs.messages import Sender
from crm_core.kernel import clock, db

Key = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Person:
    """An identity's row: its id and its client's."""

    id: int
    client_id: int


FIND = """
SELECT i.id, i.channel_id, i.external_id, i.client_id, i.name, i.username, i.reachable
FROM unnest($1::bigint[], $2::text[]) AS u(c, e)
JOIN identity i ON i.channel_id = u.c AND i.external_id = u.e
"""
INSERT = """
INSERT INTO identity (channel_id, external_id, name, username, language)
SELECT c, e, n, u, l FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[])
  AS t(c, e, n, u, l) ORDER BY c, e
ON CONFLICT (channel_id, external_id) DO NOTHING RETURNING id, name, external_id, username
"""
# One client for each identity that this transaction has just made.
CLIENTS = """
WITH made AS (
  SELECT i, n, f, nextval('client_id_seq') AS client
  FROM unnest($1::bigint[], $2::text[], $3::text[]) AS u(i, n, f)),
client AS (
  INSERT INTO client (id, name, folded, created_at, touched_at)
  SELECT client, n, f, $4, $4 FROM made)
UPDATE identity SET client_id = made.client FROM made WHERE identity.id = made.i
"""
RENAME = """
UPDATE identity SET name = u.n, username = u.u, reachable = true
FROM unnest($1::bigint[], $2::text[], $3::text[]) AS u(i, n, u) WHERE id = u.i
"""


async def resolve(senders: Sequence[tuple[int, Sender]]) -> dict[Key, Person]:
    """Identities and clients of (channel id, sender) pairs; unknown ones are made."""
    wanted = {(channel, one.external_id[:128]): one for channel, one in senders}
    rows = await _find(list(wanted))
    missing = sorted(set(wanted) - set(rows))
    if missing:
        await _make([(key, wanted[key]) for key in missing])
        rows |= await _find(missing)
    await _refresh(wanted, rows)
    return {key: Person(row["id"], row["client_id"]) for key, row in rows.items()}


async def _find(keys: Sequence[Key]) -> dict[Key, db.Row]:
    rows = await db.fetch(FIND, [channel for channel, _ in keys], [one for _, one in keys])
    return {(row["channel_id"], row["external_id"]): row for row in rows}


async def _make(missing: Sequence[tuple[Key, Sender]]) -> None:
    """Whoever inserts the identity makes its client; the other transaction waits and finds it."""
    made = await db.fetch(
        INSERT,
        [key[0] for key, _ in missing],
        [key[1] for key, _ in missing],
        [_name(one) for _, one in missing],
        [_username(one) for _, one in missing],
        [(one.language or "")[:8] or None for _, one in missing],
    )
    adopted = await _adopt(made)
    new = [row for row in made if row["id"] not in adopted]
    if new:
        names = [row["name"] for row in new]
        folded = [fold(name) for name in names]
        await db.execute(CLIENTS, [row["id"] for row in new], names, folded, clock.now())


# Where the identity is an address itself (mail, SMS), the client it is written down at is meant;
# of several clients with one address nobody knows which.
OWNERS = """
SELECT u.i, min(p.client_id) AS client FROM unnest($1::bigint[], $2::text[]) AS u(i, v)
JOIN contact_point p ON p.kind = CASE WHEN u.v LIKE '+%' THEN 'phone' ELSE 'email' END
  AND p.value = u.v
JOIN client c ON c.id = p.client_id AND c.merged_into_id IS NULL
GROUP BY u.i HAVING count(DISTINCT p.client_id) = 1
"""
# Where the channel knows people by names of their own, the card such a name is written on is meant.
NAMED = """
SELECT i.id AS i, min(p.client_id) AS client FROM identity i JOIN channel h ON h.id = i.channel_id
JOIN contact_point p ON p.kind = h.kind AND p.value = lower(i.username)
JOIN client c ON c.id = p.client_id AND c.merged_into_id IS NULL
WHERE i.id = ANY($1::bigint[]) GROUP BY i.id HAVING count(DISTINCT p.client_id) = 1
"""
# A merge under way moves what it sees: we wait for its end before we hang anything on a client.
STAND = """
SELECT id FROM client WHERE id = ANY($1::bigint[]) AND merged_into_id IS NULL ORDER BY id FOR SHARE
"""
ADOPT = """
UPDATE identity SET client_id = u.c FROM unnest($1::bigint[], $2::bigint[]) AS u(i, c)
WHERE identity.id = u.i
"""


def _is_address(external_id: str) -> bool:
    return "@" in external_id or (external_id.startswith("+") and external_id[1:].isdecimal())


async def _adopt(made: Sequence[db.Row]) -> set[int]:
    """New identities that belong to clients we know by address or name; returns which."""
    owners = await _owners(made)
    if not owners:
        return set()
    stand = {row["id"] for row in await db.fetch(STAND, sorted(set(owners.values())))}
    found = {one: client for one, client in owners.items() if client in stand}
    if found:
        await db.execute(ADOPT, list(found), list(found.values()))
    return set(found)


async def _owners(made: Sequence[db.Row]) -> dict[int, int]:
    """Clients by identity: whose address or messenger name it is."""
    addressed = [(row["id"], row["external_id"]) for row in made if _is_address(row["external_id"])]
    named = [row["id"] for row in made if row["username"]]
    rows: list[db.Row] = []
    if addressed:
        ids, addresses = zip(*addressed, strict=True)
        rows += await db.fetch(OWNERS, list(ids), list(addresses))
    if named:
        rows += await db.fetch(NAMED, named)
    return {row["i"]: row["client"] for row in rows}


async def _refresh(wanted: dict[Key, Sender], rows: dict[Key, db.Row]) -> None:
    """People rename themselves; whoever writes can be written to."""
    stale = [
        (rows[key]["id"], _name(one, rows[key]["name"]), _username(one))
        for key, one in sorted(wanted.items())
        if (rows[key]["name"], rows[key]["username"], rows[key]["reachable"])
        != (_name(one, rows[key]["name"]), _username(one), True)
    ]
    if stale:
        ids, names, usernames = zip(*stale, strict=True)
        await db.execute(RENAME, list(ids), list(names), list(usernames))


def _name(sender: Sender, known: str = "") -> str:
    """A channel that could not ask for the name leaves it empty: the known one stays."""
    return sender.name.replace("\0", "").strip()[:200] or known or sender.external_id[:128]


def _username(sender: Sender) -> str | None:
    return (sender.username or "")[:64] or None
