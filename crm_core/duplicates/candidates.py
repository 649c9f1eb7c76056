"""Which cards are worth comparing: by equal keys, all of them indexed. Never the whole table."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from crm_core.clients.folding import fold
from crm_core.duplicates.mails import spellings
from crm_core.duplicates.rules import Compared
from crm_core.kernel import db

# What more cards than this share proves nothing of any of them: a switchboard, a frequent name.
MOST = 20

Probe = tuple[int, str, str]

# One branch a kind of key; each takes what its index gives and no more than MOST + 2 of it. (With
# a column of its own, an INN would be one more branch.)
FIND = f"""
WITH asked AS MATERIALIZED (
  SELECT * FROM unnest($1::int[], $2::text[], $3::text[]) AS u(n, kind, value)),
found AS (
  SELECT a.n, a.kind, a.value, f.id FROM asked a CROSS JOIN LATERAL (
    SELECT p.client_id AS id FROM contact_point p WHERE p.kind = 'phone' AND p.value = a.value
    LIMIT {MOST + 2}) f WHERE a.kind = 'phone'
  UNION ALL
  SELECT a.n, a.kind, a.value, f.id FROM asked a CROSS JOIN LATERAL (
    SELECT p.client_id AS id FROM contact_point p WHERE position('@' IN p.value) > 0
      AND translate(split_part(split_part(p.value, '@', 1), '+', 1), '.-', '')
        || '@' || split_part(p.value, '@', 2) = a.value LIMIT {MOST + 2}) f WHERE a.kind = 'box'
  UNION ALL
  SELECT a.n, a.kind, a.value, f.id FROM asked a CROSS JOIN LATERAL (
    SELECT p.client_id AS id FROM contact_point p WHERE position('@' IN p.value) > 0
      AND split_part(p.value, '@', 2) = a.value LIMIT {MOST + 2}) f WHERE a.kind = 'domain'
  UNION ALL
  SELECT a.n, a.kind, a.value, f.id FROM asked a CROSS JOIN LATERAL (
    SELECT p.client_id AS id FROM contact_point p
    WHERE p.kind <> 'phone' AND position('@' IN p.value) = 0
      AND regexp_replace(p.value, '[^0-9]', '', 'g') = a.value
    LIMIT {MOST + 2}) f WHERE a.kind = 'inn'
  UNION ALL
  SELECT a.n, a.kind, a.value, f.id FROM asked a CROSS JOIN LATERAL (
    SELECT i.client_id AS id FROM identity i WHERE i.external_id = a.value
    LIMIT {MOST + 2}) f WHERE a.kind = 'external'
  UNION ALL
  SELECT a.n, a.kind, k.key::text, f.id FROM asked a
  CROSS JOIN LATERAL client_name_keys(a.value) AS k(key)
  CROSS JOIN LATERAL (
    SELECT w.client_id AS id FROM client_name_key w WHERE w.key = k.key
    LIMIT {MOST + 2}) f WHERE a.kind = 'name')
SELECT DISTINCT n, kind, value, id FROM found WHERE id IS NOT NULL
"""  # noqa: S608 - constants of this module


async def find(records: Sequence[Compared], *, older: bool = False) -> dict[int, set[int]]:
    """For each record (by its place) the ids of other cards worth a look, or of `older` ones;
    merged ones may be among them."""
    probes = [probe for place, one in enumerate(records) for probe in _probes(place, one)]
    if not probes:
        return {}
    places, kinds, values = zip(*probes, strict=True)
    rows = await db.fetch(FIND, list(places), list(kinds), list(values))
    blocks = Counter((row["n"], row["kind"], row["value"]) for row in rows)
    found: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        common = blocks[row["n"], row["kind"], row["value"]] > MOST
        own = records[row["n"]].id
        if not common and row["id"] != own and (row["id"] < own or not older):
            found[row["n"]].add(row["id"])
    return found


def _probes(place: int, one: Compared) -> Iterable[Probe]:
    """(place, kind of key, key)."""
    for phone in one.phones:
        yield place, "phone", phone
        yield place, "external", phone
    for mail in one.mails:
        yield place, "external", mail
        yield from ((place, "box", form) for form in spellings(mail))
    yield from ((place, "domain", domain) for domain in one.domains)
    yield from ((place, "external", account.split(":", 1)[1]) for account in one.accounts)
    if one.inn:
        yield place, "inn", one.inn
    if one.parsed.known:
        yield place, "name", fold(one.name)
