"""Which cards are worth comparing: by equal keys, all of them indexed. Never the whole table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from crm_core.clients.folding import fold
from crm_core.duplicates.mails import spellings
from crm_core.duplicates.rules import Compared
from crm_core.kernel import db

# What more cards than this share proves nothing of any of them: a switchboard, a frequent name.
MOST = 20

Probe = tuple[int, str, str]

# One branch a kind of key: what its index gives for it.
BRANCHES = {
    "phone": "SELECT client_id AS id FROM contact_point WHERE kind = 'phone' AND value = a.value",
    "box": "SELECT client_id AS id FROM contact_point WHERE position('@' IN value) > 0"
    " AND translate(split_part(split_part(value, '@', 1), '+', 1), '.-', '')"
    " || '@' || split_part(value, '@', 2) = a.value",
    "domain": "SELECT client_id AS id FROM contact_point WHERE position('@' IN value) > 0"
    " AND split_part(value, '@', 2) = a.value",
    "inn": "SELECT client_id AS id FROM contact_point"
    " WHERE kind <> 'phone' AND position('@' IN value) = 0"
    " AND regexp_replace(value, '[^0-9]', '', 'g') = a.value"
    " UNION ALL SELECT client_id FROM client_requisites WHERE inn = a.value",
    "external": "SELECT client_id AS id FROM identity WHERE external_id = a.value",
    "name": "SELECT w.client_id AS id FROM client_name_key w WHERE w.key = k.key",
}
# The cards behind each key, unless they are too many.
BLOCK = """
  SELECT a.n, f.ids FROM asked a {keys} CROSS JOIN LATERAL (
    SELECT array_agg(id) AS ids FROM ({branch} LIMIT {most}) one) f WHERE a.kind = '{kind}'
"""
FIND = """
WITH asked AS MATERIALIZED (
  SELECT * FROM unnest($1::int[], $2::text[], $3::text[]) AS u(n, kind, value)),
found AS ({blocks})
SELECT n, ids FROM found WHERE cardinality(ids) < {most}
""".format(  # noqa: S608 - constants of this module
    most=MOST + 1,
    blocks="UNION ALL".join(
        BLOCK.format(
            kind=kind,
            branch=branch,
            most=MOST + 1,
            keys="CROSS JOIN LATERAL client_name_keys(a.value, true) AS k(key)"
            if kind == "name"
            else "",
        )
        for kind, branch in BRANCHES.items()
    ),
)


async def find(records: Sequence[Compared], *, older: bool = False) -> dict[int, set[int]]:
    """For each record (by its place) the ids of other cards worth a look, or of `older` ones;
    merged ones may be among them."""
    probes = [probe for place, one in enumerate(records) for probe in _probes(place, one)]
    if not probes:
        return {}
    places, kinds, values = zip(*probes, strict=True)
    rows = await db.fetch(FIND, list(places), list(kinds), list(values))
    found: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        own = records[row["n"]].id
        found[row["n"]].update(
            one for one in row["ids"] if one and one != own and (one < own or not older)
        )
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
